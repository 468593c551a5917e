"""Which part of a paragraph can name someone: not its dateline, a label, a photo's credit."""

from __future__ import annotations

import re

from stance.extract.parameters import CREDIT_REACH, DATELINE_REACH
from stance.extract.segmentation import Range

_DATELINE = re.compile(
    r"[^.\n]*?\([A-Z]\w+\) ?[-–—]{1,2} |[A-Z][A-Z .'’-]+(?:[,(][^—–\n]{0,40})? ?[—–-]{1,2} "
)
_SLUG = re.compile(
    r"(?:[^\W\d_a-z]\w+ ){0,2}(?:Analysis|Commentary|Exclusive|Feature|Focus|Headlines|Insight|"
    r"Interview|Profile|Roundup|Special|Spotlight|Update|Watch): "
)
"""Before a headline it tells what kind of piece follows ("Harbour Focus: ...")."""
_CAPITALS = r"[^\W\d_a-z][\w.’'-]*(?: (?:of )?[^\W\d_a-z][\w.’'-]*)*"
_CREDIT = re.compile(
    rf"\s*\(?(?:Courtesy of |Photo by )?{_CAPITALS}(?:/{_CAPITALS})+"
    rf"(?: via {_CAPITALS}(?:/{_CAPITALS})*)?\)?$"
)
"""Whose photo it is, at the end of its caption ("Ada Berg/Pool via Agency")."""
_FULL_STOP = re.compile(r"[.!?]['’”\"]?(?=[ A-Z(])")


def naming_part(text: str, paragraph: Range, *, headline: bool) -> Range | None:
    """The stretch of a paragraph in which names are looked for; None of a heading in capitals.

    A heading tells no name from another word ("A SLOW START").
    """
    start, end = paragraph
    line = text[start:end]
    several = len(line.split()) > 1 and line[-1] not in ".!?:"
    if line.isupper() and (headline or several):
        return None
    lead = _DATELINE.match(text, start, min(end, start + DATELINE_REACH))
    lead = lead or _SLUG.match(text, start, end)
    start = lead.end() if lead else start
    return start, _before_credit(text, start, end)


def _before_credit(text: str, start: int, end: int) -> int:
    """Where a paragraph ends without the photographer and the agency behind a caption."""
    if "/" not in text[start:end]:
        return end
    near = max(start, end - CREDIT_REACH)
    ends = [near] if near == start else []
    ends += [match.end() for match in _FULL_STOP.finditer(text, near, end)]
    return next((place for place in ends if _CREDIT.match(text, place, end)), end)
