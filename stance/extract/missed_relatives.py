"""Relative clauses that the tagger passed over, in which somebody speaks of a noun.

"A sect whose leaders, the court says, took the money"; "The pact, which both sides called fair, …".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.extract.admission import has_voice
from stance.extract.completion import noun_phrase_before
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import SCORE_ADDED_QUOTE
from stance.extract.parentheses import FINITE, PAST
from stance.extract.phrases import is_noun
from stance.extract.quotations import Attribution
from stance.extract.segmentation import Range

_SAID_ASIDE = re.compile(
    r"(?<=[\w’]) (?P<pronoun>who|which|that|whose (?:[\w’-]+ ){0,2}?[\w’-]+), "
    r"(?P<who>[^,;:“”\"\n]{3,50}) (?P<cue>[a-z]+), (?P<rest>[^;:,“”\"\n]{3,}?)(?=[,.!?\n]|$)"
)
_BY_ACCOUNT = re.compile(
    r"(?<=[\w’]), (?P<pronoun>who|which|that),? "
    r"(?P<cue>according to) "
    r"(?P<who>[^,;:“”\"\n]{3,60}?),? "
    rf"(?P<rest>(?:{FINITE.pattern}|(?:{PAST.pattern})\b)[^;:,“”\"\n]*?)(?=[,.!?\n]|$)"
)
"""A clause whose speaker stands behind its pronoun ("two men who according to police fled")."""
_CALLED = re.compile(
    r"(?<=[\w’]), (?:which|whom|who) (?P<who>[^,;:“”\"\n]{2,50}?) "
    r"(?P<cue>(?:(?:has|have|had) )?(?:also |often |once |long |repeatedly |since )?"
    r"(?:called|(?:described|denounced|hailed|condemned|dismissed) as|branded|dubbed|labell?ed)) "
    r"(?P<rest>[^;:,“”\"\n]{3,100}?)(?=[,.!?\n]|$)"
)


def with_relatives(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, with whole clauses for parts of them, and those that none reaches into.

    Args:
        document: the document.
        found: all attributions so far.
    """
    matches = (
        match
        for form in (_SAID_ASIDE, _CALLED, _BY_ACCOUNT)
        for match in form.finditer(document.text)
    )
    whole = [(item, match) for match in matches if (item := _read(document, match)) is not None]
    if not whole:
        return list(found)
    kept = list(found)
    for item, match in whole:
        stretch = (item.content[0][0], match.end())
        near = [other for other in kept if any(_meet(part, stretch) for part in _parts(other))]
        parts = [other for other in near if other.cue and _meet(other.cue, match.span("cue"))]
        inner = all(
            len(other.content) == 1 and other.content[0][0] >= match.start("rest")
            for other in parts
        )
        if len(near) == len(parts) and (inner or match.re is _BY_ACCOUNT):
            kept = [*(other for other in kept if not any(other is part for part in parts)), item]
    return kept


def _parts(item: Attribution) -> list[Range]:
    return [part for part in (*item.content, item.source, item.cue) if part is not None]


def _meet(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _read(document: Document, match: re.Match[str]) -> Attribution | None:
    """One clause as an attribution, or None where nobody says it of a noun."""
    known = lexicon()
    aside = match.re is _SAID_ASIDE
    if aside and known.reporting_forms.get(match["cue"]) not in known.clause_verbs:
        return None
    low, high = document.sentence_at(match.start())
    last = match["who"].split()[-1]
    somebody = last[0].isupper() or is_noun(last.lower()) or last in ("he", "she", "they")
    spoken = has_voice(document, match.span("who"), match.span("cue"), sign=True)
    if not (somebody and spoken) or match.end() > high or FINITE.search(match["who"]):
        return None
    if document.regions_in(low, match.end()) or match["cue"].endswith("ing"):
        return None
    noun = noun_phrase_before(document, low, match.start())
    if noun is None:
        return None
    front = (noun[0], match.end("pronoun")) if aside else noun
    content = (front, match.span("rest"))
    return Attribution(content, match.span("who"), match.span("cue"), SCORE_ADDED_QUOTE)
