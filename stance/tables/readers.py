"""Tables in: CSV, TSV, JSONL or Parquet, read in pieces, every cell as it stands.

A file is read through once before its rows are given out, so that its columns, their types and its
rows are known. A row that is no row of its table is given out with what is wrong with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from stance.errors import DataError
from stance.tables.formats import (
    DELIMITERS,
    Compression,
    TableFile,
    TableFormat,
    blocks_of,
    check_encoding,
    compression_of,
    find_delimiter,
    find_encoding,
    open_plain,
    sample_of,
    table_format,
)
from stance.tables.parquet import PIECE_BYTES, parquet_pieces, scan_parquet
from stance.tables.text_rows import Problem, csv_header, csv_rows, jsonl_rows, reading

# The cells of a column; those of a Parquet file stay an arrow array, which keeps their type.
Cells: TypeAlias = "Sequence[object] | pa.Array"

_MOST_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of a table.

    Attributes:
        columns: their cells, column by column, in the order of the table's schema.
        problems: of those that are no rows of their table: place in the piece -> what is wrong.
    """

    columns: list[Cells]
    problems: dict[int, Problem] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table file that was read through once.

    Attributes:
        file: how it is read.
        schema: names and types of its columns.
        rows: how many it has.
        bad: how many of them have a problem.
        first: what is wrong with the first of these.
        lists: columns some of whose cells are lists.
        notes: what was found out and should be told.
    """

    file: TableFile
    schema: pa.Schema
    rows: int
    bad: int = 0
    first: str = ""
    lists: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def pieces(self, size: int) -> Iterator[Piece]:
        """The rows in pieces of at most ``size`` rows and some 32 MB, the same at every call.

        Raises:
            DataError: the file cannot be read any more.
        """
        names = self.schema.names
        if self.file.kind == "parquet":
            with reading(self.file):
                yield from (Piece(columns) for columns in parquet_pieces(self.file.path, size))
            return
        rows: list[Sequence[object]] = []
        problems: dict[int, Problem] = {}
        held = 0
        for row, problem in _rows(self.file):
            if problem is not None:
                problems[len(rows)] = problem
            rows.append(row if isinstance(row, list) else [row.get(name) for name in names])
            held += sum(len(cell) for cell in rows[-1] if isinstance(cell, (str, list, dict)))
            if len(rows) == size or held > PIECE_BYTES:
                yield Piece([list(column) for column in zip(*rows, strict=True)], problems)
                rows, problems, held = [], {}, 0
        if rows:
            yield Piece([list(column) for column in zip(*rows, strict=True)], problems)


def read_table(
    path: Path,
    *,
    name: str | None = None,
    kind: TableFormat | None = None,
    compression: Compression | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Table:
    """Read a table through, and find out what is not given.

    Args:
        path: an ordinary file.
        name: what it is called in messages; its path when None.
        kind: its format; when None, as its name tells.
        compression: when None, as its name tells.
        encoding: of a text format; found out when None.
        delimiter: of CSV and TSV; found out when None.

    Raises:
        DataError: the file is missing, has no rows or none that could be used, is not of its
            format, or has more than 10,000 columns.
    """
    file = TableFile(
        name or str(path), path, kind or table_format(path), compression or compression_of(path)
    )
    if not os.path.isfile(path):  # unlike Path.is_file, also of a name that is too long
        problem = "is no ordinary file" if os.path.exists(path) else "does not exist"
        raise DataError(f"{file.name} {problem}")
    if os.path.getsize(path) == 0:
        raise DataError(f"{file.name} is empty")
    with reading(file):
        table = _scan_parquet(file) if file.kind == "parquet" else _scan(file, encoding, delimiter)
    if len(table.schema.names) > _MOST_COLUMNS:
        raise DataError(f"{file.name} has more than {_MOST_COLUMNS:,} columns: leave some out")
    if not table.rows:
        raise DataError(f"{file.name} has no rows")
    if table.bad == table.rows:
        raise DataError(f"{file.name}: no row can be used. The first: {table.first}")
    return table


def open_table(path: Path, size: int) -> tuple[pa.Schema, Iterator[list[Cells]]]:
    """The columns of a table, and its rows as chunks of at most ``size``, column by column.

    Raises:
        DataError: the file is missing, has no rows, is not what its name says, or one of its rows
            is none of its table.
    """
    table = read_table(path)
    if table.bad:
        raise DataError(f"{table.file.name}, {table.first}")
    return table.schema, (piece.columns for piece in table.pieces(size))


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


def _rows(file: TableFile) -> Iterator[tuple[list[object] | dict[str, object], Problem | None]]:
    return jsonl_rows(file) if file.kind == "jsonl" else csv_rows(file)


def _scan_parquet(file: TableFile) -> Table:
    if file.compression is not None:
        raise DataError(f"{file.name}: unpack it first; Parquet is compressed within")
    schema, rows = scan_parquet(file.path)
    lists = frozenset(field.name for field in schema if pa.types.is_nested(field.type))
    return Table(file, schema, rows, lists=lists)


def _scan(file: TableFile, encoding: str | None, delimiter: str | None) -> Table:
    file, notes = _with_dialect(file, encoding, delimiter)
    kinds: dict[str, set[str]] = {}
    rows = bad = 0
    first = ""
    header = csv_header(file) if file.kind in DELIMITERS else []
    for row, problem in _rows(file):
        rows += 1
        if problem is not None:
            bad += 1
            first = first or problem.reason
        if isinstance(row, dict):
            for key, value in row.items():
                seen = kinds.setdefault(key, set())
                if value is not None:
                    seen.add(_json_kind(value))
            if len(kinds) > _MOST_COLUMNS:
                break
    columns = [(key, _arrow_type(seen)) for key, seen in kinds.items()]
    schema = pa.schema(columns or [(name, pa.string()) for name in header])
    lists = frozenset(key for key, seen in kinds.items() if "list" in seen)
    return Table(file, schema, rows, bad, first, lists, tuple(notes))


def _with_dialect(
    file: TableFile, encoding: str | None, delimiter: str | None
) -> tuple[TableFile, list[str]]:
    """The file with encoding and delimiter, and what was found out."""
    notes: list[str] = []
    if encoding is not None:
        encoding = check_encoding(encoding)
    else:
        with open_plain(file.path, file.compression) as handle:
            encoding, note = find_encoding(blocks_of(handle), file.name)
        notes += [note] if note else []
    if file.kind not in DELIMITERS:
        return replace(file, encoding=encoding), notes
    usual = DELIMITERS[file.kind]
    if delimiter is None:
        with open_plain(file.path, file.compression) as handle:
            delimiter = find_delimiter(sample_of(handle, encoding), usual)
        if delimiter != usual:
            shown = {"\t": "tabs", ",": "commas"}.get(delimiter, f"“{delimiter}”")
            notes.append(f"{file.name} parts its cells by {shown} (another: --delimiter)")
    elif len(delimiter) != 1 or delimiter in '"\r\n':
        raise DataError(f"delimiter is {delimiter!r}: give one character, not a quote")
    return replace(file, encoding=encoding, delimiter=delimiter), notes


def _json_kind(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        # Of the integers, float64 holds the short ones and int64 the long ones.
        return "short" if abs(value) <= 2**53 else "long" if -(2**63) <= value < 2**63 else "text"
    if isinstance(value, list):
        return "list"
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
