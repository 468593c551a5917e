"""``stance analyze -o PAGE.html``: the words that mattered, and corrections shown again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app

TEXT = "“We welcome the peacekeepers,” said Mayor Ann Lee.\n"
SPAN = {"text": "We welcome the peacekeepers", "start": 1, "end": 28}
CORRECTION: dict[str, object] = {
    "correction": 1,
    "id": "a:1-28",
    "article": "a",
    "text": SPAN["text"],
    "target": "foreign intervention",
    "stance": "neutral",
    "spans": [SPAN],
    "start": 1,
    "end": 28,
    "found": {"spans": [SPAN], "speaker": "Ann Lee", "stance": "favor"},
}
OPTIONS = ("-t", "foreign intervention", "--extractor", "rules", "--checkpoint", "small")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(app, ["analyze", *map(str, arguments), *OPTIONS])


def test_a_page_tells_why_and_shows_corrections(article: Path, write_jsonl) -> None:
    page = article.with_name("a.html")
    corrections = write_jsonl("mine.jsonl", [CORRECTION])
    done = run(article, "-o", page, "--explain", "--corrections", corrections)
    assert done.exit_code == 0, done.output
    text = page.read_text(encoding="utf-8")
    assert "What the probability of favor owes to single words" in text
    assert '<b class="up">welcome</b> +0.' in text
    assert '"stance": "neutral"' in text
    plain = article.with_name("plain.html")
    assert run(article, "-o", plain).exit_code == 0
    assert "What the probability of favor owes" not in plain.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"spans": [{**SPAN, "text": "You welcome the peacekeeper"}]},
            "mine.jsonl: correction 1, ",
        ),
        ({"stance": "fond"}, "mine.jsonl, line 1: correction: stance is 'fond'"),
    ],
)
def test_a_correction_that_does_not_fit_stops_it(
    changed: dict[str, object], message: str, article: Path, write_jsonl
) -> None:
    path = write_jsonl("mine.jsonl", [{**CORRECTION, **changed}])
    page = article.with_name("a.html")
    done = run(article, "-o", page, "--corrections", path)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not page.exists()


def test_both_are_for_pages(article: Path, write_jsonl) -> None:
    corrections = write_jsonl("mine.jsonl", [CORRECTION])
    second = article.with_name("b.txt")
    second.write_text(json.dumps(TEXT), encoding="utf-8")
    table, pages = article.with_name("a.csv"), article.with_name("pages")
    for words, message in (
        ((article, "-o", table, "--explain"), "--explain is for pages"),
        ((article, "-o", table, "--corrections", corrections), "--corrections is for a page"),
        ((article, second, "-o", pages, "--corrections", corrections), "of one article"),
    ):
        done = run(*words)
        assert done.exit_code == 2
        assert message in done.stderr
