"""Clauses of saying around a relative clause in which somebody else speaks.

"Police said | a man, who witnesses said had shouted, was arrested": the police say all of it, the
witnesses what the relative clause says of the man.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.completion import noun_phrase_before
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.overruns import MAIN_VERB
from stance.extract.parentheses import FINITE
from stance.extract.quotations import Attribution
from stance.extract.quote_marks import BEGINS_QUOTE

_RELATIVE = re.compile(r"(?P<comma>,)? (?:who|whom|which|that) $")
_OPENS_CLAUSE = re.compile(r"\b(?:and|or|but)\b|,")


def with_main_clauses(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, with the verb that another speaker's relative clause parts from its noun.

    Args:
        document: the document.
        found: all attributions.
    """
    made = list(found)
    order = sorted(range(len(made)), key=lambda number: made[number].content)
    starts = [made[number].content[0][0] for number in order]
    for at, outer in enumerate(found):
        if not _says_a_noun(document, outer):
            continue
        start, end = outer.content[0]
        for number in order[bisect_left(starts, start) : bisect_left(starts, end)]:
            pair = _parted(document, outer, made[number]) if number != at else None
            if pair is not None:
                made[at], made[number] = pair
                break
    return made


def _says_a_noun(document: Document, item: Attribution) -> bool:
    """Whether all that somebody is said to say is a noun ("Police said | a man")."""
    if item.cue is None or item.source is None or len(item.content) > 1:
        return False
    text, (start, end) = document.text, item.content[0]
    words, known = text[slice(*item.cue)].lower().split(), lexicon()
    says = any(known.reporting_forms.get(word) in known.clause_verbs for word in words)
    if not says or item.cue[1] > start or text[start] in BEGINS_QUOTE:
        return False
    start += len("that ") if text.startswith("that ", start, end) else 0
    return noun_phrase_before(document, start, end) == (start, end)


def _parted(
    document: Document, outer: Attribution, inner: Attribution
) -> tuple[Attribution, Attribution] | None:
    """Both as they are said, or None where the second is no relative clause of the first."""
    (start, end), text = outer.content[0], document.text
    first, last = inner.content[0], inner.content[-1]
    if inner.source is None or not start <= first[0] < end <= inner.source[0]:
        return None
    relative = _RELATIVE.fullmatch(text, end, inner.source[0])
    stop = document.end_of_words(start)
    if relative is None or not inner.source[0] < last[0] < stop:
        return None
    if relative["comma"]:
        main = MAIN_VERB.match(text, last[1])
        cut = last[1]
    else:
        main = _second_verb(text, last[0], stop)
        cut = main.start() - 1 if main else stop
    if main is None or main.end() > stop or cut > last[1]:
        return None
    whole = replace(outer, content=((start, stop),))
    return whole, replace(inner, content=(*inner.content[:-1], (last[0], cut)))


def _second_verb(text: str, start: int, stop: int) -> re.Match[str] | None:
    """The verb of the clause around a relative clause ("was rammed | had crossed the line")."""
    own = FINITE.match(text, start, stop)
    verb = FINITE.search(text, own.end() + 1 if own else start, stop)
    if verb is None or text[start : verb.start()].count(" ") < (2 if own else 1):
        return None
    between = text[start : verb.start()]
    opened = any(word in lexicon().clause_starters for word in between.lower().split())
    return None if opened or _OPENS_CLAUSE.search(between) else verb
