"""The record of a name of a document: who or what bears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stance.extract.parameters import OF_AGE

_ROLES_OF_TITLE = {
    "capt": ("captain",),
    "col": ("colonel",),
    "dr": ("doctor", "physician", "surgeon"),
    "fr": ("priest",),
    "father": ("priest",),
    "gen": ("general",),
    "gov": ("governor",),
    "prof": ("professor",),
    "rep": ("representative",),
    "sen": ("senator",),
    "sister": ("nun",),
}
"""Before a name they may stand for such roles."""
_MINORS = frozenset("boy child girl pupil schoolboy schoolgirl teenager toddler".split())
ADDRESSES = frozenset("mr mrs ms miss".split())
"""Forms of address that anybody may have."""


@dataclass(slots=True)
class Entity:
    """One name of the document.

    Attributes:
        name: the longest form, without titles.
        words: its words, without suffixes such as "Jr".
        places: offsets of its occurrences, ascending.
        full_places: offsets where it stands in full, ascending.
        person: how likely it is a person: 3 stated by a title, an age or the like; 2 it has the
            form of a person's name; 1 one word of which nothing is known; 0 not a person.
        country: whether it is a country.
        place: whether the text tells that it is a place ("Oslo-based Orex").
        gender: ``m``, ``f``, ``x`` of whom "they" is said, or empty.
        gender_weak: whether only a less known first name hints at the gender.
        gender_stated: whether titles or nouns tell the gender, not the first name.
        roles: role nouns seen beside it, in small letters, and the words right before them.
        modifiers: stems of the words that qualify those roles ("mexi").
        begins_only: whether its one word only ever begins a sentence, so that it may be no name.
        age: in years, as written, or empty.
        role: the title or apposition as first written, or empty.
        acronym: its short form in capitals, or empty.
        titles: those before its full name that tell no gender, in small letters ("dr").
    """

    name: str
    words: tuple[str, ...]
    places: list[int] = field(default_factory=list)
    full_places: list[int] = field(default_factory=list)
    person: int = 1
    country: bool = False
    place: bool = False
    gender: str = ""
    gender_weak: bool = False
    gender_stated: bool = False
    roles: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    begins_only: bool = False
    age: str = ""
    role: str = ""
    acronym: str = ""
    titles: set[str] = field(default_factory=set)


def holders_of_title(bearers: tuple[Entity, ...], titles: Sequence[str]) -> tuple[Entity, ...]:
    """Of several bearers the one who is known by the title before the name, if it is one.

    A title that was written before one's full name alone is that one's ("Dr Ada Berg").
    """
    if len(bearers) == 1:
        return bearers
    meant = {role for title in titles for role in (title, *_ROLES_OF_TITLE.get(title, ()))}
    held = tuple(item for item in bearers if item.roles & meant)
    if not held:
        held = tuple(item for item in bearers if item.titles.intersection(titles))
    return held if len(held) == 1 else bearers


def addressed(text: str, entity: Entity) -> str:
    """A surname with the form of address that stands before it where it is first named.

    Args:
        text: of the document.
        entity: a name; one of several words keeps its own.
    """
    start = entity.full_places[0]
    first = text[start : start + len("Miss ")].split(None, 1)[0]
    told = first.rstrip(".").lower() in ADDRESSES and entity.name == entity.words[0]
    return f"{first} {entity.name}" if told else entity.name


def old_enough(bearers: tuple[Entity, ...], titles: Sequence[str]) -> tuple[Entity, ...]:
    """The bearers of a name whom "Mr" or the like before it can mean, by their age."""
    if len(bearers) == 1 or not ADDRESSES.intersection(titles):
        return bearers
    return tuple(item for item in bearers if not _is_minor(item)) or bearers


def _is_minor(entity: Entity) -> bool:
    return bool(entity.roles & _MINORS) or (entity.age.isdigit() and int(entity.age) < OF_AGE)


def fits_address(entity: Entity, gender: str) -> bool:
    """Whether a form of address of a gender, or none, can mean the bearer of a name."""
    return not gender or entity.gender in ("", gender) or len(entity.words) > 1
