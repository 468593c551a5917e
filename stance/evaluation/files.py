"""CSV files of a run, whatever the length of their cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from stance.errors import DataError
from stance.tables import guard_cell, long_cells


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The text of a CSV file that no spreadsheet runs a formula of; None is an empty cell.

    Args:
        columns: the header.
        rows: the cells of each row, in its order.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if cell is None else guard_cell(str(cell)) for cell in row])
    return text.getvalue()


def read_csv(path: Path, *, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, cells by column) of a CSV file with a header.

    The line is the one that a row ends in; blank lines are no rows.

    Raises:
        DataError: the file is missing, not UTF-8 or not CSV, two columns have one name, or a row
            has more or fewer cells than the header; the message names file and line.
    """
    reader = None
    try:
        with (
            path.open(encoding="utf-8-sig", newline="") as handle,
            long_cells(),
        ):
            reader = csv.DictReader(handle, delimiter=delimiter, strict=True)
            names = list(reader.fieldnames or ())
            repeated = sorted({name for name in names if names.count(name) > 1})
            if repeated:
                raise DataError(f"{path.name}: two columns are called {repeated[0]!r}")
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        at = f", line {reader.line_num}" if reader is not None and reader.line_num else ""
        raise DataError(f"cannot read {path.name}{at}: {error}") from error
    for number, row in rows:
        if None in row or None in row.values():
            few = "fewer" if None in row.values() else "more"
            raise DataError(f"{path.name}, line {number}: {few} cells than the header has columns")
        yield number, row
