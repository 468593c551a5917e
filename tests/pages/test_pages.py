"""The pages open in a browser without error, request or sideways scrolling."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages.conftest import serious_faults

pytestmark = pytest.mark.pages

NAMES = ("article", "hostile", "empty", "evaluation", "behaviour", "shares")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_page_fits_and_is_self_contained(
    name: str, width: int, pages: dict[str, Path], open_page: Callable
) -> None:
    opened = open_page(pages[name], width)
    if folder := os.environ.get("SCREENSHOTS"):
        opened.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert opened.messages == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.title()
    assert opened.page.locator("h1").count() == 1


def test_every_mark_leads_to_its_card(pages: dict[str, Path], open_page: Callable) -> None:
    page = open_page(pages["article"], 1280).page
    links = page.locator("article a").all()
    assert len(links) >= 8
    for link in links:
        assert page.locator(link.get_attribute("href") or "none").count() == 1


def test_the_article_reads_as_written(
    article: str, pages: dict[str, Path], open_page: Callable
) -> None:
    page = open_page(pages["article"], 1280).page
    page.evaluate("document.querySelectorAll('article .ref').forEach(mark => mark.remove())")
    assert page.locator("article").text_content() == article


def test_markup_in_an_article_stays_text(pages: dict[str, Path], open_page: Callable) -> None:
    page = open_page(pages["hostile"], 390).page
    assert page.locator("img").count() == 0
    assert page.locator("script").count() <= 1  # the page has its own where it has statements
    assert "<script>alert(1)</script>" in (page.locator("article").text_content() or "")


@pytest.mark.parametrize("name", NAMES)
def test_page_is_accessible(name: str, pages: dict[str, Path], open_page: Callable) -> None:
    assert serious_faults(open_page(pages[name], 1280).page) == []
