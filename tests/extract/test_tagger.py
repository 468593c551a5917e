"""Encoding, decoding, loading and a tiny training run of the attribution tagger."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, processors

from stance.checkpoint.backbone import locate_backbone
from stance.checkpoint.encoder import load_tokenizer
from stance.checkpoint.files import sha256_of
from stance.errors import ConfigError, DataError, ModelLoadError
from stance.extract.document import Document
from stance.extract.tagger import DEFAULT_FOLDER, Tagger, pad_windows
from stance.extract.tagging import (
    TAG_INDEX,
    TAGS,
    encode_text,
    pack_windows,
    read_spans,
    special_ids,
    viterbi,
    word_shape,
)
from stance.training.run_record import RunRecord
from stance.training.tagger import (
    AttributionTraining,
    gold_tags,
    read_attributions,
    train_attribution,
)

TEXT = "Ada Berg said the NATO talks failed.\n\n“We’re tired 😀 of it,” she added."


def test_shapes() -> None:
    assert [word_shape(w) for w in ("talks", "Ada", "NATO", "iPhone", "24th", "—")] == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip


def test_wordpieces_slice_back_to_the_text() -> None:
    encoded = encode_text(Document(TEXT), load_tokenizer(locate_backbone("small")))
    pieces = [TEXT[s:e] for s, e in encoded.offsets]
    assert pieces[:3] == ["Ada", "Berg", "said"]
    assert len(encoded.paragraphs) == 2
    second = encoded.paragraphs[1][0]
    assert list(encoded.features[:, 2].nonzero()[0]) == [0, second]
    assert encoded.features[second, 1] == 1  # the opening mark
    assert encoded.features[second + 1, 1] == 2


def test_window_cores_partition_the_tokens() -> None:
    paragraphs = [(0, 30), (30, 500), (500, 510), (510, 700)]
    windows = list(pack_windows(paragraphs, core=100, margin=20))
    cores = [core for _, core in windows]
    assert cores[0][0] == 0 and cores[-1][1] == 700
    assert all(left[1] == right[0] for left, right in itertools.pairwise(cores))
    for (start, end), (low, high) in windows:
        assert start <= low and high <= end and high - low <= 100
        assert end - start <= 140


def test_decoding_never_continues_what_did_not_begin() -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(200, len(TAGS))).astype(np.float32)
    before = "O"
    for index in viterbi(scores):
        tag = TAGS[index]
        if tag.startswith("I-"):
            role = tag[2:]
            assert before in (f"B-{role}", f"I-{role}", f"J-{role}")
        before = tag


def test_spans_are_widened_to_whole_words() -> None:
    text = "Sheinbaumesque remarks"
    tags = np.array([TAG_INDEX["B-source"], TAG_INDEX["O"], TAG_INDEX["O"]])
    offsets = np.array([[0, 5], [5, 14], [15, 22]])
    (span,) = read_spans(text, tags, offsets, np.zeros((3, len(TAGS)), dtype=np.float32))
    assert (span.start, span.end, span.role) == (0, 14, "source")


def test_tagger_finds_source_cue_and_content() -> None:
    found = {(s.role, TEXT[s.start : s.end]) for s in Tagger.load().tag(Document(TEXT))}
    assert ("source", "Ada Berg") in found
    assert ("cue", "said") in found
    assert ("content", "“We’re tired 😀 of it,”") in found


def test_empty_text_has_no_spans() -> None:
    assert Tagger.load().tag(Document("")) == []
    assert Tagger.load().tag(Document(" \n\n ")) == []


def test_shipped_adapter_is_small_and_pinned() -> None:
    weights = DEFAULT_FOLDER / "adapter.safetensors"
    assert weights.stat().st_size < 7_000_000
    facts = json.loads((DEFAULT_FOLDER / "adapter.json").read_text(encoding="utf-8"))
    assert facts["sha256"] == sha256_of(weights)


def _copy(folder: Path, *, cut: int = 0, **changes: object) -> Path:
    facts = json.loads((DEFAULT_FOLDER / "adapter.json").read_text(encoding="utf-8"))
    weights = (DEFAULT_FOLDER / "adapter.safetensors").read_bytes()
    (folder / "adapter.safetensors").write_bytes(weights[: len(weights) - cut])
    (folder / "adapter.json").write_text(json.dumps({**facts, **changes}), encoding="utf-8")
    return folder


def test_truncated_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match="SHA-256"):
        Tagger.load(_copy(tmp_path, cut=1000))


def test_other_tags_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match="labels O, B-speaker"):
        Tagger.load(_copy(tmp_path, labels=["O", "B-speaker"]))


def test_missing_adapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match=r"adapter\.json"):
        Tagger.load(tmp_path)


def test_gold_tags() -> None:
    encoded = encode_text(Document(TEXT), load_tokenizer(locate_backbone("small")))
    item = {"source": [[0, 8]], "cue": [[9, 13]], "content": [[14, 35]]}
    tags = [TAGS[t] for t in gold_tags([item], encoded)[:6]]
    assert tags == ["B-source", "I-source", "B-cue", "B-content", "I-content", "I-content"]


def _write_data(folder: Path) -> None:
    rows = []
    for number in range(6):
        text = f"Ada Berg said the bridge number {number} is closed.\n\nIt rained all day."
        end = text.index(".")
        rows.append(
            {
                "id": str(number),
                "text": text,
                "attributions": [
                    {"source": [[0, 8]], "cue": [[9, 13]], "content": [[14, end]]},
                ],
            }
        )
    for name in ("attribution_train", "attribution_dev"):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")


TINY: dict[str, object] = {
    "epochs": 2.0,
    "rank": 2,
    "tokens_per_step": 64,
    "warmup_steps": 1,
    "checkpoint_steps": 2,
    "bf16": False,
}


def test_training_writes_an_adapter_that_loads_and_resumes(tmp_path: Path) -> None:
    _write_data(tmp_path)
    folder = train_attribution(TINY, tmp_path, tmp_path / "out")
    first = (folder / "adapter.safetensors").read_bytes()
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert set(results["dev_token_f1"]) == {"source", "cue", "content"}
    assert isinstance(Tagger.load(folder).tag(Document("Ada Berg said it.")), list)
    train_attribution(TINY, tmp_path, folder)
    assert (folder / "adapter.safetensors").read_bytes() == first


def test_an_interrupted_run_goes_on_and_another_does_not(tmp_path: Path, monkeypatch) -> None:
    _write_data(tmp_path)
    whole = train_attribution(TINY, tmp_path, tmp_path / "whole")
    out = tmp_path / "out"
    save = RunRecord.save

    def save_and_stop(record: RunRecord) -> None:
        save(record)
        if (out / "checkpoint.pt").is_file():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(RunRecord, "save", save_and_stop)
        train_attribution(TINY, tmp_path, out)
    with pytest.raises(ConfigError, match="holds checkpoints of another run"):
        train_attribution({**TINY, "seed": 8}, tmp_path, out)
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    (out / "run.json").write_text(json.dumps({**record, "minutes": 600.0}), encoding="utf-8")
    train_attribution(TINY, tmp_path, out)
    first, second = ((f / "adapter.safetensors").read_bytes() for f in (whole, out))
    assert first == second
    assert json.loads((out / "results.json").read_text(encoding="utf-8"))["minutes"] >= 600
    (out / "run.json").unlink()
    with pytest.raises(ConfigError, match="holds checkpoints of another run"):
        train_attribution(TINY, tmp_path, out)


def test_unknown_key_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="learning_rate"):
        train_attribution({"learnin_rate": 0.1}, Path("."), Path("out"))


def test_bad_values_are_refused() -> None:
    with pytest.raises(ConfigError, match="rank"):
        AttributionTraining(rank=0)


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="attribution_train"):
        train_attribution(AttributionTraining(), tmp_path, tmp_path / "out")


def test_rows_without_attributions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "attribution_train.jsonl"
    path.write_text('{"text": "x"}\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        read_attributions(path)


def test_begin_and_end_come_from_the_tokenizer() -> None:
    tokenizer = load_tokenizer(locate_backbone("small"))
    begin, end = special_ids(tokenizer)
    assert [tokenizer.id_to_token(number) for number in (begin, end)] == ["[CLS]", "[SEP]"]
    encoded = encode_text(Document(TEXT), tokenizer)
    ids, _, mask = pad_windows(encoded, [(0, 3), (0, 1)])
    assert ids[:, 0].tolist() == [begin, begin]
    assert (ids[0, 4], ids[1, 2]) == (end, end)
    assert mask.sum(1).tolist() == [5, 3]


def test_a_tokenizer_with_other_special_tokens_is_read_as_it_is() -> None:
    tokenizer = Tokenizer(models.WordLevel({"<s>": 7, "</s>": 9, "[UNK]": 0}, unk_token="[UNK]"))
    with pytest.raises(ModelLoadError, match="0 special tokens"):
        special_ids(tokenizer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 7), ("</s>", 9)]
    )
    assert special_ids(tokenizer) == (7, 9)


@pytest.mark.parametrize("device", ["cpu", None])
def test_the_tagger_takes_a_device(device: str | None) -> None:
    tagger = Tagger.load(device=device)
    assert next(tagger.network.parameters()).device == tagger.device
    assert tagger.tag(Document(TEXT))
