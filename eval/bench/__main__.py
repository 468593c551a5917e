"""``python -m eval.bench``: our scoring beside the pipelines of transformers."""

from __future__ import annotations

import multiprocessing
import os
import statistics
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.table import Table

from eval.bench.texts import Item, news_items, own_items
from eval.bench.ways import Kind, Slice, Way, serve
from stance.checkpoint import BUNDLED, Precision, pick_precision
from stance.errors import StanceError
from stance.evaluation.provenance import code_version

SEED = 13
PIPELINES: tuple[Kind, ...] = ("zero-shot pipeline", "text-classification pipeline")


def main(
    statements: Annotated[int, typer.Option(min=8, help="How many are scored.")] = 2000,
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
    parts: a machine whose speed drifts favors none of them.
    """
    try:
        items = news_items(data, statements, SEED) if data else own_items(statements, SEED)
    except StanceError as error:
        Console(stderr=True).print(f"error: {error}", markup=False)
        raise typer.Exit(2) from None
    formats: tuple[Precision, ...] = ("fp32",)
    if pick_precision("auto", torch.device("cpu")) == "bf16":
        formats = ("fp32", "bf16")
    console = Console(width=140)
    console.print(
        f"{len(items)} statements of {'news' if data else 'our own'}, {threads} threads, "
        f"{rounds} rounds, code {code_version()}, torch {torch.__version__}, "
        f"ONEDNN_MAX_CPU_ISA={os.environ.get('ONEDNN_MAX_CPU_ISA', 'not set')}",
        markup=False,
    )
    for name in model or BUNDLED:
        ways = [Way(kind, name) for kind in PIPELINES]
        ways += [Way("stance", name, precision) for precision in formats]
        for contexts in (False, True):
            found = _take_turns(ways, items, contexts, rounds, threads)
            console.print(_table(name, ways, found, contexts, len(items)))


def _take_turns(
    ways: Sequence[Way], items: Sequence[Item], contexts: bool, rounds: int, threads: int
) -> list[list[Slice]]:
    """What each way took for each part of the items."""
    started = [_start(way, threads) for way in ways]
    found: list[list[Slice]] = [[] for _ in ways]
    for number in range(rounds):
        for (_, connection), slices in zip(started, found, strict=True):
            connection.send((items[number::rounds], contexts))
            slices.append(connection.recv())
    for process, connection in started:
        connection.send(None)
        process.join()
    return found


def _start(way: Way, threads: int) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(way, threads, theirs), daemon=True)
    process.start()
    theirs.close()  # so that a process that fails ends our waiting
    ours.recv()
    return process, ours


def _table(
    name: str, ways: Sequence[Way], found: list[list[Slice]], contexts: bool, count: int
) -> Table:
    table = Table(title=f"{name}, {'with' if contexts else 'without'} context")
    table.add_column("way")
    for column in ("statements/s", "to zero-shot", "to text-class.", "tokens", "MB", "peak"):
        table.add_column(column, justify="right")
    for way, slices in zip(ways, found, strict=True):
        seconds = sum(part.seconds for part in slices)
        ratios = [
            statistics.median(a.seconds / b.seconds for a, b in zip(base, slices, strict=True))
            for base in found[:2]
        ]
        share = statistics.median(p.operations / p.seconds / p.peak for p in slices)
        table.add_row(
            way.kind if way.kind != "stance" else f"stance, {way.precision}",
            f"{count / seconds:.1f}",
            *(f"{ratio:.1f}" for ratio in ratios),
            f"{sum(part.tokens for part in slices) / count:.0f}",
            f"{max(part.memory for part in slices) / 1e6:.0f}",
            f"{share:.0%}",
        )
    return table


if __name__ == "__main__":
    typer.run(main)
