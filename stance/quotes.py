"""Records of quotations and attributions, and what counts as a quotation.

``Attribution`` is what both the rules and the trained tagger's linked spans end in, so that the
later stages see one kind of record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from stance.text import QuoteRegion, Range

_TITLE_CUE = re.compile(
    r"\b(?:titled|entitled|called|book|novel|film|movie|song|album|show|series|magazine|"
    r"documentary|play|column|headlined|dubbed|nicknamed)[ ,:]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attributed content with its evidence, in code points of the text.

    Attributes:
        content: the pieces, enclosing quotation marks included.
        source: the words that name who says it here, or None.
        cue: the words that attribute it, or None.
        score: in [0, 1], how sure the link between content and source is.
        inherited: True where source is taken over from an earlier statement.
    """

    content: tuple[Range, ...]
    source: Range | None = None
    cue: Range | None = None
    score: float = 0.9
    inherited: bool = False


Role = Literal["source", "cue", "content"]


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """One tagged span, in code points of the text; ``joins`` marks a further content piece."""

    role: Role
    start: int
    end: int
    score: float = 1.0
    joins: bool = False


def may_continue(text: str, region: QuoteRegion) -> bool:
    """Whether an unclosed region can go on in the next paragraph: it begins like a sentence."""
    body = text[region.inner_start : region.inner_end].lstrip("[(… .\u00a0")
    return not region.closed and body[:1].isupper() and body[-1:] in set(".!?…,:;—")


def is_quotation(text: str, region: QuoteRegion) -> bool:
    """Whether a region can be a statement, not a scare quote or the title of a work."""
    inner = text[region.inner_start : region.inner_end].strip()
    words = re.findall(r"\w+(?:['’]\w+)*", inner)
    if not words:
        return False
    ends = inner[-1] in ".,!?…—"
    if _TITLE_CUE.search(text[max(0, region.start - 30) : region.start]):
        return ends and len(words) > 6
    if len(words) == 1:
        return ends and inner[-1] in "!?." and inner[0].isupper()
    titled = sum(word[0].isupper() for word in words)
    if len(words) < 7 and titled >= len(words) - 1 and not ends:
        return False
    if region.single and not ends and len(words) < 6:
        return False
    return len(words) >= 2
