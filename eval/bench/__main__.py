"""``python -m eval.bench``: our scoring beside the pipelines of transformers."""

from __future__ import annotations

import multiprocessing
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Annotated, cast

import torch
import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from eval.bench.texts import Item, news_items, own_items
from eval.bench.ways import BATCH, Kind, Slice, Way, backbone_of, serve
from stance.checkpoint import BUNDLED, Precision, pick_precision
from stance.errors import DataError, StanceError
from stance.evaluation.provenance import code_version

SEED = 13
PIPELINES: tuple[Kind, ...] = ("zero-shot pipeline", "text-classification pipeline")


@dataclass(frozen=True, slots=True)
class Running:
    """A way at work in a process of its own.

    Attributes:
        way: which one.
        process: that computes it.
        connection: to that process.
    """

    way: Way
    process: BaseProcess
    connection: Connection

    def wait(self) -> None:
        """Until it is loaded.

        Raises:
            StanceError: it could not be; the reason is on stderr.
        """
        self._receive()

    def measure(self, items: Sequence[Item], contexts: bool) -> Slice:
        """What scoring some items takes.

        Raises:
            StanceError: the process failed; the reason is on stderr.
        """
        self.connection.send((items, contexts))
        return cast(Slice, self._receive())

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.join()

    def _receive(self) -> object:
        try:
            return self.connection.recv()
        except EOFError:
            raise StanceError(f"{self.way.title} failed in a process of its own") from None


def main(
    statements: Annotated[int, typer.Option(min=8, help="How many are scored.")] = 2000,
    pipeline_statements: Annotated[
        int,
        typer.Option(min=1, help="How many of them the pipelines score, which are slower."),
    ] = 4 * BATCH,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the labelled news; without it the project's own sentences."),
    ] = None,
    model: Annotated[list[str] | None, typer.Option(help="Repeatable [default: all].")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Parts in which all ways take turns.")] = 4,
    threads: Annotated[int, typer.Option(min=1)] = os.cpu_count() or 1,
) -> None:
    """Print speed, memory and share of the processor's peak of each way, and the ratios.

    All ways score the same statements, part by part in turn, and a ratio is the median over the
    parts: a machine whose speed drifts favors none of them. Of each part a pipeline scores the
    first few, which are as mixed as the rest: it passes its batches in the order given, so that its
    speed does not depend on how many there are.
    """
    console, log = Console(width=140), Console(stderr=True)
    running: list[Running] = []
    try:
        items = news_items(data, statements, SEED) if data else own_items(statements, SEED)
        if rounds > min(pipeline_statements, len(items)):
            raise DataError(f"{rounds} rounds of fewer statements: give each round one or more")
        console.print(
            f"{len(items)} statements of {'news' if data else 'our own'}, {pipeline_statements} of "
            f"them by the pipelines, {threads} threads, {rounds} rounds, code {code_version()}, "
            f"torch {torch.__version__}, "
            f"ONEDNN_MAX_CPU_ISA={os.environ.get('ONEDNN_MAX_CPU_ISA', 'not set')}",
            markup=False,
        )
        log.print("loading ...")
        for way in ways_of(model or BUNDLED):
            running.append(_start(way, threads))
        for each in running:
            each.wait()
        for contexts in (False, True):
            title = f"{'with' if contexts else 'without'} context"
            found: list[list[Slice]] = [[] for _ in running]
            for number in range(rounds):
                log.print(f"{title}, round {number + 1} of {rounds} ...")
                part = items[number::rounds]
                few = part[: max(1, pipeline_statements // rounds)]
                for each, slices in zip(running, found, strict=True):
                    given = part if each.way.kind == "stance" else few
                    slices.append(each.measure(given, contexts))
            console.print(_table(title, [each.way for each in running], found))
    except StanceError as error:
        log.print(f"error: {error}", markup=False)
        raise typer.Exit(2) from None
    finally:
        for each in running:
            each.stop()


def ways_of(models: Sequence[str]) -> list[Way]:
    """The ways that are compared: two pipelines, then each model in each number format.

    Args:
        models: bundled models, which stand on one backbone: the pipelines run it whole.

    Raises:
        DataError: a name is of no bundled model, or they stand on several backbones.
    """
    unknown = set(models) - set(BUNDLED)
    if unknown:
        raise DataError(f"no bundled model {', '.join(sorted(unknown))}: {', '.join(BUNDLED)}")
    if len({backbone_of(name) for name in models}) > 1:
        raise DataError(f"{', '.join(models)} stand on several backbones: give one at a time")
    formats: tuple[Precision, ...] = ("fp32",)
    if pick_precision("auto", torch.device("cpu")) == "bf16":
        formats = ("fp32", "bf16")
    ways = [Way(kind, models[0]) for kind in PIPELINES]
    return ways + [Way("stance", name, precision) for name in models for precision in formats]


def _start(way: Way, threads: int) -> Running:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(way, threads, theirs), daemon=True)
    process.start()
    theirs.close()  # so that a process that fails ends our waiting
    return Running(way, process, ours)


def _table(title: str, ways: Sequence[Way], found: Sequence[Sequence[Slice]]) -> Table:
    table = Table(title=title, box=MARKDOWN)
    table.add_column("way")
    for column in ("statements/s", "to zero-shot", "to text-class.", "tokens", "MB", "peak"):
        table.add_column(column, justify="right")
    for way, slices in zip(ways, found, strict=True):
        count = sum(part.statements for part in slices)
        ratios = [
            statistics.median(b.speed / a.speed for a, b in zip(base, slices, strict=True))
            for base in found[: len(PIPELINES)]
        ]
        table.add_row(
            way.title,
            f"{count / sum(part.seconds for part in slices):.1f}",
            *(f"{ratio:.1f}" for ratio in ratios),
            f"{sum(part.tokens for part in slices) / count:.0f}",
            f"{max(part.memory for part in slices) / 1e6:.0f}",
            f"{statistics.median(p.operations / p.seconds / p.peak for p in slices):.0%}",
        )
    return table


if __name__ == "__main__":
    typer.run(main)
