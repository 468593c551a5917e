"""The record of a name of a document: who or what bears it."""

from __future__ import annotations

from dataclasses import dataclass, field


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
