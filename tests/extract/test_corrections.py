"""What readers corrected in an article's page, article by article: NAME.txt and NAME.jsonl."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation import unmet_corrections
from stance.extract import Document, load_extractor
from stance.schema import Span
from stance.tables import read_corrections

FOLDER = Path(__file__).parent / "corrections"
ARTICLES = sorted(FOLDER.glob("*.txt"))


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: path.stem)
def test_the_extractor_meets_what_readers_corrected(article: Path) -> None:
    text = read(article)
    statements = list(load_extractor("rules").extract(Document(text)))
    assert (
        unmet_corrections(text, statements, read_corrections(article.with_suffix(".jsonl"))) == []
    )


def test_what_is_not_met_is_named() -> None:
    text = read(FOLDER / "ferry.txt")
    given = read_corrections(FOLDER / "ferry.jsonl")
    statements = list(load_extractor("rules").extract(Document(text)))
    asked, route, ferry, write = given
    wrong = [
        replace(asked, statement=False, stance=None, target=None),
        replace(route, speaker=None),
        replace(ferry, statement=True),
        replace(write, spans_judged=False, spans=write.found.spans, start=186, speaker="Bo"),
    ]
    unmet = unmet_corrections(text, statements, [*wrong, wrong[0]])
    assert [line.split(": ", 1)[1] for line in unmet] == [
        "listed, and nobody's statement",
        "speaker 'The county', not None",
        "not listed with these words",
        "speaker 'Berit Moen', not 'Bo'",
    ]


def test_corrections_of_another_text_are_refused() -> None:
    text = read(FOLDER / "ferry.txt")
    (first, *_) = read_corrections(FOLDER / "ferry.jsonl")
    with pytest.raises(DataError, match=r"the article has 'Nobody.*it is another article"):
        moved = Span(first.spans[0].text[::-1], first.start, first.end)
        unmet_corrections(text, [], [replace(first, spans=(moved,))])
