"""Ratios of speed, measured side by side in one run: ``python -m eval.bench``.

Each pair of ways is run in turn, several times, and the median of the ratios is printed, so that a
machine whose speed drifts does not favor either. Nothing is asserted about time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

import stance
from stance.jsonl import read_jsonl

ROOT = Path(__file__).resolve().parent
ROUNDS = 5
TARGET = "foreign intervention"


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def compare(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float, float]:
    """Median seconds of both ways, and the median of the paired ratios other / one."""
    one(), other()
    pairs = [(_seconds(one), _seconds(other)) for _ in range(ROUNDS)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(b / a for a, b in pairs),
    )


def main() -> None:
    """Print the table of ratios."""
    rows = [row for _, row in read_jsonl(ROOT / "data" / "intervention_dev.jsonl")]
    statements = [str(row["text"]) for row in rows][:64]
    article = (ROOT.parent / "examples" / "article.txt").read_text(encoding="utf-8")
    small, base = stance.load("small"), stance.load("base")
    rules = stance.load_extractor("rules")
    table = Table(title=f"median of {ROUNDS} paired rounds, {len(statements)} statements")
    for column in ("one", "other", "one, s", "other, s", "other / one"):
        table.add_column(column, justify="left" if column in ("one", "other") else "right")
    cases: list[tuple[str, str, Callable[[], object], Callable[[], object]]] = [
        (
            "small, batches of 32",
            "small, one by one",
            lambda: small.predict(statements, TARGET),
            lambda: small.predict(statements, TARGET, batch_size=1),
        ),
        (
            "statements by rules",
            "statements by tagger",
            lambda: stance.extract_statements(article, extractor=rules),
            lambda: stance.extract_statements(article),
        ),
        (
            "small",
            "base",
            lambda: small.predict(statements, TARGET),
            lambda: base.predict(statements, TARGET),
        ),
    ]
    for first, second, one, other in cases:
        a, b, ratio = compare(one, other)
        table.add_row(first, second, f"{a:.3f}", f"{b:.3f}", f"{ratio:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
