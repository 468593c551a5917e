"""Loaders of public sets and of news statements."""

from __future__ import annotations

import gzip
import json

import pytest

from eval.loaders import detect_format, read_set
from stance.errors import DataError
from stance.labels import Sentiment, Stance

NEWS: dict[str, object] = {
    "article": "gazette-1",
    "n": 3,
    "text": "We want them out",
    "spans": [[1, 17]],
    "kind": "direct",
    "cue": "said",
    "context": "“We want them out,” said Ana Ruiz.",
    "target": "troops",
    "stance": "against",
    "sentiment": "negative",
    "sure": 3,
    "speaker": "Ana Ruiz",
}


def test_public_stance(tmp_path) -> None:
    path = tmp_path / "stance_dev.jsonl.gz"
    rows = [
        {"text": "Yes.", "target": "We should ban zoos", "stance": "favor", "source": "argkp"},
        {"text": "No.", "target": "We should ban zoos", "stance": "con", "source": "other"},
    ]
    path.write_bytes(gzip.compress("".join(json.dumps(r) + "\n" for r in rows).encode()))
    items = read_set(path, "public-stance")
    assert [item.source for item in items] == ["argkp", "other"]
    assert items[1].stance is Stance.AGAINST
    assert items[0].group == "We should ban zoos"
    assert detect_format(path) == "public-stance"


def test_public_stance_error_names_the_line(write_jsonl) -> None:
    rows = [{"text": "Yes.", "target": "zoos", "stance": "maybe", "source": "argkp"}]
    with pytest.raises(DataError, match=r"pub\.jsonl, line 1: field 'stance'"):
        read_set(write_jsonl("pub.jsonl", rows), "public-stance")


def test_public_sentiment_keeps_sentences_of_one_polarity(write_jsonl) -> None:
    def mention(text: str, target: str, sentiment: str) -> dict[str, object]:
        return {"text": text, "target": target, "start": 0, "end": 1, "sentiment": sentiment}

    rows = [
        mention("A hit B.", "A", "negative"),
        mention("A hit B.", "B", "positive"),
        mention("C won.", "C", "positive"),
    ]
    path = write_jsonl("sentiment.jsonl", rows)
    assert detect_format(path) == "public-sentiment"
    items = read_set(path, "public-sentiment")
    assert [(i.text, i.stance, i.sentiment) for i in items] == [
        ("C won.", None, Sentiment.POSITIVE)
    ]


def test_news_rows_that_are_statements_and_agreed_on(write_jsonl) -> None:
    rows = [
        NEWS,  # no second annotator, no flag
        {**NEWS, "n": 4, "statement": True, "second": "against", "speaker": None},
        {**NEWS, "n": 5, "statement": False, "second": "against"},
        {**NEWS, "n": 6, "statement": True, "second": "neutral"},
        {**NEWS, "target": "the mayor", "stance": "neutral"},
    ]
    path = write_jsonl("news.jsonl", rows)
    assert detect_format(path) == "news"
    assert len(read_set(path, "news")) == 4
    items = read_set(path, "news", agreed_only=True)
    assert [(i.id, i.target, i.stance) for i in items] == [
        ("gazette-1#3", "troops", "against"),
        ("gazette-1#4", "troops", "against"),
        ("gazette-1#3", "the mayor", "neutral"),
    ]
    first = items[0]
    assert (first.group, first.speaker, items[1].speaker) == ("gazette-1", "Ana Ruiz", None)
    assert first.sentiment is Sentiment.NEGATIVE
    assert (first.text, first.context) == (NEWS["text"], "“[...],” said Ana Ruiz.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"article": None}, "field 'article' is missing"),
        ({"n": "3"}, "field 'n' must be a whole number"),
        ({"n": True}, "field 'n' must be a whole number"),
        ({"statement": "no"}, "field 'statement' must be true or false"),
        ({"statement": False, "stance": "perhaps"}, "field 'stance': unknown stance"),
        ({"second": "perhaps"}, "field 'second': unknown stance"),
        ({"sentiment": None}, "field 'sentiment' is missing"),
        ({"text": " "}, "field 'text' is not usable"),
    ],
)
def test_a_bad_news_row_is_named(write_jsonl, change, message) -> None:
    path = write_jsonl("news.jsonl", [NEWS, {**NEWS, "n": 9, **change}])
    with pytest.raises(DataError, match=message) as caught:
        read_set(path, "news")
    assert "news.jsonl, line 2" in str(caught.value)


def test_other_files_are_labelled_rows(write_jsonl, tmp_path) -> None:
    assert detect_format(write_jsonl("odd.jsonl", [{"label": "favor"}])) == "labelled"
    assert detect_format(tmp_path / "mine.csv") == "labelled"
    with pytest.raises(DataError, match="no rows"):
        detect_format(write_jsonl("empty.jsonl", []))


@pytest.mark.parametrize("form", ["public-stance", "public-sentiment", "news"])
def test_an_empty_set_is_an_error(write_jsonl, form) -> None:
    with pytest.raises(DataError, match="no usable rows"):
        read_set(write_jsonl("set.jsonl", []), form)
