"""Whom the words of a source name: offices, firms, lists, short forms. No tagger is asked here."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.speakers import SpeakerIndex

Case = tuple[str, str, list[str]]


def speakers(text: str, mention: str) -> list[str | None]:
    """The names linked to the last place of a mention, in small letters, without an article."""
    start = text.rindex(mention)
    links = SpeakerIndex(Document(text)).link((start, start + len(mention)))
    return [link.speaker.lower().removeprefix("the ") if link.speaker else None for link in links]


CASES: dict[str, list[Case]] = {
    "an office behind a name is not a second speaker": [
        (
            "Prices fell, said Tomas Vega, Lumen’s Head of Product and Chief Growth Officer.",
            "Tomas Vega, Lumen’s Head of Product and Chief Growth Officer",
            ["tomas vega"],
        ),
        (
            "Yuki Arai, director for Ports, Coastal Roads, and Tunnels at the bank, said so.",
            "Yuki Arai, director for Ports, Coastal Roads, and Tunnels at the bank",
            ["yuki arai"],
        ),
        (
            "Rosa Pinto, a former judge and the niece of the late general Luis Pinto, said so.",
            "Rosa Pinto, a former judge and the niece of the late general Luis Pinto",
            ["rosa pinto"],
        ),
    ],
    "a firm whose name has an and": [
        ("Malik and Thorne's Ada Nwosu said so.", "Malik and Thorne's Ada Nwosu", ["ada nwosu"]),
        (
            "Its lawyer, Henrik Dahl of Brook and Tanner, said so.",
            "Its lawyer, Henrik Dahl of Brook and Tanner",
            ["henrik dahl"],
        ),
        ("Lucia Moreno of Hart and Vale said so.", "Lucia Moreno of Hart and Vale",
         ["lucia moreno"]),
    ],
    "what a person leads stands before the name": [
        (
            "Deputy leader of the Senate Amina Diallo said so.",
            "Deputy leader of the Senate Amina Diallo",
            ["amina diallo"],
        ),
        (
            "The secretary of the railway workers union Beacon Karl Ost said so.",
            "The secretary of the railway workers union Beacon Karl Ost",
            ["karl ost"],
        ),
        ("Pavel Ruzic an engineer who built the dam said so.",
         "Pavel Ruzic an engineer who built the dam", ["pavel ruzic"]),
    ],
    "one office of two fields": [
        ("Siri Berge is trade secretary. The trade and energy secretary said so.",
         "The trade and energy secretary", ["siri berge"]),
        ("The roads and rivers ministry said so.", "The roads and rivers ministry",
         ["roads and rivers ministry"]),
    ],
    "a place in a complement is no speaker": [
        ("Two nurses of Port Elm, Ohio, said so.", "Two nurses of Port Elm, Ohio,",
         ["two nurses of port elm, ohio"]),
        ("A clerk of the tax court, near Lake Sorrow in the east, said so.",
         "A clerk of the tax court, near Lake Sorrow in the east", ["a clerk of the tax court"]),
    ],
    "a first name that is also a word": [
        ("Sheriff Bill Oakes of Marlow County said so.",
         "Sheriff Bill Oakes of Marlow County", ["bill oakes"]),
        ("Liberal Democrat Susan Parks said so.", "Liberal Democrat Susan Parks",
         ["susan parks"]),
    ],
    "each of them": [
        (
            "Senators Joan Hill and Peter Voss each said so.",
            "Senators Joan Hill and Peter Voss each",
            ["joan hill", "peter voss"],
        ),
        (
            "Ministers Oyun Bat and Temir Sadyk each said so.",
            "Ministers Oyun Bat and Temir Sadyk each",
            ["oyun bat", "temir sadyk"],
        ),
    ],
    "a title that is no name": [
        ("The Lord Mayor, Lord Ashcombe, said so.", "The Lord Mayor, Lord Ashcombe,",
         ["lord ashcombe"]),
        ("The Lord Justice, Lady Vane, said so.", "The Lord Justice, Lady Vane,", ["lady vane"]),
    ],
    "the article before an Arabic name": [
        ("Kamal al-Rashid owns it. It will pay, al-Rashid said.", "al-Rashid", ["kamal al-rashid"]),
        ("“It will pay,” al-Sayed said. Noura al-Sayed owns it.", "al-Sayed", ["noura al-sayed"]),
    ],
    "a firm with branches or products of its name": [
        ("Korvex Steel and Korvex Chemicals will part. Korvex said so.", "Korvex", ["korvex"]),
        ("The Lumio L90 and the Lumio L20 are late. Lumio said so.", "Lumio", ["lumio"]),
    ],
    "the short forms of a body": [
        ("The Tarim National Gas Company (TANGC) owns TANGC Pipes. TANGC said so.", "TANGC",
         ["tarim national gas company"]),
        ("The Marsh & Fell's fund grew. M&F said so.", "M&F", ["marsh & fell"]),
        ("Group Solvane owns it. Solvane said so.", "Solvane", ["group solvane"]),
        ("Aunt Rosa's Kitchens Inc is for sale. Aunt Rosa's said so.", "Aunt Rosa's",
         ["aunt rosa's kitchens inc"]),
        ("The Green Party met. The mood was good. Green said so.", "Green", ["green party"]),
    ],
    "the whole name of a body": [
        ("The Kurdish Observatory for Human Rights said so.",
         "The Kurdish Observatory for Human Rights", ["kurdish observatory for human rights"]),
        ("The Christian Nurses Fellowship (CNF) said so.", "The Christian Nurses Fellowship (CNF)",
         ["christian nurses fellowship"]),
        ("The EU-Chile Trade and Fisheries Committee said so.",
         "The EU-Chile Trade and Fisheries Committee", ["eu-chile trade and fisheries committee"]),
        ("The lobby Bikeways 1998 said so. The group Transport 2030 agreed.",
         "The group Transport 2030", ["transport 2030"]),
        ("According to Data-Quo/NRL, it will.", "Data-Quo/NRL", ["data-quo/nrl"]),
    ],
    "both": [
        ("Orex and Norwind agreed on a merger. The companies said so.", "The companies",
         ["orex and norwind"]),
        ("Peru and Chile signed. Nobody smiled. Both sides said so.", "Both sides",
         ["peru and chile"]),
        ("Two men, Ole Dahl and Per Lund, were held. The men said so.", "The men",
         ["ole dahl and per lund"]),
        ("Kenya Post and Safari Bank have one owner. It rained. The two firms said so.",
         "The two firms", ["kenya post and safari bank"]),
        ("The mayors of Lyon and Turin met. The two countries said so.", "The two countries",
         ["two countries"]),
    ],
    "a relation of somebody else": [
        ("Governor Ife Bello brought his sister Ngozi Bello. The governor said so.",
         "The governor", ["ife bello"]),
        ("The shadow transport minister, Al Reed, left. Jo Kerr is transport minister. The "
         "transport minister said so.", "The transport minister", ["jo kerr"]),
    ],
    "letters for a role": [
        ("Prime Minister Aino Salo left for Rome. The PM said so.", "The PM", ["aino salo"]),
        ("Orex chief executive Vic Lamb left for Rome. The CEO said so.", "The CEO", ["vic lamb"]),
    ],
    "whose text it is": [
        ("The Steel Council met. A study by the council said so.", "A study by the council",
         ["steel council"]),
        ("It was cut. The Workers’ Gazette report said so.", "The Workers’ Gazette report",
         ["workers’ gazette report"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "mention", "expected"), [case for kind in CASES.values() for case in kind]
)
def test_the_words_of_a_source_name(text: str, mention: str, expected: list[str]) -> None:
    assert speakers(text, mention) == expected


@pytest.mark.parametrize(
    ("text", "first", "later"),
    [
        ("A sale is near, people close to the talks said. “Soon,” the sources said.",
         "people close to the talks", "the sources"),
        ("Farmers from the delta marched. “We are broke,” the farmers said.",
         "Farmers from the delta", "the farmers"),
    ],
)  # fmt: skip
def test_a_group_keeps_its_fuller_words(text: str, first: str, later: str) -> None:
    index = SpeakerIndex(Document(text))
    start = text.index(first)
    index.said([(0, 5)], index.link((start, start + len(first))))
    start = text.index(later)
    (link,) = index.link((start, start + len(later)))
    assert link.speaker == first
