"""Scored statements, as ``stance score`` and ``stance analyze`` write them.

A scored table needs ``statement`` (or ``text``), ``stance`` and ``target``; with
``stance_against``, ``stance_neutral`` and ``stance_favor`` the probabilities are used. A row is
named by its ``id``, else by ``document_id`` and ``number``, else by its number in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError, LabelError
from stance.evaluation.rows import Place, Row, read_rows
from stance.labels import Stance, parse_label

PROBABILITY_COLUMNS = tuple(f"stance_{label}" for label in Stance)
CLUSTER_COLUMNS = ("near_duplicates", "document_id", "article", "group")
FIELDS = ("id", "statement", "target", "stance")


@dataclass(frozen=True, slots=True)
class ScoredStatement:
    """One scored (statement, target) pair.

    Attributes:
        id: names the statement; unique together with the target.
        statement: the words that were judged.
        target: what the stance is toward.
        stance: as predicted, or None where the classifier abstained.
        probabilities: of against, neutral and favor; one-hot where the table has none, and even
            where it has neither.
        cells: all cells of the row.
    """

    id: str
    statement: str
    target: str
    stance: Stance | None
    probabilities: tuple[float, ...]
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ScoredTable:
    """A scored table.

    Attributes:
        file: that it was read from.
        rows: of the file, in its order.
        failed: rows left out, since scoring gave them an ``error``.
        has_probabilities: whether it has the columns of the probabilities.
        columns: names of its columns.
    """

    file: Path
    rows: tuple[ScoredStatement, ...]
    failed: int
    has_probabilities: bool
    columns: tuple[str, ...]

    @property
    def targets(self) -> list[str]:
        """The targets, each once, in the order of the file."""
        return list(dict.fromkeys(row.target for row in self.rows))


def read_scored(path: Path, *, columns: Mapping[str, str] | None = None) -> ScoredTable:
    """Read a scored table.

    Args:
        path: CSV, TSV, JSONL or Parquet.
        columns: ``id``, ``statement``, ``target``, ``stance`` -> its column, where that has
            another name.

    Raises:
        DataError: a column or cell is missing or of the wrong kind, a name stands twice, or no row
            was scored; the message names file, row and field.
    """
    rows: list[ScoredStatement] = []
    seen: dict[tuple[str, str], str] = {}
    failed, names = 0, dict(columns or {})
    header: tuple[str, ...] = ()
    for place, cells in read_rows(path):
        if not header:
            header = tuple(cells)
            names = _find_columns(header, names, path)
        if cells.get("error"):
            failed += 1
            continue
        row = _scored(cells, names, place)
        before = seen.setdefault((row.id, row.target), place.short)
        if before != place.short:
            raise DataError(
                f"{place}: {row.id!r} is already used for this target in {before}: name the column "
                "that tells rows apart with --id-column"
            )
        rows.append(row)
    if not rows:
        raise DataError(f"{path} has no scored row: run `stance score` first")
    return ScoredTable(path, tuple(rows), failed, PROBABILITY_COLUMNS[0] in header, header)


def _find_columns(header: Sequence[str], named: dict[str, str], path: Path) -> dict[str, str]:
    """The column of each field; ``id`` only where there is one."""
    for field, column in named.items():
        if column not in header:
            raise DataError(f"{path} has no column {column!r} for {field}; it has {listed(header)}")
    found = {field: field for field in FIELDS if field in header}
    if "statement" not in found and "text" in header:
        found["statement"] = "text"
    found |= named
    missing = [field for field in FIELDS[1:] if field not in found]
    if missing:
        raise DataError(
            f"{path} has no column {listed(missing)}; it has {listed(header)}. Give a table "
            "that `stance score` or `stance analyze` wrote, or name its columns with "
            "--statement-column, --target-column and so on"
        )
    return found


def listed(names: Iterable[str]) -> str:
    """Names in quotes, joined by commas."""
    return ", ".join(map(repr, names))


def _scored(cells: Row, names: Mapping[str, str], place: Place) -> ScoredStatement:
    found = read_stance(cells.get(names["stance"]), names["stance"], place)
    return ScoredStatement(
        id=row_name(cells, names.get("id"), place),
        statement=read_cell_text(cells, names["statement"], place),
        target=read_cell_text(cells, names["target"], place),
        stance=found,
        probabilities=_probabilities(cells, found, place),
        cells=cells,
    )


def row_name(cells: Mapping[str, object], column: str | None, place: Place) -> str:
    """What a row is called: its id, else its number in its document, else its place.

    Args:
        cells: of the row.
        column: of the id, or None.
        place: where the row stands.

    Raises:
        DataError: the id is missing or neither text nor a whole number.
    """
    if column is not None:
        value = cells.get(column)
        if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
            raise DataError(f"{place}: field {column!r} must name the row, not {value!r}")
        return str(value)
    document, number = cells.get("document_id"), cells.get("number")
    if document is not None and number is not None:
        return f"{document}:{number}"
    return str(place.number)


def read_cell_text(cells: Mapping[str, object], column: str, place: Place) -> str:
    """The text in a cell.

    Raises:
        DataError: it is missing, empty or not text.
    """
    value = cells.get(column)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{place}: field {column!r} is missing, empty or not text")
    return value


def read_stance(value: object, column: str, place: Place) -> Stance | None:
    """The stance in a cell, or None where it is empty.

    Raises:
        DataError: it is no stance.
    """
    if value is None:
        return None
    try:
        return parse_label(Stance, str(value))
    except LabelError as error:
        raise DataError(f"{place}: field {column!r}: {error}") from None


def _probabilities(cells: Row, stance: Stance | None, place: Place) -> tuple[float, ...]:
    if PROBABILITY_COLUMNS[0] not in cells:
        return one_hot(stance)
    values = tuple(number(cells, column, place) for column in PROBABILITY_COLUMNS)
    total = sum(values)
    if not all(0.0 <= value <= 1.0 for value in values) or abs(total - 1.0) > 0.01:
        raise DataError(
            f"{place}: {', '.join(PROBABILITY_COLUMNS)} are {values}: they must be from 0 to 1 and "
            "sum to 1"
        )
    return tuple(value / total for value in values)


def one_hot(stance: Stance | None) -> tuple[float, ...]:
    """1 for the stance and 0 for the others; even shares for None."""
    if stance is None:
        return tuple(1.0 / len(Stance) for _ in Stance)
    return tuple(float(label is stance) for label in Stance)


def number(cells: Mapping[str, object], column: str, place: Place) -> float:
    """The number in a cell.

    Raises:
        DataError: there is none.
    """
    value = cells.get(column)
    try:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError
        return float(value)
    except ValueError:
        raise DataError(f"{place}: field {column!r} is no number: {value!r}") from None
