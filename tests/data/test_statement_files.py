"""The hand-written files: rows are well formed, consistent and in no evaluation set."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TRAIN = ROOT / "configs" / "train"
FOLDERS = {"statements": TRAIN / "statements", "calibration": TRAIN / "calibration"}
EVAL_FILES = sorted(
    [*(ROOT / "eval").glob("data/*.jsonl"), *(ROOT / "eval").glob("behaviour/*.jsonl")]
)
STANCES = {"favor", "against", "neutral"}
SENTIMENTS = {"positive", "negative", "neutral"}
FIELDS = [
    *("id", "text", "speaker", "context", "sentiment", "targets"),
    *("theme", "phenomena", "group", "author", "pass"),
]
Row = dict[str, Any]


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def files() -> dict[str, list[Row]]:
    """Rows by folder and file."""
    return {
        f"{name}/{path.name}": _read(path)
        for name, folder in FOLDERS.items()
        for path in sorted(folder.glob("*.jsonl"))
    }


@pytest.fixture(scope="module")
def rows(files: dict[str, list[Row]]) -> list[Row]:
    return [row for content in files.values() for row in content]


def _faults(row: Row) -> Iterator[str]:
    """What is wrong with a row, if anything."""
    if list(row) != FIELDS:
        yield f"fields {list(row)}"
        return
    for name in ("id", "text", "theme", "author"):
        if not isinstance(row[name], str) or not row[name] or row[name] != row[name].strip():
            yield f"{name} {row[name]!r}"
    for name in ("speaker", "context", "group"):
        if row[name] is not None and (not isinstance(row[name], str) or not row[name].strip()):
            yield f"{name} {row[name]!r}"
    if type(row["pass"]) is not int or row["pass"] < 1:
        yield f"pass {row['pass']!r}"
    if not row["theme"].startswith(f"{row['author']}/"):
        yield f"theme {row['theme']!r} of author {row['author']}"
    if row["sentiment"] not in SENTIMENTS:
        yield f"sentiment {row['sentiment']!r}"
    if not all(isinstance(note, str) and note for note in row["phenomena"]):
        yield f"phenomena {row['phenomena']!r}"
    names = [target["target"] for target in row["targets"]]
    if not names or len(set(names)) < len(names):
        yield f"targets {names}"
    for target in row["targets"]:
        if target.keys() != {"target", "stance"} or target["stance"] not in STANCES:
            yield f"target {target}"
        elif not target["target"].strip():
            yield "a target without a name"


def test_rows_are_well_formed(files: dict[str, list[Row]]) -> None:
    assert len(files) > 1 and all(files.values())
    found = [
        (name, row.get("id"), fault)
        for name, content in files.items()
        for row in content
        for fault in _faults(row)
    ]
    assert not found


GOOD: Row = {
    "id": "x-1",
    "text": "Out!",
    "speaker": None,
    "context": None,
    "sentiment": "negative",
    "targets": [{"target": "troops", "stance": "against"}],
    "theme": "a01/troops",
    "phenomena": [],
    "group": None,
    "author": "a01",
    "pass": 1,
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"text": " "}, "text"),
        ({"author": ""}, "author"),
        ({"pass": "1"}, "pass"),
        ({"pass": 0}, "pass"),
        ({"theme": ""}, "theme"),
        ({"theme": "a02/troops"}, "theme"),
        ({"context": ""}, "context"),
        ({"sentiment": "glad"}, "sentiment"),
        ({"targets": []}, "targets"),
        ({"targets": [{"target": "troops", "stance": "pro"}]}, "target"),
        ({"targets": [{"target": "troops", "stance": "favor"}] * 2}, "targets"),
        ({"extra": 1}, "fields"),
    ],
)
def test_a_bad_row_would_be_found(change: Row, fault: str) -> None:
    assert not list(_faults(GOOD))
    assert any(found.startswith(fault) for found in _faults({**GOOD, **change}))


def test_ids_are_unique(rows: list[Row]) -> None:
    assert not [name for name, times in Counter(row["id"] for row in rows).items() if times > 1]


@pytest.mark.parametrize("field", ["theme", "author", "group"])
def test_what_belongs_together_is_in_one_file(files: dict[str, list[Row]], field: str) -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for name, content in files.items():
        for row in content:
            if row[field]:
                where[row[field]].add(name)
    assert not {value: names for value, names in where.items() if len(names) > 1}


def test_a_group_is_one_text_under_different_contexts(rows: list[Row]) -> None:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["group"]:
            groups[row["group"]].append(row)
    for name, members in groups.items():
        assert len({row["text"] for row in members}) == 1, name
        assert len({row["context"] for row in members}) == len(members), name
        assert len({row["author"] for row in members}) == 1, name


def test_no_pair_has_two_labels(rows: list[Row]) -> None:
    labels: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        said = (_words(row["text"]), _words(row["context"] or ""), row["speaker"] or "")
        labels[(*said, "")].add(row["sentiment"])
        for target in row["targets"]:
            labels[(*said, target["target"].casefold())].add(target["stance"])
    assert not {pair: found for pair, found in labels.items() if len(found) > 1}


@pytest.mark.parametrize("path", EVAL_FILES, ids=lambda path: path.stem)
def test_no_text_of_an_evaluation_set_is_trained_on(path: Path, rows: list[Row]) -> None:
    book = yaml.safe_load((TRAIN / "replies.yaml").read_text(encoding="utf-8"))
    phrases = [phrase for part in book.values() for phrase in part]
    trained = {_words(text) for text in [*(row["text"] for row in rows), *phrases]}
    judged = [
        (row["id"], part["text"]) for row in _read(path) for part in row.get("variants", [row])
    ]
    assert judged
    assert not [name for name, text in judged if _words(text) in trained]


def test_the_card_names_the_rows_that_share_eight_words_with_an_evaluation_text(
    rows: list[Row],
) -> None:
    judged = {run for path in EVAL_FILES for _, text in _judged(path) for run in _runs(text)}
    shared = [row["id"] for row in rows if judged.intersection(_runs(row["text"]))]
    card = " ".join((TRAIN / "statements" / "DATA_CARD.md").read_text(encoding="utf-8").split())
    (named,) = re.findall(r"share a run of eight words with a text of `eval/data`: (.*?)\. ", card)
    assert sorted(re.findall(r"\w+-\d+", named)) == sorted(shared)


def test_replies_are_distinct_and_frames_have_their_slot() -> None:
    book = yaml.safe_load((TRAIN / "replies.yaml").read_text(encoding="utf-8"))
    slots = dict.fromkeys(("questions", "reverse_questions", "advances", "setbacks"), "{target}")
    slots["said"] = "{statement}"
    for name, phrases in book.items():
        assert len({_words(phrase) for phrase in phrases}) == len(phrases), name
        for phrase in phrases:
            assert re.findall(r"\{\w*\}", phrase) == ([slots[name]] if name in slots else []), (
                phrase
            )


def _judged(path: Path) -> list[tuple[str, str]]:
    """Id and text of everything that an evaluation file asks a model to judge."""
    return [(row["id"], part["text"]) for row in _read(path) for part in row.get("variants", [row])]


def _runs(text: str) -> set[tuple[str, ...]]:
    """All runs of eight words of a text."""
    words = _words(text).split()
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}


def _words(text: str) -> str:
    """A text without case and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))
