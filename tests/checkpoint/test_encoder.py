"""Building the network of a backbone folder, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AutoConfig,
    BertConfig,
    BertModel,
    DebertaV2Config,
    MPNetConfig,
    MPNetModel,
    RobertaConfig,
)

from stance.checkpoint.backbone import locate_backbone
from stance.checkpoint.encoder import load_encoder, load_tokenizer, token_limit
from stance.errors import ModelLoadError


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT of one layer, with the pooling layer that is not used."""
    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=20,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def test_the_weights_are_those_of_the_folder(tiny: Path) -> None:
    encoder = load_encoder(tiny)
    stored = load_file(tiny / "model.safetensors")
    state = encoder.state_dict()
    assert not any(name.startswith("pooler.") for name in state)
    for name, value in state.items():
        torch.testing.assert_close(value, stored[name])


@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_an_encoder_computes_what_the_saved_one_does_however_it_was_built(
    kind: str, tmp_path: Path
) -> None:
    sizes = {"vocab_size": 20, "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8}
    torch.manual_seed(0)
    saved = (
        BertModel(BertConfig(**sizes, num_hidden_layers=2), add_pooling_layer=False)
        if kind == "bert"
        else MPNetModel(MPNetConfig(**sizes, num_hidden_layers=2), add_pooling_layer=False)
    ).eval()
    saved.save_pretrained(tmp_path)
    ids, mask = (
        torch.tensor([[2, 5, 7, 3], [2, 9, 1, 1]]),
        torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]]),
    )
    with torch.inference_mode():
        wanted = saved(input_ids=ids, attention_mask=mask).last_hidden_state
        for training in (False, True):
            encoder = load_encoder(tmp_path, training=training).eval()
            found = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            torch.testing.assert_close(found, wanted)


def test_a_recipes_seed_counts_on_the_numbers_that_the_network_takes(tiny: Path) -> None:
    torch.manual_seed(3)
    BertModel(BertConfig.from_pretrained(tiny), add_pooling_layer=False)
    wanted = torch.rand(4)
    torch.manual_seed(3)
    load_encoder(tiny, training=True)
    assert torch.equal(torch.rand(4), wanted)


def test_both_kinds_of_attention_give_the_same(tiny: Path) -> None:
    ids = torch.tensor([[2, 5, 7, 3]])
    with torch.inference_mode():
        eager, fused = (
            load_encoder(tiny, attention=kind).eval()(input_ids=ids).last_hidden_state
            for kind in ("eager", "sdpa")
        )
    torch.testing.assert_close(eager, fused, atol=1e-5, rtol=1e-5)


def test_without_dropout_training_computes_the_same(tiny: Path) -> None:
    ids = torch.tensor([[2, 5, 7, 3]])
    with torch.inference_mode():
        plain = load_encoder(tiny).eval()(input_ids=ids).last_hidden_state
        training = load_encoder(tiny, hidden_dropout=0.0).train()(input_ids=ids).last_hidden_state
        dropping = load_encoder(tiny, hidden_dropout=0.5).train()(input_ids=ids).last_hidden_state
    torch.testing.assert_close(plain, training, atol=1e-5, rtol=1e-5)
    assert (plain - dropping).abs().max() > 0.1


def test_a_missing_or_misshapen_weight_is_refused(copy: Path) -> None:
    tensors = load_file(copy / "model.safetensors")
    name = "encoder.layer.0.output.dense.weight"
    for changed in (
        {key: value for key, value in tensors.items() if key != name},
        {**tensors, name: torch.zeros(3, 3)},
        {**tensors, "unknown": torch.zeros(1)},
    ):
        save_file(changed, copy / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(ModelLoadError, match=r"does not fit its config\.json"):
            load_encoder(copy)


def test_some_layers_compute_as_a_backbone_that_has_no_others(tmp_path: Path) -> None:
    sizes = {"vocab_size": 20, "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8}
    torch.manual_seed(0)
    whole = MPNetModel(MPNetConfig(**sizes, num_hidden_layers=4), add_pooling_layer=False)
    whole.save_pretrained(tmp_path)
    cut = load_encoder(tmp_path, layers=(1, 3)).eval()
    names = {name.split(".")[2] for name in cut.state_dict() if name.startswith("encoder.layer.")}
    assert names == {"1", "3"} and cut.config.num_hidden_layers == 2
    small = MPNetModel(MPNetConfig(**sizes, num_hidden_layers=2), add_pooling_layer=False).eval()
    renamed = {"encoder.layer.1.": "encoder.layer.0.", "encoder.layer.3.": "encoder.layer.1."}
    state = {}
    for name, value in cut.state_dict().items():
        for old, new in renamed.items():
            name = name.replace(old, new) if name.startswith(old) else name
        state[name] = value
    small.load_state_dict(state)
    ids = torch.tensor([[0, 5, 7, 9, 2]])
    with torch.inference_mode():
        found, wanted = cut(input_ids=ids)[0], small(input_ids=ids)[0]
    torch.testing.assert_close(found, wanted)


@pytest.mark.parametrize("layers", [(0, 1), (5,)])
def test_layers_that_the_backbone_lacks_are_refused(tiny: Path, layers: tuple[int, ...]) -> None:
    with pytest.raises(ModelLoadError, match="the backbone has 1 layers, numbered from 0"):
        load_encoder(tiny, layers=layers)


def test_damaged_files_are_refused(copy: Path) -> None:
    weights = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(weights[:50])
    with pytest.raises(ModelLoadError, match="cannot load the backbone"):
        load_encoder(copy)
    (copy / "model.safetensors").write_bytes(weights)
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    for content in ("{", json.dumps({**config, "model_type": "no-such-model"})):
        (copy / "config.json").write_text(content, encoding="utf-8")
        with pytest.raises(ModelLoadError, match="cannot load the backbone"):
            load_encoder(copy)
    (copy / "config.json").unlink()
    with pytest.raises(ModelLoadError, match="cannot load the backbone"):
        load_encoder(copy)


def test_code_in_a_folder_is_never_run(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    config["model_type"] = "mine"
    config["auto_map"] = {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}
    (copy / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (copy / "evil.py").write_text(
        f"open({str(copy / 'ran')!r}, 'w')\nclass Config: pass\nclass Model: pass\n",
        encoding="utf-8",
    )
    with pytest.raises(ModelLoadError):
        load_encoder(copy)
    assert not (copy / "ran").exists()


def test_the_tokenizer_neither_cuts_nor_pads() -> None:
    tokenizer = load_tokenizer(locate_backbone("small"))
    long, short = tokenizer.encode_batch(["word " * 600, "word"], add_special_tokens=False)
    assert (len(long.ids), len(short.ids)) == (600, 1)


@pytest.mark.parametrize("content", [None, "", "{}", "[]"])
def test_a_damaged_tokenizer_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelLoadError, match=r"tokenizer\.json"):
        load_tokenizer(tmp_path)


@pytest.mark.parametrize("name", ["small", "base"])
def test_both_backbones_read_512_tokens(name: str) -> None:
    config = AutoConfig.from_pretrained(locate_backbone(name), trust_remote_code=False)
    assert token_limit(config) == 512


def test_an_encoder_of_relative_positions_has_no_limit() -> None:
    assert token_limit(DebertaV2Config(position_biased_input=False)) is None
    assert token_limit(RobertaConfig(max_position_embeddings=514, pad_token_id=1)) == 512
