"""Offices in a source whose words have an "and" or a comma: one office, and one who bears it."""

from __future__ import annotations

from collections.abc import Sequence

from stance.extract.inventory import NameInventory, NamePlace
from stance.extract.lexicon import lexicon
from stance.extract.names import given_gender, is_role
from stance.extract.phrases import Part, is_noun, plain_words
from stance.extract.segmentation import Range

_DETERMINERS = frozenset("a an the his her its their".split())


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
    last = places[-1].entity if places else None
    if last is None or places[-1].end != end or last.person < 2 or len(last.words) < 2:
        return None
    if any(_is_person(place) for place in places[:-1]):
        return None
    words = plain_words(text[start : places[-1].start])
    role = next((n for n, word in enumerate(words[:4]) if is_role(word)), len(words))
    while role + 1 < len(words) and is_role(words[role + 1]):
        role += 1  # "deputy minister for"
    listed = {"and", "&"} & {*words[role + 1 :]}
    governs = words[role + 1 : role + 2] in (["for"], ["of"])
    further = {"the", "a", "an", "his", "her", "their"} & {*words[role + 3 :]}
    if governs and listed and not further:
        return places[-1]
    return places[-1] if _fields_before(text, places, start) else None


def _fields_before(text: str, places: Sequence[NamePlace], start: int) -> bool:
    """Whether "A, B and C Secretary" before a name lists what one secretary is for."""
    known = lexicon()
    raw = text[start : places[-1].start + 1].split()[:-1]
    titles = text[places[-1].start : places[-1].end].split()[: -len(places[-1].entity.words)]
    raw = [*raw, *titles]
    joint = next((n for n, word in enumerate(raw) if word in ("and", "&")), 0)
    fields = [*raw[:joint], *raw[joint + 1 : -1]]
    if not (0 < joint < len(raw) - 2) or not is_role(raw[-1]) or len(fields) > 5:
        return False
    told = known.countries | known.places | known.peoples.keys() | known.party_words
    alone = (len(place.entity.places) == 1 and place.entity.person < 3 for place in places[:-1])
    commas = [word.endswith(",") for word in raw[:joint]]
    plain = (word.rstrip(",") for word in fields)
    named = all(word.istitle() and word.lower() not in told for word in plain)
    return commas == [True] * (joint - 1) + [False] and named and all(alone)


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


def goes_on_title(text: str, last: Part, part: Part, gap: str) -> bool:
    """Whether "A and B Minister Lund" is one person, whose office has an "and"."""
    if last.kind != "name" or part.kind != "name" or gap.split() != ["and"]:
        return False
    front, person = last.bearers[0], part.bearers[0]
    titles = text[part.start : part.end].split()[: -len(person.words)]
    once = len(front.places) == 1 and front.person < 3 and not front.country
    if titles and titles[0].lower() in _DETERMINERS:
        return False  # "Ada Berg and her colleague Ole Dahl"
    return once and person.person == 3 and len(titles) > 1 and any(is_role(word) for word in titles)


def is_first_office(text: str, last: Part, part: Part) -> bool:
    """Whether an office without an article is the first of two that a person holds.

    "Deputy Prime Minister and Minister for Roads Ole Dahl" is one person.
    """
    if last.kind != "noun" or last.plural or part.kind != "name" or not is_role(last.head):
        return False
    titles = text[part.start : part.end].split()[: -len(part.bearers[0].words)]
    capitals = text[last.start].isupper() and last.words[0] not in ("the", "a", "an", "his", "her")
    return capitals and part.bearers[0].person == 3 and any(map(is_role, titles))
