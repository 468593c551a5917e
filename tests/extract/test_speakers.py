"""From mentions to canonical speakers."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.names import clean_name
from stance.extract.speakers import Link, SpeakerIndex

ARTICLE = (
    "Kenya's President Wanjiru Otieno met Foreign Minister Lars Holm in Oslo on Monday. "
    "Otieno praised the talks.\n"
    "Lars Holm, the finance chief of the bloc, was less sure. He left early.\n"
    "Two current officials spoke as well. The Harbour Workers Union objected to the plan."
)


def link(text: str, mention: str, *, last: bool = True, previous: str | None = None) -> Link:
    start = text.rindex(mention) if last else text.index(mention)
    return SpeakerIndex(Document(text)).link((start, start + len(mention)), previous=previous)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("President Wanjiru Otieno", ["Wanjiru", "Otieno"]),
        ("House Speaker Ada Berg", ["Ada", "Berg"]),
        ("Secretary of State Omar Diallo", ["Omar", "Diallo"]),
        ("Sen. J. T. Moss", ["J.", "T.", "Moss"]),
        ("The Daily Globe", ["Daily", "Globe"]),
    ],
)
def test_titles_are_stripped(raw: str, name: list[str]) -> None:
    assert clean_name(raw)[1] == name


def test_surname_and_title_lead_to_the_full_name() -> None:
    assert link(ARTICLE, "Otieno").speaker == "Wanjiru Otieno"
    assert link(ARTICLE, "Kenya's President Wanjiru Otieno").speaker == "Wanjiru Otieno"


def test_role_with_country_leads_to_the_name() -> None:
    text = ARTICLE + "\nThe Kenyan president had no comment."
    assert link(text, "The Kenyan president").speaker == "Wanjiru Otieno"


def test_role_leads_to_its_only_holder() -> None:
    text = ARTICLE + "\nThe minister had no comment."
    assert link(text, "The minister").speaker == "Lars Holm"


def test_pronoun_takes_the_fitting_name() -> None:
    assert link(ARTICLE, "He").speaker == "Lars Holm"


def test_pronoun_respects_gender() -> None:
    text = "Maria Velasco sat beside Peter Lund. Lund waved to the crowd. She said no."
    assert link(text, "She").speaker == "Maria Velasco"


def test_name_within_a_quote_is_no_antecedent() -> None:
    text = "Peter Lund frowned. “Ask Robert Gray,” said a clerk. He said it was over."

    index = SpeakerIndex(Document(text))
    start = text.index("He said")
    assert index.link((start, start + 2)).speaker == "Peter Lund"


def test_pronoun_without_antecedent_is_none() -> None:
    assert link("It rained. She said it would stop.", "She") == Link(None, 0.0)


def test_first_person_is_left_open() -> None:
    assert link("Peter Lund wrote it. I said no.", "I").speaker is None


def test_unnamed_sources_keep_their_words() -> None:
    found = link(ARTICLE, "Two current officials")
    assert found.speaker == "Two current officials"
    assert found.anonymous


def test_possessive_owner_is_not_the_speaker() -> None:
    text = "Peter Lund stayed home. Peter Lund's lawyer said nothing."
    assert link(text, "Peter Lund's lawyer").speaker == "Peter Lund's lawyer"


def test_her_office_names_its_owner() -> None:
    text = "Maria Velasco flew home. Her office said she was tired."
    assert link(text, "Her office").speaker == "Maria Velasco’s office"


def test_apposition_names_the_speaker() -> None:
    text = "His lawyer, Sofia Brandt, said nothing."
    assert link(text, "His lawyer, Sofia Brandt,").speaker == "Sofia Brandt"


def test_organisation_is_kept() -> None:
    assert link(ARTICLE, "The Harbour Workers Union").speaker == "Harbour Workers Union"


def test_modifier_name_is_not_the_speaker() -> None:
    text = "Peter Lund ran again. Lund supporters said he would win."
    assert link(text, "Lund supporters").speaker == "Lund supporters"


def test_two_bearers_of_a_surname() -> None:
    text = (
        "Gary Stone ran the race. Much later in the evening Helen Stone came. "
        "Mrs. Stone said it was late. Mr. Stone said it was early."
    )
    assert link(text, "Mrs. Stone").speaker == "Helen Stone"
    assert link(text, "Mr. Stone").speaker == "Gary Stone"
