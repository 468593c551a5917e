"""IBM Debater ArgKP, arguments on motions (Bar-Haim et al. 2020)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow, cell, table


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Arguments of ``ArgKP_dataset.csv`` toward their topics, each once.

    The file has a row for each argument and key point; ``stance`` is 1 (pro) or -1 (con).

    Raises:
        DataError: a file or row is not of this form.
    """
    seen: set[tuple[str, str]] = set()
    for path in files:
        for where, row in table(path, "topic", "argument", "stance"):
            topic, argument, stance = (cell(row, n, where) for n in ("topic", "argument", "stance"))
            if (topic, argument) not in seen:
                seen.add((topic, argument))
                yield RawRow(where, str(len(seen)), argument, topic, stance, topic)
