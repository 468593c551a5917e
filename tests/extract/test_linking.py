"""From tagged spans to attributions."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.linking import is_plausible, link_spans, with_missed_quotes
from stance.extract.quotations import Attribution, Role, RoleSpan, complete_sources, fit_to_marks
from stance.extract.tails import split_tails

Tagged = list[tuple[Role, str]]


def spans(text: str, tagged: Tagged) -> list[RoleSpan]:
    """Spans of pieces of a text, looked for one behind the other."""
    found, position = [], 0
    for role, piece in tagged:
        start = text.index(piece, position)
        position = start + len(piece)
        found.append(RoleSpan(role, start, position))
    return found


def linked(text: str, tagged: Tagged) -> list[tuple[list[str], str | None, str | None]]:
    return [
        (
            [text[start:end] for start, end in item.content],
            text[slice(*item.source)] if item.source else None,
            text[slice(*item.cue)] if item.cue else None,
        )
        for item in link_spans(Document(text), spans(text, tagged))
    ]


@pytest.mark.parametrize(
    ("text", "tagged", "expected"),
    [
        (
            "Berg said it is closed. Lund denied that it is.",
            [
                ("source", "Berg"), ("cue", "said"), ("content", "it is closed"),
                ("source", "Lund"), ("cue", "denied"), ("content", "that it is"),
            ],
            [(["it is closed"], "Berg", "said"), (["that it is"], "Lund", "denied")],
        ),
        (
            "“We stay,” Berg said. “All of us,” added Lund.",
            [
                ("content", "“We stay,”"), ("source", "Berg"), ("cue", "said"),
                ("content", "“All of us,”"), ("cue", "added"), ("source", "Lund"),
            ],
            [(["“We stay,”"], "Berg", "said"), (["“All of us,”"], "Lund", "added")],
        ),
        (  # the tagger stops early: the quote is taken up to its marks
            "“We stay here for good,” Berg said.",
            [("content", "“We stay here"), ("source", "Berg"), ("cue", "said")],
            [(["“We stay here for good,”"], "Berg", "said")],
        ),
        (  # the tagger runs on into the clause
            "“We stay here for good,” Berg said.",
            [("content", "“We stay here for good,” Berg said")],
            [(["“We stay here for good,”"], "Berg", "said")],
        ),
        (  # a byline
            "“We stay here for good.” — Ada Berg",
            [("content", "“We stay here for good.”")],
            [(["“We stay here for good.”"], "Ada Berg", None)],
        ),
        (  # a quote over paragraphs, whose clause stands behind the last of them
            "“We had a lamp.\n\n“Now we have two,” Berg said. He left.",
            [
                ("content", "“We had a lamp."), ("content", "“Now we have two,”"),
                ("source", "Berg"), ("cue", "said"),
            ],
            [(["“We had a lamp.", "“Now we have two,”"], "Berg", "said")],
        ),
        (
            "“We had a lamp.\n\n“Then we had two.\n\n“Now it is dark,” said Berg.",
            [
                ("content", "“We had a lamp."), ("content", "“Then we had two."),
                ("content", "“Now it is dark,”"), ("cue", "said"), ("source", "Berg"),
            ],
            [(["“We had a lamp.", "“Then we had two.", "“Now it is dark,”"], "Berg", "said")],
        ),
        (  # behind it somebody else speaks
            "“We had a lamp.\n\n“Now we have two,” Berg said. Lund said that it was dark.",
            [
                ("content", "“We had a lamp."), ("content", "“Now we have two,”"),
                ("source", "Berg"), ("cue", "said"), ("source", "Lund"), ("cue", "said"),
                ("content", "that it was dark"),
            ],
            [
                (["“We had a lamp.", "“Now we have two,”"], "Berg", "said"),
                (["that it was dark"], "Lund", "said"),
            ],
        ),
        (  # the words that lead in stand in the paragraph before
            "Berg wrote:\n\n“We stay here for good.”",
            [("source", "Berg"), ("cue", "wrote"), ("content", "“We stay here for good.”")],
            [(["“We stay here for good.”"], "Berg", "wrote")],
        ),
        (  # the quote before, in the paragraph before
            "“We stay here,” Berg said.\n\n“We will not go.”",
            [
                ("content", "“We stay here,”"), ("source", "Berg"), ("cue", "said"),
                ("content", "“We will not go.”"),
            ],
            [(["“We stay here,”"], "Berg", "said"), (["“We will not go.”"], "Berg", "said")],
        ),
        ("Rain fell.", [], []),
        ("", [], []),
    ],
)  # fmt: skip
def test_contents_find_cue_and_source(
    text: str, tagged: Tagged, expected: list[tuple[list[str], str | None, str | None]]
) -> None:
    assert linked(text, tagged) == expected


def test_an_inherited_source_has_a_lower_score() -> None:
    text = "“We stay here,” Berg said.\n\n“We will not go.”"
    tagged = spans(
        text, [("content", "“We stay here,”"), ("source", "Berg"), ("cue", "said"),
               ("content", "“We will not go.”")],
    )  # fmt: skip
    first, second = link_spans(Document(text), tagged)
    assert second.inherited and second.score < first.score


def test_a_tail_without_a_clause_stays() -> None:
    text = "“We stay here for good,” as all the rain fell"
    tagged = spans(text, [("content", text)])
    assert split_tails(Document(text), tagged) == tagged


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("this finding shows", "this", "this finding shows"),
        ("the, then", "the", None),
        ("Berg said", "Berg", "Berg"),
    ],
)
def test_sources_that_stop_at_a_determiner(text: str, source: str, expected: str | None) -> None:
    found = complete_sources(Document(text), spans(text, [("source", source)]))
    assert [text[span.start : span.end] for span in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("“We stay here,” he said", "stay here", ["“We stay here,”"]),
        ("“We stay here for good,” he said", "We", ["We"]),  # fills too little
        (
            "of the bill, “We lost it all to them.”",
            None,
            ["of the bill", "“We lost it all to them.”"],
        ),
        ("it is closed", "it is closed", ["it is closed"]),
    ],
)
def test_contents_are_fitted_to_marks(text: str, content: str | None, expected: list[str]) -> None:
    found = fit_to_marks(Document(text), spans(text, [("content", content or text)]))
    assert [text[span.start : span.end] for span in found] == expected


@pytest.mark.parametrize(
    ("text", "content", "cue", "score", "expected"),
    [
        ("“We stay here,” said", "“We stay here,”", "said", 0.1, True),  # quoted: kept
        ("it is closed, said", "it is closed", "said", 0.9, True),
        ("it is closed", "it is closed", None, 0.9, False),  # nothing attributes it
        ("the “experts” said", "“experts”", "said", 0.9, False),  # a scare quote
    ],
)
def test_plausible_links(
    text: str, content: str, cue: str | None, score: float, expected: bool
) -> None:
    piece = (text.index(content), text.index(content) + len(content))
    where = (text.index(cue), text.index(cue) + len(cue)) if cue else None
    item = Attribution((piece,), None, where, score)
    assert is_plausible(Document(text), item) is expected


def test_whole_quotes_that_only_rules_attribute_are_added() -> None:
    text = "“We will stay,” Berg said."
    document = Document(text)
    quote = Attribution(((0, 15),), (16, 20), (21, 25))
    assert with_missed_quotes(document, [], [quote])[0].content == quote.content
    assert with_missed_quotes(document, [quote], [quote]) == [quote]
    inherited = Attribution(((0, 15),), (16, 20), (21, 25), inherited=True)
    assert with_missed_quotes(document, [], [inherited]) == []


@pytest.mark.parametrize(
    ("text", "tagged", "source"),
    [
        (
            "Judge Berg threw out the plea of her lawyers, who argued that she was ill.",
            [("source", "Judge Berg"), ("cue", "argued"), ("content", "that she was ill")],
            "who",
        ),
        (
            "Mr Dahl was answering Karl Ost who said the quay was sinking.",
            [("source", "Mr Dahl"), ("cue", "said"), ("content", "the quay was sinking")],
            "who",
        ),
        (
            "The fees please nurses who also say they come late. But the clinics disagree.",
            [("cue", "say"), ("content", "they come late"), ("source", "the clinics")],
            "who",
        ),
        (
            "The board went to the Port Court - which ruled that it was too late.",
            [("source", "The board"), ("cue", "ruled"), ("content", "that it was too late")],
            "which",
        ),
        (  # what the tagger has right stays
            "Karl Ost, who said that the quay was sinking, has left.",
            [("source", "Karl Ost"), ("cue", "said"), ("content", "that the quay was sinking")],
            "Karl Ost",
        ),
        (  # the pronoun is no subject
            "It is Ost who Berg said was late.",
            [("source", "Berg"), ("cue", "said"), ("content", "was late")],
            "Berg",
        ),
    ],
)
def test_the_subject_of_a_relative_clause_speaks(text: str, tagged: Tagged, source: str) -> None:
    assert [item[1] for item in linked(text, tagged)] == [source]


@pytest.mark.parametrize(
    ("text", "tagged", "source"),
    [
        (
            "Ada Berg was dropped after suggesting the quay was safe. The Harbour Post wept.",
            [
                ("cue", "suggesting"), ("content", "the quay was safe"),
                ("source", "The Harbour Post"),
            ],
            "Ada Berg",
        ),
        (
            "She named two more mines, and urged the ministry to shut them. The mayor left.",
            [
                ("cue", "urged"), ("content", "the ministry to shut them"),
                ("source", "The mayor"),
            ],
            "She",
        ),
        (
            "Fears had been expressed that the quay was sinking. Mr Dahl left for Oslo.",
            [
                ("cue", "had been expressed"), ("content", "that the quay was sinking"),
                ("source", "Mr Dahl"),
            ],
            None,
        ),
        (  # a quote goes on in the next sentence
            "Berg said: “We stay.” The mayor left.",
            [("source", "Berg"), ("cue", "said"), ("content", "“We stay.”")],
            "Berg",
        ),
    ],
)  # fmt: skip
def test_who_is_named_in_the_next_sentence_does_not_speak(
    text: str, tagged: Tagged, source: str | None
) -> None:
    assert [item[1] for item in linked(text, tagged)] == [source]
