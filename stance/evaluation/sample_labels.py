"""Labels that people gave to some of the statements of a scored table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.rows import Place, Row, read_rows
from stance.evaluation.scored import (
    FIELDS,
    ScoredTable,
    listed,
    number,
    read_cell_text,
    read_stance,
    row_name,
)
from stance.labels import Stance
from stance.tables import unguard_cell

SAMPLING_PROBABILITY = "sampling_probability"


@dataclass(frozen=True, slots=True)
class SampleLabel:
    """The label that people gave to a scored statement.

    Attributes:
        stance: the label.
        probability: with which the statement was drawn, in (0, 1]; None where that is not told.
    """

    stance: Stance
    probability: float | None


@dataclass(frozen=True, slots=True)
class LabelledSample:
    """Labels of some statements of a scored table.

    Attributes:
        labels: by the position of the statement in the table.
        empty: rows of the sample that have no label.
    """

    labels: dict[int, SampleLabel]
    empty: int


def read_sample(
    path: Path, table: ScoredTable, *, columns: Mapping[str, str] | None = None
) -> LabelledSample:
    """Read the labels that people gave to statements of a scored table.

    A row without a label is counted and left out. Rows are found by ``id`` and target where the
    file has an ``id``, else by statement and target.

    Args:
        path: CSV, TSV, JSONL or Parquet with ``stance``, and ``sampling_probability`` where the
            statements were not drawn with equal probability.
        table: that they were drawn from.
        columns: as for :func:`read_scored`.

    Raises:
        DataError: a label is unknown, a row is none or several of the table, or is another
            statement there, a probability is missing or not in (0, 1], or no row has a label.
    """
    labels: dict[int, SampleLabel] = {}
    where: dict[int, str] = {}
    empty, names = 0, dict(columns or {})
    find: _Finder | None = None
    for place, cells in read_rows(path):
        if find is None:
            names = _label_columns(tuple(cells), names, table, path)
            find = _Finder(table, names)
        stance = read_stance(cells.get(names["stance"]), names["stance"], place)
        position = find(cells, place)
        before = where.setdefault(position, place.short)
        if before != place.short:
            raise DataError(
                f"{place}: the statement is labelled in {before} already: join the labels of "
                "several coders with `stance agree`"
            )
        if stance is None:
            empty += 1
            continue
        labels[position] = SampleLabel(stance, _drawn_with(cells, place))
    if not labels:
        raise DataError(f"{path}: no row has a label in its column {names.get('stance')!r}")
    given = {label.probability is not None for label in labels.values()}
    if len(given) > 1:
        raise DataError(
            f"{path}: {SAMPLING_PROBABILITY!r} is given in some rows and missing in others: give "
            "it in all or in none"
        )
    return LabelledSample(labels, empty)


def _label_columns(
    header: Sequence[str], named: Mapping[str, str], table: ScoredTable, path: Path
) -> dict[str, str]:
    found = {field: field for field in FIELDS if field in header}
    if "statement" not in found and "text" in header:
        found["statement"] = "text"
    found |= {field: column for field, column in named.items() if column in header}
    if "stance" not in found:
        raise DataError(f"{path} has no column 'stance' with the labels; it has {listed(header)}")
    if "id" not in found and "statement" not in found:
        raise DataError(f"{path} has neither 'id' nor 'statement'; it has {listed(header)}")
    if "target" not in found and len(table.targets) > 1:
        raise DataError(
            f"{path} has no column 'target', but {table.file} has {len(table.targets)} targets"
        )
    return found


class _Finder:
    """Position in the table of the statement that a labelled row is about."""

    def __init__(self, table: ScoredTable, names: Mapping[str, str]) -> None:
        self._table, self._names = table, names
        self._by_id = {(row.id, row.target): i for i, row in enumerate(table.rows)}
        self._by_words: dict[tuple[str, str], list[int]] = {}
        for i, row in enumerate(table.rows):
            self._by_words.setdefault((_plain(row.statement), row.target), []).append(i)

    def __call__(self, cells: Row, place: Place) -> int:
        names, rows = self._names, self._table.rows
        target = (
            read_cell_text(cells, names["target"], place) if "target" in names else rows[0].target
        )
        if "id" not in names:
            words = read_cell_text(cells, names["statement"], place)
            found = self._by_words.get((_plain(words), target), [])
            if len(found) != 1:
                count = "several rows" if found else "no row"
                raise DataError(
                    f"{place}: {count} of {self._table.file} are {words[:60]!r} toward {target!r}: "
                    "give the labels an 'id' as `stance sample` does"
                )
            return found[0]
        name = row_name(cells, names["id"], place)
        position = self._by_id.get((name, target))
        if position is None:
            raise DataError(
                f"{place}: {self._table.file} has no scored row {name!r} toward {target!r}: "
                "label a sample of that table"
            )
        if "statement" in names:
            words = read_cell_text(cells, names["statement"], place)
            if _plain(words) != _plain(rows[position].statement):
                raise DataError(
                    f"{place}: {name!r} is another statement in {self._table.file}: "
                    f"{words[:60]!r} here, {rows[position].statement[:60]!r} there"
                )
        return position


def _plain(words: str) -> str:
    """Words whatever their spaces, and without the guard of a cell against formulas."""
    return " ".join(unguard_cell(words).split())


def _drawn_with(cells: Row, place: Place) -> float | None:
    if cells.get(SAMPLING_PROBABILITY) is None:
        return None
    value = number(cells, SAMPLING_PROBABILITY, place)
    if not 0.0 < value <= 1.0:
        raise DataError(f"{place}: field {SAMPLING_PROBABILITY!r} is {value}: not in (0, 1]")
    return value
