"""Offices in a source whose words have an "and" or a comma: one office, and one who bears it."""

from __future__ import annotations

from collections.abc import Sequence

from stance.extract.inventory import NameInventory, NamePlace
from stance.extract.lexicon import lexicon
from stance.extract.names import given_gender, is_role
from stance.extract.phrases import is_noun, plain_words
from stance.extract.segmentation import Range


def without_office(text: str, names: NameInventory, start: int, end: int) -> int:
    """The end of a span without the office that a name is followed by, and that has an "and".

    "Ole Dahl, Orex’s Chief Strategy and Risk Officer"; "Ole Dahl, director for Roads, Ports, and
    Trade": all of it but the name is one office.
    """
    comma = text.find(", ", start, end)
    if comma < 0:
        return end
    people = [place for place in names.between(start, end) if place.entity.person >= 2]
    if not people or people[0].end != comma or any(_is_person(place) for place in people[1:]):
        return end
    words = plain_words(text[comma:end])
    office = [n for n, word in enumerate(words[:5]) if is_role(word)]
    governs = bool(office) and words[office[0] + 1 : office[0] + 2] in (["for"], ["of"])
    ends = is_role(words[-1]) and words[0] not in ("the", "a", "an", "his", "her", "and")
    return comma if governs or ends else end


def bearer_of_office(text: str, names: NameInventory, start: int, end: int) -> NamePlace | None:
    """Who bears an office with a list before the name ("Minister for Ports and Rail Ole Dahl")."""
    places = names.between(start, end)
    if not places or places[-1].end != end or not _is_person(places[-1]):
        return None
    if any(_is_person(place) for place in places[:-1]):
        return None
    words = plain_words(text[start : places[-1].start])
    role = next((n for n, word in enumerate(words[:4]) if is_role(word)), len(words))
    listed = {"and", "&"} & {*words[role + 1 :]}
    governs = words[role + 1 : role + 2] in (["for"], ["of"])
    further = {"the", "a", "an", "his", "her", "their"} & {*words[role + 3 :]}
    return places[-1] if governs and listed and not further else None


def _is_person(place: NamePlace) -> bool:
    """Whether a name is plainly a person's, not that of an office or a field."""
    return place.entity.person >= 2 and bool(given_gender(place.entity.words[0]))


def joined_offices(text: str, segments: Sequence[Range]) -> list[Range]:
    """The segments, those joined that name one office ("the trade and industry secretary")."""
    result: list[Range] = []
    for left, right in segments:
        front = text[slice(*result[-1])].split() if result else []
        words = text[left:right].split()
        plain = front[1:] if front and front[0].lower() in ("the", "a", "an", "his", "her") else []
        if (
            0 < len(plain) < 3
            and text[result[-1][1] : left] == " and "
            and all(word.isalpha() and word.islower() for word in [*plain, *words[:1]])
            and not any(map(is_noun, plain))
            and any(map(is_noun, words[1:3]))
        ) or (
            len(plain) == 1
            and text[result[-1][1] : left] == " and "
            and {plain[0].lower(), words[0].lower()} <= lexicon().peoples.keys()
            and any(map(is_noun, map(str.lower, words[1:3])))
        ):
            result[-1] = (result[-1][0], right)
        else:
            result.append((left, right))
    return result
