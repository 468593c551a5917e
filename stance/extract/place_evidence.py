"""What stands beside a name and tells that a place bears it, wherever it lies."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLACE_LEAD = re.compile(
    r"\b(?:in|at|near|into|across|through|outside|inside|around|throughout|off|via) (?:the )?"
    r"(?:(?:capital|cities|city|district|port|province|region|town|village|central|coastal|border|"
    r"nearby|(?:north|south|east|west)[a-z-]*)"
    r"(?: (?:city|town|village|province|region|district|port))?"
    r"(?: of)? )?$",
    re.I,
)
_LIES_IN = re.compile(r"(?<!shares )(?<!stake )\b(?:in|near|across|outside|around|throughout) $")
"""Before a name wherever it stands, these make it a place ("in Gdynia", not "shares in Orex")."""
_PLACE_OF = re.compile(
    r"\b(?:archipelago|bay|borough|capital|city|coast|commune|county|district|estuary|gulf|hamlet|"
    r"harbou?r|island|isle|islands|lagoon|municipality|oasis|parish|peninsula|plain|port|"
    r"prefecture|province|quarter|region|resort|shores|strait|straits|suburb|town|township|valley|"
    r"village|wilds) of $",
    re.I,
)
"""What it is said to be makes it a place, whatever is said of it ("the port of Kotka")."""
_OWN_SITE = re.compile(r"\b(?:its|their) (?:[a-z-]+ ){1,3}(?:at|in|near|outside) $")
"""What a firm has somewhere ("its smelter at Odda") is no other firm."""
LEAD = 40
"""How many characters before a name tell of it."""


def is_called_a_place(text: str, starts: Sequence[int]) -> bool:
    """Whether a place noun stands before a name ("the port of Kotka"), at any of its offsets."""
    return any(_PLACE_OF.search(_lead(text, start)) for start in starts)


def has_a_site_there(text: str, starts: Sequence[int]) -> bool:
    """Whether a name says where somebody has something ("its smelter at Odda"), at all offsets."""
    return bool(starts) and all(_OWN_SITE.search(_lead(text, start)) for start in starts)


def stands_for_a_place(text: str, starts: Sequence[int]) -> bool:
    """Whether every occurrence stands behind a word that tells where ("in the town of Moss")."""
    return all(_PLACE_LEAD.search(text[max(0, start - 12) : start]) for start in starts)


def lies_there(text: str, starts: Sequence[int]) -> bool:
    """Whether every occurrence stands behind a word that only places follow ("across Gdynia")."""
    return all(_LIES_IN.search(text[max(0, start - 12) : start]) for start in starts)


def _lead(text: str, start: int) -> str:
    """The words of the same line before an offset."""
    return text[max(0, start - LEAD) : start].rsplit("\n", 1)[-1]
