"""From attributions to records: kind, spans, context, nested quotes; texts of any spacing."""

from __future__ import annotations

import pytest

import stance
from stance.extract.document import Document
from stance.extract.statements import context_around, inner_pieces, kind_of, nested_quotes

RULES = stance.load_extractor("rules")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“We stay,”", "direct"),
        ("that it is closed", "indirect"),
        ("the plan was “a gift”", "mixed"),
        ("“a gift” to them", "mixed"),
        ("“We stay,” — “all of us”", "direct"),  # no letter outside the marks
    ],
)
def test_the_kind_of_a_content(text: str, kind: str) -> None:
    assert kind_of(Document(text), [(0, len(text))]) == kind


def test_the_pieces_inside_the_marks() -> None:
    text = "“We stay,” — “all of us”"
    pieces = inner_pieces(Document(text), [(0, len(text))])
    assert [text[start:end] for start, end in pieces] == ["We stay,", "all of us"]


@pytest.mark.parametrize(
    ("piece", "context"),
    [
        ("One.", "One. Two."),
        ("Two.", "One. Two. Three."),
        ("Three.", "Two. Three.\n\nFour."),
        ("Four.", "Three.\n\nFour. Five."),
        ("Five.", "Four. Five."),
    ],
)
def test_the_sentences_around(piece: str, context: str) -> None:
    text = "One. Two. Three.\n\nFour. Five."
    start = text.index(piece)
    assert context_around(Document(text), start, start + len(piece)) == context


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("“My father told me, ‘Never sell,’ and I did not,” she said.", ["Never sell,"]),
        ("“He said: ‘Never sell it.’ And I did not,” she said.", ["Never sell it."]),
        ("“We call it ‘the big one’ here,” she said.", []),
        ("“We stay,” she said.", []),
        ("‘We say: “Go!” often,’ she said.", []),  # only single marks within double ones
    ],
)
def test_quotes_within_quotes(text: str, inner: list[str]) -> None:
    document = Document(text)
    region = document.quote_regions[0]
    found = nested_quotes(document, [(region.start, region.end)])
    assert [text[slice(*item.content[0])] for item in found] == inner


@pytest.mark.parametrize("extractor", [RULES, stance.load_extractor()], ids=["rules", "tagger"])
@pytest.mark.parametrize(
    "text",
    [
        "“We stay,” the minister said.     Ada Berg left.",
        "x.    Ada Berg said that it is cold.",
        "minister     Ada Berg said that it is cold.",
        "- - -   Ada Berg said that it is cold.",
        "He said ... that it is cold.",
        "She said . Then he said ? No.",
        "'    Ada Berg said no.",
        "\t\tAda Berg said that it is cold.\t\t",
        "Ada Berg said\u00a0\u00a0\u00a0\u00a0that it is cold.",
        "\ud800 Ada Berg said that it is cold.",
    ],
)
def test_no_spacing_makes_the_extraction_fail(extractor: stance.Extractor, text: str) -> None:
    document = Document(text)
    for item in extractor.extract(document):
        assert all(document.text[span.start : span.end] == span.text for span in item.spans)


def test_several_spaces_before_a_name_do_not_hide_its_role() -> None:
    text = "The minister Ada Berg left.     Ada Berg said that it is cold. He said no."
    found = RULES.extract(Document(text))
    assert found[0].speaker == "Ada Berg"
