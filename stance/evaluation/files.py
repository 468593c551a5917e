"""Files of a run: written whole or not at all, and CSV read whatever the length of its cells."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from stance.errors import DataError
from stance.tables import long_cells


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write several texts into a folder, so that a failure leaves the old ones as they were.

    All are written to temporary files of the same folder first; only when the last of them is
    complete do they take the places of the old ones.

    Args:
        folder: made if it is not there.
        files: file name -> text, stored as UTF-8 with the line ends it has.

    Raises:
        DataError: the folder cannot be written to, or the disk is full.
    """
    made: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            part = folder / f".{name}.{os.getpid()}-{secrets.token_hex(4)}.part"
            with part.open("x", encoding="utf-8", newline="") as handle:
                made[name] = part
                handle.write(text)
                handle.flush()
                os.fsync(handle.fileno())
        for name, part in made.items():
            os.replace(part, folder / name)
    except OSError as error:
        raise DataError(f"cannot write to {folder}: {error}") from error
    finally:
        for part in made.values():
            part.unlink(missing_ok=True)


def read_csv(path: Path, *, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, cells by column) of a CSV file with a header.

    The line is the one that a row ends in; blank lines are no rows.

    Raises:
        DataError: the file is missing, not UTF-8 or not CSV, two columns have one name, or a row
            has more or fewer cells than the header; the message names file and line.
    """
    reader = None
    try:
        with (
            path.open(encoding="utf-8-sig", newline="") as handle,
            long_cells(),
        ):
            reader = csv.DictReader(handle, delimiter=delimiter, strict=True)
            names = list(reader.fieldnames or ())
            repeated = sorted({name for name in names if names.count(name) > 1})
            if repeated:
                raise DataError(f"{path.name}: two columns are called {repeated[0]!r}")
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        at = f", line {reader.line_num}" if reader is not None and reader.line_num else ""
        raise DataError(f"cannot read {path.name}{at}: {error}") from error
    for number, row in rows:
        if None in row or None in row.values():
            few = "fewer" if None in row.values() else "more"
            raise DataError(f"{path.name}, line {number}: {few} cells than the header has columns")
        yield number, row
