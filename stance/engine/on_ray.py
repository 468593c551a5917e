"""The engine on a cluster: Ray Data's actors make the parts, this process writes them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from stance.engine.jobs import BatchT, Counts, Job, Part, RowError, make_part
from stance.errors import DataError, MissingExtraError, StanceError
from stance.tables import TableFormat

_RETRIES = 5
"""How often a part is tried again whose worker died; then the run ends, and its parts stay."""


@dataclass(frozen=True, slots=True)
class RayEngine:
    """Computes the parts of a run with the workers of a Ray cluster.

    The cluster is that of ``RAY_ADDRESS``, else one that runs on this machine, else one that is
    started here and ends with the process. Workers read the input and the checkpoint themselves,
    so both, and this library, have to be at the same place on every node. A worker that dies is
    replaced, and its part made again.

    Args:
        workers: how many; None takes one for each processor (or GPU) of the cluster.
        gpu: whether each worker computes on a GPU of its own.
    """

    workers: int | None = None
    gpu: bool = False

    def parts(
        self, job: Job[BatchT], kind: TableFormat, done: Collection[int]
    ) -> Iterator[tuple[int, Part]]:
        """See :class:`stance.engine.jobs.Engine`.

        Raises:
            MissingExtraError: Ray is not installed.
            DataError: there is no cluster, a worker cannot load the model or read the input,
                (strict) an input is bad, or workers died over one part again and again.
        """
        waiting = [n for n, _ in enumerate(job.batches()) if n not in done]
        if not waiting:
            return
        ray = _connect()
        from ray import cloudpickle

        resource = "GPU" if self.gpu else "CPU"
        most = self.workers or int(ray.cluster_resources().get(resource, 0))
        if most < 1:
            raise DataError(f"the cluster has no {resource}: start its nodes first")
        rows = ray.data.from_items(
            [{"part": number} for number in waiting], override_num_blocks=len(waiting)
        ).map_batches(
            _Worker,
            fn_constructor_args=(cloudpickle.dumps(job), kind),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=min(most, len(waiting))),
            num_cpus=0 if self.gpu else 1,
            num_gpus=1 if self.gpu else 0,
            ray_remote_args_fn=_remote_arguments,
        )
        try:
            for row in rows.iter_rows():
                if row["failure"]:
                    raise DataError(str(row["failure"]))
                yield int(row["part"]), _unpacked(row["rows"], row["record"])
        except ray.exceptions.RayError as error:
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise DataError(f"the Ray cluster gave up: {said[0]}") from error


def _connect() -> Any:
    # Ray would tell its makers about the cluster; what is scored is nobody's business.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("the engine needs Ray: pip install 'newsstance[ray]'") from error
    if not ray.is_initialized():
        try:
            ray.init(include_dashboard=False, log_to_driver=False, logging_level="error")
        except Exception as error:  # Ray raises bare ones, too
            raise DataError(f"no Ray cluster can be reached or started: {error}") from error
    ray.data.DataContext.get_current().enable_progress_bars = False  # the run has its own
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray


def _remote_arguments() -> dict[str, object]:
    return {"max_restarts": -1, "max_task_retries": _RETRIES}


class _Worker:
    """Makes parts of a job by their numbers; lives in a process of the cluster.

    Args:
        packed: the job, which is unpacked at the first part, so that failing is told.
        kind: the format of the output.
    """

    def __init__(self, packed: bytes, kind: TableFormat) -> None:
        self._packed = packed
        self._kind = kind
        self._batches: Any = None

    def __call__(self, asked: dict[str, Any]) -> dict[str, list[object]]:
        """One row with the part: what its file holds, its counts and errors as JSON, a failure."""
        number = int(asked["part"][0])
        try:
            part = self._make(number)
        except StanceError as error:
            return _row(number, b"", "", str(error))
        errors = [error.to_record() for error in part.errors]
        record = json.dumps({"counts": asdict(part.counts), "errors": errors})
        return _row(number, part.rows, record, "")

    def _make(self, number: int) -> Part:
        if self._batches is None:
            from ray import cloudpickle

            self._batches = _Batches(cloudpickle.loads(self._packed))
        return make_part(self._batches.job, self._batches.at(number), self._kind)


class _Batches:
    """The batches of a job by number; parts are asked for in order, mostly, and read on from."""

    def __init__(self, job: Job[Any]) -> None:
        self.job = job
        self._next = 0
        self._rest: Iterator[Any] = iter(())

    def at(self, number: int) -> Any:
        if number < self._next or not self._next:
            self._next, self._rest = 0, self.job.batches()
        for batch in self._rest:
            self._next += 1
            if self._next > number:
                return batch
        raise DataError("the input is shorter than it was when the run began")


def _row(number: int, rows: bytes, record: str, failure: str) -> dict[str, list[object]]:
    return {"part": [number], "rows": [rows], "record": [record], "failure": [failure]}


def _unpacked(rows: bytes, record: str) -> Part:
    stored = json.loads(record)
    errors = [RowError(**error) for error in stored["errors"]]
    return Part(bytes(rows), Counts(**stored["counts"]), errors)
