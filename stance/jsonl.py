"""JSON files of one object, and JSONL files: one JSON object a line, gzipped or not."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from stance.errors import DataError, LabelError, StanceError
from stance.labels import AnyLabel, parse_label

_MOST_BYTES = 64 << 20
_MOST_DIGITS = 300  # of a number that a float can hold


def read_json_object(path: Path, *, error: type[StanceError] = DataError) -> dict[str, object]:
    """Read a file of one JSON object, of 64 MB at most.

    Args:
        path: of the file.
        error: class of the errors raised.

    Raises:
        StanceError: of class ``error``: the file is missing, too large or not JSON, nests too
            deep, holds a number that is too large, or holds something else than an object.
    """
    try:
        with path.open("rb") as handle:
            content = handle.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ValueError(f"it has more than {_MOST_BYTES >> 20} MB")
        loaded = json.loads(content.decode("utf-8"), parse_int=_whole_number)
    except RecursionError:
        raise error(f"cannot read {path}: it nests too deep") from None
    except (OSError, ValueError) as problem:
        raise error(f"cannot read {path}: {problem}") from problem
    if not isinstance(loaded, dict):
        raise error(f"{path} holds a {type(loaded).__name__}, not an object of fields")
    return loaded


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"it holds a whole number of {len(digits)} digits")
    return int(digits)


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (line number, object) of a JSONL file, gzipped or not, with or without a byte mark.

    Raises:
        DataError: the file is missing or damaged, or a line is not a JSON object; the message names
            file and line.
    """
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as handle:
            for number, line in enumerate(handle, start=1):
                text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if text.strip():
                    yield number, _parse_line(text, f"{path}, line {number}")
    except (OSError, EOFError, zlib.error) as error:
        after = f" after line {number}" if number else ""
        raise DataError(f"cannot read {path}{after}: {error}") from error


def _parse_line(line: bytes, where: str) -> dict[str, object]:
    try:
        row = json.loads(line.decode("utf-8"))
        if b"\\u" in line:  # an escape may stand for half a character, which is no text
            json.dumps(row, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise DataError(f"cannot read {where}: {error}") from error
    except json.JSONDecodeError as error:
        # Its own text counts lines from the start of this one.
        raise DataError(
            f"{where} is not valid JSONL: {error.msg} at column {error.colno}"
        ) from error
    except (ValueError, RecursionError) as error:
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
