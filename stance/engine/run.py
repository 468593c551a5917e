"""Runs a job: in parts that survive whatever ends the run, joined to one output at the end."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import pyarrow as pa

from stance.engine.jobs import BatchT, Counts, Engine, Job, LocalEngine
from stance.engine.parts import Parts, check_outputs, errors_of, manifest_of
from stance.engine.progress import Progress
from stance.errors import DataError, StanceError
from stance.files import is_stream, locked, output_name, write_text, writing
from stance.tables import Compression, RowWriter, TableFormat, check_schema
from stance.untrusted import read_json_object

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows go.

    Attributes:
        path: the output.
        kind: its format.
        compression: of the file.
        overwrite: whether it may replace a file.
    """

    path: Path
    kind: TableFormat
    compression: Compression | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class RunReport:
    """The end of a run.

    Attributes:
        output: the file written.
        unit: what an input is: ``row`` or ``article``.
        counts: of the whole output.
        continued: inputs that an earlier run of the same command had done.
        seconds: of this run.
        streamed: whether it went to a pipe or device.
    """

    output: str
    unit: str
    counts: Counts
    continued: int
    seconds: float
    streamed: bool = False

    def to_record(self) -> dict[str, object]:
        """As JSON holds it."""
        return {
            "output": self.output,
            "unit": self.unit,
            **asdict(self.counts),
            "continued": self.continued,
            "seconds": round(self.seconds, 1),
        }


def run(
    job: Job[BatchT],
    target: Target,
    *,
    engine: Engine | None = None,
    progress: bool | None = None,
) -> RunReport:
    """Run a job and write its rows.

    The output appears when it is whole. Until then its finished parts lie in ``OUT.parts``, where
    the same call continues. Bad inputs are listed in ``OUT.errors.jsonl``; what the output was
    made of and with is written to ``OUT.manifest.json``. A pipe or device gets the rows as they
    come, and can be continued by nobody.

    Args:
        job: what is done.
        target: where the rows go.
        engine: what computes; this process when None.
        progress: show a bar on stderr; None shows it only on a terminal. Without it the log tells.

    Raises:
        DataError: the output exists, another run writes it, it cannot be written, or the folder of
            its parts holds those of another job; an input changed during the run.
    """
    check_schema(job.schema, target.kind, target.path)
    began = time.monotonic()
    if is_stream(target.path):
        counts = _run_to_stream(job, target, progress)
        seconds = time.monotonic() - began
        return RunReport(str(target.path), job.unit, counts, 0, seconds, streamed=True)
    with locked(target.path):
        check_outputs(target.path, overwrite=target.overwrite)
        fingerprint = {**job.fingerprint, "output": {"format": target.kind}}
        parts = Parts(target.path, target.kind, fingerprint)
        if (known := _counts_of_whole(job, parts, target)) is not None:
            logger.info("%s was whole already: an earlier run died right after it", target.path)
            return RunReport(str(target.path), job.unit, known, known.inputs, 0.0)
        check_outputs(target.path, overwrite=target.overwrite)
        continued = parts.counts.inputs
        if continued:
            logger.info(
                "an earlier run of this command did not end: it did %d of %d %ss, and this one "
                "goes on from there",
                continued,
                job.total,
                job.unit,
            )
        with _keeping(parts, job):
            _make_parts(job, parts, target.kind, engine or LocalEngine(), progress)
            _check_counts(parts.counts, job)
            _join(job, parts, target, progress)
        report = RunReport(
            str(target.path), job.unit, parts.counts, continued, time.monotonic() - began
        )
        _finish(parts, target, report)
        return report


def _counts_of_whole(job: Job[BatchT], parts: Parts, target: Target) -> Counts | None:
    """Do what an earlier run left to do after its output was whole; None where it was not."""
    if not parts.is_joined(target.path):
        return None
    counts = _counts_in_manifest(parts, target.path)
    if counts is not None:  # it died as it removed its parts, of which some may be gone
        parts.remove()
    elif parts.counts.inputs == job.total:
        counts = parts.counts
        _finish(parts, target, RunReport(str(target.path), job.unit, counts, counts.inputs, 0.0))
    else:  # the run was of another command
        parts.forget_joined()
    return counts


def _counts_in_manifest(parts: Parts, output: Path) -> Counts | None:
    """The counts of an output whose manifest, written last, says that these parts are in it."""
    try:
        stored = read_json_object(manifest_of(output))
        result = stored.pop("result")
        if stored != json.loads(json.dumps(parts.manifest)) or not isinstance(result, dict):
            return None
        if not parts.joined.items() <= result.items():
            return None
        return Counts.of_record(result)
    except (DataError, KeyError, TypeError, ValueError):  # not there, or of others
        return None


@contextmanager
def _keeping(parts: Parts, job: Job[BatchT]) -> Iterator[None]:
    """Say what is kept when the run ends early; an empty folder goes away."""
    try:
        yield
    except BaseException:
        if not parts.done:
            parts.remove()
        else:
            logger.warning(
                "%d of %d %ss are done and kept in %s: the same command goes on from there",
                parts.counts.inputs,
                job.total,
                job.unit,
                parts.folder,
            )
        raise


def _make_parts(
    job: Job[BatchT], parts: Parts, kind: TableFormat, engine: Engine, progress: bool | None
) -> None:
    with Progress(job.unit, job.total, done=parts.counts.inputs, show=progress) as bar:
        for number, part in engine.parts(job, kind, frozenset(parts.done)):
            parts.commit(number, part)
            bar.advance(part.counts.inputs)


def _check_counts(counts: Counts, job: Job[BatchT]) -> None:
    job.check_input()
    if counts.inputs != job.total:
        raise DataError(
            f"the input had {job.total} {job.unit}s and gave {counts.inputs}: it changed during "
            "the run"
        )
    if counts.written != counts.scored + counts.abstained + counts.errors:
        raise DataError(f"the counts do not add up: {counts}")  # a fault of the engine's own


def _join(job: Job[BatchT], parts: Parts, target: Target, progress: bool | None) -> None:
    with (
        explained(target.path),
        writing(target.path, overwrite=target.overwrite) as raw,
        Progress(job.unit, job.total, stage="joining", show=progress) as bar,
    ):
        with (
            packed(raw, target.compression) as handle,
            RowWriter(handle, job.schema, target.kind, guarded=job.guarded) as writer,
        ):
            writer.flush()
            parts.join(handle, writer, bar.advance)
        parts.note_joined(raw)


def _finish(parts: Parts, target: Target, report: RunReport) -> None:
    """What is written when the output is in its place."""
    errors = errors_of(target.path)
    if report.counts.errors:
        with explained(errors), writing(errors, overwrite=True) as handle:
            for error in parts.errors():
                line = json.dumps(error.to_record(), ensure_ascii=False) + "\n"
                handle.write(line.encode("utf-8", "replace"))
    else:
        errors.unlink(missing_ok=True)  # of an output that was replaced
    write_manifest(
        target.path, {**parts.manifest, "result": {**report.to_record(), **parts.joined}}
    )
    parts.remove()


def write_manifest(output: Path, manifest: dict[str, object]) -> None:
    """Write down how an output was made, beside it."""
    write_text(manifest_of(output), json.dumps(manifest, indent=1) + "\n", overwrite=True)


def _run_to_stream(job: Job[BatchT], target: Target, progress: bool | None) -> Counts:
    counts = Counts()
    with (
        explained(target.path),
        writing(target.path) as raw,
        Progress(job.unit, job.total, show=progress) as bar,
        packed(raw, target.compression) as handle,
        RowWriter(handle, job.schema, target.kind, guarded=job.guarded) as writer,
    ):
        for batch in job.batches():
            made = job.make(batch)
            writer.write(made.columns)
            writer.flush()
            for error in made.errors:
                logger.warning("%s, row %d: %s", error.file, error.row, error.reason)
            counts += made.counts
            bar.advance(made.counts.inputs)
    _check_counts(counts, job)
    return counts


@contextmanager
def packed(raw: BinaryIO, compression: Compression | None) -> Iterator[BinaryIO]:
    """The file, or one that packs what is written before it goes there."""
    if compression is None:
        yield raw
        return
    with pa.CompressedOutputStream(pa.PythonFile(_Below(raw), mode="w"), compression) as stream:
        yield cast(BinaryIO, stream)


class _Below(io.RawIOBase):
    """A file that stays open when what packs into it is closed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, block: ReadableBuffer) -> int:
        return self._file.write(block)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Failures of the file system as errors that name the output."""
    try:
        yield
    except (StanceError, BrokenPipeError):
        raise
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"cannot write {output_name(path)}: {error}") from error
