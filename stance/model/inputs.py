"""Checks of what a caller gives to the classifier."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stance.errors import DataError
from stance.model.scorer import Rows


def check_rows(
    statements: Sequence[str],
    targets: str | Sequence[str],
    contexts: Sequence[str | None] | None,
    speakers: Sequence[str | None] | None,
) -> Rows:
    """Align the arguments of :meth:`stance.StanceClassifier.predict`.

    Raises:
        DataError: a value is missing or of the wrong type, or the lengths differ; the message
            names the row, counted from 0.
    """
    if isinstance(statements, str):
        raise DataError("statements is one string: give a list of strings, or use predict_one")
    for value, name in ((statements, "statements"), (targets, "targets")):
        if value is None:
            raise DataError(f"{name} is None: give a text for each statement")
    statements = list(statements)
    n = len(statements)
    for i, statement in enumerate(statements):
        _require_text(statement, "statement", i)
    listed = [targets] * n if isinstance(targets, str) else list(targets)
    if isinstance(targets, str):
        _require_text(targets, "target", 0)
    _same_length(listed, n, "targets")
    for i, value in enumerate(listed):
        _require_text(value, "target", i)
    return Rows(
        statements,
        listed,
        _optional_texts(contexts, n, "context"),
        _optional_texts(speakers, n, "speaker"),
    )


def _same_length(values: Sequence[object], n: int, name: str) -> None:
    if len(values) != n:
        raise DataError(f"{len(values)} {name} for {n} statements: give one for each")


def _require_text(value: object, name: str, row: int) -> None:
    if isinstance(value, str) and value.strip():
        return
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    kind = "missing (None or NaN)" if missing else "empty" if value == "" else "not usable text"
    raise DataError(f"row {row}: {name} is {kind}: {value!r}. Drop the row or give its text")


def _optional_texts(values: Sequence[str | None] | None, n: int, name: str) -> list[str | None]:
    if values is None:
        return [None] * n
    if isinstance(values, str):
        raise DataError(f"{name}s is one string: give one {name} for each statement")
    listed: list[str | None] = []
    for i, value in enumerate(values):
        if value is not None and not isinstance(value, str):
            if not (isinstance(value, float) and math.isnan(value)):
                raise DataError(f"row {i}: {name} is {value!r}: give text or None")
            value = None
        listed.append(value)
    _same_length(listed, n, f"{name}s")
    return listed
