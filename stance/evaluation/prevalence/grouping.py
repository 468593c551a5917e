"""Scored statements and labels as arrays, and the groups that they fall into."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from stance.errors import DataError
from stance.evaluation.prevalence.estimators import BoolArray, FloatArray, IndexArray
from stance.evaluation.sample_labels import SAMPLING_PROBABILITY, LabelledSample
from stance.evaluation.scored import CLUSTER_COLUMNS, ScoredStatement, ScoredTable, listed, one_hot
from stance.labels import Stance

ALL_TARGETS = "all targets"  # where targets themselves are the groups
_MONTH = re.compile(r"\d{4}-\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Arrays:
    """A scored table with the labels of a sample.

    Attributes:
        proxy: ``[n, 3]``, predicted probabilities.
        counted: ``[n, 3]``, one-hot predictions; an abstention is neutral.
        gold: ``[n, 3]``, one-hot labels, 0 where there is none.
        labelled: ``[n]``, which statements have a label.
        clusters: ``[n]``, numbers from 0.
        count: number of clusters.
        probabilities: ``[n]``, of being drawn, 0 where there is no label; None where they are not
            told or all the same.
    """

    proxy: FloatArray
    counted: FloatArray
    gold: FloatArray
    labelled: BoolArray
    clusters: IndexArray
    count: int
    probabilities: FloatArray | None


@dataclass(frozen=True, slots=True)
class Group:
    """Statements that are counted together; see ``GroupShares`` for the names."""

    by: str
    name: str
    target: str
    rows: IndexArray


def to_arrays(table: ScoredTable, sample: LabelledSample, unit: str) -> Arrays:
    """The arrays of a table and its labels.

    Args:
        table: scored statements.
        sample: labels of some of them, or of none.
        unit: column of the clusters, or "".
    """
    rows = table.rows
    gold = np.zeros((len(rows), len(Stance)))
    labelled = np.zeros(len(rows), bool)
    probabilities = np.zeros(len(rows))
    for position, label in sample.labels.items():
        gold[position] = one_hot(label.stance)
        labelled[position] = True
        probabilities[position] = label.probability or 0.0
    known: dict[object, int] = {}
    numbers = [known.setdefault(_cluster(row, unit, i), len(known)) for i, row in enumerate(rows)]
    return Arrays(
        proxy=np.array([row.probabilities for row in rows]),
        counted=np.array([one_hot(row.stance or Stance.NEUTRAL) for row in rows]),
        gold=gold,
        labelled=labelled,
        clusters=np.array(numbers, np.int64),
        count=len(known),
        probabilities=probabilities if len(set(probabilities[labelled].round(9))) > 1 else None,
    )


def _cluster(row: ScoredStatement, unit: str, number: int) -> object:
    """A statement without an article of its own stands alone."""
    value = row.cells.get(unit) if unit else None
    return ("row", number) if value is None else ("value", str(value))


def find_unit(table: ScoredTable, named: str | None) -> str:
    """The column that clusters go by, or "" where there is none.

    Raises:
        DataError: the named column is not in the table.
    """
    if named is not None:
        if named not in table.columns:
            raise DataError(
                f"{table.file} has no column {named!r} for the clusters; it has "
                f"{listed(table.columns)}"
            )
        return named
    return next((name for name in CLUSTER_COLUMNS if name in table.columns), "")


def find_groups(table: ScoredTable, by: tuple[str, ...], smallest: int) -> list[Group]:
    """All statements of each target, then its groups: months in time, others the largest first.

    Raises:
        DataError: the table has no such column.
    """
    groups = []
    by_target: dict[str, list[int]] = {}
    for i, row in enumerate(table.rows):
        by_target.setdefault(row.target, []).append(i)
    for target, rows in by_target.items():
        groups.append(Group("", "all", target, np.array(rows, np.int64)))
        for column in by:
            if column != "target":
                groups += _groups(table, rows, column, target, smallest)
    if "target" in by and len(table.targets) > 1:
        every = [group for group in groups if not group.by]
        groups += [Group("target", group.target, ALL_TARGETS, group.rows) for group in every]
    return groups


def _groups(
    table: ScoredTable, rows: list[int], column: str, target: str, smallest: int
) -> list[Group]:
    names = [group_of(table, table.rows[i], column) for i in rows]
    sizes = Counter(names)
    small = {name for name, size in sizes.items() if size < smallest}
    pooled = f"{len(small)} groups of fewer than {smallest}"
    chosen: dict[str, list[int]] = {}
    for i, name in zip(rows, names, strict=True):
        chosen.setdefault(pooled if len(small) > 1 and name in small else name, []).append(i)
    in_time = column == "month"

    def place(item: tuple[str, list[int]]) -> tuple[bool, int, str]:
        return item[0] == pooled, 0 if in_time else -len(item[1]), item[0]

    ordered = sorted(chosen.items(), key=place)
    return [Group(column, name, target, np.array(some, np.int64)) for name, some in ordered]


def group_of(table: ScoredTable, row: ScoredStatement, column: str) -> str:
    """The group that a row belongs to by a column; rows with an empty cell are one, too.

    Raises:
        DataError: the table has no such column.
    """
    if column in table.columns:
        value = row.cells.get(column)
        return f"(no {column})" if value is None else str(value)
    if column == "month" and "date" in table.columns:
        found = _MONTH.match(str(row.cells.get("date") or ""))
        return found[0] if found else "(no month)"
    hint = ", and no 'date' to tell it from" if column == "month" else ""
    raise DataError(
        f"{table.file} has no column {column!r} to group by{hint}; it has {listed(table.columns)}"
    )


def unlike_random(arrays: Arrays) -> bool:
    """Whether the labelled statements are clearly unlike a random draw, by their predictions.

    A class is predicted among them so much more or less often than in all statements that a random
    draw would rarely do it (5 standard errors for independent statements).
    """
    share = arrays.counted.mean(axis=0)
    drawn = arrays.counted[arrays.labelled]
    error = np.sqrt(np.maximum(share * (1 - share), 1e-9) / len(drawn))
    return bool((np.abs(drawn.mean(axis=0) - share) > 5 * error).any())


UNLIKE_RANDOM = (
    "The predictions of the labelled statements are unlike those of all statements: they look "
    f"chosen, not drawn at random. Give the column {SAMPLING_PROBABILITY!r} that `stance sample` "
    "writes, or the figures are wrong."
)
