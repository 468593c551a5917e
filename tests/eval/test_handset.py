from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.handset import detect_format, read_hand_set, read_set
from eval.sets import load_config, load_sets
from stance.errors import DataError
from stance.labels import Sentiment, Stance

ROOT = Path(__file__).resolve().parent.parent.parent
ROW: dict[str, object] = {"id": "a", "text": "Out!", "target": "troops", "stance": "against"}


def test_reads_all_fields(write_jsonl) -> None:
    full = {
        **ROW,
        "stance": "oppose",
        "sentiment": "NEG",
        "context": "She said: Out!",
        "speaker": "Ana",
        "rationale": "demand",
        "group": "g",
        "start": 10,
        "end": 14,
        "theme": "anything else is left alone",
    }
    item = read_hand_set(write_jsonl("set.jsonl", [full]))[0]
    assert item.stance is Stance.AGAINST
    assert item.sentiment is Sentiment.NEGATIVE
    assert (item.context, item.speaker, item.group) == ("She said: Out!", "Ana", "g")
    assert (item.start, item.end) == (10, 14)


def test_optional_fields_may_be_missing_or_null(write_jsonl) -> None:
    rows = [ROW, {**ROW, "id": "b", "speaker": None, "context": "", "sentiment": None}]
    for item in read_hand_set(write_jsonl("set.jsonl", rows)):
        assert (item.speaker, item.context, item.sentiment, item.start) == (None, "", None, None)


def test_one_id_for_two_targets(write_jsonl) -> None:
    rows = [ROW, {**ROW, "target": "sovereignty", "stance": "favor"}]
    assert len(read_hand_set(write_jsonl("set.jsonl", rows))) == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ROW, "text": None}, "field 'text' is missing"),
        ({**ROW, "text": "  "}, "field 'text' is not usable"),
        ({**ROW, "text": 3}, "field 'text' is not usable"),
        ({k: v for k, v in ROW.items() if k != "target"}, "field 'target' is missing"),
        ({**ROW, "stance": "perhaps"}, "field 'stance': unknown stance label 'perhaps'"),
        ({**ROW, "sentiment": "angry"}, "field 'sentiment': unknown sentiment label"),
        ({**ROW, "speaker": 7}, "field 'speaker' must be text"),
        ({**ROW, "start": "3", "end": 5}, "field 'start' must be a whole number"),
        ({**ROW, "start": 3}, "field 'end' is missing"),
        ({**ROW, "start": 5, "end": 3}, "field 'start'"),
        ({**ROW, "sentement": "negative"}, "unknown field 'sentement'; did you mean 'sentiment'"),
        ({**ROW, "id": "first"}, "field 'id': 'first' is already used"),
        ({**ROW, "text": "Go", "stance": "favor"}, "field 'stance': favor contradicts against"),
    ],
)
def test_error_names_file_line_and_field(write_jsonl, row, message) -> None:
    path = write_jsonl("mine.jsonl", [{**ROW, "id": "first", "text": "Go"}, row])
    with pytest.raises(DataError, match=message) as caught:
        read_hand_set(path)
    assert "mine.jsonl, line 2" in str(caught.value)


ARTICLE = "Rain fell. “We want them out,” Ann Lee said. “All of them.” He left."
QUOTE = {**ROW, "text": "We want them out, All of them.", "start": 12, "end": 58}


def test_an_interrupted_quote_leaves_one_hole_in_its_context(write_jsonl) -> None:
    path = write_jsonl("set.jsonl", [{**QUOTE, "context": ARTICLE}])
    assert read_hand_set(path, ARTICLE)[0].context == "Rain fell. “[...]” He left."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end": 900}, r"field 'start': \[12, 900\) of the article is no such text"),
        ({"start": 0}, "is no such text"),
        ({"start": None, "end": None}, "field 'start' is missing"),
        ({"context": "Snow fell."}, "field 'context': the context is no passage"),
    ],
)
def test_rows_that_do_not_fit_their_article(write_jsonl, change, message) -> None:
    path = write_jsonl("set.jsonl", [{**QUOTE, "context": ARTICLE, **change}])
    with pytest.raises(DataError, match=message):
        read_hand_set(path, ARTICLE)


def test_a_file_that_the_config_names_keeps_its_article() -> None:
    path = ROOT / "configs" / "eval" / "article.yaml"
    config = load_config(path)
    (named,), _ = load_sets(config, path, [])
    (given,), _ = load_sets(config, path, [ROOT / "eval" / "data" / "article.jsonl"])
    assert given == named


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "no rows"), (b"{nonsense", "not valid JSONL"), (b"[1]\n", "not a JSON object")],
)
def test_bad_file(tmp_path, content, message) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_hand_set(path)


def test_binary_and_missing_file(tmp_path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(DataError, match=r"cannot read .*bad\.jsonl"):
        read_hand_set(path)
    with pytest.raises(DataError, match=r"cannot read .*absent\.jsonl"):
        read_hand_set(tmp_path / "absent.jsonl")


def test_public_files(tmp_path) -> None:
    stance = tmp_path / "stance_dev.jsonl.gz"
    rows = [
        {"text": "Yes.", "target": "We should ban zoos", "stance": "favor", "source": "argkp"},
        {"text": "No.", "target": "We should ban zoos", "stance": "con", "source": "other"},
    ]
    stance.write_bytes(gzip.compress("".join(json.dumps(r) + "\n" for r in rows).encode()))
    items = read_set(stance, "public-stance")
    assert [item.source for item in items] == ["argkp", "other"]
    assert items[1].stance is Stance.AGAINST
    assert items[0].group == "We should ban zoos"
    assert detect_format(stance) == "public-stance"


def test_public_stance_error_names_the_line(write_jsonl) -> None:
    rows = [{"text": "Yes.", "target": "zoos", "stance": "maybe", "source": "argkp"}]
    with pytest.raises(DataError, match=r"pub\.jsonl, line 1: field 'stance'"):
        read_set(write_jsonl("pub.jsonl", rows), "public-stance")


def test_public_tone_keeps_sentences_of_one_polarity(write_jsonl) -> None:
    def mention(text: str, target: str, sentiment: str) -> dict[str, object]:
        return {
            "text": text,
            "target": target,
            "start": 0,
            "end": 1,
            "sentiment": sentiment,
            "source": "news",
        }

    path = write_jsonl(
        "tone.jsonl",
        [
            mention("A hit B.", "A", "negative"),
            mention("A hit B.", "B", "positive"),
            mention("C won.", "C", "positive"),
        ],
    )
    assert detect_format(path) == "public-tone"
    items = read_set(path, "public-tone")
    assert [(i.text, i.stance, i.sentiment) for i in items] == [
        ("C won.", None, Sentiment.POSITIVE)
    ]


def test_unknown_format(write_jsonl) -> None:
    path = write_jsonl("odd.jsonl", [{"label": "favor"}])
    with pytest.raises(DataError, match=r"odd\.jsonl, line 1: .* this one has label"):
        detect_format(path)
