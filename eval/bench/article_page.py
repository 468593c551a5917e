"""How long the page of a very long article takes to paint, and a filter to act.

``python -m eval.bench.article_page`` makes an article of our own sentences, with predictions that
are made up, opens its page in an installed Chromium (``$CHROMIUM``, else the one on the path) and
prints times.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from eval.bench.texts import OWN
from stance.analysis import Analysis
from stance.console import PlainConsole
from stance.evaluation import code_version
from stance.extract import Document
from stance.jsonl import read_jsonl
from stance.labels import Stance
from stance.schema import Prediction, Span, Speaker, Statement

_FIRST_PAINT = "performance.getEntriesByType('paint').map(entry => entry.startTime).at(-1)"
# Two frames: the change is made before the first, and painted before the second.
_FILTER = """name => new Promise(resolve => {
  const began = performance.now();
  document.querySelector(`input[value=${name}]`).click();
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
})"""


def long_analysis(words: int, seed: int) -> Analysis:
    """An article of about so many words, in which somebody says every second sentence."""
    pool = [str(row["text"]) for file in sorted(OWN.glob("*.jsonl")) for _, row in read_jsonl(file)]
    draw = random.Random(seed)
    people = [Speaker(f"Speaker {name}", "person") for name in range(40)]
    text, count = "", 0
    found: list[tuple[int, int, Speaker]] = []
    while count < words:
        said, told = draw.sample(pool, 2)
        speaker = draw.choice(people)
        start = len(text) + 1
        found.append((start, start + len(said), speaker))
        text += f"“{said}” said {speaker.name}. {told}\n\n"
        count += len(said.split()) + len(told.split()) + 3
    statements, rows = [], []
    for start, end, speaker in found:
        around = text[start - 1 : text.index("\n", end)]
        span = Span.of(text, start, end)
        statements.append(Statement(span.text, (span,), speakers=(speaker,), context=around))
        label = draw.choice(list(Stance))
        shares = {str(other): 0.8 if other is label else 0.1 for other in Stance}
        rows.append((Prediction("a carbon tax", label, shares, used_context=True),))
    return Analysis(Document(text), ("a carbon tax",), tuple(statements), tuple(rows))


def main(
    words: Annotated[int, typer.Option(help="Of the article.", min=100)] = 50_000,
    rounds: Annotated[int, typer.Option(help="Openings of the page.", min=1)] = 3,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 13,
) -> None:
    """Print the median time until first paint and until a filter has acted."""
    from playwright.sync_api import sync_playwright

    console = PlainConsole()
    analysis = long_analysis(words, seed)
    page_text = analysis.to_html("A long article")
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        PlainConsole(stderr=True).print("error: install Chromium, or name it in $CHROMIUM")
        raise typer.Exit(2)
    paints, filters = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "long.html"
        file.write_text(page_text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(file.as_uri(), wait_until="load")
            page.wait_for_function(f"{_FIRST_PAINT} !== undefined")
            paints.append(float(page.evaluate(_FIRST_PAINT)) / 1000)
            filters += [float(page.evaluate(_FILTER, name)) / 1000 for name in ("favor", "favor")]
            page.close()
        browser.close()
    console.print(
        f"{words} words, {len(analysis.statements)} statements, {len(page_text) / 1e6:.1f} MB, "
        f"code {code_version()}: first paint {statistics.median(paints):.2f} s, "
        f"filter {statistics.median(filters):.2f} s (medians of {rounds} openings)",
    )


if __name__ == "__main__":
    typer.run(main)
