"""Low-rank updates: what is trained, what is stored, and that merging gives the same network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from stance.checkpoint import locate_backbone
from stance.checkpoint.adapter import AdapterInfo, read_adapter, write_adapter
from stance.errors import ConfigError, ModelLoadError
from stance.model.bundled import load_pair_model
from stance.model.network import PairModel
from stance.training.low_rank import (
    LowRank,
    adapter_tensors,
    add_low_rank,
    keep_layers,
    train_norms_and_biases,
)

INFO = AdapterInfo("stance", "x", "small", 4, 2.0, ("against", "neutral", "favor"), 64, 32)
BATCH = {
    "input_ids": torch.tensor([[2, 18, 3, 13, 18, 3]]),
    "attention_mask": torch.ones(1, 6, dtype=torch.int64),
    "statement_mask": torch.tensor([[0, 0, 0, 1, 1, 0]]),
    "target_mask": torch.tensor([[0, 1, 0, 0, 0, 0]]),
}


def _trained(backbone: Path, shape: LowRank, start=None, layers=None) -> PairModel:
    model = PairModel(backbone, layers=layers, training=True)
    add_low_rank(model, shape, start)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    return model.eval()


def _open_layers(model: torch.nn.Module) -> set[str]:
    return {
        name.split("layer.")[1][0]
        for name, p in model.named_parameters()
        if p.requires_grad and name.startswith("backbone.")
    }


def test_what_is_stored_merges_into_the_network_that_was_trained(
    backbone: Path, tmp_path: Path
) -> None:
    model = _trained(backbone, LowRank(4, 2.0))
    write_adapter(tmp_path, INFO, adapter_tensors(model))
    loaded = load_pair_model(tmp_path).model
    with torch.inference_mode():
        wanted, found = model(**BATCH), loaded(**BATCH)
    torch.testing.assert_close(found.stance, wanted.stance, atol=5e-3, rtol=5e-3)
    torch.testing.assert_close(found.sentiment, wanted.sentiment, atol=5e-3, rtol=5e-3)


@pytest.mark.parametrize(("layers", "opened"), [(None, {"0", "1", "2"}), (1, {"2"})])
def test_upper_layers_alone_are_trained(
    backbone: Path, layers: int | None, opened: set[str]
) -> None:
    model = _trained(backbone, LowRank(4, 2.0, layers=layers))
    assert _open_layers(model) == opened
    stored = {n.split("layer.")[1][0] for n in adapter_tensors(model) if "lora_A" in n}
    assert stored == opened
    assert any(p.requires_grad for n, p in model.named_parameters() if n.startswith("stance_head"))


@pytest.mark.parametrize("layers", [0, 4])
def test_more_layers_than_there_are_is_an_error(backbone: Path, layers: int) -> None:
    with pytest.raises(ConfigError, match=f"trainable_layers is {layers}: .* has 3 layers"):
        add_low_rank(PairModel(backbone), LowRank(4, 2.0, layers=layers))


def test_closed_layers_keep_the_start(backbone: Path, tmp_path: Path) -> None:
    write_adapter(tmp_path, INFO, adapter_tensors(_trained(backbone, LowRank(4, 2.0))))
    start = read_adapter(tmp_path)
    tensors = adapter_tensors(_trained(backbone, LowRank(4, 2.0, layers=1), start))
    assert tensors.keys() == start.tensors.keys()
    for name, value in tensors.items():
        same = torch.equal(value.half(), start.tensors[name])
        assert same == ("layer.0." in name or "layer.1." in name), name


def test_starts_that_do_not_fit_are_named(backbone: Path, tmp_path: Path) -> None:
    write_adapter(tmp_path, INFO, adapter_tensors(_trained(backbone, LowRank(4, 2.0))))
    start = read_adapter(tmp_path)
    with pytest.raises(ModelLoadError, match=r"does not fit .*lora_A"):
        add_low_rank(PairModel(backbone), LowRank(2, 2.0), start)
    lacking = {k: v for k, v in start.tensors.items() if k != "sentiment_head.bias"}
    with pytest.raises(ModelLoadError, match=r"does not fit .*sentiment_head\.bias"):
        add_low_rank(PairModel(backbone), LowRank(4, 2.0), replace(start, tensors=lacking))
    odd = {**start.tensors, "backbone.pooler.weight": torch.ones(1)}
    with pytest.raises(ModelLoadError, match=r"does not fit .*backbone\.pooler\.weight"):
        add_low_rank(PairModel(backbone), LowRank(4, 2.0), replace(start, tensors=odd))


@pytest.mark.parametrize(("rank", "scale"), [(4, 2.0), (7, 2.0), (6, 0.5)])
def test_a_rank_as_high_or_higher_starts_where_the_start_ended(
    backbone: Path, tmp_path: Path, rank: int, scale: float
) -> None:
    write_adapter(tmp_path, INFO, adapter_tensors(_trained(backbone, LowRank(4, 2.0))))
    loaded = load_pair_model(tmp_path).model
    model = PairModel(backbone).eval()
    add_low_rank(model, LowRank(rank, scale), read_adapter(tmp_path))
    with torch.inference_mode():
        wanted, found = loaded(**BATCH), model(**BATCH)
    torch.testing.assert_close(found.stance, wanted.stance, atol=1e-4, rtol=1e-4)
    tensors = adapter_tensors(model)
    name = "backbone.encoder.layer.1.output.dense"
    assert tensors[f"{name}.lora_A"].shape[0] == tensors[f"{name}.lora_B"].shape[1] == rank
    assert bool(tensors[f"{name}.lora_A"].abs().sum(1).gt(0).all())  # so that each can learn


def test_some_layers_are_trained_stored_and_loaded_under_their_own_numbers(
    backbone: Path, tmp_path: Path
) -> None:
    model = _trained(backbone, LowRank(4, 2.0), layers=(0, 2))
    tensors = adapter_tensors(model)
    assert {n.split("layer.")[1][0] for n in tensors if "lora" in n} == {"0", "2"}
    write_adapter(tmp_path, replace(INFO, layers=(0, 2)), tensors)
    loaded = load_pair_model(tmp_path).model
    assert len(list(loaded.backbone.encoder.layer)) == 2
    with torch.inference_mode():
        wanted, found = model(**BATCH), loaded(**BATCH)
    torch.testing.assert_close(found.stance, wanted.stance, atol=5e-3, rtol=5e-3)
    write_adapter(tmp_path, replace(INFO, layers=(0, 1)), tensors)
    with pytest.raises(ModelLoadError, match=r"does not fit the backbone at .*layer\.2\."):
        load_pair_model(tmp_path)


@pytest.mark.parametrize(("layers", "opened"), [(1, {"2"}), (2, {"1", "2"})], ids=["upper", "both"])
def test_the_upper_layers_are_counted_among_those_that_are_used(
    backbone: Path, layers: int, opened: set[str]
) -> None:
    model = _trained(backbone, LowRank(4, 2.0, layers=layers), layers=(1, 2))
    assert _open_layers(model) == opened
    with pytest.raises(ConfigError, match="trainable_layers is 3: the backbone has 2 layers"):
        _trained(backbone, LowRank(4, 2.0, layers=3), layers=(1, 2))


def test_a_student_takes_the_updates_of_its_layers_from_a_start(
    backbone: Path, tmp_path: Path
) -> None:
    write_adapter(tmp_path, INFO, adapter_tensors(_trained(backbone, LowRank(4, 2.0))))
    start = read_adapter(tmp_path)
    part = keep_layers(start, (0, 2))
    assert part.info.layers == (0, 2)
    gone = start.tensors.keys() - part.tensors.keys()
    assert gone and all("layer.1." in name for name in gone)
    model = PairModel(backbone, layers=(0, 2))
    add_low_rank(model, LowRank(4, 2.0), part)
    kept = adapter_tensors(model)
    assert kept.keys() == part.tensors.keys()
    for name, value in part.tensors.items():
        torch.testing.assert_close(kept[name], value.float())
    assert keep_layers(part, (2,)).info.layers == (2,)
    with pytest.raises(ConfigError, match=r"only the layers \[0, 2\] .* \[0, 1\] are asked for"):
        keep_layers(part, (0, 1))


def test_rank_64_on_all_layers_of_base_fits_into_a_bundled_file() -> None:
    model = PairModel(locate_backbone("base"))
    add_low_rank(model, LowRank(64, 2.0))
    size = sum(2 * value.numel() for value in adapter_tensors(model).values())  # float16
    assert 20_000_000 < size < 24_900_000


def test_norms_and_biases_are_stored_whole(backbone: Path, tmp_path: Path) -> None:
    model = PairModel(backbone)
    add_low_rank(model, LowRank(4, 2.0))
    train_norms_and_biases(model, layers=1)
    whole = [n for n in adapter_tensors(model) if n.startswith("backbone.") and "lora" not in n]
    assert "backbone.encoder.layer.2.attention.self.query.bias" in whole
    assert "backbone.encoder.layer.2.output.LayerNorm.weight" in whole
    assert all("layer.2." in name and ".base_layer." not in name for name in whole)
    write_adapter(tmp_path, INFO, adapter_tensors(model))
    load_pair_model(tmp_path)
