"""What scoring is given: the names of columns, the targets, what is written."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.columns import ERROR_COLUMN, PREDICTION_COLUMNS, Column
from stance.errors import DataError
from stance.pipeline import check_targets

logger = logging.getLogger(__name__)

STATEMENT_NAMES = ("statement", "quote", "text", "body")
_OWN_TARGETS = (
    ", or judge toward its targets with columns=Columns(target='target'), on the command line with "
    "--target-column target"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the input columns.

    Attributes:
        statement: the column with the words to judge; when None ``statement``, ``quote``, ``text``
            or ``body``, the first of them that is there.
        target: the column with each row's own target, where rows have one; a cell may be a list of
            several (JSONL, Parquet).
        context: the column with the text around each statement, or None.
        speaker: the column with who said it, or None.
    """

    statement: str | None = None
    target: str | None = None
    context: str | None = None
    speaker: str | None = None

    @property
    def named(self) -> list[str]:
        """The columns that the input must have."""
        names = (self.statement, self.target, self.context, self.speaker)
        return [name for name in names if name is not None]


def check_choice(targets: str | Sequence[str] | None, columns: Columns) -> tuple[str, ...]:
    """The targets of all rows; none where a column holds them.

    Raises:
        DataError: there is no target, or both kinds, or ``columns`` are not :class:`Columns`.
    """
    if not isinstance(columns, Columns):
        raise DataError(
            f"columns is {columns!r}: give stance.engine.Columns, such as "
            "Columns(statement='quote')"
        )
    if columns.target is None:
        return check_targets(targets or ())
    if targets:
        raise DataError(
            f"targets are given for all rows, and column {columns.target!r} holds one a row: "
            "choose one of the two"
        )
    return ()


def choose_columns(names: Sequence[str], columns: Columns, source: str) -> Columns:
    """The columns, with that of the statements found where it is not named; the log tells it.

    Raises:
        DataError: it is not named, and no column has a usual name.
    """
    if columns.statement is not None:
        return columns
    found = find_column(names, STATEMENT_NAMES)
    if found is None:
        raise DataError(
            f"{source} has no column {', '.join(map(repr, STATEMENT_NAMES))}; it has "
            f"{', '.join(names)}. Name yours with columns=Columns(statement=...), on the command "
            "line with --statement-column"
        )
    if found != STATEMENT_NAMES[0]:
        logger.info("column %r is taken for the statements (another: --statement-column)", found)
    return replace(columns, statement=found)


def find_column(names: Sequence[str], usual: Sequence[str]) -> str | None:
    """The first of some usual names that a column has, whatever its case."""
    folded = {name.strip().casefold(): name for name in reversed(names)}
    return next((folded[name] for name in usual if name in folded), None)


def added_columns(own_targets: bool) -> list[Column]:
    """The columns that scoring adds; rows with one target of their own need no ``target``."""
    added = [c for c in PREDICTION_COLUMNS if c.name != "target" or not own_targets]
    return [*added, ERROR_COLUMN]


def check_columns(
    names: Sequence[str], columns: Columns, added: Sequence[str], source: str
) -> None:
    """Refuse a table that lacks a named column or has one that scoring adds.

    Args:
        names: its columns.
        columns: those that are named.
        added: those that scoring adds.
        source: what the table is called in messages.

    Raises:
        DataError: it is such a table, or a named column is there several times.
    """
    missing = [name for name in columns.named if name not in names]
    if missing:
        raise DataError(
            f"{source} has no column {', '.join(map(repr, missing))}; it has "
            f"{', '.join(names)}. Name yours with columns=Columns(statement=...), on the command "
            "line with --statement-column and so on"
        )
    taken = [name for name in added if name in names]
    if taken:
        raise DataError(
            f"{source} already has a column {', '.join(map(repr, taken))}, which scoring would "
            "overwrite: rename it first" + _OWN_TARGETS * ("target" in taken)
        )
    for name in columns.named:
        if names.count(name) > 1:
            raise DataError(f"{source} has several columns called {name!r}: rename all but one")


def check_kept(keep: Sequence[str] | None, names: Sequence[str], source: str) -> list[str]:
    """The columns that are written beside the results: all, or those of ``keep``.

    Raises:
        DataError: one of them is not there.
    """
    if keep is None:
        return list(names)
    missing = [name for name in keep if name not in names]
    if missing:
        raise DataError(
            f"{source} has no column {', '.join(map(repr, missing))} to keep; it has "
            f"{', '.join(names)}"
        )
    return list(dict.fromkeys(keep))
