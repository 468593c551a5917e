"""Clauses whose subject says nothing: passives ("was told"), impersonal ones ("it is feared")."""

from __future__ import annotations

import re

from stance.extract.expected import is_expected_to_say

_IMPERSONAL = re.compile(
    r"\s+(?:is|was|has been|had been|remains|remained|seems|seemed|appears|appeared|became)\b"
    r"(?:\s+(?:\w+ly|not|also|still|now|being|to be)){0,2}\s+(?:expected|thought|believed|reported|"
    r"understood|feared|hoped|said|unclear|clear|likely|unlikely|possible|alleged|claimed|estimated|"
    r"known|rumou?red|assumed|evident|certain|agreed|announced|unknown|revealed|noted)\b"
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had)"
    r"(?: (?:be|been|being|also|now|still|not|to|\w+ly))* "
    r"(?:seen|expected|believed|thought|said|praised|critici[sz]ed|alleged|hailed|accused|urged|"
    r"asked|understood|rumou?red|known|feared|estimated|predicted|suggested|condemned|warned|"
    r"advised|claimed|told|informed|promised|assured|reminded|notified|confirmed|denied|"
    r"expressed|voiced|pointed out|"
    r"reported|supposed|considered|viewed|regarded|described|recorded)\b"
)
_TO_SAY = re.compile(r"\bexpected to \w+")
_LETS = re.compile(r"\b(?:lets?|letting|ma[dk]es?|making) it\b")
_ACTIVE_PERFECT = re.compile(r"\b(?:has|have|had)(?: (?:also|now|not|\w+ly))* (?!been)\w+\b")


def is_impersonal(text: str, end: int) -> bool:
    """Whether an "it" that ends at a place means nobody ("it is expected that")."""
    return _IMPERSONAL.match(text, end) is not None and not is_expected_to_say(text, end)


def is_passive(cue: str) -> bool:
    """Whether the subject before a cue is spoken to or of ("has been told"), and does not speak."""
    words = cue.lower()
    active = _ACTIVE_PERFECT.search(words) or _TO_SAY.search(words) or _LETS.search(words)
    return bool(_PASSIVE.search(words)) and not active
