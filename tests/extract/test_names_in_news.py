"""Names as news has them: captions, headings, labels, offices with lists. No tagger is asked."""

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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nurses march in Lund, May 3, 2019. Olga Berg/Pool via AGENCY\n\nIt rained.", {"Lund"}),
        ("A boat leaves Visby. (Norden/Ole Dahl)\n\nIt rained.", {"Visby"}),
        ("A mill in Lund, 2011.AGENCY/Stringer/Files\n\nIt rained.", {"Lund"}),
        ("Courtesy of Port of Lund/Handout via AGENCY\n\nIt rained.", set()),
        ("A SLOW START\n\nIt rained in Lund.", {"Lund"}),
        ("“VERY NEARLY LOST”\n\nIt rained in Lund.", {"Lund"}),
        ("Harbour Focus: two mills will close this year\n\nIt rained in Lund.", {"Lund"}),
        ("Spotlight: mills in the north are closing fast\n\nIt rained in Lund.", {"Lund"}),
        ("The CDU/CSU met in Lund. The firm Ast-Lum/QDR was there.", {"CDU/CSU", "Lund",
                                                                     "Ast-Lum/QDR"}),
    ],
)  # fmt: skip
def test_captions_and_headings_name_nobody(text: str, names: set[str]) -> None:
    assert {entity.name for entity in NameInventory(Document(text)).entities} == names


CASES: dict[str, list[Case]] = {
    "a people is no firm": [
        (
            "LUND (Agency) - Ailing Danish shoe chain Holmquist may shut, it said on Monday.",
            "it",
            ["holmquist"],
        ),
        (
            "OSLO (Agency) - Struggling French carmaker Verdane will cut jobs, it said on Monday.",
            "it",
            ["verdane"],
        ),
        (
            "OSLO (Agency) - Loss-making Italian brewer Tavola cut jobs. The company said so.",
            "The company",
            ["tavola"],
        ),
        (
            "RIGA (Agency) - Privately-owned Latvian bank Daugava is for sale, it said on Monday.",
            "it",
            ["daugava"],
        ),
    ],
    "an office with a list before a name": [
        ("It is late, said Roads, Ports and Rail Secretary Nina Holm.",
         "Roads, Ports and Rail Secretary Nina Holm", ["nina holm"]),
        ("Trade, Fisheries and Youth Minister Kwame Asante said so.",
         "Trade, Fisheries and Youth Minister Kwame Asante", ["kwame asante"]),
        ("Chilean Minister for Roads, Trade and Tourism Quispe Maro said so.",
         "Chilean Minister for Roads, Trade and Tourism Quispe Maro", ["quispe maro"]),
        ("Chilean Minister for Roads, Trade and Tourism Quispe Maro said so.",
         "Tourism Quispe Maro", ["quispe maro"]),
        ("The Minister for Water and Energy Solwe Ndaki said so.",
         "The Minister for Water and Energy Solwe Ndaki", ["solwe ndaki"]),
    ],
    "an office with a place before a name": [
        ("Cole County, Utah Sheriff Ada Berg said so.", "Cole County, Utah Sheriff Ada Berg",
         ["ada berg"]),
        ("Harlow, Ohio Mayor Tina Brandt said so.", "Harlow, Ohio Mayor Tina Brandt",
         ["tina brandt"]),
        ("Pine Lake, Maine Fire Chief Omar Saleh said so.",
         "Pine Lake, Maine Fire Chief Omar Saleh", ["omar saleh"]),
    ],
    "words that are nobody": [
        ("The lights went out. The said so.", "The", []),
        ("It was dark, and was said to be cold.", "and was", []),
        ("It was dark. But then it rained.", "But then", []),
    ],
    "a clause behind a noun leaves no comma": [
        ("The small Harbour party, for which Berg sat in parliament, said so.",
         "The small Harbour party, for which Berg sat in parliament", ["harbour party"]),
        ("The old trust, from which the nurses rent, said so.",
         "The old trust, from which the nurses rent", ["old trust"]),
    ],
    "the whole name of a body": [
        ("The hospitals of Norland are full. Norland is cold. Hospitals Norland said so.",
         "Hospitals Norland",
         ["hospitals norland"]),
        ("The schools of Wales closed. Schools Wales said so.", "Schools Wales", ["schools wales"]),
        ("The utility Q.OM will sell it. Q.OM said so.", "Q.OM", ["q.om"]),
        ("The grid firm V.AL shut it. V.AL said so.", "V.AL", ["v.al"]),
    ],
    "half of a country": [
        ("North Korea shut its border. The North said so.", "The North", ["north korea"]),
        ("South Sudan and Kenya met. The South said so.", "The South", ["south sudan"]),
    ],
    "what a post stands on": [
        ("Berg told a crowd that the mill would close, in a video of her speech shared on "
         "Facebook.\n\n“It is over,” she said.", "she", ["berg"]),
        ("Mrs Berg spoke in Lund. On Radio Nord's This Evening she said so.", "she", ["berg"]),
        ("Okoro told a crowd that the mill would close, in a video of his speech shared on "
         "Telegram.\n\n“It is over,” he said.", "he", ["okoro"]),
    ],
    "an apposition is no further speaker": [
        (
            "NORDANE and Lumen Steel, the Danish steel and shipping groups that own it, said so.",
            "NORDANE and Lumen Steel, the Danish steel and shipping groups that own it",
            ["nordane", "lumen steel"],
        ),
        (
            "Orex and Vala Line, the Baltic steel and shipping firms, said so.",
            "Orex and Vala Line, the Baltic steel and shipping firms",
            ["orex", "vala line"],
        ),
        (
            "The daughters of a former king of Norland, Ole Dahl, said so.",
            "The daughters of a former king of Norland, Ole Dahl",
            ["daughters of a former king of norland"],
        ),
        (
            "The lawyers of a jailed editor of the paper, Sana Malik, said so.",
            "The lawyers of a jailed editor of the paper, Sana Malik",
            ["lawyers of a jailed editor of the paper"],
        ),
    ],
    "some of a group are not all of it": [
        ("Critics of the port, including Lord Berg of Lund and the mayor, Ole Dahl, said so.",
         "Critics of the port, including Lord Berg of Lund and the mayor, Ole Dahl",
         ["critics of the port"]),
        ("Several union officials, including Ana Ruiz and Omar Saleh, said so.",
         "Several union officials, including Ana Ruiz and Omar Saleh",
         ["several union officials"]),
        ("The Nile Water Council (NWC) and some other major river users, including Chad, said so.",
         "The Nile Water Council (NWC) and some other major river users, including Chad",
         ["nile water council", "some other major river users, including chad"]),
    ],
    "what a party is besides its name": [
        ("The opposition New Tide party said so.", "The opposition New Tide party",
         ["new tide party"]),
        ("The small Free Valley movement said so.", "The small Free Valley movement",
         ["free valley movement"]),
        ("The main Danish opposition party said so.", "The main Danish opposition party",
         ["main danish opposition party"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "mention", "expected"), [case for kind in CASES.values() for case in kind]
)
def test_who_is_meant(text: str, mention: str, expected: list[str | None]) -> None:
    assert speakers(text, mention) == expected


@pytest.mark.parametrize(
    ("text", "source", "speaker"),
    [
        (
            "Pavel Ruzic was fined. Lawyers for Pavel Ruzic, who left in 2011 to escape a fine he "
            "says it was unlawful.",
            "Lawyers for Pavel Ruzic, who left in 2011 to escape a fine he",
            "Pavel Ruzic",
        ),
        (
            "Tomas Vega was fined. Friends of Tomas Vega, who lost a case in May that he says it "
            "was rigged.",
            "Friends of Tomas Vega, who lost a case in May that he",
            "Tomas Vega",
        ),
    ],
)
def test_the_pronoun_right_before_its_verb_speaks(text: str, source: str, speaker: str) -> None:
    start = text.index(source)
    end = start + len(source)
    (link,) = SpeakerIndex(Document(text)).link((start, end), (end + 1, end + 5))
    assert link.speaker == speaker
