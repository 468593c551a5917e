"""Label Studio's JSON there and back: offsets in UTF-16, regions, relations, choices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.analysis import Analysis
from stance.errors import DataError, SpanError
from stance.extract import Document
from stance.labels import Stance
from stance.schema import Prediction, Span, Statement
from stance.tables import (
    Utf16Offsets,
    article_tasks,
    read_label_studio,
    statement_tasks,
    tasks_json,
)

TEXTS = [
    "plain",
    "🙂“We 🙂 stay”🙂, said Ana.",
    "A\u0301na said: “e\u0301 👩\u200d👩\u200d👧 no”.",  # combining marks, a family of joined emoji
    "𝔞𝔟 \U0001f1fa\U0001f1f3 flag\r\n“yes”",
]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_offsets_go_there_and_back(text: str) -> None:
    offsets = Utf16Offsets(text)
    encoded = text.encode("utf-16-le")
    for point in range(len(text) + 1):
        unit = offsets.to_units(point)
        assert encoded[: 2 * unit].decode("utf-16-le") == text[:point]
        assert offsets.to_points(unit) == point


def test_offsets_outside_the_text_or_within_a_character_are_refused() -> None:
    offsets = Utf16Offsets("a🙂b")
    assert [offsets.to_units(i) for i in range(4)] == [0, 1, 3, 4]
    for point in (-1, 4):
        with pytest.raises(SpanError, match="not in a text of 3"):
            offsets.to_units(point)
    with pytest.raises(SpanError, match="middle of a character"):
        offsets.to_points(2)
    for unit in (-1, 5):
        with pytest.raises(SpanError, match="not in the text"):
            offsets.to_points(unit)


def span(text: str, words: str, after: int = 0) -> Span:
    start = text.index(words, after)
    return Span(words, start, start + len(words))


def prediction(target: str, stance: Stance) -> Prediction:
    shares = {str(label): 0.8 if label is stance else 0.1 for label in Stance}
    return Prediction(target, stance, shares)


@pytest.fixture
def analysis() -> Analysis:
    """An article whose statements stand behind emoji and combining marks; one is in two pieces."""
    text = (
        "🙂🙂 Zoe\u0308 Kléber said: “We 👩\u200d👩\u200d👧 want them out”. "
        "“No 🇺🇳 troops,” 𝔄da Obi said, “will e\u0301ver come.”"
    )
    out = "We 👩\u200d👩\u200d👧 want them out"
    first = Statement(
        text=out,
        spans=(span(text, out),),
        speaker_mention=span(text, "Zoe\u0308 Kléber"),
        cue=span(text, "said"),
        kind="direct",
        context="",
    )
    pieces = (span(text, "No 🇺🇳 troops,"), span(text, "will e\u0301ver come."))
    second = Statement(
        text=" ".join(piece.text for piece in pieces),
        spans=pieces,
        speaker_mention=span(text, "𝔄da Obi"),
        cue=span(text, "said", text.index("Obi")),
        kind="direct",
        context="",
    )
    targets = ("troops", "a treaty 🙂")
    rows = tuple(
        tuple(prediction(t, s) for t, s in zip(targets, stances, strict=True))
        for stances in ((Stance.AGAINST, Stance.NEUTRAL), (Stance.AGAINST, Stance.FAVOR))
    )
    return Analysis(Document(text, id="art 🙂"), targets, (first, second), rows)


def exported(tasks: list[dict[str, object]], path: Path, who: object = 3) -> Path:
    """What Label Studio gives back where somebody accepts all that was marked."""
    for task in tasks:
        made = task.pop("predictions")
        task["annotations"] = [{"completed_by": who, "result": made[0]["result"]}]
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def test_an_article_comes_back_as_it_was(analysis: Analysis, tmp_path: Path) -> None:
    tasks = json.loads(tasks_json(article_tasks(analysis)))
    units = analysis.text.encode("utf-16-le")
    for task in tasks:
        for region in task["predictions"][0]["result"]:
            if region["type"] != "relation":
                value = region["value"]
                there = units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le")
                assert there == value["text"]
    rows = [row for _, row in read_label_studio(exported(tasks, tmp_path / "e.json"))]
    assert len(rows) == 4
    for column, target in enumerate(analysis.targets):
        for number, statement in enumerate(analysis.statements):
            row = rows[2 * column + number]
            assert (row["document_id"], row["target"], row["coder"]) == ("art 🙂", target, "3")
            assert row["statement"] == statement.text
            assert row["spans"] == [[s.start, s.end] for s in statement.spans]
            assert (row["start"], row["end"]) == (statement.start, statement.end)
            assert statement.speaker_mention
            assert row["speaker_mention"] == statement.speaker_mention.text
            assert row["cue"] == "said"
            assert row["id"] == f"art 🙂:{statement.start}-{statement.end}"
            assert row["stance"] == analysis.predictions[number][column].stance


@pytest.mark.parametrize("text", TEXTS)
def test_statements_come_back_with_their_labels(text: str, tmp_path: Path) -> None:
    rows = [{"id": "7", "statement": text, "target": "🙂", "speaker": None, "coder": "ana"}]
    (task,) = json.loads(tasks_json(statement_tasks(rows)))
    assert task["data"]["context"] == ""  # the interface shows it
    result = [{"from_name": "stance", "type": "choices", "value": {"choices": ["favor"]}}]
    task["annotations"] = [
        {"completed_by": 1, "result": result},
        {"completed_by": 1, "was_cancelled": True, "result": result},
    ]
    path = tmp_path / "e.json"
    path.write_text(json.dumps([task, {"data": {"statement": text}}]), encoding="utf-8")
    found = list(read_label_studio(path))
    assert [number for number, _ in found] == [1, 1, 2]
    assert [row["stance"] for _, row in found] == ["favor", None, None]
    assert found[0][1] == {**rows[0], "context": None, "stance": "favor"}


def region(start: object, end: object, text: str | None = None, kind: str = "Statement") -> dict:
    value = {"start": start, "end": end, "labels": [kind]}
    return {"id": "r", "type": "labels", "value": value | ({} if text is None else {"text": text})}


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ({"a": 1}, "is no list of tasks"),
        ([{"id": 1}], "task 1 has no 'data'"),
        ([{"data": {"text": "x"}, "annotations": ["y"]}], "'annotations' is no list"),
        ([{"data": {"text": "x"}, "annotations": [{"result": ["y"]}]}], "'result' is no list"),
        ([region(0, 2)], "middle of a character"),
        ([region(0, 99)], "not in the text"),
        ([region(3, 3)], "'start' before 'end'"),
        ([region("0", 3)], "'start' before 'end'"),
        ([region(0, 3, "other")], "the text was changed after it was marked"),
        ([{"id": "r", "type": "labels"}], "region r has no 'value'"),
        (
            [{"id": "r", "type": "choices", "value": {"choices": ["favor", "against"]}}],
            "choose one stance",
        ),
    ],
)
def test_what_does_not_fit_is_named(tasks, message, tmp_path: Path) -> None:
    if isinstance(tasks, list) and "type" in tasks[0]:
        tasks = [{"data": {"text": "a🙂bcd"}, "annotations": [{"result": tasks}]}]
    path = tmp_path / "e.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        list(read_label_studio(path))
    assert str(path) in str(caught.value)


def test_pieces_in_a_circle_are_refused(tmp_path: Path) -> None:
    parts = [{**region(i, i + 1), "id": f"p{i}"} for i in range(3)]
    links = [(0, 1), (1, 2), (2, 1)]
    result = parts + [
        {"type": "relation", "from_id": f"p{a}", "to_id": f"p{b}", "labels": ["goes on"]}
        for a, b in links
    ]
    path = tmp_path / "e.json"
    path.write_text(
        json.dumps([{"data": {"text": "abc"}, "annotations": [{"result": result}]}]), "utf-8"
    )
    with pytest.raises(DataError, match="form no line"):
        list(read_label_studio(path))


def test_files_that_are_no_json(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    with pytest.raises(DataError, match="cannot read"):
        list(read_label_studio(path))
    path.write_text("[{", encoding="utf-8")
    with pytest.raises(DataError, match="cannot read"):
        list(read_label_studio(path))
