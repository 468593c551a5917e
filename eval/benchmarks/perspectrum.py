"""Perspectrum, perspectives on claims (Chen et al. 2019)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.benchmarks.raw import RawRow, cell, objects, read_json
from stance.errors import DataError


def read(files: Sequence[Path]) -> Iterator[RawRow]:
    """Perspectives on the claims of the test split.

    Args:
        files: ``perspectrum_with_answers_v1.0.json`` (claims, each with ``perspectives`` that name
            ``pids`` and ``stance_label_3``), ``perspective_pool_v1.0.json`` (their texts by
            ``pId``) and ``dataset_split_v1.0.json`` (split by claim), in this order.

    Raises:
        DataError: a file or row is not of this form.
    """
    claims, pool, splits = (read_json(path) for path in files)
    names = [path.name for path in files]
    texts = {cell(row, "pId", at): cell(row, "text", at) for at, row in objects(pool, names[1])}
    if not isinstance(splits, dict):
        raise DataError(f"{names[2]}: not an object of splits by claim")
    for where, claim in objects(claims, names[0]):
        number = cell(claim, "cId", where)
        if number not in splits:
            raise DataError(f"{where}: claim {number} has no split in {names[2]}")
        if splits[number] != "test":
            continue
        for at, cluster in objects(claim.get("perspectives"), f"{where}, perspectives"):
            listed = cluster.get("pids")
            for pid in map(str, listed if isinstance(listed, list) else [listed]):
                if pid not in texts:
                    raise DataError(f"{at}: perspective {pid} is not in {names[1]}")
                label = cell(cluster, "stance_label_3", at)
                target = cell(claim, "text", where)
                yield RawRow(at, f"{number}-{pid}", texts[pid], target, label, number)
