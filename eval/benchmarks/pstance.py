"""P-Stance, tweets on candidates of 2020 (Li et al. 2021)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow, cell, table


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Rows of ``raw_test_TARGET.csv``: ``Tweet``, ``Target`` and ``Stance``.

    Raises:
        DataError: a file or row is not of this form.
    """
    for path in files:
        for number, (where, row) in enumerate(table(path, "Tweet", "Target", "Stance"), start=1):
            yield RawRow(
                where,
                f"{path.stem}-{number}",
                cell(row, "Tweet", where),
                cell(row, "Target", where),
                cell(row, "Stance", where),
            )
