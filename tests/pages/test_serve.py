"""The page of ``stance serve`` in a browser: paste, drop, watch, see, download."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import stance

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.pages

ATTACK = "</script><script>alert(1)</script><img src=http://example.org/x onerror=alert(1)>"
TEXT = f"“We want the troops out {ATTACK},” said Ana Ruiz, the mayor. It rained.\n"


@pytest.fixture(scope="module")
def address(classifier: stance.StanceClassifier) -> Iterator[str]:
    """A server on a free port."""
    import uvicorn

    from stance.serve import create_app

    app = create_app(classifier, stance.load_extractor("rules"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not (server.started and server.servers):
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page; at the end nothing may have been said on the console or asked elsewhere."""
    said: list[str] = []
    contexts = []

    def open_at(width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request",
            lambda asked: asked.url.startswith((address, "blob:")) or said.append(asked.url),
        )
        page.goto(address, wait_until="load")
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert said == []


def ask(page: Page, targets: str = "foreign intervention") -> None:
    page.get_by_label("Stance toward what?").fill(targets)
    page.get_by_role("button", name="Analyze").click()
    page.locator("#results").wait_for(state="visible", timeout=60_000)


def download(page: Page, name: str, folder: Path) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"Download {name}").click()
    path = folder / name
    waiting.value.save_as(path)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1280, 390])
def test_an_article_is_pasted_and_seen(
    visit: Callable[..., Page], tmp_path: Path, width: int
) -> None:
    page = visit(width)
    page.get_by_label("Text of an article").fill(TEXT)
    ask(page, "foreign intervention\nthe mayor")
    view = page.frame_locator("#view")
    assert "1 statement found" in page.locator("#summary").inner_text()
    assert "troops out" in view.locator("article mark").first.inner_text()
    assert ATTACK in view.locator("article").inner_text()
    view.locator("#target").select_option("1")  # its own script runs
    rows = list(csv.DictReader(download(page, "statements.csv", tmp_path).splitlines()))
    assert [row["target"] for row in rows] == ["foreign intervention", "the mayor"]
    assert rows[0]["speaker"] == "Ana Ruiz"
    assert "<article>" in download(page, "article.html", tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_table_is_dropped_and_scored(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit(390)
    file = tmp_path / f"my {ATTACK[2:9]}.csv"
    rows = "".join(f"{n},We want them out. <b>{n}</b>\n" for n in range(40))
    file.write_text("n,quote\n" + rows + "40,\n", encoding="utf-8")
    page.locator("#file").set_input_files(file)
    assert page.get_by_text("A row of the table is").is_visible()
    ask(page)
    assert "41 rows" in page.locator("#summary").inner_text()
    assert "row 41" in page.locator("#notes").inner_text()
    assert "<b>0</b>" in page.locator("#preview td").nth(1).inner_text()
    scored = list(csv.DictReader(download(page, "scored.csv", tmp_path).splitlines()))
    assert len(scored) == 41 and {row["stance"] for row in scored[:40]} <= set(stance.Stance)
    view = page.frame_locator("#view")
    assert "40" in view.locator("body").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_missing_is_said(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit()
    problem = page.get_by_role("alert")
    page.get_by_role("button", name="Analyze").click()
    assert "Paste the text" in problem.inner_text()
    page.get_by_label("Text of an article").fill("x")
    page.get_by_role("button", name="Analyze").click()
    assert "what the stance is toward" in problem.inner_text()
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")
    page.locator("#file").set_input_files(file)
    page.get_by_label("Stance toward what?").fill("x")
    page.get_by_role("button", name="Analyze").click()
    page.get_by_text("has no column").wait_for()
    assert page.get_by_role("button", name="Analyze").is_enabled()


def test_the_keyboard_is_enough(visit: Callable[..., Page]) -> None:
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.type("“Out,” said Ana Ruiz.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("troops")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#results").wait_for(state="visible", timeout=60_000)
    assert page.evaluate("document.activeElement.id") == "results-title"
