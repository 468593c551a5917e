"""From mentions to canonical speakers."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import stance
from stance.extract.document import Document
from stance.extract.names import title_words
from stance.extract.speakers import Link, SpeakerIndex

ARTICLE = (
    "Kenya's President Wanjiru Otieno met Foreign Minister Lars Holm in Oslo on Monday. "
    "Otieno praised the talks.\n"
    "Lars Holm, the finance chief of the bloc, was less sure. He left early.\n"
    "Two current officials spoke as well. The Harbour Workers Union objected to the plan."
)


def link(text: str, mention: str) -> Link:
    start = text.rindex(mention)
    (found,) = SpeakerIndex(Document(text)).link((start, start + len(mention)))
    return found


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("President Wanjiru Otieno", ["Wanjiru", "Otieno"]),
        ("House Speaker Ada Berg", ["Ada", "Berg"]),
        ("Secretary of State Omar Diallo", ["Omar", "Diallo"]),
        ("Sen. J. T. Moss", ["J.", "T.", "Moss"]),
        ("Attorney General Nadia Bisset", ["Nadia", "Bisset"]),
        ("Director of Public Health Salma Idris", ["Salma", "Idris"]),
        ("Mr Church", ["Church"]),
        ("Judge Paul Bishop", ["Paul", "Bishop"]),
        ("Foreign Secretary", []),
        ("Director of Public Prosecutions", []),
        ("General Motors", ["General", "Motors"]),
        ("Peter Baker", ["Peter", "Baker"]),
    ],
)
def test_titles_are_stripped(raw: str, name: list[str]) -> None:
    words = raw.split()
    assert words[title_words(words) :] == name


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

    assert link(text, "He").speaker == "Peter Lund"


def test_pronoun_without_antecedent_is_none() -> None:
    assert link("It rained. She said it would stop.", "She").speaker is None


def test_first_person_is_left_open() -> None:
    assert link("Peter Lund wrote it. I said no.", "I").speaker is None


def test_unnamed_sources_keep_their_words() -> None:
    found = link(ARTICLE, "Two current officials")
    assert found.speaker == "Two current officials"


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


CASES = yaml.safe_load((Path(__file__).parent / "speaker_cases.yaml").read_text("utf-8"))
STATED = [(kind, case["text"], case["speakers"]) for kind in CASES for case in CASES[kind]]


def spoken(name: str | None) -> str | None:
    """A name as it is compared: in small letters, without an article."""
    plain = name.replace("’", "'").lower() if name else None
    return plain.removeprefix("the ") if plain else None


@pytest.mark.parametrize(("kind", "text", "speakers"), STATED)
def test_who_speaks(kind: str, text: str, speakers: list[str | list[str] | None]) -> None:
    """The statements at the end are whose the file says; those before have no other speaker."""
    expected = [spoken(" and ".join(s) if isinstance(s, list) else s) for s in speakers]
    found = [spoken(statement.speaker) for statement in stance.extract_statements(text)]
    if expected == [None] and not found:
        return
    assert found[-len(expected) :] == expected
    assert set(found) <= set(expected)


def test_namesakes_are_candidates_where_the_text_leaves_open_who_spoke() -> None:
    text = "Goran Babic and Vesna Babic spoke to the court. “He never came home,” Babic said."
    found = link(text, "Babic")
    assert found.speaker is None
    assert {name for name, _ in found.candidates} == {"Goran Babic", "Vesna Babic"}


def test_the_subject_of_a_passive_cue_says_nothing() -> None:
    text = "The port is seen as unsafe."
    (found,) = SpeakerIndex(Document(text)).link((0, 8), (9, 19))
    assert found.speaker is None


def test_i_within_a_quotation_is_its_speaker() -> None:
    text = "“I told them that the bridge would fall,” Ada Berg said."
    index = SpeakerIndex(Document(text))
    start = text.index("Ada Berg")
    index.said([(1, 40)], index.link((start, start + 8)))
    (found,) = index.link((1, 2))
    assert found.speaker == "Ada Berg"


def test_two_bearers_of_a_surname() -> None:
    text = (
        "Gary Stone ran the race. Much later in the evening Helen Stone came. "
        "Mrs. Stone said it was late. Mr. Stone said it was early."
    )
    assert link(text, "Mrs. Stone").speaker == "Helen Stone"
    assert link(text, "Mr. Stone").speaker == "Gary Stone"
