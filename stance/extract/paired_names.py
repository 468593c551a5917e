"""Names with an "and" that a text tells to be one body's ("Bread and Salt feeds 900 families")."""

from __future__ import annotations

import re

from stance.extract.lexicon import lexicon
from stance.extract.names import given_gender
from stance.extract.segmentation import Range

_PAIR = re.compile(
    r"(?:^|(?<=[.!?] )|(?<=[.!?][”\"] ))(?P<pair>(?P<left>[^\W\d_a-z][a-z][\w’-]+) and "
    r"(?P<right>[^\W\d_a-z][a-z][\w’-]+(?: [^\W\d_a-z][a-z][\w’-]+)?))"
    r"(?:(?= (?:advises|argues|believes|denies|does|employs|expects|feeds|gives|has|helps|insists|"
    r"is|makes|operates|owns|provides|publishes|runs|says|sells|serves|trains|treats|wants|was) )"
    r"|, (?:an?|the) (?:[a-z-]+ ){0,3}?(?P<noun>[a-z-]+)\b)",
    re.MULTILINE,
)
"""Two names before a verb in the singular, or before what one body is."""


def paired_names(text: str) -> list[str]:
    """The names of two words and an "and" that are one body's, each once.

    Neither half stands apart elsewhere or is a place, a people or a first name.

    Args:
        text: of the document.
    """
    known = lexicon()
    apart = known.countries | known.places | known.peoples.keys() | known.party_words
    found: list[str] = []
    for match in _PAIR.finditer(text):
        left, right, pair = match["left"], match["right"], match["pair"]
        noun = match["noun"]
        if pair in found or (noun is not None and noun not in known.body_nouns):
            continue
        if {left.lower(), right.lower()} & (apart | known.not_names) or given_gender(left):
            continue
        whole = len(re.findall(rf"\b{re.escape(pair)}\b", text))
        alone = (len(re.findall(rf"\b{re.escape(half)}\b", text)) for half in (left, right))
        if all(times == whole for times in alone):
            found.append(pair)
    return found


def places_of(text: str, names: list[str], start: int, end: int) -> list[Range]:
    """Where such names stand in a stretch of the text, in reading order."""
    if not names:
        return []
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return [match.span() for match in pattern.finditer(text, start, end)]
