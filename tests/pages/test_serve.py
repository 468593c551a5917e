"""The page of ``stance serve`` in a browser: paste, drop, watch, see, download."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import stance
from tests.pages.conftest import new_page

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
        assert thread.is_alive(), "the server ended before it listened"
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
        page = new_page(context)
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
    expect(page.locator("#results")).to_be_visible()


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
    expect(page.locator("#summary")).to_contain_text("1 statement found")
    expect(view.locator("article mark").first).to_contain_text("troops out")
    expect(view.locator("article")).to_contain_text(ATTACK)
    view.locator("#target").select_option("1")
    expect(view.locator("#current")).to_have_text("the mayor")  # its own script runs
    rows = list(csv.DictReader(download(page, "statements.csv", tmp_path).splitlines()))
    assert [row["target"] for row in rows] == ["foreign intervention", "the mayor"]
    assert rows[0]["speaker"] == "Ana Ruiz"
    assert "<article>" in download(page, "article.html", tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_words_that_mattered_are_asked_for(
    visit: Callable[..., Page], classifier: stance.StanceClassifier, width: int
) -> None:
    page = visit(width)
    page.get_by_label("Text of an article").fill(TEXT)
    ask(page, "foreign intervention\nthe mayor")
    view = page.frame_locator("#view")
    view.locator("#target").select_option("1")
    view.locator(".ref").first.press("Enter")
    popover = view.locator("#popover")
    popover.get_by_role("button", name="Which words mattered?").press("Enter")
    told = popover.get_by_text("What the probability of").or_(popover.get_by_text("No single word"))
    told.wait_for(timeout=60_000)
    analysis = stance.analyze(
        TEXT,
        ["foreign intervention", "the mayor"],
        extractor=stance.load_extractor("rules"),
        classifier=classifier,
    )
    explanation = analysis.explain(classifier)[0][1]
    strongest = explanation.strongest()
    words = sorted(word.span.text for word in strongest)
    assert sorted(popover.locator(".moved li b").all_inner_texts()) == words
    marked = popover.locator("[data-part=statement]:visible b").all_inner_texts()
    spoken = [word.span.text for word in strongest if word.part == "statement"]
    assert sorted(marked) == sorted(spoken)
    card = view.locator('#statements .toward[data-target="1"]')
    assert sorted(card.locator(".moved li b").all_inner_texts()) == words
    assert view.locator('#statements .toward[data-target="0"] .moved').count() == 0
    inside = view.locator("body")
    assert inside.evaluate("e => e.ownerDocument.activeElement.closest('#popover') !== null")
    assert inside.evaluate("e => e.scrollWidth <= e.ownerDocument.defaultView.innerWidth")


def test_the_server_that_ended_is_said(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_label("Text of an article").fill(TEXT)
    ask(page)
    page.route("**/v1/explain", lambda route: route.fulfill(status=200, body="no JSON"))
    view = page.frame_locator("#view")
    view.locator("#statements").get_by_role("button", name="Which words mattered?").click()
    view.locator("#statements").get_by_text("did not answer").wait_for()
    page.unroute("**/v1/explain")
    view.locator("#statements").get_by_role("button", name="Which words mattered?").click()
    view.locator("#statements").get_by_text("by .05").or_(view.locator(".moved")).first.wait_for()


def test_a_table_is_dropped_and_scored(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit(390)
    file = tmp_path / f"my {ATTACK[2:9]}.csv"
    rows = "".join(f"{n},We want them out. <b>{n}</b>\n" for n in range(40))
    file.write_text("n,quote\n" + rows + "40,\n", encoding="utf-8")
    page.locator("#file").set_input_files(file)
    expect(page.get_by_text("A row of the table is")).to_be_visible()
    ask(page)
    expect(page.locator("#summary")).to_contain_text("41 rows")
    expect(page.locator("#notes")).to_contain_text("row 41")
    expect(page.locator("#preview td").nth(1)).to_contain_text("<b>0</b>")
    scored = list(csv.DictReader(download(page, "scored.csv", tmp_path).splitlines()))
    assert len(scored) == 41 and {row["stance"] for row in scored[:40]} <= set(stance.Stance)
    view = page.frame_locator("#view")
    expect(view.locator("body")).to_contain_text("40", use_inner_text=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_missing_is_said(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit()
    problem = page.get_by_role("alert")
    page.get_by_role("button", name="Analyze").click()
    expect(problem).to_contain_text("Paste the text")
    page.get_by_label("Text of an article").fill("x")
    page.get_by_role("button", name="Analyze").click()
    expect(problem).to_contain_text("what the stance is toward")
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")
    page.locator("#file").set_input_files(file)
    page.get_by_label("Stance toward what?").fill("x")
    page.get_by_role("button", name="Analyze").click()
    expect(problem).to_contain_text("has no column")
    expect(page.get_by_role("button", name="Analyze")).to_be_enabled()


def test_the_keyboard_is_enough(visit: Callable[..., Page]) -> None:
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.type("“Out,” said Ana Ruiz.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("troops")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#results-title")).to_be_focused()
