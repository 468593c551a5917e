"""VAST, comments toward many topics (Allaway and McKeown 2020)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow, cell, table
from stance.errors import DataError

PARTS = {"0": "zero-shot", "1": "few-shot"}


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Rows of ``vast_test.csv``: the unprocessed ``post`` toward ``new_topic``.

    ``label`` is 0 (con), 1 (pro) or 2 (neutral), ``seen?`` 0 for topics that training lacks.
    Comments on one article (``arc_id``) are not independent.

    Raises:
        DataError: a file or row is not of this form.
    """
    names = ("new_id", "post", "new_topic", "label", "arc_id", "seen?")
    for path in files:
        for where, row in table(path, *names):
            name, post, topic, label, article, seen = (cell(row, key, where) for key in names)
            if seen not in PARTS:
                raise DataError(f"{where}: field 'seen?' is {seen!r}: use 0 or 1")
            yield RawRow(where, name, post, topic, label, article, PARTS[seen])
