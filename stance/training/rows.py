"""Rows of any table file, each with the words that name it in an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stance.errors import DataError
from stance.jsonl import read_jsonl
from stance.tables import open_table, to_list

Row = dict[str, object]
_CHUNK = 1024


def read_rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Yield (file and row, cells by column) of a CSV, TSV, JSONL (also gzip) or Parquet file.

    Empty cells are left out, so that a missing column and an empty cell read alike. Rows are
    counted from 1, the header of a CSV file not being one; a JSONL file's lines are named.

    Raises:
        DataError: the file is missing, damaged or of another kind; a CSV row has too many cells.
    """
    jsonl = path.name.lower().endswith((".jsonl", ".jsonl.gz"))
    for where, row in _lines(path) if jsonl else _table(path):
        yield where, {key: value for key, value in row.items() if value not in (None, "")}


def _lines(path: Path) -> Iterator[tuple[str, Row]]:
    for number, row in read_jsonl(path):
        yield f"{path}, line {number}", row


def _table(path: Path) -> Iterator[tuple[str, Row]]:
    schema, chunks = open_table(path, _CHUNK)
    number = 0
    for chunk in chunks:
        columns = [to_list(cells, name) for cells, name in zip(chunk, schema.names, strict=True)]
        for cells in zip(*columns, strict=True):
            number += 1
            yield f"{path}, row {number}", dict(zip(schema.names, cells, strict=True))


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
