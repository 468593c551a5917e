"""What the commands that run the engine share: options, and how a run is told."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.common import count, say, say_error, show
from stance.errors import DataError

if TYPE_CHECKING:
    from stance.engine import RunReport
    from stance.engine.jobs import Engine
    from stance.tables import TableFormat

logger = logging.getLogger("stance.cli")


class TableFormatName(str, Enum):
    """Formats of tables."""

    csv = "csv"
    tsv = "tsv"
    jsonl = "jsonl"
    parquet = "parquet"


class EngineName(str, Enum):
    """What computes a run."""

    local = "local"
    ray = "ray"


def table_format_of(name: TableFormatName | None) -> TableFormat | None:
    """The format as the library names it."""
    return None if name is None else name.value


def _quiet(value: bool) -> bool:
    if value:
        logging.getLogger("stance").setLevel(logging.ERROR)
    return value


EncodingOption = Annotated[
    str | None, typer.Option(help="Encoding of text tables. Found out and told where not given.")
]
DelimiterOption = Annotated[
    str | None, typer.Option(help="Delimiter of CSV. Found out and told where not given.")
]
QuietOption = Annotated[
    bool,
    typer.Option("--quiet", "-q", callback=_quiet, help="Say nothing but errors; no progress bar."),
]

ShardOption = Annotated[
    str | None,
    typer.Option(help="Take one share of the input, such as 2/8; stance merge joins the outputs."),
]
EngineOption = Annotated[
    EngineName, typer.Option(help="What computes: this process, or the workers of a Ray cluster.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, help="Of --engine ray; as many as the cluster has processors or GPUs."),
]


def check_workers(name: EngineName, workers: int | None) -> None:
    """Refuse workers where there are none.

    Raises:
        DataError: they are asked for.
    """
    if name is EngineName.local and workers is not None:
        raise DataError("--workers goes with --engine ray: leave it out, or give both")


def engine_of(name: EngineName, workers: int | None, device: str) -> Engine | None:
    """What computes a run; None stands for this process.

    Args:
        name: of ``--engine``.
        workers: of ``--workers``.
        device: of the classifier.
    """
    if name is EngineName.local:
        return None
    from stance.engine import RayEngine

    return RayEngine(workers, gpu=device.startswith("cuda"))


def is_quiet() -> bool:
    """Whether ``--quiet`` was given."""
    return not logger.isEnabledFor(logging.WARNING)


def names_of(given: Sequence[str] | None, known: Sequence[str]) -> list[str] | None:
    """Names given one by one or parted by commas; one that is known is never parted."""
    if given is None:
        return None
    return [
        part.strip()
        for name in given
        for part in ([name] if name in known else name.split(","))
        if part.strip()
    ]


def show_report(report: RunReport) -> None:
    """Say what a run did: a line for people on stderr, and one of JSON on standard output.

    A run that wrote to standard output prints no JSON there.
    """
    if is_quiet():
        return
    counts = report.counts
    say(
        f"{count(counts.inputs, report.unit)} in, {count(counts.written, 'row')} out = "
        f"{counts.scored} scored + {counts.abstained} without a stance + {counts.errors} with an "
        f"error ({counts.truncated} truncated); written to {report.output}"
    )
    if counts.errors and not report.streamed:
        say_error(f"{count(counts.errors, 'row')} of the output: see {report.output}.errors.jsonl")
    if not report.streamed:
        show(json.dumps(report.to_record(), ensure_ascii=False))
