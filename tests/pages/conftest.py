"""A page opened in the installed Chromium, and the pages that a user sees."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 60  # that a page may take to answer a click or a key, on a machine that does much else


@dataclass
class Opened:
    """A page with what happened while it was opened."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: ``$CHROMIUM``, else the one on the path."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * SECONDS)

    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.fail("the page tests need Chromium: install it, or name it in $CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def eventually(read: Callable[[], T], wanted: T) -> None:
    """Assert that what is read from a page is as wanted, or becomes so: it answers in its time."""
    until = time.monotonic() + SECONDS
    while (found := read()) != wanted and time.monotonic() < until:
        time.sleep(0.02)
    assert found == wanted


def go_to(page: Page, place: str) -> None:
    """Follow a link within the page; the page's own listener has been told of it."""
    page.evaluate(
        """place => new Promise((told) => {
          addEventListener("hashchange", () => told(), { once: true });
          location.hash = place;
        })""",
        place,
    )


def new_page(context: BrowserContext) -> Page:
    """A page; of a processor as many times slower as ``$SLOWDOWN`` says, to find what races it."""
    page = context.new_page()
    page.set_default_timeout(1000 * SECONDS)
    if times := os.environ.get("SLOWDOWN"):
        throttle = {"rate": float(times)}
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", throttle)
    return page


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[Path, int], Opened]]:
    """Open a file in a window of a width in pixels."""
    contexts = []

    def visit(path: Path, width: int) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        opened = Opened(new_page(context))
        opened.page.on("console", lambda message: opened.messages.append(message.text))
        opened.page.on("pageerror", lambda error: opened.messages.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.goto(path.as_uri(), wait_until="load")
        return opened

    yield visit
    for context in contexts:
        context.close()


def serious_faults(page: Page) -> list[str]:
    """What axe-core finds on a page with all its folds open, of serious or critical impact."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    return [
        f"{fault['id']} ({fault['impact']}): {fault['nodes'][0]['html'][:200]}"
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def make_shares(folder: Path) -> None:
    """The report of `stance estimate`, on made-up predictions for the example's statements."""
    from typer.testing import CliRunner

    from stance.cli import app

    labels = ("favor", "neutral", "against")
    debate = ROOT / "examples" / "debate"
    with (debate / "statements.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row["stance"] = labels[len(row["statement"]) % 3]
        if row["speaker"] == "Paula Venn":
            row["speaker"] = "<b>x</b>" + "y" * 60
    scored = folder / "debate.csv"
    with scored.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    words = ["estimate", scored, debate / "sample.ana.csv", "--by", "speaker"]
    done = CliRunner().invoke(app, [*map(str, words), "-o", str(folder / "shares")])
    assert done.exit_code == 0, done.output


def make_systems(folder: Path) -> None:
    """Reports of `stance evaluate`: three systems with made-up predictions, and two runs."""
    from typer.testing import CliRunner

    from stance.cli import app

    labels = ("favor", "neutral", "against")
    with (ROOT / "examples" / "labelled.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    words: list[str] = []
    for number, name in enumerate(("first", "a system of a name without end " + "x" * 60, "third")):
        path = folder / f"system{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["statement", "target", "stance", *(f"p_{label}" for label in labels)])
            for at, row in enumerate(rows):
                right = (at * 7 + number * 3) % 10 < 8 - 2 * number
                right = right and not (number == 0 and row["context"])  # an error to unfold
                chosen = row["stance"] if right else labels[(at + number) % 3]
                shares = [0.7 if label == chosen else 0.15 for label in labels]
                cells = shares if number < 2 else [""] * 3
                writer.writerow([row["statement"], row["target"], chosen, *cells])
        words += ["--predictions", f"{name}={path}"]
    own = str(ROOT / "examples" / "labelled.csv")
    runs = [str(folder / name) for name in ("systems", "other")]
    for command in (
        [own, *words, "-o", runs[0]],
        [own, *words[2:], "-o", runs[1]],
        ["--compare", *runs, "-o", str(folder / "comparison")],
    ):
        done = CliRunner().invoke(app, ["evaluate", *command])
        assert done.exit_code == 0, done.output


@pytest.fixture(scope="session")
def systems_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of several systems; that of two runs stands in the folder ``comparison``."""
    folder = tmp_path_factory.mktemp("systems")
    make_systems(folder)
    return folder / "systems" / "report.html"


@pytest.fixture(scope="session")
def comparison_page(systems_page: Path) -> Path:
    """The report of two runs."""
    return systems_page.parent.parent / "comparison" / "report.html"


@pytest.fixture(scope="session")
def shares_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of estimated shares."""
    folder = tmp_path_factory.mktemp("shares")
    make_shares(folder)
    return folder / "shares" / "report.html"


@pytest.fixture(scope="session")
def pages(
    tmp_path_factory: pytest.TempPathFactory, article: str, shares_page: Path
) -> dict[str, Path]:
    """The article page and an evaluation report, made as a user makes them."""
    import stance

    folder = tmp_path_factory.mktemp("pages")
    targets = ("foreign intervention", "national sovereignty")
    (folder / "article.html").write_text(
        stance.analyze(article, targets).to_html(), encoding="utf-8"
    )
    # Words that no window can break, and markup that must stay text.
    hostile = (
        f'"The {"anti" * 40} plan, <script>alert(1)</script> <img src=http://example.org/x.png>, '
        'will fail," said Dr. Rhabarberbarbarabarbarbarenbartbarbierbierbarbaerbel Long.'
    )
    (folder / "hostile.html").write_text(
        stance.analyze(hostile, ("an_identifier_without_any_space_" * 4,)).to_html(),
        encoding="utf-8",
    )
    (folder / "empty.html").write_text(
        stance.analyze("Nobody said anything.", targets).to_html(), encoding="utf-8"
    )
    for config in ("article", "behaviour"):
        out = folder / config
        subprocess.run(
            [sys.executable, "-m", "eval", f"configs/eval/{config}.yaml", "--output", str(out)],
            cwd=ROOT,
            check=True,
            timeout=3600,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    return {
        "article": folder / "article.html",
        "hostile": folder / "hostile.html",
        "empty": folder / "empty.html",
        "evaluation": folder / "article" / "report.html",
        "behaviour": folder / "behaviour" / "report.html",
        "shares": shares_page,
    }
