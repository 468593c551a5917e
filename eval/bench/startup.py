"""How long a start takes: ``python -m eval.bench.startup``. Each one in a new process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from stance.checkpoint import BUNDLED
from stance.evaluation.provenance import code_version

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT / "examples" / "article.txt"


def starts() -> dict[str, list[str]]:
    """What is started, by its name: the arguments of Python."""
    analyze = ["-m", "stance", "analyze", str(ARTICLE), "--target", "foreign intervention"]
    return {
        "python": ["-c", "pass"],
        "import stance": ["-c", "import stance"],
        "stance --help": ["-m", "stance", "--help"],
        **{f"stance analyze, {name}": [*analyze, "--checkpoint", name] for name in BUNDLED},
    }


def main(
    repeats: Annotated[int, typer.Option(min=1, help="How often each is started.")] = 5,
) -> None:
    """Print the seconds of each start: the median, and that of the processor's time."""
    table = Table(title=f"starts, median of {repeats}, code {code_version()}", box=MARKDOWN)
    table.add_column("")
    for column in ("seconds", "processor's"):
        table.add_column(column, justify="right")
    for name, arguments in starts().items():
        _run(arguments)  # fills the disk's cache
        runs = [_run(arguments) for _ in range(repeats)]
        table.add_row(name, *(f"{statistics.median(run[i] for run in runs):.2f}" for i in (0, 1)))
    Console(width=100).print(table)


def _run(arguments: list[str]) -> tuple[float, float]:
    """Seconds that a new Python takes, and those of the processor."""
    # A user's Python keeps its compiled modules.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, began = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment
    )
    seconds, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system
    return seconds, used - before.children_user - before.children_system


if __name__ == "__main__":
    typer.run(main)
