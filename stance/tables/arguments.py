"""What scoring is given: the names of columns, the targets, a dataset, a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from stance.columns import ERROR_COLUMN, PREDICTION_COLUMNS, Column
from stance.errors import DataError
from stance.pipeline import check_targets
from stance.tables.readers import TableFormat

_OWN_TARGETS = (
    ", or judge toward its targets with columns=Columns(target='target'), on the command line with "
    "--target-column target"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the input columns.

    Attributes:
        statement: the column with the words to judge.
        target: the column with each row's own target, where rows have one.
        context: the column with the text around each statement, or None.
        speaker: the column with who said it, or None.
    """

    statement: str = "statement"
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
            f"columns is {columns!r}: give stance.tables.Columns, such as "
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


def added_columns(columns: Columns) -> list[Column]:
    """The columns that scoring adds; rows with targets of their own need no ``target``."""
    added = [c for c in PREDICTION_COLUMNS if c.name != "target" or columns.target is None]
    return [*added, ERROR_COLUMN]


def check_columns(names: list[str], columns: Columns, source: str, *, unique: bool) -> None:
    """Refuse a table that lacks a named column or has one that scoring adds.

    Args:
        names: its columns.
        columns: those that are named.
        source: what the table is called in messages.
        unique: whether no two of its columns may have one name; else only the named ones not.

    Raises:
        DataError: it is such a table.
    """
    missing = [name for name in columns.named if name not in names]
    if missing:
        raise DataError(
            f"{source} has no column {', '.join(map(repr, missing))}; it has "
            f"{', '.join(names)}. Name yours with columns=Columns(statement=...), on the command "
            "line with --statement-column and so on"
        )
    taken = [column.name for column in added_columns(columns) if column.name in names]
    if taken:
        raise DataError(
            f"{source} already has a column {', '.join(map(repr, taken))}, which scoring would "
            "overwrite: rename it first" + _OWN_TARGETS * ("target" in taken)
        )
    for name in names if unique else columns.named:
        if names.count(name) > 1:
            raise DataError(f"{source} has several columns called {name!r}: rename all but one")


def check_format(name: str) -> None:
    """Refuse a format that cannot be written.

    Raises:
        DataError: it is none of those of ``TableFormat``.
    """
    if name not in get_args(TableFormat):
        raise DataError(f"output_format is {name!r}: use one of {', '.join(get_args(TableFormat))}")


def check_dataset(dataset: object) -> None:
    """Refuse what is no ``datasets.Dataset`` with rows, and say how one is made of it.

    Raises:
        DataError: it is none.
    """
    import pandas as pd
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

    if isinstance(dataset, Dataset):
        if not len(dataset):
            raise DataError("the dataset has no rows")
        return
    way = "Dataset.from_list(rows), with a dict for each row"
    if isinstance(dataset, (DatasetDict, IterableDatasetDict)):
        way = f"one split, such as dataset[{next(iter(dataset), 'train')!r}]"
    elif isinstance(dataset, IterableDataset):
        way = "Dataset.from_list(list(dataset)), which holds all its rows"
    elif isinstance(dataset, pd.DataFrame):
        way = "Dataset.from_pandas(frame, preserve_index=False)"
    raise DataError(
        f"the dataset is of type {type(dataset).__name__}, not datasets.Dataset: give {way}"
    )
