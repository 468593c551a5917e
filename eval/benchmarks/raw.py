"""What a loader gives, and how files of others are read so that an error names file and row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.files import read_csv
from stance.untrusted import parse_json, read_bytes


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a benchmark as it is published.

    Attributes:
        where: file and row, for messages.
        id: names the row; unique together with the target.
        text: the statement.
        target: what it is judged toward.
        label: the benchmark's own name of the label.
        group: rows of one group are not independent (an article, a claim); ``""`` for none.
        part: a subset that is also reported apart, or ``""``.
    """

    where: str
    id: str
    text: str
    target: str
    label: str
    group: str = ""
    part: str = ""


def table(path: Path, *columns: str, delimiter: str = ",") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (file and line, cells) of a CSV or TSV file with a header that has these columns.

    Raises:
        DataError: the file is damaged, or a column is missing; the message names file and line.
    """
    found = 0
    for line, row in read_csv(path, delimiter=delimiter):
        missing = [column for column in columns if column not in row]
        if missing:
            there = ", ".join(row)
            raise DataError(f"{path.name}: no column {', '.join(missing)}; there are {there}")
        found += 1
        yield f"{path.name}, line {line}", row
    if not found:
        raise DataError(f"{path.name}: no rows")


def cell(row: Mapping[str, object], name: str, where: str) -> str:
    """A field that must be there, as text.

    Raises:
        DataError: it is missing or empty.
    """
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: field {name!r} is missing or empty")
    return value.strip()


def read_json(path: Path) -> object:
    """A whole JSON file.

    Raises:
        DataError: it is missing or damaged.
    """
    try:
        return parse_json(read_bytes(path).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise DataError(f"{path.name}, line {error.lineno}: not JSON: {error.msg}") from error
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path.name}: {error}") from error


def objects(value: object, where: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield (place, object) of a list of JSON objects.

    Raises:
        DataError: it is no such list.
    """
    if not isinstance(value, list):
        raise DataError(f"{where}: not a list")
    for number, item in enumerate(value, start=1):
        if not isinstance(item, dict):
            raise DataError(f"{where}, row {number}: not a JSON object")
        yield f"{where}, row {number}", item
