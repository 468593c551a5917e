"""What the engine runs: a job gives batches of inputs and makes output rows of each."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sized
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Generic, Protocol, TypeVar

import pyarrow as pa

from stance.tables import Cells, RowWriter, TableFormat

BatchT = TypeVar("BatchT", bound=Sized)


@dataclass(frozen=True, slots=True)
class RowError:
    """An input that could not be judged: a line of ``OUT.errors.jsonl``.

    Attributes:
        file: where it stands.
        row: its number in the file, counted from 1; 1 for an article that is a file.
        field: the column that is to blame, if one is.
        reason: what is wrong.
    """

    file: str
    row: int
    field: str | None
    reason: str

    def to_record(self) -> dict[str, object]:
        """As JSON holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what; ``written`` is the sum of ``scored``, ``abstained`` and ``errors``.

    Attributes:
        inputs: rows or articles read.
        written: output rows.
        scored: those with a stance.
        abstained: those that were judged and got no stance.
        errors: those with an ``error``.
        truncated: those whose statement was cut to fit the model.
    """

    inputs: int = 0
    written: int = 0
    scored: int = 0
    abstained: int = 0
    errors: int = 0
    truncated: int = 0

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Counts:
        """The counts in the ``result`` of a manifest.

        Raises:
            KeyError, TypeError, ValueError: one is missing or no number.
        """
        return cls(**{item.name: int(record[item.name]) for item in fields(cls)})

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            **{name: value + getattr(other, name) for name, value in asdict(self).items()}
        )


@dataclass(frozen=True, slots=True)
class Made:
    """The output rows of a batch: cells by column, in the order of the job's schema."""

    columns: list[Cells]
    counts: Counts
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """The output rows of a batch as a file holds them, without what stands around the rows."""

    rows: bytes
    counts: Counts
    errors: list[RowError] = field(default_factory=list)


class Job(Protocol, Generic[BatchT]):
    """What is done with inputs, whatever engine does it and wherever the output goes.

    The length of a batch is how many inputs it has.
    """

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the output columns."""

    @property
    def guarded(self) -> Collection[str]:
        """Columns of which CSV and TSV hold no spreadsheet formulas."""

    @property
    def unit(self) -> str:
        """What an input is called: ``row`` or ``article``."""

    @property
    def total(self) -> int:
        """How many inputs there are."""

    @property
    def fingerprint(self) -> dict[str, object]:
        """What tells this job from another: ``input``, ``config``, ``model``."""

    def batches(self) -> Iterator[BatchT]:
        """The inputs in batches, the same at every call."""

    def make(self, batch: BatchT) -> Made:
        """The output rows of a batch."""

    def check_input(self) -> None:
        """Raise a DataError if a file changed since the job was made."""


def make_part(job: Job[BatchT], batch: BatchT, kind: TableFormat) -> Part:
    """The part of an output that a batch gives."""
    made = job.make(batch)
    handle = io.BytesIO()
    with RowWriter(handle, job.schema, kind, guarded=job.guarded, header=False) as writer:
        writer.write(made.columns)
    return Part(handle.getvalue(), made.counts, made.errors)


class Engine(Protocol):
    """What computes the parts of an output."""

    def parts(
        self, job: Job[BatchT], kind: TableFormat, done: Collection[int]
    ) -> Iterator[tuple[int, Part]]:
        """The parts of a job with their numbers, in any order.

        Args:
            job: gives the batches.
            kind: the format of the output.
            done: the numbers of the batches that are left out.
        """


class LocalEngine:
    """Computes part after part in this process."""

    def parts(
        self, job: Job[BatchT], kind: TableFormat, done: Collection[int]
    ) -> Iterator[tuple[int, Part]]:
        """See :class:`Engine`."""
        for number, batch in enumerate(job.batches()):
            if number not in done:
                yield number, make_part(job, batch, kind)


def output_rows(records: list[dict[str, object]], schema: pa.Schema) -> list[Cells]:
    """Rows given as one mapping each, column by column; an absent key is an empty cell."""
    return [[row.get(name) for row in records] for name in schema.names]


def count_rows(inputs: int, records: list[dict[str, object]]) -> Counts:
    """The counts of output rows, given as mappings with ``error``, ``stance`` and so on."""
    errors = sum(row.get("error") is not None for row in records)
    scored = sum(row.get("stance") is not None for row in records)
    return Counts(
        inputs=inputs,
        written=len(records),
        scored=scored,
        abstained=sum(bool(row.get("abstained")) for row in records),
        errors=errors,
        truncated=sum(bool(row.get("truncated")) for row in records),
    )
