"""Whether a cue asserts its statement ("said"), denies it ("did not say") or supposes it."""

from __future__ import annotations

import re

from stance.extract.lexicon import lexicon
from stance.extract.parameters import AUXILIARY_REACH, CONDITION_REACH
from stance.extract.segmentation import Range
from stance.schema import Modality

_CONDITION = re.compile(r"\b(?:if|unless|whether) $", re.IGNORECASE)


def modality_at(text: str, cue: Range | None, source: Range | None) -> Modality:
    """Modality of a cue with the auxiliaries and the "if" before it."""
    if cue is None:
        return "asserted"
    words = lexicon()
    start, end = cue
    lead: list[str] = []
    for word in reversed(text[max(0, start - AUXILIARY_REACH) : start].split()):
        plain = word.lower().replace("’", "'")
        known = plain in words.auxiliaries or plain in words.hypothetical_words
        if not known and plain not in words.negation_words:
            break
        lead.insert(0, word)
    first = min(start, source[0]) if source else start
    if _CONDITION.search(text, max(0, first - CONDITION_REACH), first):
        return "hypothetical"
    return modality_of(" ".join([*lead, text[start:end]]))


def modality_of(cue: str) -> Modality:
    """Whether a cue asserts ("said"), denies ("did not say") or supposes ("would say")."""
    known = lexicon()
    words = cue.lower().replace("’", "'").split()
    if any(word in known.negation_words or word.endswith("n't") for word in words):
        return "negated"
    if any(word in known.hypothetical_words for word in words):
        return "hypothetical"
    return "asserted"
