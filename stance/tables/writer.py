"""Tables out: CSV, TSV, JSONL or Parquet."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from stance.columns import Column, ColumnType
from stance.errors import DataError
from stance.files import writing
from stance.tables.formats import DELIMITERS, TableFormat, table_format
from stance.tables.readers import Cells, to_list
from stance.tables.spreadsheet import guard_cell

_CANDIDATES = pa.list_(pa.struct([("name", pa.string()), ("score", pa.float64())]))
_ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "spans": pa.list_(pa.list_(pa.int64())),
    "speakers": pa.list_(
        pa.struct(
            [
                *((name, pa.string()) for name in ("name", "kind", "role", "affiliation")),
                ("first_mention", pa.list_(pa.int64())),
                ("candidates", _CANDIDATES),
            ]
        )
    ),
    "candidates": _CANDIDATES,
}


def arrow_fields(columns: Iterable[Column]) -> list[pa.Field]:
    """Names and types of our columns, as Arrow names them."""
    return [pa.field(column.name, _ARROW_TYPES[column.type]) for column in columns]


class RowWriter:
    """Appends rows to an open file: a whole one, or a part without what stands around the rows.

    A context manager, at whose end the rows are all handed to the file, which stays open.
    """

    def __init__(
        self,
        handle: BinaryIO,
        schema: pa.Schema,
        kind: TableFormat,
        *,
        guarded: Collection[str] = (),
        header: bool = True,
    ) -> None:
        """Begin; no row is written yet.

        Args:
            handle: takes the bytes.
            schema: names and types of the columns.
            kind: the format.
            guarded: columns of which CSV and TSV hold no formulas, names included; see
                :func:`stance.tables.guard_cell`.
            header: whether CSV and TSV begin with the names of the columns.
        """
        self._handle = handle
        self._schema = schema
        self._kind = kind
        self._guards = [name in guarded for name in schema.names]
        self._header = header
        self._text: io.TextIOWrapper
        self._parquet: pq.ParquetWriter

    def __enter__(self) -> RowWriter:
        if self._kind == "parquet":
            self._parquet = pq.ParquetWriter(self._handle, self._schema)
            return self
        self._text = io.TextIOWrapper(self._handle, encoding="utf-8", newline="")
        if self._kind in DELIMITERS and self._header:
            self._write_text([self._schema.names])
        return self

    def write(self, chunk: Sequence[Cells]) -> None:
        """Append rows, given column by column in the order of the schema.

        Raises:
            DataError: a column of Parquet cannot hold a value.
            OSError: the disk is full.
        """
        if self._kind == "parquet":
            pairs = zip(chunk, self._schema, strict=True)
            arrays = [self._array(column, field) for column, field in pairs]
            self._parquet.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            return
        columns = [to_list(cells, f.name) for cells, f in zip(chunk, self._schema, strict=True)]
        self._write_text(zip(*columns, strict=True))

    def flush(self) -> None:
        """Hand what text is written to the file."""
        if self._kind != "parquet":
            self._text.flush()

    def write_arrow(self, rows: pa.Table) -> None:
        """Append rows of Parquet that have the writer's schema."""
        self._parquet.write_table(rows)

    def _write_text(self, rows: Iterable[Sequence[object]]) -> None:
        write_rows(self._text, self._kind, self._schema.names, rows, guards=self._guards)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._kind == "parquet":
            with suppress(*([] if kind is None else [OSError, pa.ArrowException])):
                self._parquet.close()
        elif kind is None:
            self._text.detach()  # flushed

    def _array(self, column: Cells, field: pa.Field) -> pa.Array:
        if isinstance(column, pa.Array) and column.type == field.type:
            return column
        if isinstance(column, pa.Array):
            column = to_list(column, field.name)
        if pa.types.is_string(field.type):
            column = [x if x is None or isinstance(x, str) else to_json(x) for x in column]
        try:
            return pa.array(column, field.type)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise DataError(f"cannot write column {field.name!r}: {error}") from error


def write_rows(
    handle: TextIO,
    kind: TableFormat,
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    guards: Sequence[bool],
) -> None:
    """Write rows as CSV, TSV or JSONL to an open text file.

    Args:
        handle: opened with ``newline=""``.
        kind: ``csv``, ``tsv`` or ``jsonl``.
        names: the columns.
        rows: their cells; of CSV and TSV the header is a row, too.
        guards: of which columns CSV and TSV hold no formulas.
    """
    if kind in DELIMITERS:
        # With "\r\n" as the end of a row, cells with either of the two are quoted.
        writer = csv.writer(handle, delimiter=DELIMITERS[kind], lineterminator="\r\n")
        writer.writerows(
            [_csv_cell(*pair) for pair in zip(row, guards, strict=True)] for row in rows
        )
    else:
        handle.writelines(to_json(dict(zip(names, row, strict=True))) + "\n" for row in rows)


def to_json(value: object) -> str:
    """A value as JSON: dates in ISO 8601, NaN and infinities as null."""
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, default=_to_text)


def write_records(
    path: Path,
    schema: pa.Schema,
    records: Sequence[Mapping[str, object]],
    *,
    overwrite: bool = False,
    guarded: Collection[str] = (),
) -> None:
    """Write a table that is small, whole or not at all; its ending tells the format.

    Args:
        path: the output; its folder is made.
        schema: names and types of the columns.
        records: one mapping a row; an absent key is an empty cell.
        overwrite: replace a file that is there.
        guarded: see :class:`RowWriter`.

    Raises:
        DataError: it exists, cannot be written, or its format is unknown or cannot hold the rows.
    """
    kind = table_format(path)
    check_schema(schema, kind, path)
    try:
        with (
            writing(path, overwrite=overwrite) as handle,
            RowWriter(handle, schema, kind, guarded=guarded) as writer,
        ):
            writer.write([[row.get(name) for row in records] for name in schema.names])
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"cannot write {path}: {error}") from error


def check_schema(schema: pa.Schema, kind: TableFormat, path: object) -> None:
    """Refuse columns that a format cannot hold.

    Raises:
        DataError: a column holds bytes and the format is not Parquet, or two have one name and it
            is neither CSV nor TSV.
    """
    if kind not in DELIMITERS:
        for name in schema.names:
            if schema.names.count(name) > 1:
                raise DataError(f"{path} has several columns called {name!r}: rename all but one")
    if kind == "parquet":
        return
    kinds = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    for field in schema:
        if any(check(field.type) for check in kinds):
            raise DataError(
                f"{path}: column {field.name!r} holds bytes, which only Parquet can: write to a "
                ".parquet file, or make it text or drop it first"
            )


def _csv_cell(value: object, guard: bool) -> object:
    if isinstance(value, float) and math.isnan(value):
        return None
    if value is None or isinstance(value, (int, float)):
        return value
    if not isinstance(value, str):
        value = to_json(value) if isinstance(value, (dict, list, tuple)) else _to_text(value)
    return guard_cell(value) if guard else value


def _finite(value: object) -> object:
    """JSON has no infinities and no NaN: they become null."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _to_text(value: object) -> str:
    """Dates and times in ISO 8601; other values as Python writes them."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
