"""The report of several systems in a browser: whole, readable, accessible, printable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages.conftest import serious_faults

pytestmark = pytest.mark.pages


@pytest.mark.parametrize("width", [390, 1280])
def test_a_report_fits_and_loads_nothing(
    width: int, systems_page: Path, open_page: Callable
) -> None:
    opened = open_page(systems_page, width)
    assert opened.messages == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_is_accessible(scheme: str, systems_page: Path, open_page: Callable) -> None:
    page = open_page(systems_page, 1280).page
    page.emulate_media(color_scheme=scheme)
    assert serious_faults(page) == []


def test_every_plot_is_drawn_and_told_in_words(systems_page: Path, open_page: Callable) -> None:
    page = open_page(systems_page, 390).page
    plots = page.locator("figure svg").all()
    assert len(plots) == 4
    for plot in plots:
        box = plot.bounding_box()
        assert box and box["width"] > 100 and box["height"] > 60
        assert plot.locator("path, polyline, rect, circle").count() > 0
        assert len(plot.get_attribute("aria-label") or "") > 30


def test_a_report_prints_what_is_folded(systems_page: Path, open_page: Callable) -> None:
    page = open_page(systems_page, 1280).page
    page.emulate_media(media="print")
    folds = page.locator(".error details").all()
    assert folds
    for fold in folds:
        assert fold.evaluate("part => part.getBoundingClientRect().height") > 30


def test_only_the_own_style_of_a_report_acts(systems_page: Path, open_page: Callable) -> None:
    page = open_page(systems_page, 1280).page
    policy = page.locator("meta[http-equiv]").get_attribute("content") or ""
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert "script-src" not in policy
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "system-ui" in font  # so its hash is that of the style


def test_corrected_shares_are_in_view_on_a_phone(shares_page: Path, open_page: Callable) -> None:
    page = open_page(shares_page, 390).page
    figures = page.locator("table.shares td b").all()
    assert len(figures) >= 3
    for figure in figures:
        box = figure.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_two_runs_are_compared_on_a_phone(comparison_page: Path, open_page: Callable) -> None:
    opened = open_page(comparison_page, 390)
    assert opened.messages == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.page.locator(".error").count() > 3
    assert serious_faults(opened.page) == []
