"""Tagged spans in one form, and what rules add to or take from what a tagger returns."""

from __future__ import annotations

import pytest

import stance
from stance.extract.admission import admitted, without_conditions
from stance.extract.completion import complete_passive
from stance.extract.conventions import conventional
from stance.extract.document import Document
from stance.extract.quotations import Attribution, Role, RoleSpan
from stance.extract.segmentation import Range

Tagged = list[tuple[Role, str]]


def place(text: str, piece: str, after: int = 0) -> Range:
    start = text.index(piece, after)
    return start, start + len(piece)


def bounds(text: str, tagged: Tagged) -> Tagged:
    """The pieces after they were put in form."""
    spans: list[RoleSpan] = []
    for role, piece in tagged:
        spans.append(RoleSpan(role, *place(text, piece, spans[-1].end if spans else 0)))
    return [(s.role, text[s.start : s.end]) for s in conventional(Document(text), spans)]


@pytest.mark.parametrize(
    ("text", "tagged", "content"),
    [
        ("The board said on Monday that it was over.", "it was over", "that it was over"),
        ("The board said that “it was over”.", "it was over", "“it was over”"),
        ("“It is over,” the board said.", "It is over,", "“It is over,”"),
        ("The pier, Lund said, will close.", "The pier,", "The pier"),
        ("Lund said the pier will close.", "the pier will close.", "the pier will close"),
        ("Lund said it opens at 9 a.m.", "it opens at 9 a.m.", "it opens at 9 a.m."),
        ("Lund promised a cut in her next budget.", "a cut in her", "a cut in her next budget"),
        ("Lund praised the clerks and left.", "the", "the clerks"),
        ("Lund has that house to sell.", "house to sell", "that house to sell"),
        ("We wept. Nothing is left,” Lund said.", "Nothing is left,", "We wept. Nothing is left,”"),
        ("Rain fell. Nothing is left,” Lund said.", "Nothing is left,", "Nothing is left,”"),
    ],
)
def test_what_a_content_holds(text: str, tagged: str, content: str) -> None:
    assert bounds(text, [("content", tagged)]) == [("content", content)]


@pytest.mark.parametrize(
    ("text", "tagged", "cue"),
    [
        ("Lund is expected to announce a freeze.", "announce", "is expected to announce"),
        ("Lund has also said so.", "said", "has also said"),
        ("Lund was widely criticised.", "criticised", "was widely criticised"),
        ("Lund did not deny it.", "deny", "did not deny"),
        ("Lund refused to say why.", "say", "refused to say"),
        ("Lund came to say goodbye.", "say", "say"),
        ("Nobody asked if said was a word.", "said", "said"),
        ("Berg Will said it.", "said", "said"),
    ],
)
def test_what_a_cue_holds(text: str, tagged: str, cue: str) -> None:
    assert bounds(text, [("cue", tagged)]) == [("cue", cue)]


def test_a_cue_in_two_parts_is_one() -> None:
    text = "Lund is due to warn that fees rise."
    tagged: Tagged = [
        ("source", "Lund"),
        ("cue", "due to"),
        ("cue", "warn"),
        ("content", "fees rise"),
    ]
    assert bounds(text, tagged) == [
        ("source", "Lund"),
        ("cue", "is due to warn"),
        ("content", "that fees rise"),
    ]


@pytest.mark.parametrize("claim", ["reports", "the allegations", "any suggestion", "media reports"])
def test_the_noun_of_a_claim_belongs_to_the_cue(claim: str) -> None:
    text = f"The firm denied {claim} that it had paid."
    tagged: Tagged = [("cue", "denied"), ("content", claim), ("content", "it had paid")]
    assert bounds(text, tagged) == [("cue", f"denied {claim}"), ("content", "that it had paid")]


def test_a_claim_alone_is_what_is_denied() -> None:
    tagged: Tagged = [("cue", "denied"), ("content", "the allegations")]
    assert bounds("The firm denied the allegations.", tagged) == tagged


@pytest.mark.parametrize(
    ("text", "tagged", "source"),
    [
        ("It was hailed by farmer Ana Lobo.", "farmer", "farmer Ana Lobo"),
        ("It was hailed by the minister on Friday.", "the minister", "the minister"),
        ("It was hailed by Lobo.", "Lobo", "Lobo"),
    ],
)
def test_a_role_has_its_name(text: str, tagged: str, source: str) -> None:
    assert bounds(text, [("source", tagged)]) == [("source", source)]


def test_a_clause_parted_from_its_that_is_one() -> None:
    tagged: Tagged = [("cue", "noted"), ("content", "that"), ("content", "Oslo had signed")]
    assert bounds("Lund noted that Oslo had signed.", tagged) == [
        ("cue", "noted"),
        ("content", "that Oslo had signed"),
    ]


def test_bounds_do_not_run_into_other_spans() -> None:
    text = "She said that “that is it”, and he has said it of that."
    tagged: Tagged = [("source", "She"), ("cue", "said that"), ("content", "that is it")]
    assert bounds(text, tagged)[-1] == ("content", "“that is it”")
    assert conventional(Document(""), []) == []


@pytest.mark.parametrize(
    ("text", "cue", "found", "source", "content"),
    [
        ("The pier was called a ruin by sailor Ida Holm.", "was called", ["a ruin"],
         "sailor Ida Holm", ["The pier", "a ruin"]),
        ("The pier was described as a ruin by sailors.", "was described", ["as a ruin"],
         "sailors", ["The pier", "as a ruin"]),
        ("The firm was accused by the union of theft.", "was accused", ["of theft"],
         "the union", ["The firm", "of theft"]),
        ("The vote was branded a farce by Oslo.", "was branded", ["The vote", "a farce by Oslo"],
         None, ["The vote", "a farce"]),
        ("The vote was called a farce by chance.", "was called", ["a farce"], None, ["a farce"]),
        ("The crew was asked by Lund whether it slept.", "was asked", ["whether it slept"],
         "Lund", ["whether it slept"]),
    ],
)  # fmt: skip
def test_a_passive_has_its_subject_and_its_agent(
    text: str, cue: str, found: list[str], source: str | None, content: list[str]
) -> None:
    item = Attribution(
        tuple(place(text, piece) for piece in found),
        place(text, source) if source else None,
        place(text, cue),
    )
    whole = complete_passive(Document(text), item, item.content)
    assert [text[start:end] for start, end in whole.content] == content


@pytest.mark.parametrize(
    ("text", "condition", "cue", "kept"),
    [
        ("If it rains, Lund will say that he is sorry.", "If it rains", "will say", False),
        ("Once it ends, Lund will announce a prize.", "Once it ends", "will announce", False),
        ("If it rains, Lund said, he will go.", "If it rains", "said", True),
        ("The pier is lost, Lund said again on Monday.", "The pier is lost", "said", True),
    ],
)
def test_when_something_is_said_is_not_what_is_said(
    text: str, condition: str, cue: str, kept: bool
) -> None:
    verb, source = place(text, cue), place(text, "Lund")
    rest = (verb[1] + 1, len(text) - 1)
    first = Attribution((place(text, condition),), source, verb)
    found = without_conditions(Document(text), [first, Attribution((rest,), source, verb)])
    assert (first in found) is kept


@pytest.mark.parametrize(
    ("text", "cue", "content", "says"),
    [
        ("A guest shouted a question.", "shouted", "a question", False),
        ("Lund said nothing more.", "said", "nothing more", False),
        ("Lund gave no answer.", "gave", "no answer", False),
        ("Lund addressed the dockers.", "addressed", "the dockers", False),
        ("Lund briefed senior ministers.", "briefed", "senior ministers", False),
        ("Lund said nothing has changed.", "said", "nothing has changed", True),
        ("Lund welcomed the answer.", "welcomed", "the answer", True),
        ("Lund praised the dockers.", "praised", "the dockers", True),
        ("Lund addressed the shortage.", "addressed", "the shortage", True),
    ],
)
def test_that_one_speaks_is_not_what_one_says(
    text: str, cue: str, content: str, says: bool
) -> None:
    source = place(text, text.split(f" {cue}")[0])
    item = Attribution((place(text, content),), source, place(text, cue))
    assert (admitted(Document(text), item) is not None) is says


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The broken cranes speak for themselves: the port is finished.", []),
        ("The closed shops tell a sad tale: nobody has money left.", []),
        ("Dockers tell their own story: nobody has been paid since May.",
         ["nobody has been paid since May"]),
        ("Okafor: tax cuts will hurt the poor", ["tax cuts will hurt the poor"]),
        ("Harbour union: the new crane is a danger", ["the new crane is a danger"]),
        ("Weather: storms and heavy snow to come", []),
        ("“We sleep here,” Ana Lobo was cited as saying.", ["We sleep here,"]),
        ("The canal was called a waste by engineer Bo Lind.", ["The canal a waste"]),
        ("The film was described as a masterpiece by critic Ola Nord.",
         ["The film as a masterpiece"]),
        ("Governor Ana Lobo is set to announce a ban on flights.", ["a ban on flights"]),
        ("Rents, Ida Holm believes, will fall.", ["Rents will fall"]),
        ("Ida Holm left. The lock was, in her opinion, a toy.", ["The lock was a toy"]),
        ("In Bo Lind’s view, the lock was a toy.", ["the lock was a toy"]),
    ],
)  # fmt: skip
def test_short_texts_of_these_kinds(text: str, said: list[str]) -> None:
    assert [statement.text for statement in stance.extract_statements(text)] == said
