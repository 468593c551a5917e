"""IBM Debater claim stance (Bar-Haim et al. 2017)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow, cell, table


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Claims of the test split of ``claim_stance_dataset_v1.csv`` toward their motions.

    Raises:
        DataError: a file or row is not of this form.
    """
    names = (
        *("claims.claimId", "claims.claimCorrectedText", "topicText", "claims.stance"),
        *("topicId", "split"),
    )
    for path in files:
        for where, row in table(path, *names):
            *fields, split = (cell(row, name, where) for name in names)
            if split == "test":
                yield RawRow(where, *fields)
