"""Checks of what a caller gives to the classifier."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from numbers import Integral, Real

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
        if not isinstance(value, Iterable):
            raise DataError(f"{name} is {value!r}: give a text for each statement")
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


def check_kinds(kinds: Sequence[str | None] | None, n: int) -> list[str | None]:
    """Kinds of statements, one each; any text will do.

    Raises:
        DataError: their number is another, or one is no text.
    """
    return _optional_texts(kinds, n, "kind")


def check_options(
    batch_size: int | None, abstain_below: float | None, coverage: float | None
) -> None:
    """Check the settings of :meth:`stance.StanceClassifier.predict`.

    Raises:
        DataError: one is of the wrong type or out of range; the range of a coverage depends on the
            checkpoint and is not looked at.
    """
    if batch_size is not None and not (_is_number(batch_size, Integral) and batch_size >= 1):
        raise DataError(f"batch_size is {batch_size!r}: give a whole number, 1 or more")
    if abstain_below is not None and not (
        _is_number(abstain_below, Real) and 0 <= abstain_below <= 1
    ):
        raise DataError(f"abstain_below is {abstain_below!r}: give a number in [0, 1]")
    if coverage is not None and not _is_number(coverage, Real):
        raise DataError(f"coverage is {coverage!r}: give a number between 0 and 1")


def _is_number(value: object, kind: type[Integral] | type[Real]) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _is_missing(value: object) -> bool:
    """Whether a cell of a table holds nothing: None, NaN, or pandas' own marks for it."""
    if value is None:
        return True
    pandas = sys.modules.get("pandas")  # whoever has such a mark has imported it
    if pandas is not None and (value is pandas.NA or value is pandas.NaT):
        return True
    return isinstance(value, Real) and math.isnan(value)


def _same_length(values: Sequence[object], n: int, name: str) -> None:
    if len(values) != n:
        raise DataError(f"{len(values)} {name} for {n} statements: give one for each")


def _require_text(value: object, name: str, row: int) -> None:
    if isinstance(value, str) and value.strip():
        return
    kind = "not usable text"
    if _is_missing(value):
        kind = "missing (None or NaN)"
    elif isinstance(value, str) and not value:
        kind = "empty"
    raise DataError(f"row {row}: {name} is {kind}: {value!r}. Drop the row or give its text")


def _optional_texts(values: Sequence[str | None] | None, n: int, name: str) -> list[str | None]:
    if values is None:
        return [None] * n
    if isinstance(values, str):
        raise DataError(f"{name}s is one string: give one {name} for each statement")
    if not isinstance(values, Iterable):
        raise DataError(f"{name}s is {values!r}: give one {name} for each statement")
    listed: list[str | None] = []
    for i, value in enumerate(values):
        if not isinstance(value, str) and not _is_missing(value):
            raise DataError(f"row {i}: {name} is {value!r}: give text or None")
        listed.append(value if isinstance(value, str) else None)
    _same_length(listed, n, f"{name}s")
    return listed
