"""Tables out: CSV, TSV, JSONL or Parquet; a file appears under its name when it is whole."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from stance.columns import Column, ColumnType
from stance.errors import DataError, StanceError
from stance.files import check_output, writing
from stance.tables.readers import DELIMITERS, Cells, TableFormat, table_format, to_list
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


class TableWriter:
    """Appends rows to one output file, under a temporary name until it is whole.

    A context manager, which leaves no file behind when an error ends it.
    """

    def __init__(
        self,
        path: Path,
        schema: pa.Schema,
        *,
        output_format: TableFormat | None = None,
        overwrite: bool = False,
        guarded: Collection[str] = (),
    ) -> None:
        """Check the output before any work is done for it.

        Args:
            path: the output; its folder is made.
            schema: names and types of the columns.
            output_format: its format; told by the ending of its name when None.
            overwrite: replace a file that is there.
            guarded: columns of which CSV and TSV hold no formulas, names included; see
                :func:`stance.tables.guard_cell`.

        Raises:
            DataError: it exists, is a folder, or its format is unknown or cannot hold the columns.
        """
        check_output(path, overwrite=overwrite)
        self.path = path
        self.schema = schema
        self.format = output_format or table_format(path)
        self._overwrite = overwrite
        self._guards = [name in guarded for name in schema.names]
        self._stack = ExitStack()
        if self.format != "parquet":
            _refuse_bytes(schema, path)
        self._text: io.TextIOWrapper
        self._parquet: pq.ParquetWriter

    def __enter__(self) -> TableWriter:
        with ExitStack() as stack, self._explained():
            handle = stack.enter_context(writing(self.path, overwrite=self._overwrite))
            if self.format == "parquet":
                self._parquet = stack.enter_context(pq.ParquetWriter(handle, self.schema))
            else:
                self._text = io.TextIOWrapper(handle, encoding="utf-8", newline="")
                stack.push(self._end_text)
                if self.format in DELIMITERS:
                    self._write_text([self.schema.names])
            self._stack = stack.pop_all()
        return self

    def _write_text(self, rows: Iterable[Sequence[object]]) -> None:
        write_rows(self._text, self.format, self.schema.names, rows, guards=self._guards)

    def write(self, chunk: Sequence[Cells]) -> None:
        """Append rows, given column by column in the order of the schema.

        Raises:
            DataError: the disk is full, or a column of Parquet cannot hold a value.
        """
        with self._explained():
            if self.format == "parquet":
                pairs = zip(chunk, self.schema, strict=True)
                arrays = [self._array(column, field) for column, field in pairs]
                self._parquet.write_table(pa.Table.from_arrays(arrays, schema=self.schema))
                return
            columns = [to_list(cells, f.name) for cells, f in zip(chunk, self.schema, strict=True)]
            self._write_text(zip(*columns, strict=True))

    def write_records(self, records: Sequence[dict[str, object]]) -> None:
        """Append rows, given as one mapping each; an absent key is an empty cell."""
        if records:
            self.write([[row.get(name) for row in records] for name in self.schema.names])

    def _array(self, column: Cells, field: pa.Field) -> pa.Array:
        if isinstance(column, pa.Array):
            return column
        if pa.types.is_string(field.type):
            column = [x if x is None or isinstance(x, str) else to_json(x) for x in column]
        try:
            return pa.array(column, field.type)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise DataError(f"cannot write {self.path}, column {field.name!r}: {error}") from error

    def _end_text(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._text.detach()  # flushed; the file below is closed by who opened it

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._explained():
            self._stack.__exit__(kind, error, trace)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except StanceError:
            raise
        except (OSError, ValueError, pa.ArrowException) as error:
            raise DataError(f"cannot write {self.path}: {error}") from error


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


def _refuse_bytes(schema: pa.Schema, path: Path) -> None:
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
