"""Attributions by rules alone: direct, resumed, inherited and indirect."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.quotations import Attribution, is_quotation, may_continue
from stance.extract.rules import direct_by_rules, indirect_by_rules

Row = tuple[list[str], str | None, str | None]


def rows(text: str, found: list[Attribution]) -> list[Row]:
    return [
        (
            [text[start:end] for start, end in item.content],
            text[slice(*item.source)] if item.source else None,
            text[slice(*item.cue)] if item.cue else None,
        )
        for item in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We stay,” Ada Berg said.", [(["“We stay,”"], "Ada Berg", "said")]),
        ("Ada Berg said: “We stay.”", [(["“We stay.”"], "Ada Berg", "said")]),
        (
            "“We stay,” Ada Berg said. “All of us.”",
            [(["“We stay,”", "“All of us.”"], "Ada Berg", "said")],
        ),
        (
            "“We stay,” Berg said, “and we work.”",
            [(["“We stay,”", "“and we work.”"], "Berg", "said")],
        ),
        (
            "“We stay,” Berg said. “All of us,” Lund added.",
            [(["“We stay,”", "“All of us,”"], "Berg", "said")],
        ),
        ("“We stay.” — Ada Berg", [(["“We stay.”"], "Ada Berg", None)]),
        (
            "Berg spoke: “We stay.” Rain: “All of us.”",
            [(["“We stay.”"], None, None), (["“All of us.”"], None, None)],
        ),
        ("“We came.\n\n“We stay,” Berg said.", [(["“We came.", "“We stay,”"], "Berg", "said")]),
        ("The so-called “experts” met.", []),
        ("Her novel “The Long Winter” sold well.", []),
        ("Nothing is quoted here.", []),
        ("", []),
    ],
)
def test_direct_quotes(text: str, expected: list[Row]) -> None:
    assert rows(text, direct_by_rules(Document(text))) == expected


def test_a_quote_without_a_source_takes_that_of_the_quote_before() -> None:
    text = "“We stay,” Berg said. Then: “We will not go.”"
    first, second = direct_by_rules(Document(text))
    assert second.source == first.source
    assert second.inherited and not first.inherited
    assert second.score < first.score


def test_a_quote_that_opens_a_paragraph_takes_the_source_before_it() -> None:
    text = "Ada Berg said that the bridge was closed.\n\n“We will not go.”"
    (found,) = direct_by_rules(Document(text))
    assert found.source == (0, 8)
    assert found.inherited and found.score < 0.9


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ada Berg said that the bridge is closed.",
            [(["that the bridge is closed"], "Ada Berg", "said")],
        ),
        (
            "Ada Berg said the bridge is closed.",
            [(["the bridge is closed"], "Ada Berg", "said")],
        ),
        (
            "The bridge is closed, according to Ada Berg.",
            [(["The bridge is closed"], "Ada Berg", "according to")],
        ),
        (
            "Ada Berg left the hall, saying that the bridge is closed.",
            [(["that the bridge is closed"], "Ada Berg", "saying")],
        ),
        (
            "Ada Berg emphasised that it is closed.",
            [(["that it is closed"], "Ada Berg", "emphasised")],
        ),
        (
            "Ada Berg emphasized that it is closed.",
            [(["that it is closed"], "Ada Berg", "emphasized")],
        ),
        ("Ada Berg whispered the bridge is closed.", []),  # not without "that"
        ("Ada Berg said in Oslo.", []),
        ("Rain fell on the bridge.", []),
        ("He said .", []),
        ("He said ... that", []),
        ("They say .", []),
    ],
)
def test_indirect_statements(text: str, expected: list[Row]) -> None:
    assert rows(text, indirect_by_rules(Document(text), [])) == expected


def test_a_sentence_with_a_quote_has_no_indirect_statement() -> None:
    text = "Ada Berg said the plan was “a gift to smugglers” and must stop."
    document = Document(text)
    assert indirect_by_rules(document, direct_by_rules(document)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We stay here”", True),
        ("“Go!”", True),
        ("“go”", False),  # one word in small letters
        ("“experts”", False),
        ("“The Long Winter”", False),  # the title of a work
        ("a film called “We all stay here”", False),
        ("a film called “We all stay here, and nobody ever goes.”", True),
        ("‘we stay’", False),  # a term between single marks
        ("‘We stay,’", True),
        ("“—”", False),
    ],
)
def test_what_counts_as_a_quotation(text: str, expected: bool) -> None:
    document = Document(text)
    assert [is_quotation(document, region) for region in document.quote_regions] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("“We came.", True), ("“we came.", False), ("“We came", False), ("“We came.”", False)],
)
def test_an_unclosed_quote_may_go_on(text: str, expected: bool) -> None:
    document = Document(text)
    assert [may_continue(document, region) for region in document.quote_regions] == [expected]
