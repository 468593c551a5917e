"""The page of an article: escaped, complete, and honest about what is not known."""

from __future__ import annotations

import re
from html import unescape

import pytest

from stance.extract.document import Document
from stance.labels import Abstention, Sentiment, Stance
from stance.report import render_html
from stance.schema import Candidate, Prediction, Span, Speaker, Statement

TEXT = "Ann Lee said “we <b>never</b> leave”. Bo Ek: “No & no.”"


def statement(words: str, **fields: object) -> Statement:
    start = TEXT.index(words)
    return Statement(words, (Span.of(TEXT, start, start + len(words)),), **fields)  # type: ignore[arg-type]


ANN = Speaker("Ann <Lee>", "person", "mayor & <b>judge", "Port <b>Board")
FIRST = statement("we <b>never</b> leave", speakers=(ANN,), kind="direct")
SECOND = statement("No & no.", modality="hypothetical")


def prediction(target: str, stance: Stance | None = Stance.AGAINST, **fields: object) -> Prediction:
    shares = {"against": 0.7, "neutral": 0.2, "favor": 0.1}
    reason = Abstention.CUT if stance is None else None
    return Prediction(target, stance, shares, abstained_because=reason, **fields)  # type: ignore[arg-type]


def page(document: Document | None = None, **options: object) -> str:
    rows = [
        [prediction("troops"), prediction("a <tax>", None)],
        [prediction("troops", None, warnings=("it is <short>",)), prediction("a <tax>")],
    ]
    return render_html(
        document or Document(TEXT), ["troops", "a <tax>"], [FIRST, SECOND], rows, **options
    )  # type: ignore[arg-type]


def test_all_text_is_escaped() -> None:
    document = Document(
        TEXT, title="<i>T", outlet="<i>O", date="<i>D", authors=["<i>A"], url="https://x/<i>"
    )
    found = page(document)
    assert "<b>" not in found and "<i>" not in found
    for shown in (
        "&lt;b&gt;never&lt;/b&gt;",
        "Ann &lt;Lee&gt;",
        "mayor &amp; &lt;b&gt;judge",
        "Port &lt;b&gt;Board",
        "a &lt;tax&gt;",
        "is &lt;short&gt;",
    ):
        assert shown in found


def test_the_article_stands_there_as_written() -> None:
    body = re.search(r"<article>(.*?)</article>", page(), re.S)
    assert body is not None
    without_numbers = re.sub(r"<sup.*?</sup>", "", body[1])
    assert unescape(re.sub(r"</?mark.*?>", "", without_numbers)) == TEXT


def test_marks_show_the_stance_toward_the_first_target_and_lead_to_the_row() -> None:
    found = page()
    assert re.findall(r'<mark class="(\w+)">', found) == ["against", "abstained"]
    assert (
        re.findall(r'href="#(s\d)"', found) == re.findall(r'<tr id="(s\d)"', found) == ["s1", "s2"]
    )
    assert "Marked by stance toward <em>troops</em>" in found


def test_each_statement_has_a_row_for_each_target() -> None:
    found = page()
    cells = re.findall(r'<td class="label (\w+)">(\w+) ([\d.]+)', found)
    assert [cell[:2] for cell in cells] == [
        ("against", "against"),
        ("abstained", "abstained"),
        ("abstained", "abstained"),
        ("against", "against"),
    ]
    assert {cell[2] for cell in cells} == {"0.70"}
    assert found.count("<small>cut</small>") == 2  # why there is no stance
    assert "direct" in found and "hypothetical" in found and "unknown" in found


def test_what_is_known_of_the_article_heads_the_page() -> None:
    document = Document(
        TEXT,
        title="Two answers",
        date="2026-11-29",
        outlet="The Harbour Post",
        authors=["Cy Orr", "Dee Poe"],
        url="https://example.org/1",
    )
    found = page(document)
    assert "<title>Two answers</title>" in found and "<h1>Two answers</h1>" in found
    head = re.search(r'<p class="about">(.*?)</p>', found, re.S)
    assert head is not None
    assert re.sub(r"<.*?>", "", head[1]) == (
        "Cy Orr, Dee Poe · The Harbour Post · 2026-11-29 · https://example.org/1"
    )
    assert 'href="https://example.org/1"' in head[1]
    assert "<h1>Mine</h1>" in page(document, title="Mine")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "example.org/1"])
def test_only_web_addresses_become_links(url: str) -> None:
    found = page(Document(TEXT, url=url))
    assert url in unescape(found)
    assert f'href="{url}"' not in unescape(found)


def test_nothing_is_known_of_the_article() -> None:
    found = page()
    assert "<h1>Stance analysis</h1>" in found
    assert 'class="about"' not in found


def test_sentiment_is_shown_where_there_is_one() -> None:
    shares = {"negative": 0.1, "neutral": 0.3, "positive": 0.6}
    glad = prediction("troops", sentiment=Sentiment.POSITIVE, sentiment_probabilities=shares)
    found = render_html(Document(TEXT), ["troops"], [FIRST], [[glad]])
    assert "positive 0.60" in found
    assert "<td>–</td>" in render_html(
        Document(TEXT), ["troops"], [FIRST], [[prediction("troops")]]
    )


def test_those_who_may_have_spoken_are_named() -> None:
    open_ = statement(
        "No & no.", speaker_candidates=(Candidate("A <Y>", 0.5), Candidate("B Y", 0.5))
    )
    found = render_html(Document(TEXT), ["troops"], [open_], [[prediction("troops")]])
    assert "unknown: A &lt;Y&gt; or B Y" in found


def test_an_article_without_statements() -> None:
    found = render_html(Document(TEXT), ["troops"], [], [])
    assert "No attributed statement was found" in found
    assert "<mark" not in found


def test_each_warning_of_a_statement_is_shown_once() -> None:
    rows = [
        [
            prediction("troops", warnings=("it is short",)),
            prediction("a tax", warnings=("it is short", "the context was cut")),
        ]
    ]
    found = render_html(Document(TEXT), ["troops", "a tax"], [FIRST], rows)
    assert found.count("Warning: it is short") == 1
    assert found.count("Warning: the context was cut") == 1


@pytest.mark.parametrize("odd", ["\x1b[2J", "\x9b", "\x00", "\u202e", "\u2067", "\x7f", "\r!"])
def test_no_control_character_is_in_a_page(odd: str) -> None:
    document = Document(TEXT + odd, title=odd, outlet=odd, date=odd, authors=[odd], url=f"x{odd}")
    found = page(document)
    assert odd[0] not in found
    assert found.count(f"{ord(odd[0]):x}") >= 6


def test_line_ends_of_any_system_stay_in_a_page() -> None:
    assert "one\r\ntwo\tthree" in page(Document(TEXT + "one\r\ntwo\tthree"))
