"""Readers of labelled files: what they take, and how they name what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.errors import DataError
from stance.labels import Sentiment, Stance
from stance.training.formats import (
    SURE,
    Reading,
    read_mentions,
    read_news,
    read_pairs,
    read_statements,
)

ROW = {"text": "Out!", "target": "troops", "stance": "against"}


def _file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["p.csv", "p.tsv", "p.jsonl", "p.parquet"])
def test_every_kind_of_file_gives_the_same_pairs(name: str, tmp_path: Path) -> None:
    rows = [
        {"statement": "Keep them, please.", "target": "troops", "stance": "Support", "group": "a"},
        {"statement": 'He said "no".', "target": "troops", "stance": "CON", "group": "b"},
    ]
    path = tmp_path / name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        mark = "," if name.endswith(".csv") else "\t"
        lines = [mark.join(rows[0])]
        for row in rows:
            lines.append(mark.join('"' + v.replace('"', '""') + '"' for v in row.values()))
        path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    pairs = read_pairs(path)
    assert [(p.statement, p.target, p.stance, p.group) for p in pairs] == [
        ("Keep them, please.", "troops", Stance.FAVOR, "a"),
        ('He said "no".', "troops", Stance.AGAINST, "b"),
    ]
    assert {p.source for p in pairs} == {"p"}


def test_every_column_is_read(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "p.csv",
        "text,target,stance,sentiment,context,speaker,cue,article,sure\n"
        "Out!,troops,against,neg,They met.,Ada,said,7,2\n",
    )
    (pair,) = read_pairs(path, Reading({}, SURE))
    assert (pair.sentiment, pair.context, pair.speaker) == (Sentiment.NEGATIVE, "They met.", "Ada")
    assert (pair.cue, pair.group, pair.weight) == ("said", "7", 0.8)
    assert read_pairs(path)[0].weight == 1.0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("statement,target,stance\nOut!,troops,maybe\n", r"p\.csv, row 1: field 'stance': .*maybe"),
        ("statement,target,stance\nA,b,favor\nOut!,,con\n", r"p\.csv, row 2: field 'target'"),
        ("statement,target,stance\n,troops,con\n", r"row 1: field 'statement' or 'text'"),
        ("statement,target,stance\nOut!,troops,\n", r"row 1: field 'stance' is missing or empty"),
        ("words,target,stance\nOut!,troops,con\n", r"the row has 'target', 'stance'|'words'"),
        ("statement,target,stance\nOut!,troops,con,x\n", r"4 cells, but the header has 3"),
        ("statement,target,stance,sentiment\nA,b,con,glum\n", r"row 1: field 'sentiment'"),
        ("statement,target,stance\n", "has no rows"),
    ],
)
def test_what_is_wrong_is_named(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        read_pairs(_file(tmp_path, "p.csv", content))


def test_other_kinds_of_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"p\.xlsx: cannot tell the format; use one of \.csv"):
        read_pairs(_file(tmp_path, "p.xlsx", ""))
    with pytest.raises(DataError, match=r"nowhere\.csv does not exist"):
        read_pairs(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match=r"p\.parquet is (empty|not readable)"):
        read_pairs(_file(tmp_path, "p.parquet", "no parquet"))


@pytest.mark.parametrize("value", [0, 4, "very"])
def test_sureness_out_of_range_is_named(write_jsonl, value: object) -> None:
    path = write_jsonl("n.jsonl", [{**ROW, "sure": value}])
    with pytest.raises(DataError, match=r"line 1: field 'sure' is .*: give 1 to 3"):
        read_news(path)


def test_news_statements_in_pieces_are_masked_once(write_jsonl) -> None:
    row = {
        **ROW,
        "text": "We leave, and soon",
        "spans": [[1, 10], [20, 28]],
        "context": "They met. “We leave,” he said, “and soon.” It rained.",
        "statement": True,
        "sure": 1,
    }
    (pair,) = read_news(write_jsonl("n.jsonl", [row]))
    assert pair.context == "They met. “[...].” It rained."
    assert pair.statement == "We leave, and soon"
    assert pair.weight == 0.5
    bad = {**row, "spans": [[1, 10], [20, 29]]}
    with pytest.raises(DataError, match=r"line 1: the pieces of 'spans' do not fit"):
        read_news(write_jsonl("b.jsonl", [bad]))


def test_indirect_news_is_judged_with_its_speaker_and_cue(write_jsonl) -> None:
    row = {
        **ROW,
        "text": "the strikes",
        "kind": "indirect",
        "cue": "condemned",
        "speaker": "Ana Ruiz",
        "context": "They met. Ms Ruiz condemned the strikes.",
    }
    rows = [{**row, "second": "against"}, {**row, "second": "neutral", "target": "peace"}]
    path = write_jsonl("n.jsonl", rows)
    pairs = read_news(path)
    assert [p.statement for p in pairs] == ["Ms Ruiz condemned the strikes"] * 2
    assert pairs[0].context == "They met. [...]."
    assert [p.target for p in read_news(path, Reading({}, agreed_only=True))] == ["troops"]


def test_words_that_are_no_statement_are_left_out_or_neutral(write_jsonl) -> None:
    rows = [ROW, {**ROW, "text": "Mr. Berg", "statement": False}]
    path = write_jsonl("n.jsonl", rows)
    assert [p.statement for p in read_news(path)] == ["Out!"]
    kept = read_news(path, Reading({}, unattributed="neutral"))
    assert [(p.statement, p.stance) for p in kept] == [
        ("Out!", Stance.AGAINST),
        ("Mr. Berg", Stance.NEUTRAL),
    ]


def test_rows_are_picked_by_a_field(write_jsonl) -> None:
    path = write_jsonl("n.jsonl", [{**ROW, "source": "a"}, {**ROW, "text": "In!", "source": "b"}])
    assert [p.statement for p in read_pairs(path, Reading({"source": "b"}))] == ["In!"]
    with pytest.raises(DataError, match="no rows to learn from where source is 'c'"):
        read_pairs(path, Reading({"source": "c"}))


def test_statements_give_a_pair_for_each_target(write_jsonl) -> None:
    targets = [{"target": "a", "stance": "favor"}, {"target": "b", "stance": "against"}]
    rows = [
        {"id": "1", "text": "Yes.", "context": "Well?", "sentiment": "neutral", "targets": targets},
        {"id": "2", "text": "No.", "sentiment": "neutral", "targets": targets, "theme": "t"},
    ]
    rows[0]["group"] = "g"
    pairs = read_statements(write_jsonl("s.jsonl", rows))
    assert [(p.target, p.stance) for p in pairs[:2]] == [
        ("a", Stance.FAVOR),
        ("b", Stance.AGAINST),
    ]
    assert [p.context_decides for p in pairs] == [True, True, False, False]
    assert [p.group for p in pairs] == ["s", "s", "t", "t"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "a", "targets": [{}]}, "'text'|'target'|'stance'"),
        ({"id": "a", "text": "x", "targets": []}, "'targets'"),
        ({"id": "a", "text": "x", "targets": ["troops"]}, "'troops'"),
        ({"text": "x", "targets": [{"target": "t", "stance": "favor"}]}, "'id'"),
        ({"id": "a", "text": "x", "targets": [{"target": "t", "stance": "maybe"}]}, "'maybe'"),
    ],
)
def test_bad_statements_name_file_and_line(
    write_jsonl, row: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=rf"s\.jsonl, line 1: .*({message})"):
        read_statements(write_jsonl("s.jsonl", [row]))


def test_an_id_used_twice_is_named(write_jsonl) -> None:
    row = {"id": "a", "text": "x", "targets": [{"target": "t", "stance": "favor"}]}
    with pytest.raises(DataError, match="line 2: id 'a' is used twice"):
        read_statements(write_jsonl("s.jsonl", [row, row]))


def test_sentences_with_one_polarity(write_jsonl) -> None:
    rows = [
        {"text": "A praised B.", "target": "A", "sentiment": "positive"},
        {"text": "A praised B.", "target": "B", "sentiment": "negative"},
        {"text": "C wept.", "target": "C", "sentiment": "negative"},
    ]
    pairs = read_mentions(write_jsonl("t.jsonl", rows))
    assert [(p.statement, p.sentiment, p.stance) for p in pairs] == [
        ("C wept.", Sentiment.NEGATIVE, None)
    ]
    with pytest.raises(DataError, match=r"t\.jsonl, line 1: field 'sentiment'"):
        read_mentions(write_jsonl("t.jsonl", [ROW]))


@pytest.mark.parametrize("read", [read_pairs, read_news])
def test_text_of_another_type_is_named(read: Callable[[Path], object], write_jsonl) -> None:
    path = write_jsonl("p.jsonl", [{**ROW, "text": 7}])
    with pytest.raises(DataError, match=r"line 1: field 'text' is 7: give text"):
        read(path)
