"""The columns are the codebook: every one is described, filled and of the type it says."""

from __future__ import annotations

import pytest

from stance.columns import (
    COLUMN_NAMES,
    COLUMNS,
    DOCUMENT_COLUMNS,
    ERROR_COLUMN,
    PREDICTION_COLUMNS,
    STATEMENT_COLUMNS,
    document_fields,
    prediction_fields,
    statement_fields,
    to_rows,
)
from stance.extract.document import Document
from stance.labels import Abstention, Sentiment, Stance
from stance.schema import Candidate, Prediction, Span, Speaker, Statement

TYPES = {"text": str, "integer": int, "number": float, "flag": bool}
TYPES |= dict.fromkeys(("spans", "speakers", "candidates"), list)

DOCUMENT = Document(
    "Ann Lee said no.",
    id="a-1",
    title="No",
    date="2026-11-29",
    outlet="The Harbour Post",
    authors=("Bo Ek", "Cy Orr"),
    url="https://example.org/no",
)
STATEMENT = Statement(
    "no",
    (Span("no", 13, 15),),
    speakers=(
        Speaker(
            "Ann Lee",
            "person",
            role="mayor",
            affiliation="Port Board",
            first_mention=Span("Ann Lee", 0, 7),
            candidates=(Candidate("Ann Lee", 0.6), Candidate("Bo Ek", 0.2)),
        ),
    ),
    speaker_mention=Span("Ann Lee", 0, 7),
    cue=Span("said", 8, 12),
    context="Ann Lee said no.",
    speaker_confidence=0.87654,
    nested_in=0,
)
PREDICTION = Prediction(
    "troops",
    Stance.AGAINST,
    {"against": 0.7, "neutral": 0.2, "favor": 0.1},
    Sentiment.NEUTRAL,
    {"negative": 0.2, "neutral": 0.7, "positive": 0.1},
    stance_set=(Stance.AGAINST, Stance.NEUTRAL),
    used_context=True,
    warnings=("one", "two"),
)


def test_every_cell_has_the_type_of_its_column() -> None:
    (row,) = to_rows(DOCUMENT, [STATEMENT], [[PREDICTION]])
    assert tuple(row) == COLUMN_NAMES
    for column in COLUMNS:
        if column.name != "abstained_because":  # there is a stance
            assert type(row[column.name]) is TYPES[column.type], column.name


def test_cells_say_what_the_records_say() -> None:
    (row,) = to_rows(DOCUMENT, [STATEMENT], [[PREDICTION]])
    assert row["document_id"] == "a-1"
    assert row["authors"] == "Bo Ek; Cy Orr"
    assert row["number"] == 1 and row["nested_in"] == 1
    assert row["spans"] == [[13, 15]]
    assert row["speaker_confidence"] == 0.8765
    assert (row["speaker"], row["speaker_kind"]) == ("Ann Lee", "person")
    assert (row["speaker_role"], row["speaker_affiliation"]) == ("mayor", "Port Board")
    assert row["speakers"] == [
        {
            "name": "Ann Lee",
            "kind": "person",
            "role": "mayor",
            "affiliation": "Port Board",
            "first_mention": [0, 7],
            "candidates": [{"name": "Ann Lee", "score": 0.6}, {"name": "Bo Ek", "score": 0.2}],
        }
    ]
    assert row["speaker_candidates"] == []
    assert row["stance_against"] == 0.7
    assert row["stance_set"] == "against|neutral"
    assert row["used_context"] is True
    assert row["warnings"] == "one; two"


def test_what_is_not_known_is_empty() -> None:
    assert set(document_fields(Document("x")).values()) == {None}
    bare = statement_fields(1, Statement("no", (Span("no", 0, 2),)))
    for name in ("speaker", "speaker_kind", "speaker_role", "speaker_mention", "cue", "nested_in"):
        assert bare[name] is None
    assert bare["speakers"] == bare["speaker_candidates"] == []


def test_joint_speakers_and_those_who_may_be_meant() -> None:
    both = (Speaker("Ann Lee", "person", "mayor"), Speaker("Port Board", "organisation"))
    cells = statement_fields(1, Statement("no", (Span("no", 0, 2),), both))
    assert cells["speaker"] == "Ann Lee and Port Board"
    assert cells["speaker_kind"] == "person; organisation"
    assert cells["speaker_role"] == "mayor" and cells["speaker_affiliation"] is None
    open_ = (Candidate("Ann Lee", 0.5), Candidate("Bo Lee", 0.5))
    cells = statement_fields(1, Statement("no", (Span("no", 0, 2),), speaker_candidates=open_))
    assert cells["speaker"] is None and cells["speakers"] == []
    assert cells["speaker_candidates"] == [
        {"name": "Ann Lee", "score": 0.5},
        {"name": "Bo Lee", "score": 0.5},
    ]


def test_predictions_that_are_not_given() -> None:
    shares = {"against": 0.3, "neutral": 0.4, "favor": 0.3}
    unsure = Prediction("t", None, shares, abstained_because=Abstention.NOT_ENGLISH)
    fields = prediction_fields(unsure)
    assert fields["stance"] is None and fields["abstained"] is True
    assert fields["abstained_because"] == "not English"
    assert prediction_fields(PREDICTION)["abstained_because"] is None
    assert fields["sentiment"] is fields["sentiment_positive"] is fields["stance_set"] is None


@pytest.mark.parametrize(
    ("columns", "filled"),
    [
        (DOCUMENT_COLUMNS, document_fields(DOCUMENT)),
        (STATEMENT_COLUMNS, statement_fields(1, STATEMENT)),
        (PREDICTION_COLUMNS, prediction_fields(PREDICTION)),
    ],
)
def test_each_group_of_columns_is_filled_in_its_order(columns, filled) -> None:
    assert [column.name for column in columns] == list(filled)


@pytest.mark.parametrize("column", [*COLUMNS, ERROR_COLUMN], ids=lambda column: column.name)
def test_every_column_is_described_in_sentences(column) -> None:
    assert column.description[-1] == "."
    assert len(column.description) > 25


def test_names_are_unique() -> None:
    assert len(set(COLUMN_NAMES)) == len(COLUMN_NAMES)
