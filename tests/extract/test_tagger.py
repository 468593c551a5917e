"""Encoding, decoding and loading of the attribution tagger."""

from __future__ import annotations

import itertools
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, processors

import stance.checkpoint.precision as precision_module
from stance.checkpoint.backbone import locate_backbone
from stance.checkpoint.encoder import load_tokenizer
from stance.checkpoint.files import sha256_of
from stance.errors import ConfigError, ModelLoadError
from stance.extract.document import Document
from stance.extract.extractor import load_extractor
from stance.extract.parameters import LEAST_READ, READ_SHARE
from stance.extract.tagger import DEFAULT_FOLDER, Tagger, pad_windows
from stance.extract.tagging import (
    TAG_INDEX,
    TAGS,
    EncodedText,
    affordable,
    encode_text,
    pack_windows,
    read_spans,
    special_ids,
    viterbi,
    word_shape,
)
from stance.untrusted import checksum_of

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
    (folder / "adapter.json").write_text(
        json.dumps({**facts, **changes, "checksum": checksum_of({**facts, **changes})}),
        encoding="utf-8",
    )
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


def test_bf16_finds_what_fp32_finds(monkeypatch, article: str) -> None:
    monkeypatch.setattr(precision_module, "multiplies_bf16", lambda device: True)
    half, whole = (Tagger.load(precision=precision) for precision in ("auto", "fp32"))
    assert (half.precision, whole.precision) == ("bf16", "fp32")
    found = [
        [(span.role, span.start, span.end) for span in tagger.tag(Document(text))]
        for tagger in (half, whole)
        for text in (article, TEXT)
    ]
    assert found[:2] == found[2:]
    assert pickle.loads(pickle.dumps(half)).precision == "bf16"  # noqa: S301


def test_a_number_format_that_the_machine_lacks() -> None:
    assert Tagger.load(precision="auto").precision == "fp32"
    with pytest.raises(ConfigError, match="'bf16', which this machine's cpu does not multiply"):
        load_extractor(precision="bf16")


@pytest.mark.parametrize("device", ["cpu", None])
def test_the_tagger_takes_a_device(device: str | None) -> None:
    tagger = Tagger.load(device=device)
    assert next(tagger.network.parameters()).device == tagger.device
    assert tagger.tag(Document(TEXT))


def prose_and_symbols() -> tuple[str, EncodedText]:
    prose = "Ada Berg said that the bridge would stay closed until the end of May.\n\n" * 20
    text = prose + "\n\n".join(";!?" * 200 for _ in range(4)) + "\n\n" + prose
    return text, encode_text(Document(text), load_tokenizer(locate_backbone("small")))


def test_what_is_no_prose_is_not_tagged_where_it_would_cost_much(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text, encoded = prose_and_symbols()
    read = affordable(encoded, len(text))
    assert len(read.ids) <= LEAST_READ + READ_SHARE * len(text) < len(encoded.ids)
    for start, stop in read.paragraphs:
        words = text[read.offsets[start, 0] : read.offsets[stop - 1, 1]]
        if "bridge" in words:
            assert words == "Ada Berg said that the bridge would stay closed until the end of May."
    starts = {int(read.offsets[start, 0]) for start, _ in read.paragraphs}
    assert {s for s, _ in Document(text).paragraphs if text[s] == "A"} <= starts
    assert "too many symbols" in caplog.text
    assert [start for start, _ in read.paragraphs] == [0, *(b for _, b in read.paragraphs[:-1])]


def test_prose_is_tagged_whole() -> None:
    text, _ = prose_and_symbols()
    prose = text.split(";")[0]
    encoded = encode_text(Document(prose), load_tokenizer(locate_backbone("small")))
    assert affordable(encoded, len(prose)) is encoded


def test_a_text_of_symbols_alone_is_left_to_the_rules() -> None:
    text = ";!?" * 4000
    encoded = encode_text(Document(text), load_tokenizer(locate_backbone("small")))
    read = affordable(encoded, len(text))
    assert len(read.ids) <= LEAST_READ + READ_SHARE * len(text)
