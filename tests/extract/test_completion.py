"""What an attribution leaves out: the noun of a relative clause; quotes that nothing attributes."""

from __future__ import annotations

import pytest

import stance
from stance.extract.completion import complete_relative
from stance.extract.document import Document
from stance.extract.quotations import Attribution


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        (
            "They had passed a port law which Judge Berg said was the weakest in the region.",
            "Berg",
            "a port law which was the weakest in the region",
        ),
        (
            "The dam, which engineers say will last a century, opened on Friday.",
            "engineers",
            "The dam, which will last a century",
        ),
        (
            "Nairobi bought the trams that Wanjiru Otieno said were too wide for the bridge.",
            "Wanjiru Otieno",
            "the trams that were too wide for the bridge",
        ),
        (
            "Haifa has built a tower that Mayor Levi said would outlive us all.",
            "Levi",
            "a tower that would outlive us all",
        ),
    ],
)
def test_a_relative_clause_has_its_noun(text: str, speaker: str, content: str) -> None:
    said = {s.speaker: s.text for s in stance.extract_statements(text)}
    assert said.get(speaker) == content


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "pieces"),
    [
        ("He sold a boat which divers say leaks.", "divers", "say", "leaks", ["a boat which"]),
        ("Rabat shut a clinic that Dr Amrani said had saved thousands.",
         "Dr Amrani", "said", "had saved thousands", ["a clinic that"]),
        ("They met the pilot who police say fell asleep.",
         "police", "say", "fell asleep", ["the pilot who"]),
        ("It is a tax of the rich which Oslo says hurts nobody.",
         "Oslo", "says", "hurts nobody", ["a tax of the rich which"]),
        ("Her old Lagos house, which heirs claim was sold, burned.",
         "heirs", "claim", "was sold", ["Her old Lagos house, which"]),
        ("We read the report the mayor said was lost.",
         "the mayor", "said", "was lost", ["the report"]),
        ("She knows that Park said it was lost.", "Park", "said", "it was lost", []),
        ("The judge said was a strange word.", "The judge", "said", "was a strange word", []),
    ],
)  # fmt: skip
def test_the_noun_phrase_of_a_relative_clause(
    text: str, source: str, cue: str, content: str, pieces: list[str]
) -> None:
    ranges = [(text.index(part), text.index(part) + len(part)) for part in (source, cue, content)]
    item = Attribution((ranges[2],), ranges[0], ranges[1])
    whole = complete_relative(Document(text), item)
    assert [text[start:end] for start, end in whole.content] == [*pieces, content]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("The phone rang. “No comment.” The line went dead.", ["No comment."]),
        ("A door opened. “Leave us alone!” It closed again.", ["Leave us alone!"]),
        ("He looked at the sea. “Never again.” He walked away.", ["Never again."]),
        ('The crowd fell silent. "Who is next?" Nobody moved.', ["Who is next?"]),
        ("“We are full.” The clerk shut the window.", ["We are full."]),
        ("The judge looked up. “Sit down.”", ["Sit down."]),
        ("Rain fell on Dhaka. “It will pass.” The boatman smiled.", ["It will pass."]),
        ("She read the letter twice. “So be it.” Then she burned it.", ["So be it."]),
        ("The radio crackled. «Nous rentrons.» Then silence.", ["Nous rentrons."]),
        ("Night fell. “Too late.” The guard turned his back.", ["Too late."]),
    ],
)
def test_short_quotes_between_sentences_are_statements(text: str, quotes: list[str]) -> None:
    found = stance.extract_statements(text)
    assert [s.text for s in found] == quotes
    assert all(s.kind == "direct" for s in found)


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “peace park” is a car park.",
        "The film “The Long Way Home” was shot in Accra.",
        "They call it a “green port”. Nobody knows why.",
    ],
)
def test_terms_and_titles_are_none(text: str) -> None:
    assert [s for s in stance.extract_statements(text) if s.kind == "direct"] == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The planes just circle,” the minister said. “We are tired,” said Ruth Okoye.",
         "The planes just circle,"),
        ("Nobody asked us,” said Hai Nguyen. “We stay.”", "Nobody asked us, We stay."),
        ("The road is open again.” The mayor of Quito smiled.", "The road is open again."),
        ("Who pays for it?” asked Leila Haddad.", "Who pays for it?"),
        ("It rained. We lost the rice,” a farmer in Sylhet told the BBC.",
         "It rained. We lost the rice,"),
    ],
)  # fmt: skip
def test_a_lost_opening_mark_leaves_clean_words(text: str, first: str) -> None:
    assert stance.extract_statements(text)[0].text == first
