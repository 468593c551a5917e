"""``python -m eval.bench.corpus_page``: a large corpus with made-up scores in a browser."""

from __future__ import annotations

import csv
import itertools
import os
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

import stance
from eval.bench.texts import own_items
from stance.evaluation.provenance import code_version
from stance.labels import Stance

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEED = 13
_FILTER = """(words) => new Promise((done) => {
  const field = document.querySelector("#statements input[name=words]");
  const start = performance.now();
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
_CLICK = """(selector) => new Promise((done) => {
  const start = performance.now();
  document.querySelector(selector).click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_ACTIONS = (
    ("filter by words", _FILTER, "never"),
    ("by other words", _FILTER, "forever"),
    ("by none", _FILTER, ""),
    ("by stance", _CLICK, "#statements input[value=favor]"),
    ("by speaker", _CLICK, "section[data-by=speaker] tbody a"),
    ("show all", _CLICK, "#clear"),
    ("sort by confidence", _CLICK, "[data-sort=confidence]"),
    ("sort by speaker", _CLICK, "#statements [data-sort=speaker]"),
)


def main(
    rows: Annotated[int, typer.Option(min=1000, help="Statements.")] = 100_000,
    speakers: Annotated[int, typer.Option(min=1)] = 4000,
    rounds: Annotated[int, typer.Option(min=1, help="Of which the median is printed.")] = 3,
) -> None:
    """Print how long the page takes to write, to paint first, to be ready, and to filter.

    It needs Chromium: $CHROMIUM, else the one on the path.
    """
    from playwright.sync_api import sync_playwright

    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        table, page = Path(folder) / "corpus.csv", Path(folder) / "corpus.html"
        _write(table, rows, speakers)
        start = time.perf_counter()
        summary = stance.summarize(table)
        counted = time.perf_counter()
        page.write_text(summary.to_html(most=rows), encoding="utf-8")
        written = time.perf_counter()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        console.print(
            f"{rows:,} statements, {len(summary.cells):,} cells, code {code_version()}: "
            f"counted in {counted - start:.1f} s, written in {written - counted:.1f} s, "
            f"{page.stat().st_size / 1e6:.1f} MB, {memory:.0f} MB of memory"
        )
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        found: dict[str, list[tuple[float, float | None]]] = {}
        for _ in range(rounds):
            view = opened.new_page()
            clock = _Clock(view)
            view.goto(page.as_uri(), wait_until="load")
            view.wait_for_selector("#statements tbody tr")
            clock.lap("ready")
            clock.laps["first paint"] = (view.evaluate(_PAINT), None)
            for name, script, argument in _ACTIONS:
                clock.lap(name, view.evaluate(script, argument))
            for name, lap in clock.laps.items():
                found.setdefault(name, []).append(lap)
            nodes = view.evaluate("document.querySelectorAll('*').length")
            view.close()
        opened.close()
        shown = Table("", "milliseconds", "of the page's own processor time")
        for name, laps in found.items():
            own = [spent for _, spent in laps if spent is not None]
            shown.add_row(
                name,
                f"{statistics.median(took for took, _ in laps):,.0f}",
                f"{statistics.median(own):,.0f}" if own else "",
            )
        console.print(shown)
        console.print(f"{nodes:,} elements")


class _Clock:
    """Milliseconds on the wall, and of the processor, since the last lap."""

    def __init__(self, view: Page) -> None:
        self.laps: dict[str, tuple[float, float | None]] = {}
        self._session = view.context.new_cdp_session(view)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._begin, self._spent = time.perf_counter(), self._tasks()

    def lap(self, name: str, took: float | None = None) -> None:
        """Note a lap; ``took`` replaces what the wall clock says."""
        now, spent = time.perf_counter(), self._tasks()
        wall = 1000 * (now - self._begin) if took is None else took
        self.laps[name] = (wall, 1000 * (spent - self._spent))
        self._begin, self._spent = time.perf_counter(), self._tasks()

    def _tasks(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return float(next(item["value"] for item in metrics if item["name"] == "TaskDuration"))


def _write(path: Path, rows: int, speakers: int) -> None:
    rng = np.random.default_rng(SEED)
    texts = itertools.cycle(item.statement for item in own_items(2000, SEED))
    # A few speak much and most speak rarely, as in news.
    who = np.minimum(rng.zipf(1.3, rows), speakers)
    shares = rng.dirichlet((0.6, 0.8, 0.6), rows)
    names = [f"stance_{label}" for label in Stance]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        head = ("document_id", "number", "title", "date", "outlet", "url", "speaker")
        writer.writerow([*head, "statement", "target", "stance", *names])
        for i in range(rows):
            article = i // 6
            place = article % 28 + 1
            about = (f"doc-{article}", i % 6 + 1, f"Headline number {article}")
            day = f"{2015 + article % 10}-{article % 12 + 1:02d}-{place:02d}"
            source = (day, f"Outlet {article % 40}", f"https://example.org/{article}")
            words = f"{next(texts)} ({i})"
            said = tuple(Stance)[int(shares[i].argmax())]
            probabilities = [f"{share:.4f}" for share in shares[i]]
            judged = (f"Speaker {who[i]}", words, f"target {i % 2}", said, *probabilities)
            writer.writerow([*about, *source, *judged])


if __name__ == "__main__":
    typer.run(main)
