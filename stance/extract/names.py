"""Names in a text: capitalised runs, with titles stripped, and what they tell of their bearers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import (
    COUNTRY_STEM,
    DOMINANT_RATIO,
    HEADLINE_LEAST_WORDS,
    HEADLINE_NAME_WORDS,
    HEADLINE_SHARE,
    RECENT_NAME,
)

_NAME_WORD = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Cmdr|Adm|Maj|St|Jr|Sr|Prof|Rev|Del)\."
    r"|(?:[^\W\d_a-z]\.)+|(?![\d_a-z])\w[\w\-]*(?:['’](?!s\b)\w+)*)"
)
_PARTICLE = r"(?:de|la|van|von|bin|al|der|den|del|da|el|of(?: the)?)"
_NAME = re.compile(
    rf"(?<![\w’']){_NAME_WORD}(?:[ \u00a0]+(?:{_PARTICLE}[ \u00a0]+)?{_NAME_WORD}){{0,7}}"
)
SENTENCE_START = re.compile(r"[.!?]['\"”’)]*\s+|\n\s*")
NAME_SUFFIXES = frozenset("jr sr ii iii iv".split())
_STEMS = {
    "fren": "fran",
    "span": "spai",
    "dutc": "neth",
    "dani": "denm",
    "swis": "swit",
    "amer": "us",
    "unit": "us",
}


@dataclass(slots=True)
class Entity:
    """One name of the document.

    Attributes:
        name: the longest form, without titles.
        words: its words.
        places: offsets of its occurrences, ascending.
        full_places: offsets where it stands in full.
        proper: whether it is ever capitalised within a sentence.
        gender: ``m``, ``f`` or empty.
        person: whether it looks like a person.
        roles: titles and role nouns seen beside it.
        modifiers: stems of the words that qualify those roles ("mexic").
    """

    name: str
    words: tuple[str, ...]
    places: list[int] = field(default_factory=list)
    full_places: list[int] = field(default_factory=list)
    proper: bool = False
    gender: str = ""
    person: bool = False
    roles: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class NameRun:
    """A capitalised run: range, titles before the name, the name's words."""

    start: int
    end: int
    titles: tuple[str, ...]
    words: tuple[str, ...]
    initial: bool


def name_runs(document: Document) -> list[NameRun]:
    """Capitalised runs that can be names; headlines only name what the article names too."""
    text = document.text
    runs: list[NameRun] = []
    for start, end in document.paragraphs:
        words = re.findall(r"[^\W\d_]{4,}", text[start:end])
        capitals = sum(word[0].isupper() for word in words)
        headline = len(words) > HEADLINE_LEAST_WORDS and capitals > HEADLINE_SHARE * len(words)
        for match in _NAME.finditer(text, start, end):
            titles, name = clean_name(match.group())
            if not name or not name[0][0].isupper():
                continue
            if headline and len(name) > HEADLINE_NAME_WORDS:
                continue
            before = text[max(start, match.start() - 6) : match.start()]
            initial = match.start() == start or bool(SENTENCE_START.search(before))
            runs.append(
                NameRun(match.start(), match.end(), tuple(titles), tuple(name), initial or headline)
            )
    inner = {run.words for run in runs if not run.initial}
    plain = set(re.findall(r"\b[a-z]{2,}\b", text))
    return [_trimmed(run, inner, plain) for run in runs]


def _trimmed(run: NameRun, inner: set[tuple[str, ...]], plain: set[str]) -> NameRun:
    """Cut words off a run's front that only stand before the name ("Rival Hillary Clinton")."""
    first_names = lexicon().first_names
    words = run.words
    for index in range(1, len(words) - 1):
        if words[index].lower() in first_names and words[0].lower() not in first_names:
            words = words[index:]
            break
    if run.initial and words not in inner and words[1:] in inner:
        if words[0].lower() in plain and words[0].lower() not in first_names:
            words = words[1:]
    return replace(run, words=words)


def nearest_form(fits: Sequence[Entity], start: int) -> Entity:
    """Which of several bearers of a surname is meant: the dominant one, else the latest named."""
    dominant = max(fits, key=lambda item: len(item.full_places))

    def latest(item: Entity) -> int:
        return max((place for place in item.full_places if place <= start), default=-1)

    recent = max(fits, key=latest)
    close = 0 <= start - latest(recent) < RECENT_NAME
    few = len(dominant.full_places) < DOMINANT_RATIO * max(1, len(recent.full_places))
    return recent if close and few else dominant


def clean_name(raw: str) -> tuple[list[str], list[str]]:
    """Split a capitalised run into what precedes the name (titles) and the name's words."""
    known = lexicon()
    words = raw.replace("\u00a0", " ").split()
    cut = 0
    for index, word in enumerate(words[:-1]):
        if word.lower().rstrip(".") in known.titles or word.lower() in known.titles:
            cut = index + 1
            if words[cut] == "of" and cut + 2 < len(words):
                cut += 2 if words[cut + 1] != "the" or cut + 3 >= len(words) else 3
    titles = [word.lower().rstrip(".") for word in words[:cut]]
    words = words[cut:]
    while words and words[0].lower() in known.not_names:
        words = words[1:]
    return titles, words


def stem(word: str) -> str:
    """A crude stem under which a country and its adjective meet ("mexi")."""
    key = word.lower().replace(".", "")[:COUNTRY_STEM]
    return _STEMS.get(key, key)


def gender_of(titles: Sequence[str]) -> str:
    """Gender told by a title, or empty."""
    if any(title in lexicon().male_hints for title in titles):
        return "m"
    return "f" if any(title in lexicon().female_hints for title in titles) else ""


def is_organisation(words: Sequence[str]) -> bool:
    """Whether a name looks like an organisation."""
    known = lexicon().organisation_words
    if any(word.lower().rstrip(".s") in known for word in words):
        return True
    return len(words) == 1 and len(words[0]) > 1 and words[0].isupper()
