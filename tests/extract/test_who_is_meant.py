"""Whom a noun or a pronoun means beside several people and bodies. No tagger is asked."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.speakers import SpeakerIndex

Case = tuple[str, str, str, str]


CASES: dict[str, list[Case]] = {
    "who speaks for another is not that other": [
        (
            "Goran Babic shut the mill in May.\n\nBabic has sold the land. His lawyer said "
            "that the sale was lawful.",
            "His lawyer",
            "that the sale was lawful",
            "goran babic’s lawyer",
        ),
        (
            "Imran Khan was jailed in May.\n\nKhan has been ill for weeks. His attorney "
            "said that no doctor had come.",
            "His attorney",
            "that no doctor had come",
            "imran khan’s attorney",
        ),
        (
            "Lucia Moreno lost the vote in May.\n\nMoreno has asked for a recount. Her "
            "spokesman said that boxes were missing.",
            "Her spokesman",
            "that boxes were missing",
            "lucia moreno’s spokesman",
        ),
        (
            "Judge Amina Diallo ruled in May.\n\nDiallo then retired. The Port Authority "
            "spokeswoman said that the ruling stood.",
            "The Port Authority spokeswoman",
            "that the ruling stood",
            "port authority spokeswoman",
        ),
        (
            "Judge Tomas Vega ruled in May.\n\nVega then retired. The Harbour Board "
            "spokesman said that the ruling stood.",
            "The Harbour Board spokesman",
            "that the ruling stood",
            "harbour board spokesman",
        ),
        (
            "Bishop Ole Dahl wrote a letter in May.\n\nDahl then left. The Port Police "
            "spokesman said that nobody had read it.",
            "The Port Police spokesman",
            "that nobody had read it",
            "port police spokesman",
        ),
    ],
    "who is named behind the first sentence": [
        (
            "Wells in the delta are poisoned by old mines, the region's top water official "
            "has warned.\n\nMines closed long ago still leak into the wells, said Rosa "
            "Pinto, who heads the Delta Basin Authority.\n\nIt rained.",
            "the region's top water official",
            "Wells in the delta are poisoned by old mines",
            "rosa pinto",
        ),
        (
            "The northern forests are dying, the country's leading tree expert has "
            "said.\n\nBeetles are eating the northern forests, Nina Holm told reporters on "
            "Monday.\n\nIt rained.",
            "the country's leading tree expert",
            "The northern forests are dying",
            "nina holm",
        ),
        (
            "A charity has said that ferries to the islands are unsafe.\n\nThe Ferry Board "
            "is to cut crews in May. Islands Relief said the ferries would sink without "
            "more hands.",
            "A charity",
            "that ferries to the islands are unsafe",
            "islands relief",
        ),
        (
            "A charity has said that schools in the valley lack teachers.\n\nThe Education "
            "Council is to cut pay in May. Valley Children said the schools would lose "
            "more teachers.",
            "A charity",
            "that schools in the valley lack teachers",
            "valley children",
        ),
        (
            "A union has said that night shifts at the mills are deadly.\n\nThe Steel "
            "Board is to lengthen them in May. Millworkers United said the night shifts "
            "had killed nine.",
            "A union",
            "that night shifts at the mills are deadly",
            "millworkers united",
        ),
    ],
    "who is told of in the statement does not make it": [
        (
            "Mayor Ole Dahl met Judge Peter Voss.\n\nThe two spoke for an hour. Later he "
            "said that Mr Voss had been polite.",
            "he",
            "that Mr Voss had been polite",
            "ole dahl",
        ),
        (
            "Peter Voss was named by Ole Dahl on Monday. He said that Voss would do well.",
            "He",
            "that Voss would do well",
            "ole dahl",
        ),
        (
            "Tariq Aziz was praised by Omar Saleh on Friday. He said that Mr Aziz had "
            "worked for nothing.",
            "He",
            "that Mr Aziz had worked for nothing",
            "omar saleh",
        ),
        (
            "Lena Holm was sacked by Rita Matos in May. She said that Holm had never come to work.",
            "She",
            "that Holm had never come to work",
            "rita matos",
        ),
    ],
    "what a firm is to become is no other firm": [
        (
            "Holmquist is to become the country's first company to list abroad.\n\nIt has "
            "nine shops in two towns.\n\nThe company said that it would list in May.",
            "The company",
            "that it would list in May",
            "holmquist",
        ),
        (
            "Grocer Holmquist will be the country's first company to list abroad. Nine "
            "shops are open.\n\nThe company said that it would list in May.",
            "The company",
            "that it would list in May",
            "holmquist",
        ),
        (
            "Norden Air is the nation's third airline. Fares fell in May.\n\nThe airline "
            "said that fuel was dear.",
            "The airline",
            "that fuel was dear",
            "norden air",
        ),
    ],
    "a word that only begins the sentence is nobody": [
        ("Exports, the minister predicted, will fall.", "the minister", "Exports", "minister"),
        ("Rents, the mayor believes, will rise.", "the mayor", "Rents", "mayor"),
        ("Wages, the union says, have doubled.", "the union", "Wages", "union"),
        ("Moths, the researcher warns, eat maps.", "the researcher", "Moths", "researcher"),
    ],
    "those who lead several places": [
        (
            "The mayors of Lund, Visby and Kiruna met. They said that trains were late.",
            "They",
            "that trains were late",
            "mayors of lund, visby and kiruna",
        ),
        (
            "The envoys from Chad, Mali and Niger met. They said that talks had failed.",
            "They",
            "that talks had failed",
            "envoys from chad, mali and niger",
        ),
        (
            "The bishops of Leon, Vigo, Lugo and Oviedo met. They said that it was wrong.",
            "They",
            "that it was wrong",
            "bishops of leon, vigo, lugo and oviedo",
        ),
    ],
    "a body for justice is no office": [
        (
            "He wrote to the Ministry of Justice on Monday. It said that it was late.",
            "It",
            "that it was late",
            "ministry of justice",
        ),
        (
            "She took it to the Caribbean Court of Human Justice. It said that it was late.",
            "It",
            "that it was late",
            "caribbean court of human justice",
        ),
        (
            "The Centre for Social Justice wrote to him. It said that it was late.",
            "It",
            "that it was late",
            "centre for social justice",
        ),
    ],
}


@pytest.mark.parametrize(
    ("text", "mention", "content", "speaker"), [case for kind in CASES.values() for case in kind]
)
def test_who_is_meant(text: str, mention: str, content: str, speaker: str) -> None:
    start, said = text.rindex(mention), text.index(content)
    (link,) = SpeakerIndex(Document(text)).link(
        (start, start + len(mention)), content=[(said, said + len(content))]
    )
    assert (link.speaker or "").lower().removeprefix("the ") == speaker
