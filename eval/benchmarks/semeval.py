"""SemEval-2016 task 6, Detecting Stance in Tweets (Mohammad et al. 2016)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow
from stance.errors import DataError
from stance.untrusted import read_bytes

COLUMNS = ["ID", "Target", "Tweet", "Stance"]
MARK = "#SemST"  # ends every tweet of the set, and says nothing


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Rows of ``...-testdata-gold.txt``: tabs between ID, Target, Tweet and Stance, no quoting.

    The files are in UTF-8 or, as published, in Windows-1252.

    Raises:
        DataError: a file or row is not of this form.
    """
    for path in files:
        try:
            content = read_bytes(path)
        except (OSError, ValueError) as error:
            raise DataError(f"cannot read {path.name}: {error}") from error
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("windows-1252", errors="replace")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if lines[0].split("\t") != COLUMNS:
            raise DataError(f"{path.name}, line 1: the header is not {', '.join(COLUMNS)}")
        for number, line in enumerate(lines[1:], start=2):
            where = f"{path.name}, line {number}"
            if not line.strip():
                continue
            cells = line.split("\t")
            if len(cells) != len(COLUMNS):
                raise DataError(f"{where}: {len(cells)} fields for {len(COLUMNS)} columns")
            name, target, tweet, stance = (item.strip() for item in cells)
            yield RawRow(where, name, tweet.removesuffix(MARK).strip(), target, stance)
