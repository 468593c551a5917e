"""One shard of a job: a run of its parts, so that several machines share the work."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic

import pyarrow as pa

from stance.engine.jobs import BatchT, Engine, Job, Made
from stance.engine.run import RunReport, Target, run
from stance.errors import DataError
from stance.files import is_stream

logger = logging.getLogger(__name__)
_FORM = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Shard:
    """Which share of the inputs a run takes.

    Attributes:
        number: of the shard, counted from 1.
        count: how many there are.

    Raises:
        DataError: there is no such shard.
    """

    number: int
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.count:
            raise DataError(
                f"shard {self.number}/{self.count}: the first of 8 is 1/8 and the last is 8/8"
            )

    @classmethod
    def parse(cls, text: str) -> Shard:
        """A shard written as ``2/8``.

        Raises:
            DataError: it is written otherwise, or there is no such shard.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise DataError(f"shard {text[:40]!r}: give its number and how many there are, as 2/8")
        return cls(int(found[1]), int(found[2]))

    def of(self, parts: int) -> range:
        """Its share of so many parts; all shards together have each part once."""
        return range(parts * (self.number - 1) // self.count, parts * self.number // self.count)


class ShardJob(Generic[BatchT]):
    """A shard of a job: its parts are the same as in the whole, and so is what is made of them.

    Args:
        job: the whole; read through once for the sizes of its parts.
        shard: which share.
    """

    def __init__(self, job: Job[BatchT], shard: Shard) -> None:
        self._job = job
        self._shard = shard
        sizes = [len(batch) for batch in job.batches()]
        self._own = shard.of(len(sizes))
        self._before = sum(sizes[: self._own.start])
        self.total = sum(sizes[self._own.start : self._own.stop])

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the output columns."""
        return self._job.schema

    @property
    def guarded(self) -> Collection[str]:
        """Columns of which CSV and TSV hold no spreadsheet formulas."""
        return self._job.guarded

    @property
    def unit(self) -> str:
        """What an input is called."""
        return self._job.unit

    @property
    def fingerprint(self) -> dict[str, object]:
        """That of the whole, and which shard it is: ``before`` counts the inputs before it."""
        return {
            **self._job.fingerprint,
            "shard": {
                "number": self._shard.number,
                "count": self._shard.count,
                "before": self._before,
                "inputs": self.total,
                "inputs_of_all": self._job.total,
            },
        }

    def batches(self) -> Iterator[BatchT]:
        """Its part of the batches of the whole."""
        return islice(self._job.batches(), self._own.start, self._own.stop)

    def make(self, batch: BatchT) -> Made:
        """The output rows of a batch."""
        return self._job.make(batch)

    def check_input(self) -> None:
        """See whether the files are still the same.

        Raises:
            DataError: one changed.
        """
        self._job.check_input()


def run_shard(
    job: Job[BatchT],
    target: Target,
    shard: Shard | None,
    *,
    engine: Engine | None = None,
    progress: bool | None = None,
) -> RunReport:
    """Run a shard of a job, or all of it where there is none; see :func:`stance.engine.run.run`.

    Raises:
        DataError: as there; or a shard would go to a pipe or device.
    """
    if shard is None:
        return run(job, target, engine=engine, progress=progress)
    if is_stream(target.path):
        raise DataError("a shard is written to a file, which stance merge joins: name one with -o")
    own = ShardJob(job, shard)
    if not own.total:
        logger.warning(
            "shard %d/%d is empty, which does no harm: the input has fewer parts than shards",
            shard.number,
            shard.count,
        )
    return run(own, target, engine=engine, progress=progress)
