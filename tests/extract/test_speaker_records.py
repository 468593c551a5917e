"""What a document tells of its speakers: kind, role, affiliation, first mention, candidates."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.speaker_records import SpeakerRecords
from stance.extract.speakers import SpeakerIndex
from stance.schema import Speaker


def records(text: str, *mentions: str) -> list[tuple[Speaker, ...]]:
    """The speakers of mentions, each at its last place, linked in this order."""
    index = SpeakerIndex(Document(text))
    found = SpeakerRecords(index)
    made = []
    for mention in mentions:
        start = text.rindex(mention)
        links = index.link((start, start + len(mention)))
        end = start + len(mention)
        index.said([(end, end + 1)], links)
        made.append(found.of(links))
    return made


def one(text: str, mention: str) -> Speaker:
    ((speaker,),) = records(text, mention)
    return speaker


@pytest.mark.parametrize(
    ("text", "mention", "kind"),
    [
        ("Odile Marchand said no.", "Odile Marchand", "person"),
        ("The mayor said no.", "The mayor", "person"),
        ("The mayor said he will go. Zyntha Will said no.", "Zyntha Will", "person"),
        ("The mayor said she may go. Xorvo May said no.", "Xorvo May", "person"),
        ("The nursery was shut. Xorvo Nursery said no.", "Xorvo Nursery", "organisation"),
        ("The Harbour Workers Union said no.", "The Harbour Workers Union", "organisation"),
        ("The Liberal Democrats said no.", "The Liberal Democrats", "organisation"),
        ("The Union of Dock Officers said no.", "The Union of Dock Officers", "organisation"),
        ("The government said no.", "The government", "organisation"),
        ("Police said no.", "Police", "organisation"),
        ("Norway said no.", "Norway", "country"),
        ("Prosecutors in Bergen said no.", "Prosecutors in Bergen", "group"),
        ("Critics said no.", "Critics", "group"),
        ("Three fishermen said no.", "Three fishermen", "group"),
        ("Human rights groups said no.", "Human rights groups", "group"),
        ("Two senior officials said no.", "Two senior officials", "unnamed"),
        ("Sources close to the deal said no.", "Sources close to the deal", "unnamed"),
        ("A spokeswoman for the port said no.", "A spokeswoman for the port", "unnamed"),
        ("An aide said no.", "An aide", "unnamed"),
        ("The indictment said no.", "The indictment", "document"),
        ("Leaked memos said no.", "Leaked memos", "document"),
        ("The bookbinder said no.", "The bookbinder", "person"),
        ("An auditor said no.", "An auditor", "unnamed"),
        ("Someone said no.", "Someone", "unnamed"),
        ("The crowd outside the court said no.", "The crowd outside the court", "group"),
        ("Grupo Marisol said no.", "Grupo Marisol", "organisation"),
        ("Fundação Aurora said no.", "Fundação Aurora", "organisation"),
        ("Stiftung Nordlicht said no.", "Stiftung Nordlicht", "organisation"),
        ("Partij Morgen said no.", "Partij Morgen", "organisation"),
        ("Banca del Ponte said no.", "Banca del Ponte", "organisation"),
        ("Sorvik AB said no.", "Sorvik AB", "organisation"),
        ("Brandt & Partner said no.", "Brandt & Partner", "organisation"),
        ("Orvik Marn, which owns two mills, said no.", "Orvik Marn", "organisation"),
        ("Sorvo Vela said its mill was sound.", "Sorvo Vela", "organisation"),
        ("Tolva Rind said on Monday that it would close a mill.", "Tolva Rind", "organisation"),
        ("Sorvo Vela said it would rain.", "Sorvo Vela", "person"),
        ("Sorvo Vela said it would close. He owns it.", "Sorvo Vela", "person"),
        ("A third said no.", "A third", "unnamed"),
        ("Ada Berg rose. Her Malian counterpart said no.", "Her Malian counterpart", "unnamed"),
        ("The audience in the hall said no.", "The audience in the hall", "group"),
        ("The Director of Civil Aviation said no.", "The Director of Civil Aviation", "person"),
        ("The head of the union said no.", "The head of the union", "unnamed"),
        ("Civil Protection said no.", "Civil Protection", "organisation"),
        ("A sign on the fence said no.", "A sign on the fence", "document"),
    ],
)  # fmt: skip
def test_kinds(text: str, mention: str, kind: str) -> None:
    assert one(text, mention).kind == kind


@pytest.mark.parametrize(
    ("text", "mention", "role", "affiliation"),
    [
        ("Premier Odile Marchand left. Marchand said no.", "Marchand", "Premier", None),
        ("Kenya's President Wanjiru Otieno said no.", "Wanjiru Otieno", "President", "Kenya"),
        ("Labour MP Ann Lee said no.", "Labour MP Ann Lee", "Labour MP", "Labour"),
        ("The French envoy Odile Roux said no.", "Odile Roux", "French envoy", "French"),
        ("The Norwegian writer Siri Berge said no.", "Siri Berge", "Norwegian writer", "Norwegian"),
        ("Jo Vance, chief economist at Northbank Securities, said no.", "Jo Vance",
         "chief economist at Northbank Securities", "Northbank Securities"),
        ("Harry Roe, a spokesman for the Civic Front, said no.", "Harry Roe",
         "spokesman for the Civic Front", "Civic Front"),
        ("Nora Falk, a U.N. spokeswoman in Oslo, said no.", "Nora Falk",
         "U.N. spokeswoman in Oslo", "U.N."),
        ("It fell. The director of the Rivers Trust, Ole Dahl, said no.", "Ole Dahl",
         "director of the Rivers Trust", "Rivers Trust"),
        ("She met the head of the port. Rita Matos of Amity Bank said no.", "Rita Matos", None,
         "Amity Bank"),
        ("Sen. Joe Moss (D-Ohio) said no.", "Joe Moss", "Sen.", "D-Ohio"),
        ("Shadow chancellor Ivo Lund said no.", "Ivo Lund", "Shadow chancellor", None),
        ("Omar Saleh said no.", "Omar Saleh", None, None),
        ("A spokesman for the Harbour Board said no.", "A spokesman for the Harbour Board",
         "spokesman", "Harbour Board"),
        ("Analysts at Northbank said no.", "Analysts at Northbank", "Analysts", "Northbank"),
    ],
)  # fmt: skip
def test_roles_and_affiliations_as_written(
    text: str, mention: str, role: str | None, affiliation: str | None
) -> None:
    found = one(text, mention)
    assert (found.role, found.affiliation) == (role, affiliation)
    for words in (role, affiliation):
        assert words is None or words in text


def test_joint_speakers_are_several_also_behind_they() -> None:
    text = "Mayor Ana Ruiz and Omar Saleh spoke. They left."
    first, later = records(text, "Mayor Ana Ruiz and Omar Saleh", "They")
    assert [(item.name, item.role) for item in first] == [
        ("Ana Ruiz", "Mayor"),
        ("Omar Saleh", None),
    ]
    assert later == first


@pytest.mark.parametrize(
    "text",
    [
        "“Nobody asked us,” said Sasha Lind, 34, a nurse. “We stay,” they said.",
        "Engineer Lou Castellanos wrote that the dam leaks. They warned of a flood.",
        "Taylor Okonjo, the author, said the data were thin. They told the Herald so.",
        "The author Noor Haddad came in. They spoke of the dam.",
        "The author Noor Haddad came in. “The families wept. The miners sang,” they said.",
    ],
)
def test_they_is_the_one_person_spoken_of_where_no_group_is(text: str) -> None:
    name = next(
        name
        for name in ("Sasha Lind", "Lou Castellanos", "Taylor Okonjo", "Noor Haddad")
        if name in text
    )
    first, later = records(text, name, "they" if " they " in text else "They")
    assert [item.name for item in later] == [name]
    assert later == first


@pytest.mark.parametrize(
    "text",
    [
        "The author Noor Haddad met the miners. They said no.",
        "Engineer Lou Castellanos spoke for the families. They said no.",
        "“It is late,” said Ms Olga Brandt. They said no.",
        "Oslo University closed. The author Noor Haddad wrote to the rector. They said no.",
    ],
)
def test_they_is_no_single_person_beside_a_group_or_a_stated_gender(text: str) -> None:
    name = next(name for name in ("Noor Haddad", "Lou Castellanos", "Olga Brandt") if name in text)
    later = records(text, name, "They")[1]
    assert [item.name for item in later] != [name]


def test_one_of_several_unknown_speakers_leaves_all_unknown() -> None:
    text = "Goran Babic and Vesna Babic came. “No,” said Ana Ruiz and Babic."
    assert records(text, "Ana Ruiz and Babic") == [()]


@pytest.mark.parametrize(
    ("text", "mention", "first"),
    [
        ("Crowds met Sen. Ada Berg. Ms. Berg waved. “No,” Berg said.", "Berg", "Sen. Ada Berg"),
        ("The ministry closed. It rained. The ministry said no.", "The ministry", "The ministry"),
        ("Two aides came. “No,” two aides said.", "two aides", "Two aides"),
        ("Ada Berg fell ill. Her office said no.", "Her office", "Her office"),
    ],
)
def test_the_first_mention_slices_back(text: str, mention: str, first: str) -> None:
    span = one(text, mention).first_mention
    assert span is not None
    assert text[span.start : span.end] == span.text == first
    assert span.start == text.index(first)


def test_a_choice_keeps_its_candidates_with_scores() -> None:
    text = "Rosa Diaz met Lena Holm at the pier. She said no."
    found = one(text, "She")
    assert {item.name for item in found.candidates} == {"Rosa Diaz", "Lena Holm"}
    scores = [item.score for item in found.candidates]
    assert scores == sorted(scores, reverse=True) and 0 < sum(scores) <= 1
    assert found.candidates[0].name == found.name
    assert one(text, "Rosa Diaz").candidates == ()


def test_namesakes_are_candidates_of_nobody() -> None:
    text = "Goran Babic and Vesna Babic spoke. “He never came,” Babic said."
    index = SpeakerIndex(Document(text))
    links = index.link((text.rindex("Babic"), text.rindex("Babic") + 5))
    found = SpeakerRecords(index)
    assert found.of(links) == ()
    assert {item.name for item in found.candidates(links)} == {"Goran Babic", "Vesna Babic"}
