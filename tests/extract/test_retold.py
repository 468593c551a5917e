"""Who is meant where a noun stood for somebody, or two names do. No tagger is asked."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.inventory import NameInventory
from stance.extract.speakers import SpeakerIndex

Case = tuple[str, str, list[str | None]]


def speakers(text: str, mention: str) -> list[str | None]:
    """The names linked to the last place of a mention, in small letters, without an article."""
    start = text.rindex(mention)
    links = SpeakerIndex(Document(text)).link((start, start + len(mention)))
    return [link.speaker.lower().removeprefix("the ") if link.speaker else None for link in links]


CASES: dict[str, list[Case]] = {
    "who begins the sentence before as a noun": [
        ("Finance Minister Ole Dahl and Mayor Karl Ost quarrelled for weeks. Mr Ost went to the "
         "press. The finance minister cut short his holiday in Lund. He said so.",
         "He", ["ole dahl"]),
        ("The prime minister, Tom Okoro, was in Lagos. Deputy Governor Paul Ruiz will debate on "
         "Friday, and Mr Ruiz spoke of a fair fight. The prime minister flew home. He said so.",
         "He", ["tom okoro"]),
        ("Chancellor Bo Lind met Mayor Jan Reyes. Mr Reyes had asked for it, and Mr Reyes left "
         "early. But the chancellor stayed on for dinner. He said so.",
         "He", ["bo lind"]),
        ("Archbishop Pedro Luz and General Luis Mora fell out in May. Mr Mora kept silent. "
         "The archbishop wrote to the court on Monday. On the radio, he said so.",
         "he", ["pedro luz"]),
    ],
    "women are called chairman": [
        ("UNION chairman Petra Holm urged them to go back to work.\n\nShe said so.",
         "She", ["petra holm"]),
        ("The firm’s chairman, Ruth Okoye, opened the meeting. She said so.",
         "She", ["ruth okoye"]),
        ("Bank co-chairman Maria Lund was there. She said so.", "She", ["maria lund"]),
        ("Club chairman Jan Reyes was there. He said so.", "He", ["jan reyes"]),
    ],
    "ministers begin the clause behind the first words": [
        ("It rained. In the end, prosecutors showed phones. They said so.",
         "They", ["prosecutors"]),
        ("After a long night in Lund, ministers signed a paper. They said so.",
         "They", ["ministers"]),
        ("It rained. Meanwhile, strikers blocked the port. They said so.", "They", ["strikers"]),
    ],
    "the likes of two people are both": [
        ("The likes of Harbour Minister Ada Berg and union leader Ole Dahl said so.",
         "The likes of Harbour Minister Ada Berg and union leader Ole Dahl",
         ["ada berg", "ole dahl"]),
        ("The likes of Nordane and Orex said so.", "The likes of Nordane and Orex",
         ["nordane", "orex"]),
    ],
    "a book speaks for itself": [
        ("Ada Berg published a new book on Monday. The book says so.", "The book", ["book"]),
        ("A film by Omar Saleh opened in Cairo. The film says so.", "The film", ["film"]),
        ("Norwind published a report on Monday. The report says so.", "The report", ["norwind"]),
    ],
    "the party by its own name": [
        ("The Conservatives met in Hull. The Tories said so.", "The Tories", ["conservatives"]),
        ("Conservatives met in Hull. They lost, but Tories said so.", "Tories",
         ["conservatives"]),
        ("The Tories met in Hull. The Tories said so.", "The Tories", ["tories"]),
        ("The Tories met in Hull. The Conservatives lost. The Tories said so.", "The Tories",
         ["tories"]),
    ],
    "one name in two spellings": [
        ("Victor Olenko fell ill. Viktor Olenko is 60. Mr Olenko said so.", "Mr Olenko",
         ["victor olenko"]),
        ("Erica Lindqvist runs it. Erika Lindqvist said so.", "Erika Lindqvist",
         ["erica lindqvist"]),
        ("Oscar Brandt runs it. Oskar Brandt said so.", "Oskar Brandt", ["oscar brandt"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "mention", "expected"), [case for kind in CASES.values() for case in kind]
)
def test_who_is_meant(text: str, mention: str, expected: list[str | None]) -> None:
    assert speakers(text, mention) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Norwind (NWND.OL) fell, and Orex (ORX.N) rose.", {"Norwind", "Orex"}),
        ("The bank Lumen (LUMn.DE) will buy Vala (VL.TO).", {"Lumen", "Vala"}),
        ("Shares of Tern (7203.T) fell.", {"Tern"}),
    ],
)
def test_the_code_of_a_share_is_no_name(text: str, names: set[str]) -> None:
    assert {entity.name for entity in NameInventory(Document(text)).entities} == names


@pytest.mark.parametrize(
    "text",
    [
        "It is over, minister of public works Wen Salo said. Salo left.",
        "It is over, secretary for home affairs Wen Salo said. Salo left.",
        "It is over, deputy minister of state security Wen Salo said.",
    ],
)
def test_an_office_in_small_letters_is_held_by_a_person(text: str) -> None:
    assert [e.person for e in NameInventory(Document(text)).entities if e.name == "Wen Salo"] == [3]
