"""JSONL files: one JSON object a line, gzipped or not; and the fields of a row."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path

from stance.errors import DataError, LabelError
from stance.labels import AnyLabel, parse_label
from stance.untrusted import parse_json, read_lines


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (line number, object) of a JSONL file, gzipped or not, with or without a byte mark.

    Raises:
        DataError: the file is missing or damaged, or a line is not a JSON object; the message names
            file and line.
    """
    number = 0
    try:
        for number, line in enumerate(read_lines(path), start=1):
            text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            if text.strip():
                yield number, _parse_line(text, f"{path}, line {number}")
    except DataError:
        raise
    except (OSError, ValueError) as error:
        after = f" after line {number}" if number else ""
        raise DataError(f"cannot read {path}{after}: {error}") from error


def _parse_line(line: bytes, where: str) -> dict[str, object]:
    try:
        row = parse_json(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(f"cannot read {where}: {error}") from error
    except json.JSONDecodeError as error:
        # Its own text counts lines from the start of this one.
        raise DataError(
            f"{where} is not valid JSONL: {error.msg} at column {error.colno}"
        ) from error
    except ValueError as error:
        raise DataError(f"{where} is not valid JSONL: {error}") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: not a JSON object")
    return row


def read_text(row: dict[str, object], key: str, where: str) -> str:
    """The text in a row's field.

    Raises:
        DataError: the field is missing, empty or not text.
    """
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: field {key!r} is missing, empty or not text")
    return value


def read_label(kind: type[AnyLabel], row: dict[str, object], key: str, where: str) -> AnyLabel:
    """The label in a row's field.

    Args:
        kind: the labels that are allowed.
        row: as read by :func:`read_jsonl`.
        key: the field.
        where: file and line, for the message.

    Raises:
        DataError: the field is missing or holds no such label.
    """
    try:
        return parse_label(kind, read_text(row, key, where))
    except LabelError as error:
        raise DataError(f"{where}: field {key!r}: {error}") from None
