"""Rows of any table file, each with the words that name it in an error."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from stance.errors import DataError
from stance.jsonl import read_jsonl

Row = dict[str, object]
ENDINGS = (".csv", ".tsv", ".jsonl", ".jsonl.gz", ".parquet")


def read_rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Yield (file and row, cells by column) of a CSV, TSV, JSONL (also gzip) or Parquet file.

    Empty cells are left out, so that a missing column and an empty cell read alike. Rows are
    counted from 1, the header of a CSV file not being one.

    Raises:
        DataError: the file is missing, damaged or of another kind; a CSV row has too many cells.
    """
    name = path.name.lower()
    if not path.is_file():
        raise DataError(f"{path} does not exist")
    if name.endswith((".jsonl", ".jsonl.gz")):
        rows = _lines(path)
    elif name.endswith((".csv", ".tsv")):
        rows = _delimited(path, "\t" if name.endswith(".tsv") else ",")
    elif name.endswith(".parquet"):
        rows = _parquet(path)
    else:
        raise DataError(f"{path}: cannot tell the format; use one of {', '.join(ENDINGS)}")
    for where, row in rows:
        yield where, {key: value for key, value in row.items() if value not in (None, "")}


def _lines(path: Path) -> Iterator[tuple[str, Row]]:
    for number, row in read_jsonl(path):
        yield f"{path}, line {number}", row


def _delimited(path: Path, delimiter: str) -> Iterator[tuple[str, Row]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, delimiter=delimiter, strict=True)
            for number, row in enumerate(reader, start=1):
                where = f"{path}, row {number}"
                if None in row:
                    raise DataError(
                        f"{where} has more cells than the header: put double quotes around cells "
                        "that hold the delimiter"
                    )
                yield where, dict(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read {path}: {error}") from error


def _parquet(path: Path) -> Iterator[tuple[str, Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=1024):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path}, row {number}", row
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"cannot read {path}: {error}") from error


def text_of(row: Row, names: tuple[str, ...], where: str) -> str:
    """The text in the first of several columns that the row has.

    Raises:
        DataError: it has none of them, or no text there.
    """
    found = optional_text(row, names, where)
    if not found:
        wanted = " or ".join(repr(name) for name in names)
        raise DataError(
            f"{where}: field {wanted} is missing or empty (the row has "
            f"{', '.join(map(repr, row)) or 'nothing'})"
        )
    return found


def optional_text(row: Row, names: tuple[str, ...], where: str) -> str:
    """Like :func:`text_of`, "" where there is none.

    Raises:
        DataError: the field holds something that is not text.
    """
    for name in names:
        value = row.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise DataError(f"{where}: field {name!r} is {value!r}: give text")
        if value.strip():
            return value
    return ""
