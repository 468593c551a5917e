"""GWSD, sentences of news on global warming (Luo, Card and Jurafsky 2020)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow, cell, table
from stance.errors import DataError

LABELS = ("disagree", "agree", "neutral")
TARGET = "Climate change is a serious concern"  # the question that the annotators answered


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Sentences of ``GWSD.tsv`` that are in its held-out test set.

    The label is the most probable of ``disagree``, ``agree`` and ``neutral``, which the authors'
    model of the eight annotators gave; ``no single label`` where two are.

    Raises:
        DataError: a file or row is not of this form.
    """
    for path in files:
        found = table(path, "sentence", *LABELS, "guid", "in_held_out_test", delimiter="\t")
        for where, row in found:
            held_out = row["in_held_out_test"].strip()
            if held_out not in ("True", "False", ""):  # the sentences that screen annotators: ""
                raise DataError(f"{where}: field 'in_held_out_test' is {held_out!r}")
            if held_out == "True":
                best = _label([_share(row, name, where) for name in LABELS])
                sentence = cell(row, "sentence", where)
                yield RawRow(where, cell(row, "guid", where), sentence, TARGET, best)


def _share(row: dict[str, str], name: str, where: str) -> float:
    try:
        share = float(cell(row, name, where))
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise DataError(f"{where}: field {name!r} is {row[name]!r}: no probability")
    return share


def _label(shares: Sequence[float]) -> str:
    best = [name for name, share in zip(LABELS, shares, strict=True) if share == max(shares)]
    return best[0] if len(best) == 1 else "no single label"
