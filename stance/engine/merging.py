"""The outputs of all shards of a run, joined to the output that one run would have written."""

from __future__ import annotations

import csv
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pyarrow.parquet as pq

from stance.engine.inputs import find_files
from stance.engine.jobs import Counts
from stance.engine.parts import (
    check_outputs,
    differences,
    errors_of,
    identity_of,
    manifest_of,
    parts_of,
)
from stance.engine.progress import Progress
from stance.engine.run import RunReport, Target, explained, packed, write_manifest
from stance.engine.sources import output_target, refuse_inputs
from stance.errors import DataError
from stance.files import is_stream, locked, writing
from stance.tables import DELIMITERS, RowWriter, TableFormat, compression_of, open_plain
from stance.untrusted import read_json_object

_COPIED = 1 << 20
_OWN = ("shard", "result")
"""What the manifests of the shards of one run differ in."""


@dataclass(frozen=True, slots=True)
class _Output:
    """The output of a shard, as its manifest tells of it."""

    path: Path
    manifest: dict[str, Any]
    counts: Counts

    @property
    def shard(self) -> dict[str, int]:
        return cast("dict[str, int]", self.manifest["shard"])

    @property
    def kind(self) -> TableFormat:
        return cast(TableFormat, self.manifest["output"]["format"])


def merge(
    outputs: Sequence[str | Path],
    output: str | Path,
    *,
    overwrite: bool = False,
    output_format: TableFormat | None = None,
    progress: bool | None = False,
) -> RunReport:
    """Join the outputs of all shards of a run, in the order of its input.

    The result, its errors and its manifest are those of a run without shards. The outputs of the
    shards stay where they are.

    Args:
        outputs: those of the shards, in any order, or patterns of files; each lies beside its
            manifest and errors.
        output: the file to write.
        overwrite: replace an existing output, when the new one is whole.
        output_format: of the output, which is that of the shards; told by the ending of its name
            when None.
        progress: show a bar on stderr; None shows it only on a terminal.

    Returns:
        What all shards did; ``seconds`` is the time of the joining.

    Raises:
        DataError: a file is not the whole, unchanged output of a shard; they are not of one input,
            config and model; a shard is missing or there twice; the output exists, is one of
            them, is of another format or cannot be written.
    """
    began = time.monotonic()
    target = output_target(output, output_format, overwrite=overwrite)
    if is_stream(target.path):
        raise DataError("shards are joined in a file: name one")
    paths = [Path(name) for name in find_files([os.fspath(given) for given in outputs])]
    beside = {name for path in paths for name in (errors_of(path), manifest_of(path))}
    shards = [_load(path) for path in paths if path not in beside]
    refuse_inputs(target.path, [str(path) for path in paths])
    shards.sort(key=lambda shard: shard.shard["number"])
    _check_one_run(shards)
    if target.kind != shards[0].kind:
        raise DataError(
            f"the shards are {shards[0].kind}, and {target.path} is {target.kind}: name an output "
            "of their format"
        )
    for shard in shards:
        _check_unchanged(shard)
    counts = sum((shard.counts for shard in shards), Counts())
    with locked(target.path):
        check_outputs(target.path, overwrite=target.overwrite)
        with (
            explained(target.path),
            writing(target.path, overwrite=target.overwrite) as raw,
            Progress("shard", len(shards), stage="joining", show=progress) as bar,
        ):
            for _ in _join(shards, raw, target):
                bar.advance(1)
        _join_errors(shards, target.path, counts)
        unit = str(shards[0].manifest["result"]["unit"])
        report = RunReport(str(target.path), unit, counts, 0, time.monotonic() - began)
        same = {key: value for key, value in shards[0].manifest.items() if key not in _OWN}
        of_each = [{**shard.shard, **shard.manifest["result"]} for shard in shards]
        result = {**report.to_record(), **identity_of(target.path)}
        write_manifest(target.path, {**same, "shards": of_each, "result": result})
    return report


def _load(path: Path) -> _Output:
    if not manifest_of(path).is_file():
        if parts_of(path).is_dir():
            raise DataError(f"{path} is unfinished: give the command of this shard again")
        raise DataError(
            f"{path} has no {manifest_of(path).name} beside it: give the outputs of stance score "
            "or stance analyze with --shard"
        )
    stored = read_json_object(manifest_of(path))
    if isinstance(stored.get("result"), dict) and "shard" not in stored:
        raise DataError(f"{path} is no shard: its run was given no --shard")
    try:
        result, shard = cast("dict[str, Any]", stored["result"]), cast(Any, stored["shard"])
        counts = Counts.of_record(result)
        [int(shard[name]) for name in ("number", "count", "before", "inputs", "inputs_of_all")]
        [cast(Any, stored)["output"]["format"], result["sha256"], result["bytes"], result["unit"]]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{manifest_of(path)} is damaged: run this shard again") from error
    return _Output(path, stored, counts)


def _check_one_run(shards: Sequence[_Output]) -> None:
    """Refuse shards that are not all those of one run; they come by their numbers."""
    first = shards[0]
    seen: dict[int, Path] = {}
    for shard in shards:
        number, count = shard.shard["number"], shard.shard["count"]
        if count != first.shard["count"]:
            raise DataError(
                f"{first.path} is a shard of {first.shard['count']} and {shard.path} one of "
                f"{count}: give the shards of one run"
            )
        one, other = (
            {key: value for key, value in output.manifest.items() if key not in _OWN}
            for output in (first, shard)
        )
        found = differences("", one, other, "there ")
        if found:
            raise DataError(
                f"{first.path} and {shard.path} are of two runs, which differ in "
                f"{'; '.join(found[:4])}. Run one of them again with the command of the others"
            )
        if number in seen:
            raise DataError(f"shard {number}/{count} is there twice: {seen[number]}, {shard.path}")
        seen[number] = shard.path
    count = first.shard["count"]
    missing = [f"{number}/{count}" for number in range(1, count + 1) if number not in seen]
    if missing:
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        raise DataError(f"shards are missing: {', '.join(missing[:10])}{more}")
    before = 0
    for shard in shards:
        if shard.shard["before"] != before or shard.counts.inputs != shard.shard["inputs"]:
            raise DataError(f"{manifest_of(shard.path)} is damaged: run this shard again")
        before += shard.counts.inputs
    if before != first.shard["inputs_of_all"]:
        raise DataError(
            f"the shards have {before} of {first.shard['inputs_of_all']} inputs: run them again"
        )


def _check_unchanged(shard: _Output) -> None:
    result = shard.manifest["result"]
    if identity_of(shard.path) != {name: result[name] for name in ("bytes", "sha256")}:
        raise DataError(
            f"{shard.path} is not what its run wrote: it was changed since. Run this shard again "
            "with --overwrite"
        )
    errors = errors_of(shard.path)
    told = 0
    if errors.is_file():
        with errors.open("rb") as lines:
            told = sum(1 for _ in lines)
    if told != shard.counts.errors:
        raise DataError(
            f"{errors} has {told} lines of {shard.counts.errors}: run this shard again with "
            "--overwrite"
        )


def _join(shards: Sequence[_Output], raw: BinaryIO, target: Target) -> Iterator[_Output]:
    """Write the rows of one shard after another; each is given out when it is written."""
    if target.kind == "parquet":
        schema = pq.read_schema(shards[0].path)
        with RowWriter(raw, schema, "parquet") as writer:
            for shard in shards:
                with pq.ParquetFile(shard.path) as file:
                    for group in range(file.num_row_groups):
                        writer.write_arrow(file.read_row_group(group))
                yield shard
        return
    with packed(raw, target.compression) as handle:
        for shard in shards:
            with open_plain(shard.path, compression_of(shard.path)) as rows:
                if target.kind != "jsonl":
                    header = _header(rows, DELIMITERS[target.kind])
                    if shard is shards[0]:
                        handle.write(header)
                shutil.copyfileobj(rows, handle, _COPIED)
            yield shard


def _header(rows: IO[bytes], delimiter: str) -> bytes:
    """The bytes of the first row of CSV or TSV, which the file is read behind."""
    read: list[bytes] = []

    def lines() -> Iterator[str]:
        while line := rows.readline():
            read.append(line)
            yield line.decode("utf-8")

    next(csv.reader(lines(), delimiter=delimiter), None)
    return b"".join(read)


def _join_errors(shards: Sequence[_Output], output: Path, counts: Counts) -> None:
    errors = errors_of(output)
    if not counts.errors:
        errors.unlink(missing_ok=True)  # of an output that was replaced
        return
    with explained(errors), writing(errors, overwrite=True) as handle:
        for shard in shards:
            if shard.counts.errors:
                with errors_of(shard.path).open("rb") as lines:
                    shutil.copyfileobj(lines, handle, _COPIED)
