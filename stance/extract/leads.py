"""First sentences that describe someone whom the next ones name ("a charity has warned")."""

from __future__ import annotations

import math
import re
from bisect import bisect_left

from stance.extract import parameters as p
from stance.extract.antecedents import Features
from stance.extract.lexicon import lexicon
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents

_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(r"[“”\"„«»]")


def is_in_lead(referents: Referents, part: Part) -> bool:
    """Whether a noun stands in a headline or the first sentence, and not beside its own quote."""
    begin = referents.sentence_start(part.start)
    before = referents.text[begin : part.start]
    return referents.sentence_at(part.start) <= 1 and not _MARKS.search(before[:1] + before[-2:])


def ahead_features(referents: Referents, part: Part, item: Referent, position: int) -> Features:
    """What place, verbs and words say for a name behind the statement of a noun.

    Args:
        referents: of the document.
        part: the noun.
        item: whom the name calls.
        position: where the statement ends.
    """
    first = item.starts[bisect_left(item.starts, position)]
    gap = referents.sentence_at(first) - referents.sentence_at(position)
    paragraph = referents.document.paragraph_at(position)
    return {
        "ahead": 1.0,
        "sentences ahead": float(min(gap, 6)),
        "subject ahead": float(first in item.subjects),
        "here ahead": float(referents.document.paragraph_at(first) == paragraph),
        "opens ahead": float(first in item.subjects and referents.opens_paragraph(first)),
        "speaks ahead": float(first not in item.oblique and _speaks(referents, first)),
        "shares words": math.log1p(_shared(referents, part.start, first)),
        "named": math.log1p(min(len(item.starts), 15)),
    }


def _speaks(referents: Referents, start: int) -> bool:
    """Whether a verb of saying stands beside a name, in the sentence that it is in."""
    known = lexicon()
    left = max(start - p.CUE_BEFORE, referents.sentence_start(start))
    right = min(start + p.CUE_BEHIND, referents.sentence_end(start))
    words = _WORD.findall(referents.text[left:right].lower())
    return any(word in known.reporting_forms and word not in known.noun_forms for word in words)


def _shared(referents: Referents, start: int, other_start: int) -> int:
    """How many longer words the sentences of two places share."""
    one, other = (
        {
            word[: p.LONGER_WORD].lower()
            for word in _WORD.findall(
                referents.text[referents.sentence_start(at) : referents.sentence_end(at)]
            )
            if len(word) >= p.LONGER_WORD
        }
        for at in (start, other_start)
    )
    return len(one & other)
