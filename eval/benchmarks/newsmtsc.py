"""NewsMTSC, sentiment of news sentences toward people (Hamborg and Donnay 2021)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow, cell, objects
from stance.errors import DataError
from stance.jsonl import read_jsonl


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Every mention of ``devtest_rw.jsonl`` or ``devtest_mt.jsonl`` toward its sentence.

    A line has ``sentence_normalized``, ``primary_gid`` and ``targets``; a target has ``mention``
    and ``polarity`` (2, 4 or 6).

    Raises:
        DataError: a file or row is not of this form.
    """
    for path in files:
        for line, row in read_jsonl(path):
            where = f"{path.name}, line {line}"
            sentence = cell(row, "sentence_normalized", where)
            group = cell(row, "primary_gid", where)
            for at, target in objects(row.get("targets"), f"{where}, targets"):
                polarity = target.get("polarity")
                if not isinstance(polarity, (int, float)) or isinstance(polarity, bool):
                    raise DataError(f"{at}: field 'polarity' is {polarity!r}: no number")
                name = cell(target, "Input.gid", at)
                yield RawRow(
                    at, name, sentence, cell(target, "mention", at), f"{polarity:g}", group
                )
