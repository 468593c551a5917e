"""Predictions -> flat rows, for CSV, JSON and data frames."""

from __future__ import annotations

from collections.abc import Sequence

from stance.schema import Prediction, Statement

SCHEMA_VERSION = 1
COLUMNS = (
    "number",
    "statement",
    "start",
    "end",
    "spans",
    "kind",
    "modality",
    "speaker",
    "speaker_mention",
    "speaker_confidence",
    "anonymous",
    "cue",
    "nested_in",
    "context",
    "target",
    "stance",
    "stance_against",
    "stance_neutral",
    "stance_favor",
    "sentiment",
    "sentiment_negative",
    "sentiment_neutral",
    "sentiment_positive",
    "abstained",
    "stance_set",
    "truncated",
    "warnings",
)


def statement_fields(number: int, statement: Statement) -> dict[str, object]:
    """The statement's own columns, with spans as ``[[start, end], ...]``.

    Args:
        number: its number among the article's statements, counted from 1; ``nested_in`` is the
            number of the statement that encloses it.
        statement: the statement.
    """
    mention = statement.speaker_mention
    return {
        "number": number,
        "statement": statement.text,
        "start": statement.start,
        "end": statement.end,
        "spans": [[span.start, span.end] for span in statement.spans],
        "kind": statement.kind,
        "modality": statement.modality,
        "speaker": statement.speaker,
        "speaker_mention": mention.text if mention else None,
        "speaker_confidence": round(statement.speaker_confidence, 4),
        "anonymous": statement.anonymous,
        "cue": statement.cue.text if statement.cue else None,
        "nested_in": None if statement.nested_in is None else statement.nested_in + 1,
        "context": statement.context,
    }


def prediction_fields(prediction: Prediction) -> dict[str, object]:
    """The prediction's own columns: probabilities rounded to four digits, sets as ``a|b``."""
    fields: dict[str, object] = {
        "target": prediction.target,
        "stance": prediction.stance.value if prediction.stance else None,
    }
    for name, value in prediction.stance_probabilities.items():
        fields[f"stance_{name}"] = round(value, 4)
    fields["sentiment"] = prediction.sentiment.value if prediction.sentiment else None
    tone = prediction.sentiment_probabilities or {}
    for name in ("negative", "neutral", "positive"):
        fields[f"sentiment_{name}"] = round(tone[name], 4) if name in tone else None
    fields["abstained"] = prediction.abstained
    members = prediction.stance_set
    fields["stance_set"] = None if members is None else "|".join(members)
    fields["truncated"] = prediction.truncated
    fields["warnings"] = "; ".join(prediction.warnings)
    return fields


def to_rows(
    statements: Sequence[Statement], predictions: Sequence[Sequence[Prediction]]
) -> list[dict[str, object]]:
    """One row a (statement, target), columns in the order of ``COLUMNS``.

    Args:
        statements: in document order.
        predictions: for each statement, one prediction a target.
    """
    return [
        {**statement_fields(number, statement), **prediction_fields(prediction)}
        for number, (statement, row) in enumerate(
            zip(statements, predictions, strict=True), start=1
        )
        for prediction in row
    ]
