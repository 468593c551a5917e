"""Names of labels: what each was taken for is told, and nothing is guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation.label_names import LabelNames, read_given
from stance.evaluation.labelled_sets import read_labelled
from stance.labels import Sentiment, Stance


def read(names: LabelNames, *values: object) -> list[str]:
    return [names.read(Stance, value, "stance", "mine.csv, row 1").value for value in values]


def test_own_names_are_not_worth_a_word() -> None:
    names = LabelNames()
    assert read(names, "favor", "AGAINST", " neutral ") == ["favor", "against", "neutral"]
    assert names.notes() == []


def test_other_names_are_told_with_their_number() -> None:
    names = LabelNames()
    assert read(names, "pro", "con", "pro", "NONE") == ["favor", "against", "favor", "neutral"]
    assert names.notes() == [
        "the label 'NONE' was read as neutral (1 row)",
        "the label 'con' was read as against (1 row)",
        "the label 'pro' was read as favor (2 rows)",
    ]


@pytest.mark.parametrize(
    "values", [["1", "0", "-1"], [1, 0, -1], [1.0, 0.0, -1.0], ["1.0", "0.0", "-1.0"]]
)
def test_signs_are_stances(values: list[object]) -> None:
    names = LabelNames()
    assert read(names, *values) == ["favor", "neutral", "against"]
    names.check("mine.csv")
    assert len(names.notes()) == 3


@pytest.mark.parametrize("values", [["0", "1"], [0], [1, 0]])
def test_numbers_that_may_mean_two_things_are_refused(values: list[object]) -> None:
    names = LabelNames()
    read(names, *values)
    with pytest.raises(DataError, match="--label 1=favor --label 0=against"):
        names.check("mine.csv")


def test_given_names_come_first() -> None:
    names = LabelNames(read_given(["1=favor", "0=against", "con=favor", "x=y=neutral"]))
    assert read(names, 0, "1", "Con", "x=y") == ["against", "favor", "favor", "neutral"]
    names.check("mine.csv")
    assert names.read(Sentiment, "x=y", "sentiment", "here") is Sentiment.NEUTRAL


@pytest.mark.parametrize(
    ("value", "message"), [("perhaps", "--label NAME=LABEL"), (True, "no label"), ("", "no label")]
)
def test_unknown_names_are_errors(value: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        LabelNames().read(Stance, value, "stance", "mine.csv, row 7")


@pytest.mark.parametrize("options", [["pro"], ["=favor"], ["a=favor", "a=against"]])
def test_bad_options_are_errors(options: list[str]) -> None:
    with pytest.raises(DataError):
        read_given(options)


def test_a_name_needs_a_label() -> None:
    with pytest.raises(DataError, match="use one of favor"):
        LabelNames({"yes": "maybe"})


def label_studio(path: Path, *coders: str) -> Path:
    """Two statements, labelled by each."""
    tasks = [
        {
            "data": {"id": name, "statement": f"words {name}", "target": "troops"},
            "annotations": [
                {
                    "completed_by": {"email": coder},
                    "result": [
                        {"from_name": "stance", "type": "choices", "value": {"choices": [label]}}
                    ],
                }
                for coder in coders
            ],
        }
        for name, label in (("a", "pro"), ("b", "neutral"))
    ]
    path.write_text(json.dumps(tasks))
    return path


def test_label_studio_is_read_like_a_table(tmp_path: Path) -> None:
    names = LabelNames()
    rows = read_labelled(label_studio(tmp_path / "export.json", "ana"), names=names)
    assert [(row.id, row.text, row.stance) for row in rows] == [
        ("a", "words a", Stance.FAVOR),
        ("b", "words b", Stance.NEUTRAL),
    ]
    assert names.notes() == ["the label 'pro' was read as favor (1 row)"]


def test_labels_of_several_coders_are_joined_first(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"several coders stand here .*`stance agree -o`"):
        read_labelled(label_studio(tmp_path / "export.json", "ana", "ben"))
