"""Rows of text formats: CSV, TSV and JSONL, each with what is wrong with it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Lock

import pyarrow as pa

from stance.errors import DataError, StanceError
from stance.tables.formats import TableFile, open_plain
from stance.texts import without_surrogates
from stance.untrusted import MOST_BYTES, parse_json

_LONGEST_CELL = 2**24  # Stops a quote that is never closed from taking in the whole file.
_CSV_LIMIT = Lock()
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be used: what is wrong, and with which column if with one."""

    reason: str
    field: str | None = None


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


@contextmanager
def reading(file: TableFile) -> Iterator[None]:
    """Errors within say that the file cannot be read.

    Raises:
        DataError: there was one.
    """
    try:
        yield
    except StanceError:
        raise
    except (OSError, ValueError, OverflowError, EOFError, pa.ArrowException) as error:
        said = f"{file.name} is not readable as {file.kind}: {error}"
        raise DataError(said) from error


def _text(file: TableFile) -> io.TextIOWrapper:
    handle = open_plain(file.path, file.compression)
    utf8 = file.encoding.lower().replace("-", "").startswith("utf8")
    errors = "surrogateescape" if utf8 else "replace"
    encoding = "utf-8-sig" if utf8 else file.encoding
    return io.TextIOWrapper(handle, encoding=encoding, errors=errors, newline="")


def _lines(handle: io.TextIOWrapper, file: TableFile) -> Iterator[str]:
    """The lines of a file; one that never ends is not taken into memory."""
    while line := handle.readline(MOST_BYTES):
        if len(line) == MOST_BYTES:
            raise DataError(f"{file.name} has a line of more than {MOST_BYTES >> 20} MB")
        yield line


def _records(file: TableFile) -> Iterator[tuple[int, list[str]]]:
    """The header and the rows of CSV, each with the line it begins in; blank lines are left out."""
    with reading(file), _text(file) as handle:
        reader = csv.reader(_lines(handle, file), strict=True, delimiter=file.delimiter)
        while True:
            line = reader.line_num + 1
            try:
                with long_cells():
                    row = next(reader, None)
            except csv.Error as error:
                kind = file.kind.upper()
                raise DataError(f"{file.name}, line {line}: not {kind}: {error}") from error
            if row is None:
                return
            if row:
                yield line, row


def csv_header(file: TableFile) -> list[str]:
    """The names of the columns."""
    header: list[str] = next((row for _, row in _records(file)), [])
    return [without_surrogates(name) for name in header]


def csv_rows(file: TableFile) -> Iterator[tuple[list[object], Problem | None]]:
    """The rows after the header, all of its length; an empty cell is None."""
    width = 0
    for line, row in _records(file):
        if not width:
            width = len(row)
            names = row
            continue
        if width > 1 and len(row) == 1 and not row[0].strip():
            continue
        problem = None
        if len(row) != width:
            problem = Problem(f"line {line}: {len(row)} cells, but the header has {width}")
            if len(row) > width:
                parted = {",": "a comma", "\t": "a tab"}.get(file.delimiter, file.delimiter)
                said = f"{problem.reason}. Put double quotes around cells that hold {parted}"
                problem = Problem(said)
            row = [*row, *[""] * width][:width]
        for place, cell in enumerate(row):
            if not cell.isascii() and _HALF.search(cell):
                row[place] = without_surrogates(cell)
                problem = problem or Problem(
                    f"line {line}: bytes that are no {file.encoding.upper()}", names[place]
                )
        yield [cell or None for cell in row], problem


def jsonl_rows(file: TableFile) -> Iterator[tuple[dict[str, object], Problem | None]]:
    """The object of each line that is not blank."""
    with reading(file), _text(file) as handle:
        for number, line in zip(count(1), _lines(handle, file), strict=False):
            if not line.strip():
                continue
            where = f"line {number}"
            try:
                if not line.isascii() and _HALF.search(line):
                    raise ValueError(f"bytes that are no {file.encoding.upper()}")
                row = parse_json(line)
            except json.JSONDecodeError as error:
                # Its own text counts lines from the start of this one.
                said = f"{error.msg} at column {error.colno}"
                yield {}, Problem(f"{where} is not valid JSONL: {said}")
            except ValueError as error:
                yield {}, Problem(f"{where} is not valid JSONL: {error}")
            else:
                if isinstance(row, dict):
                    yield row, None
                else:
                    yield {}, Problem(f"{where}: not a JSON object")
