"""Headlines that end with who says them ("Tunnel open, ministers claim after week of delays")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.extract.admission import has_voice
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import SCORE_ADDED_QUOTE
from stance.extract.phrases import is_noun
from stance.extract.quotations import Attribution
from stance.extract.segmentation import Range

_TOLD_BEHIND = re.compile(
    r"(?P<said>[^:;“”\"]+), (?P<who>[^,;:“”\"]{2,40}?) (?P<cue>[a-z]+)"
    r"(?: (?:after|ahead of|amid|as|at|before|despite|during|following|in|on|over) [^,:;“”\"]+"
    r"| [–—-] [^:;“”\"]+)?"
)
_PRESENT = re.compile(r"(?!.*ed$)(?!.*ing$)")
_LONGEST = 5
"""How many words a headline's speaker has at most."""


def with_headlines(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, with the whole of each headline that ends with its speaker.

    Args:
        document: the document.
        found: all attributions so far; those of the same words give way.
    """
    kept = list(found)
    for line in document.paragraphs:
        item = _read(document, line)
        if item is not None:
            low, high = line
            kept = [other for other in kept if not low <= other.content[0][0] < high]
            kept.append(item)
    return kept


def _read(document: Document, line: Range) -> Attribution | None:
    """A line of its own, without a full stop, as an attribution, or None."""
    text, (start, end) = document.text, line
    alone = document.sentence_at(start) == line and text[end - 1].isalnum()
    match = _TOLD_BEHIND.fullmatch(text, start, end) if alone and text[start].isupper() else None
    if match is None or len(match["who"].split()) > _LONGEST:
        return None
    known, last = lexicon(), match["who"].split()[-1]
    says = known.reporting_forms.get(match["cue"]) in known.clause_verbs
    somebody = last[0].isupper() or is_noun(last.lower())
    voiced = has_voice(document, match.span("who"), match.span("cue"), sign=True)
    if not (says and somebody and voiced and _PRESENT.match(match["cue"])):
        return None
    return Attribution(
        (match.span("said"),), match.span("who"), match.span("cue"), SCORE_ADDED_QUOTE
    )
