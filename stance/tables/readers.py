"""Tables in: CSV, TSV, JSONL or Parquet, read in chunks, every cell as it stands."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Literal, TextIO, TypeAlias, get_args

import pyarrow as pa

from stance.errors import DataError, StanceError
from stance.jsonl import read_jsonl
from stance.tables.parquet import PIECE_BYTES, parquet_pieces, scan_parquet
from stance.untrusted import MOST_BYTES

TableFormat = Literal["csv", "tsv", "jsonl", "parquet"]
DELIMITERS: dict[TableFormat, str] = {"csv": ",", "tsv": "\t"}

# The cells of a column; those of a Parquet file stay an arrow array, which keeps their type.
Cells: TypeAlias = "Sequence[object] | pa.Array"

_LONGEST_CELL = 2**24  # Stops a quote that is never closed from taking in the whole file.
_MOST_COLUMNS = 10_000
_CSV_LIMIT = Lock()


def table_format(path: Path) -> TableFormat:
    """The format that a file's name tells.

    Raises:
        DataError: it is not CSV, TSV, JSONL or Parquet.
    """
    ending = path.suffix.lower().removeprefix(".")
    for name in get_args(TableFormat):
        if name == ending:
            return name  # type: ignore[no-any-return]  # get_args knows no types
    endings = ", ".join(f".{name}" for name in get_args(TableFormat))
    raise DataError(f"{path}: cannot tell the format; use one of {endings}")


def open_table(path: Path, size: int) -> tuple[pa.Schema, Iterator[list[Cells]]]:
    """The columns of a table, and its rows as chunks of at most ``size``, column by column.

    CSV, TSV and JSONL are read through once before: broken lines are found before any work is
    done, and a JSONL key has its column wherever it first appears.

    Raises:
        DataError: the file is missing, has no rows, or is not what its name says.
    """
    kind = table_format(path)
    if not os.path.isfile(path):  # unlike Path.is_file, also of a name that is too long
        problem = "is no ordinary file" if os.path.exists(path) else "does not exist"
        raise DataError(f"{path} {problem}")
    if os.path.getsize(path) == 0:
        raise DataError(f"{path} is empty")
    if kind == "parquet":
        with _reading(path):
            schema, count = scan_parquet(path)
        chunks = _parquet_chunks(path, size)
    elif kind == "jsonl":
        schema, count = _scan_jsonl(path)
        chunks = _jsonl_chunks(path, size, schema.names)
    else:
        schema, count = _scan_csv(path)
        chunks = _csv_chunks(path, size)
    if not count:
        raise DataError(f"{path} has no rows")
    _check_width(len(schema.names), path)
    return schema, chunks


def _check_width(columns: int, path: Path) -> None:
    if columns > _MOST_COLUMNS:
        raise DataError(f"{path} has more than {_MOST_COLUMNS:,} columns: leave some out")


def to_list(cells: Cells, name: str) -> list[object]:
    """The cells of a column as Python values.

    Args:
        cells: the column.
        name: its name, for the message.

    Raises:
        DataError: a value has no counterpart in Python.
    """
    if not isinstance(cells, pa.Array):
        return list(cells)
    try:
        return list(cells.to_pylist())
    except (ValueError, OverflowError, pa.ArrowException) as error:
        raise DataError(f"column {name!r} of {cells.type} is not readable: {error}") from error


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except StanceError:
        raise
    except (OSError, ValueError, OverflowError, pa.ArrowException) as error:
        raise DataError(f"{path} is not readable as {path.suffix[1:].lower()}: {error}") from error


def _chunked(rows: Iterator[Sequence[object]], size: int) -> Iterator[list[Sequence[object]]]:
    """The rows in lists of at most ``size`` rows and 32 MB of text, apart from a longer row."""
    chunk: list[Sequence[object]] = []
    held = 0
    for row in rows:
        chunk.append(row)
        held += sum(len(cell) for cell in row if isinstance(cell, (str, list, dict)))
        if len(chunk) == size or held > PIECE_BYTES:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _lines(handle: TextIO, path: Path) -> Iterator[str]:
    """The lines of a file; one that never ends is not taken into memory."""
    while line := handle.readline(MOST_BYTES):
        if len(line) == MOST_BYTES:
            raise DataError(f"{path} has a line of more than {MOST_BYTES >> 20} MB")
        yield line


@contextmanager
def long_cells() -> Iterator[None]:
    """Let cells be long; the limit is the whole process's and stays as the user set it."""
    with _CSV_LIMIT:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, _LONGEST_CELL))
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _csv_rows(path: Path) -> Iterator[list[str]]:
    """The header and the rows, all of its length; blank lines are left out."""
    kind = table_format(path)
    separator = "tab" if kind == "tsv" else "comma"
    with _reading(path), path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(_lines(handle, path), strict=True, delimiter=DELIMITERS[kind])
        width = 0
        while True:
            line = reader.line_num + 1
            try:
                with long_cells():
                    row = next(reader, None)
            except csv.Error as error:
                raise DataError(f"{path}, line {line}: not {kind.upper()}: {error}") from error
            if row is None:
                return
            if not row or (width > 1 and len(row) == 1 and not row[0].strip()):
                continue
            width = width or len(row)
            if len(row) != width:
                hint = f". Put double quotes around cells that hold a {separator}"
                raise DataError(
                    f"{path}, line {line}: {len(row)} cells, but the header has {width}"
                    f"{hint if len(row) > width else ''}"
                )
            yield row


def _scan_csv(path: Path) -> tuple[pa.Schema, int]:
    rows = _csv_rows(path)
    header = next(rows, [])
    _check_width(len(header), path)
    return pa.schema([(name, pa.string()) for name in header]), sum(1 for _ in rows)


def _csv_chunks(path: Path, size: int) -> Iterator[list[Cells]]:
    for rows in _chunked(islice(_csv_rows(path), 1, None), size):
        yield [[cell or None for cell in column] for column in zip(*rows, strict=True)]


def _scan_jsonl(path: Path) -> tuple[pa.Schema, int]:
    kinds: dict[str, set[str]] = {}
    count = 0
    for _, row in read_jsonl(path):
        count += 1
        _check_width(len(kinds), path)
        for key, value in row.items():
            seen = kinds.setdefault(key, set())
            if value is not None:
                seen.add(_json_kind(value))
    return pa.schema([(key, _arrow_type(seen)) for key, seen in kinds.items()]), count


def _json_kind(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        # Of the integers, float64 holds the short ones and int64 the long ones.
        return "short" if abs(value) <= 2**53 else "long" if -(2**63) <= value < 2**63 else "text"
    return "float" if isinstance(value, float) else "text"


def _arrow_type(kinds: set[str]) -> pa.DataType:
    """The type in Parquet of a column of JSON values; text where no other holds them all."""
    if not kinds:
        return pa.string()
    if kinds == {"flag"}:
        return pa.bool_()
    if kinds <= {"short", "long"}:
        return pa.int64()
    return pa.float64() if kinds <= {"short", "float"} else pa.string()


def _jsonl_chunks(path: Path, size: int, names: list[str]) -> Iterator[list[Cells]]:
    rows = ([row.get(name) for name in names] for _, row in read_jsonl(path))
    for chunk in _chunked(rows, size):
        yield [list(column) for column in zip(*chunk, strict=True)]


def _parquet_chunks(path: Path, size: int) -> Iterator[list[Cells]]:
    with _reading(path):
        yield from parquet_pieces(path, size)
