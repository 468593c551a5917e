"""What scoring costs: ``python -m eval.cores`` prints statements a second per core, and core-hours.

One thread scores the project's own statements, without and with their contexts. What is measured is
processor time, which other work on the machine leaves nearly as it is; loading the model is not
counted.
"""

from __future__ import annotations

import time
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.table import Table

import stance
from eval.bench.texts import Item, own_items
from stance.checkpoint import BUNDLED
from stance.evaluation.provenance import code_version

SEED = 13


def main(
    statements: Annotated[int, typer.Option(min=8, help="How many are scored.")] = 400,
    model: Annotated[list[str] | None, typer.Option(help="Repeatable [default: all].")] = None,
    million: Annotated[float, typer.Option(help="Statements of the estimate, in millions.")] = 10.0,
    price: Annotated[float, typer.Option(help="Of a core for an hour, in dollars.")] = 0.04,
) -> None:
    """Print the speed of one core, and what many statements would cost at it."""
    torch.set_num_threads(1)
    items = own_items(statements, SEED)
    console = Console(width=120)
    table = Table(
        title=f"{len(items)} statements, one thread, code {code_version()}, torch "
        f"{torch.__version__}; {million:g} million statements at ${price:g} a core-hour"
    )
    for name in ("model", "format", "context"):
        table.add_column(name)
    for name in ("statements/s per core", "core-hours", "cost"):
        table.add_column(name, justify="right")
    for name in model or BUNDLED:
        classifier = stance.load(name)
        for with_context in (False, True):
            rate = len(items) / _seconds(classifier, items, with_context)
            hours = million * 1e6 / rate / 3600
            table.add_row(
                name,
                classifier.info.precision,
                "with" if with_context else "without",
                f"{rate:.1f}",
                f"{hours:,.0f}",
                f"${hours * price:,.0f}",
            )
    console.print(table)


def _seconds(classifier: stance.StanceClassifier, items: list[Item], with_context: bool) -> float:
    """Processor time of scoring."""
    statements, targets = [item.statement for item in items], [item.target for item in items]
    contexts = [item.context if with_context else None for item in items]
    began = time.process_time()
    classifier.predict(statements, targets, contexts)
    return time.process_time() - began


if __name__ == "__main__":
    typer.run(main)
