"""Attributing clauses beside a quotation."""

from __future__ import annotations

import pytest

from stance.extract.clauses import (
    Clause,
    byline_after,
    clause_after,
    clause_before,
    is_cue,
    phrase_before,
    phrase_from,
    words_in,
)
from stance.extract.document import Document


def read(text: str, clause: Clause | None) -> tuple[str | None, str] | None:
    if clause is None:
        return None
    source = text[slice(*clause.source)] if clause.source else None
    return source, text[slice(*clause.cue)]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (" said Ada Berg.", ("Ada Berg", "said")),
        (" Ada Berg said on Monday.", ("Ada Berg", "said")),
        (" she told reporters in Oslo.", ("she", "told")),
        (" said Ada Berg, the mayor of Lund, on Monday.", ("Ada Berg, the mayor of Lund", "said")),
        (" said a spokesman for the union.", ("a spokesman for the union", "said")),
        (" Berg has repeatedly said.", ("Berg", "has repeatedly said")),
        (" Berg, who left early, said.", ("Berg, who left early", "said")),
        (" according to Ada Berg.", ("Ada Berg", "according to")),
        (" according to two officials who left.", ("two officials", "according to")),
        (" — Berg added. Rain fell.", ("Berg", "added")),
        (" he slammed.", ("he", "slammed")),
        (" and the rain fell.", None),
        (" because Berg said so.", ("because Berg", "said")),
        (" the claims are old.", None),  # a noun of the same form
        (" (Berg said).", None),
        (" saying nothing.", None),
        ("", None),
        (" .", None),
    ],
)
def test_a_clause_behind_a_quote(after: str, expected: tuple[str, str] | None) -> None:
    text = f"“We stay,”{after}"
    found = clause_after(Document(text), len("“We stay,”"), len(text))
    assert read(text, found) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Ada Berg said: ", ("Ada Berg", "said")),
        ("Ada Berg left early; warning; saying; adding: ", ("Ada Berg", "adding")),
        ("Ada Berg told them to go; warning; adding: ", ("Ada Berg", "adding")),
        ("Going home; saying; adding: ", ("Going", "adding")),
        ("Ada Berg left; " + "saying; " * 2_000, (None, "saying")),  # longer than any
        ("Ada Berg left; " + "saying; " * 100, ("Ada Berg", "saying")),
        ("Rain fell. Ada Berg told reporters, ", ("Ada Berg", "told")),
        ("The mayor, Ada Berg, wrote: ", ("The mayor, Ada Berg", "wrote")),
        ("According to Ada Berg, ", ("Ada Berg", "According to")),
        ("Berg did not say ", ("Berg", "did not say")),
        ("Berg left the hall, saying: ", ("Berg", "saying")),
        ("He said that Berg added: ", ("Berg", "added")),
        ("Rain fell on the ", None),
        ("Berg said yes. Rain fell: ", None),  # another sentence
        ("", None),
    ],
)
def test_a_clause_before_a_quote(before: str, expected: tuple[str, str] | None) -> None:
    text = f"{before}“We stay.”"
    found = clause_before(Document(text), 0, len(before))
    assert read(text, found) == expected


@pytest.mark.parametrize(
    ("after", "name"),
    [
        (" — Ada Berg", "Ada Berg"),
        (" -- Ada Berg,", "Ada Berg"),
        ("\u00a0– Peter van Lund", "Peter van Lund"),
        (" — nobody", None),
        (" — Ada Berg said so yesterday, and left", None),
        (" Ada Berg", None),
        ("", None),
    ],
)
def test_a_byline_behind_a_quote(after: str, name: str | None) -> None:
    text = f"“We stay.”{after}"
    found = byline_after(Document(text), len("“We stay.”"), len(text))
    assert (text[slice(*found)] if found else None) == name


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Berg said no", "said", True),
        ("he claims that", "claims", True),
        ("the claims that", "claims", False),
        ("Berg Claims court", "Claims", False),  # a name
        ("the report said", "report", False),
        ("Says who", "Says", True),
        ("Berg left early", "left", False),
    ],
)
def test_a_reporting_verb_is_told_from_a_noun(text: str, word: str, expected: bool) -> None:
    tokens = words_in(text, 0, len(text))
    index = [token.group() for token in tokens].index(word)
    assert is_cue(tokens, index) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Berg in Oslo", "Ada Berg"),
        ("a spokesman for the union on Monday", "a spokesman for the union"),
        ("Ada Berg, a farmer, on Monday", "Ada Berg, a farmer"),
        ("Ada Berg, who left", "Ada Berg"),
        ("the U.S. president. He", "the U.S. president"),
        ("in Oslo", None),
    ],
)
def test_the_noun_phrase_behind_a_verb(text: str, expected: str | None) -> None:
    found = phrase_from(words_in(text, 0, len(text)), 0)
    assert (text[slice(*found)] if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Berg said", "Ada Berg"),
        ("Rain fell and Ada Berg said", "Ada Berg"),
        ("Berg, the mayor, said", "Berg, the mayor"),
        ("Berg has never said", "Berg"),
        (", said", None),
        ("said", None),
    ],
)
def test_the_subject_before_a_verb(text: str, expected: str | None) -> None:
    tokens = words_in(text, 0, len(text))
    found, first = phrase_before(tokens, len(tokens) - 1)
    assert (text[slice(*found)] if found else None) == expected
    assert 0 <= first < len(tokens)
