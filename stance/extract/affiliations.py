"""What an article says a person is: title or role, and the body, party or country beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.extract import parameters as p
from stance.extract.entities import Entity
from stance.extract.inventory import NameInventory, NamePlace
from stance.extract.lexicon import lexicon
from stance.extract.names import fold, is_role
from stance.extract.phrases import Part
from stance.extract.segmentation import Range

_ARTICLE = re.compile(r"^(?:the|an?) ", re.I)
_BEFORE_ROLE = re.compile(r"^(?:.*(?:\b[a-z]{3,}|[^\W\d_]{4,})[.!?] )?[^\w“\"‘']*", re.S)
_RANKS = frozenset("shadow deputy vice acting former ex".split())
_OWNS = re.compile(r"(?:['’]s?)? ")
_BELONGS = re.compile(r",? (?:of|from|at|for|with) (?:the )?")
_SEAT = re.compile(r" \(([A-Z][a-z]{0,4}-[A-Z][^()]{1,24})\)")
"""Party and seat of a member of a parliament, as news writes them ("D-Ohio")."""


def role_and_affiliation(
    text: str, names: NameInventory, entity: Entity, places: Sequence[NamePlace]
) -> tuple[str | None, str | None]:
    """Title or role of a named person and what ties them to it, both as the article writes them.

    Args:
        text: of the article.
        names: of the article.
        entity: the person.
        places: where the article names the person, in reading order.
    """
    role = _clean(entity.role)
    ties: list[str | None] = []
    for place in places if role else ():
        low, high = max(0, place.start - p.ROLE_REACH), place.end + p.ROLE_REACH
        at = text.find(role, low, high)
        if at >= 0:
            ties.append(tie_of(text, names, (at, at + len(role)), entity))
    ties += [_behind(text, names, place.end) for place in places]
    return role or None, next(filter(None, ties), None)


def _clean(role: str) -> str:
    """A role without the sentence before it, its article, and a form of address behind it."""
    words = _ARTICLE.sub("", _BEFORE_ROLE.sub("", role)).split(" ")
    known = lexicon()
    while len(words) > 1 and fold(words[-1]) in known.male_honorifics | known.female_honorifics:
        words.pop()
    return " ".join(words)


def role_of_noun(text: str, names: NameInventory, part: Part) -> tuple[str | None, str | None]:
    """Role and affiliation of a speaker without a name ("a spokesman for the Harbour Board")."""
    match = re.search(rf"\b{re.escape(part.head)}\w*", text[part.start : part.end], re.I)
    singular = lexicon().plural_roles.get(match.group().lower(), part.head) if match else ""
    role = match.group() if match and is_role(singular) else None
    return role, tie_of(text, names, (part.start, part.end), None)


def tie_of(text: str, names: NameInventory, role: Range, entity: Entity | None) -> str | None:
    """The body, party, country or people within, right before or right behind a role."""
    start, end = role
    for place in names.between(start, end):
        if start <= place.start and place.end <= end and _is_body(text, place, entity):
            return text[place.start : place.end]
    before = names.between(max(0, start - p.TIE_GAP), start)
    if before and before[-1].end <= start and _is_body(text, before[-1], entity):
        if _OWNS.fullmatch(text, before[-1].end, start):
            return text[before[-1].start : before[-1].end]
    return _people_or_party(text[start:end]) or _behind(text, names, end)


def _is_body(text: str, place: NamePlace, entity: Entity | None) -> bool:
    """Whether a name is somebody else's and no person's, nor a word with a sentence's capital."""
    if entity in place.bearers or any(item.person >= 2 for item in place.bearers):
        return False
    word = text[place.start : place.end]
    plain = fold(word)
    known = lexicon()
    if plain in known.places or plain in known.peoples or plain in known.party_words:
        return True
    before = text[max(0, place.start - p.TIE_GAP) : place.start].rstrip(" \u00a0“\"‘'(–—-")
    begins = not before or before[-1] in ".!?:;\n"
    chance = begins and word.isalpha() and not word.isupper() and not place.entity.country
    return plain not in _RANKS and not (chance and len(place.entity.places) == 1)


def _people_or_party(role: str) -> str | None:
    """The first words of a role that name a people, place or party ("Liberal Democrat leader")."""
    known = lexicon()
    found: list[str] = []
    for raw in role.split()[:-1]:
        word = fold(raw).strip(".,")
        groups = (known.peoples, known.countries, known.places, known.party_words)
        if raw[:1].isupper() and any(word in group for group in groups):
            found.append(raw)
        elif found:
            break
    return " ".join(found) or None


def _behind(text: str, names: NameInventory, end: int) -> str | None:
    """What ties a name or a role to what stands behind: "of the Harbour Board", "(D-Ohio)"."""
    seat = _SEAT.match(text, end)
    if seat:
        return seat.group(1)
    link = _BELONGS.match(text, end)
    if link is None:
        return None
    for other in names.between(link.end(), link.end() + 1):
        if other.start == link.end() and _is_body(text, other, None):
            return text[other.start : other.end]
    return None
