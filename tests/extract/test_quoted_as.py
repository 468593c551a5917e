"""What one speaker quotes of another is the other's statement."""

from __future__ import annotations

import pytest

import stance
from stance.extract.document import Document
from stance.extract.quotations import Attribution
from stance.extract.quoted_as import with_quoted

CASES = [
    ("The agency quoted Mayor Ilse Roth as saying the bridge was rotten.", "Mayor Ilse Roth"),
    ("Radio Delta cited a nurse as having said the ward was full.", "a nurse"),
    (
        "Mayor Ilse Roth was quoted by the agency as saying the bridge was rotten.",
        "Mayor Ilse Roth",
    ),
    ("Mr Krug was quoted in the Herald newspaper saying they would break things.", "Mr Krug"),
    ("The Post quoted Mr Clarkson telling activists he wanted open borders.", "Mr Clarkson"),
]


def attribution(text: str, cue: str) -> Attribution:
    """All behind the cue as the content of who begins the text."""
    at = text.index(cue)
    return Attribution(((at + len(cue) + 1, len(text) - 1),), (0, 3), (at, at + len(cue)))


@pytest.mark.parametrize(("text", "source"), CASES)
def test_the_one_who_is_quoted_is_the_source(text: str, source: str) -> None:
    cue = "cited" if "cited" in text else "quoted"
    (found,) = with_quoted(Document(text), [attribution(text, cue)])
    assert found.source is not None and found.cue is not None
    assert text[slice(*found.source)] == source
    assert text[found.content[0][0] : found.content[-1][1]] == text[found.cue[1] + 1 : -1]


@pytest.mark.parametrize(
    "text",
    [
        "The minister quoted a report as saying the river was dead.",
        "She cited fears saying the river was dead.",
        "The city quoted a price of ten pounds.",
    ],
)
def test_what_has_no_voice_is_not_quoted_for_itself(text: str) -> None:
    item = attribution(text, "cited" if "cited" in text else "quoted")
    assert with_quoted(Document(text), [item]) == [item]


def test_a_quote_before_the_clause_stays_whole() -> None:
    text = "“The strike is over,” the Gulf Daily quoted union chief Salma Haddad as saying."
    (statement,) = stance.extract_statements(text)
    assert statement.speaker == "Salma Haddad"
    assert statement.text == "The strike is over,"
