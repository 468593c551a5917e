"""The page of an article: escaped, complete, and honest about what is not known."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape

import pytest

from stance.analysis import Analysis
from stance.extract.document import Document
from stance.labels import Abstention, Sentiment, Stance
from stance.report import render_html
from stance.report.passages import cut_article
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


def test_only_the_own_style_and_script_are_allowed() -> None:
    found = page()
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', found)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in unescape(policy[1]).split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for name in ("style", "script"):
        (content,) = re.findall(f"<{name}>(.*?)</{name}>", found, re.S)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    assert not re.search(r"\s(style|on\w+)=", found)


def body(found: str) -> str:
    article = re.search(r"<article>(.*?)</article>", found, re.S)
    assert article is not None
    return article[1]


def words(markup: str) -> str:
    return unescape(re.sub(r"<.*?>", "", markup))


def test_the_article_stands_there_as_written() -> None:
    assert words(re.sub(r'<a class="ref.*?</a>', "", body(page()))) == TEXT


def test_marks_show_the_stance_toward_the_first_target_and_lead_to_the_card() -> None:
    found = body(page())
    assert re.findall(r'<mark class="(\w+)" data-statements="(\d)"', found) == [
        ("against", "1"),
        ("abstained", "2"),
    ]
    assert re.findall(r'href="#(s\d)"', found) == ["s1", "s2"]
    assert re.findall(r'<li id="(s\d)"', page()) == ["s1", "s2"]
    assert [words(ref) for ref in re.findall(r'<a class="ref.*?</a>', found)] == ["1 −", "2 ?"]
    assert 'Marked by stance toward <em id="current">troops</em>' in page()


def test_each_statement_has_a_block_for_each_target() -> None:
    found = page()
    blocks = re.findall(r'<div class="toward" data-target="(\d)">\s*<p class="(\w+)">', found)
    assert blocks == [("0", "against"), ("1", "abstained"), ("0", "abstained"), ("1", "against")]
    assert found.count("− against 0.70") == 2
    assert found.count("? abstained 0.70</span> (cut)") == 2  # why there is no stance
    assert "direct" in found and "hypothetical" in found and "unknown" in found


def test_each_speaker_is_counted_for_each_target() -> None:
    people = re.search(r'<ul class="people">(.*?)</ul>', page(), re.S)
    assert people is not None
    assert " ".join(words(people[1]).split()) == (
        "Ann <Lee> mayor & <b>judge; Port <b>Board 1 statement "
        "+0 favor ○0 neutral −1 against "
        "+0 favor ○0 neutral −0 against ?1 abstained "
        "unknown 1 statement"
    )


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
    assert "Sentiment: not given" in render_html(
        Document(TEXT), ["troops"], [FIRST], [[prediction("troops")]]
    )


def test_those_who_may_have_spoken_are_named() -> None:
    open_ = statement(
        "No & no.", speaker_candidates=(Candidate("A <Y>", 0.5), Candidate("B Y", 0.5))
    )
    found = render_html(Document(TEXT), ["troops"], [open_], [[prediction("troops")]])
    assert "unknown: A <Y> or B Y" in words(found)


def test_an_article_without_statements() -> None:
    found = render_html(Document(TEXT), ["troops"], [], [])
    assert "No attributed statement was found" in found
    assert "<mark" not in found


def test_warnings_stand_with_the_target_that_they_are_about() -> None:
    rows = [
        [
            prediction("troops", warnings=("it is short",)),
            prediction("a tax", warnings=("it is short", "the context was cut")),
        ]
    ]
    found = render_html(Document(TEXT), ["troops", "a tax"], [FIRST], rows)
    first, second = found.split('<div class="toward"')[1:]
    assert re.findall("Warning: (.*?)<", first) == ["it is short"]
    assert re.findall("Warning: (.*?)<", second) == ["it is short", "the context was cut"]


def test_what_the_model_read_is_told() -> None:
    around = Document("One. Ann Lee said the war is wrong. Two.")
    indirect = Statement(
        "the war is wrong",
        (Span.of(around.text, 18, 34),),
        cue=Span.of(around.text, 13, 17),
        kind="indirect",
        context=around.text,
    )
    rows = [[prediction("troops", used_context=True), prediction("a tax", truncated=True)]]
    found = words(render_html(around, ["troops", "a tax"], [indirect], rows))
    read = "The model read: “said the war is wrong”"
    assert f"{read}, in “One. Ann Lee [...]. Two.”" in found
    assert f"{read}, cut to what it can hold, without context" in found


def test_a_notebook_shows_the_page_in_a_frame_that_cannot_reach_it() -> None:
    analysis = Analysis(Document(TEXT), ("troops",), (FIRST,), ((prediction("troops"),),))
    frame = re.fullmatch(
        r'<iframe sandbox="allow-scripts allow-popups allow-downloads" [^<>]*'
        r'srcdoc="([^"]*)"></iframe>',
        analysis._repr_html_(),
    )
    assert frame is not None
    assert unescape(frame[1]) == analysis.to_html()


PASSAGES = "\n\nOne “two” three.\n \nFour\nfive “six” seven.\n"


@pytest.mark.parametrize("pieces", [["two"], ["One “two” three.", "two"], ["two", "six"], []])
def test_an_article_is_cut_without_loss(pieces: list[str]) -> None:
    found = [
        Statement(piece, (Span.of(PASSAGES, at := PASSAGES.index(piece), at + len(piece)),))
        for piece in pieces
    ]
    paragraphs = cut_article(PASSAGES, found)
    assert "".join("".join(p.text for p in q.pieces) + q.gap for q in paragraphs) == PASSAGES
    for number, piece in enumerate(pieces):
        held = [p for q in paragraphs for p in q.pieces if number in p.statements]
        assert "".join(p.text for p in held) == piece
        assert [number in p.last_of for p in held] == [False] * (len(held) - 1) + [True]
    assert [q.gap for q in paragraphs] == ["\n\n", "\n \n", ""]


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    found = cut_article("One.\nTwo.", [])
    assert [(q.pieces[0].text, q.gap) for q in found] == [("One.", "\n"), ("Two.", "")]


@pytest.mark.parametrize("odd", ["\x1b[2J", "\x9b", "\x00", "\u202e", "\u2067", "\x7f", "\r!"])
def test_no_control_character_is_in_a_page(odd: str) -> None:
    document = Document(TEXT + odd, title=odd, outlet=odd, date=odd, authors=[odd], url=f"x{odd}")
    found = page(document)
    assert odd[0] not in found
    assert found.count(f"{ord(odd[0]):x}") >= 6


def test_line_ends_of_any_system_stay_in_a_page() -> None:
    found = body(page(Document(TEXT + "one\r\ntwo\tthree")))
    assert words(found).endswith("one\r\ntwo\tthree")
