"""Whom one mention is linked to, by how the article names it: no tagger is asked here."""

from __future__ import annotations

import pytest

from stance.extract.descriptions import descriptions, noun_phrase_before
from stance.extract.document import Document
from stance.extract.speakers import SpeakerIndex


def speakers(text: str, mention: str) -> list[str | None]:
    """The names linked to the last place of a mention, in small letters, without an article."""
    start = text.rindex(mention)
    links = SpeakerIndex(Document(text)).link((start, start + len(mention)))
    return [link.speaker.lower().removeprefix("the ") if link.speaker else None for link in links]


CASES = {
    "a fuller description": [
        (
            "Peru’s interior ministry closed the road. The ministry said that it would reopen.",
            "The ministry",
            ["peru’s interior ministry"],
        ),
        (
            "The Lagos state police arrested six men. The police said they were armed.",
            "The police",
            ["lagos state police"],
        ),
        (
            "A Danish shipping agency has a new home. The agency said that it was too big.",
            "The agency",
            ["danish shipping agency"],
        ),
        (
            "The governor's press office was shut. The office said that the phones were down.",
            "The office",
            ["governor's press office"],
        ),
    ],
    "an acronym that spells a name": [
        (
            "The Joint Chiefs of Staff (JCS) met on Monday. The JCS said that nothing had changed.",
            "The JCS",
            ["joint chiefs of staff"],
        ),
        (
            "The Southern Community for Defence and Trade (SCDT) has moved. SCDT said it had to.",
            "SCDT",
            ["southern community for defence and trade"],
        ),
        (
            "On Monday the Kenyan National Drought Relief and Water Board (NDRWB) said that no "
            "rain would fall.",
            "the Kenyan National Drought Relief and Water Board (NDRWB)",
            ["kenyan national drought relief and water board"],
        ),
        (
            "The Port Rescue, Pilots and Towage Agency (PRPTA) has two boats. PRPTA said so.",
            "PRPTA",
            ["port rescue, pilots and towage agency"],
        ),
        ("The WHO warned of fever. The WHO said that beds were few.", "The WHO", ["who"]),
    ],
    "a country by its full name": [
        ("The State of Qatar sent two ships. Qatar said that more would come.", "Qatar", ["qatar"]),
        (
            "Oman closed its ports. The Sultanate of Oman said that they were full.",
            "The Sultanate of Oman",
            ["oman"],
        ),
    ],
    "a name behind a role": [
        (
            "The baker, a Uruguayan known as Pato, said no.",
            "The baker, a Uruguayan known as Pato",
            ["pato"],
        ),
        (
            "A lawyer who had read the file, Osman Farouki, said it was thin.",
            "A lawyer who had read the file, Osman Farouki,",
            ["osman farouki"],
        ),
        (
            "Tory work and pensions spokesman Owen Pugh said it was late.",
            "Tory work and pensions spokesman Owen Pugh",
            ["owen pugh"],
        ),
        (
            "The UN spokesman for human rights Omar Lund said that it was a crime.",
            "The UN spokesman for human rights Omar Lund",
            ["omar lund"],
        ),
        (
            "The Guarantor, Prof. Ada Serri, said no.",
            "The Guarantor, Prof. Ada Serri",
            ["ada serri"],
        ),
        (
            "“We open in May,” said Wanja Ndegwa, founder and Chief Executive.",
            "Wanja Ndegwa, founder and Chief Executive",
            ["wanja ndegwa"],
        ),
    ],
    "a title or a rank": [
        ("Coun. Joan Thiessen said that she would vote.", "Coun. Joan Thiessen", ["joan thiessen"]),
        ("Adv. Riaan Stofberg said that he knew.", "Adv. Riaan Stofberg", ["riaan stofberg"]),
        ("Archpriest Zurab Maisu said mass.", "Archpriest Zurab Maisu", ["zurab maisu"]),
        ("Mali ap Gwilym MS asked why.", "Mali ap Gwilym MS", ["mali ap gwilym ms"]),
        (
            "Ada Baker sold the mill. Baker said that it was too big.",
            "Baker",
            ["ada baker"],
        ),
        (
            "Íñigo Larra-Vidal flew home. Larra said that he was ill.",
            "Larra",
            ["íñigo larra-vidal"],
        ),
    ],
    "several": [
        (
            "Campaign groups including Friends of the Sea, the Port Trust, and Clean Bay said that "
            "the new rules for boats would help nobody.",
            "Campaign groups including Friends of the Sea, the Port Trust, and Clean Bay",
            ["friends of the sea", "port trust", "clean bay"],
        ),
        (
            "Rights groups including Amnesty International said so.",
            "Rights groups including Amnesty International",
            ["rights groups including amnesty international"],
        ),
        (
            "Norway, Denmark and other neighbours said so.",
            "Norway, Denmark and other neighbours",
            ["norway", "denmark", "other neighbours"],
        ),
    ],
    "words that somebody owns": [
        ("Ada Berg left. Ada Berg’s remarks suggested a deal.", "Ada Berg’s remarks", ["ada berg"]),
        (
            "Lund Motors fell. Lund Motors’ refusal meant that wages fell.",
            "Lund Motors’ refusal",
            ["lund motors"],
        ),
    ],
    "a relative pronoun": [
        (
            "The court heard two experts and a union lawyer, who argued that it was late.",
            "who",
            ["a union lawyer"],
        ),
        ("They met a group through which the firm is run.", "They", [None]),
    ],
    "names of shares, and roles of bodies": [
        (
            "Orex Holdings Corp ORX.N cut jobs. Orex said that it had to.",
            "Orex",
            ["orex holdings corp"],
        ),
        (
            "Tundra Foods, the employer, made an offer. The company said that it was the last.",
            "The company",
            ["tundra foods"],
        ),
    ],
}


@pytest.mark.parametrize(
    ("text", "mention", "expected"), [case for kind in CASES.values() for case in kind]
)
def test_a_mention_is_linked_to(text: str, mention: str, expected: list[str | None]) -> None:
    assert speakers(text, mention) == expected


@pytest.mark.parametrize(
    ("text", "head", "found"),
    [
        ("Peru’s interior ministry said so.", "ministry", ["Peru’s interior ministry"]),
        ("The ministry said so. The same ministry left.", "ministry", []),
        ("The city police chief spoke to the port police.", "police", ["port police"]),
        ("“The town council is late,” she said.", "council", []),
        ("The council of Oslo met.", "council", ["council of Oslo"]),
    ],
)
def test_descriptions_tell_which_one_it_is(text: str, head: str, found: list[str]) -> None:
    assert [text[item.start : item.end] for item in descriptions(Document(text), head)] == found


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("He met two of his lawyers, ", "his lawyers"),
        ("They saw a small boat ", "a small boat"),
        ("It was then, ", None),
    ],
)
def test_the_noun_phrase_before_a_position(text: str, phrase: str | None) -> None:
    found = noun_phrase_before(text, len(text))
    assert (None if found is None else text[slice(*found)]) == phrase
