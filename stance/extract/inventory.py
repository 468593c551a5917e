"""The names of a document: every person and body, under the longest form of its name.

Capitalised runs are read off the text, titles stripped, and short forms joined to full ones. What
stands beside a name tells its role, its gender and whether it is a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.extract import parameters as p
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.names import (
    NAME_SUFFIXES,
    SENTENCE_START,
    Entity,
    NameRun,
    gender_of,
    is_organisation,
    name_runs,
    nearest_form,
    stem,
)

POSSESSIVE = re.compile(r"['’]s?\b")
_LEAD = re.compile(r"([\w’' -]{3,50}) $")
_APPOSITION = re.compile(r", ([^,.;:“”\"]{3,80})[,.;]")
_MALE_PRONOUN = re.compile(r"\b(?:he|his|him)\b")
_FEMALE_PRONOUN = re.compile(r"\b(?:she|her)\b")


@dataclass(frozen=True, slots=True)
class NamePlace:
    """One occurrence of a name: whether within a quotation, whether like a subject."""

    start: int
    end: int
    entity: Entity
    quoted: bool
    subject: bool


class NameInventory:
    """All names of one document.

    Attributes:
        entities: in the order of their first full form, longest names first.
        places: every occurrence of a name, in reading order.
        starts: the offsets of ``places``.
    """

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.entities: list[Entity] = []
        self._by_short: dict[str, list[Entity]] = {}
        self._by_ends: dict[tuple[str, str], Entity] = {}
        self.places: list[NamePlace] = []
        self._collect(document)
        self.starts = [place.start for place in self.places]

    def _collect(self, document: Document) -> None:
        """Read the names off the text: full names first, then short forms onto them."""
        runs = name_runs(document)
        seen: list[tuple[NameRun, Entity]] = []
        for run in sorted(runs, key=lambda item: (-len(item.words), item.start)):
            entity = self._entity(run)
            entity.places.append(run.start)
            self._note_roles(entity, run.start, run.end, run.titles)
            seen.append((run, entity))
        seen.sort(key=lambda item: item[0].start)
        for run, entity in seen:
            quoted = bool(document.regions_in(run.start, run.start + 1))
            subject = self._begins(run.start)
            self.places.append(NamePlace(run.start, run.end, entity, quoted, subject))
            entity.proper = entity.proper or not run.initial
        for entity in self.entities:
            entity.places.sort()
            self._describe(entity)

    def _begins(self, start: int) -> bool:
        """Whether an occurrence stands near a sentence start, as subjects do."""
        before = self.text[max(0, start - p.SUBJECT_REACH) : start]
        return start < p.SUBJECT_AT_START or bool(SENTENCE_START.search(before))

    def _entity(self, run: NameRun) -> Entity:
        """The known entity a name belongs to, else a new one."""
        core = [word for word in run.words if word.rstrip(".").lower() not in NAME_SUFFIXES]
        core = core or list(run.words)
        ends = (core[0].lower(), core[-1].lower())
        entity = self._by_ends.get(ends)
        if entity is None:
            fits = self._bearers(core, gender_of(run.titles))
            if fits:
                return nearest_form(fits, run.start)
            entity = self._new_entity(run.words, core)
            self._by_ends[ends] = entity
        entity.full_places.append(run.start)
        return entity

    def _bearers(self, core: Sequence[str], gender: str) -> list[Entity]:
        """The entities that a short form may stand for."""
        if len(core) > 1 and core[0].lower() in lexicon().first_names:
            return []
        known = self._by_short.get(" ".join(core).lower(), [])
        return [item for item in known if not gender or item.gender in ("", gender)]

    def _new_entity(self, words: Sequence[str], core: Sequence[str]) -> Entity:
        """A new entity, found from now on by its short forms too."""
        entity = Entity(" ".join(words), tuple(core))
        first = core[0].lower().split("-")[0]
        if len(core) > 1 and first in lexicon().male_names:
            entity.gender = "m"
        elif len(core) > 1 and first in lexicon().female_names:
            entity.gender = "f"
        self.entities.append(entity)
        if 2 <= len(core) <= 5 and not is_organisation(core):
            for cut in range(1, len(core)):
                self._by_short.setdefault(" ".join(core[cut:]).lower(), []).append(entity)
            if entity.gender:
                self._by_short.setdefault(core[0].lower(), []).append(entity)
        return entity

    def _note_roles(self, entity: Entity, start: int, end: int, titles: Sequence[str]) -> None:
        """Keep titles before a name and role nouns in the apposition after it."""
        hint = gender_of(titles)
        if hint:
            entity.gender = hint
        known = {title for title in titles if title in lexicon().titles}
        if known:
            entity.person = True
        entity.roles |= known
        before = re.findall(r"[\w’']+", self.text[max(0, start - p.ROLE_BEFORE_REACH) : start])
        qualifiers = [*titles, *before[-p.ROLE_BEFORE_WORDS :]]
        qualifiers = [word for word in qualifiers if len(word) > 3]
        lead = self._role_before(start)
        if lead:
            entity.roles.add(lead)
            known.add(lead)
        apposition, roles = self._apposition(end)
        if roles:
            entity.roles |= roles
            entity.person = True
            qualifiers += apposition
            known |= roles
        if known:
            entity.modifiers.update(stem(POSSESSIVE.sub("", word)) for word in qualifiers)

    def _role_before(self, start: int) -> str:
        """The role noun right before a name ("spokesman Peter Lund"), or empty."""
        lead = _LEAD.search(self.text[max(0, start - p.ROLE_LEAD_REACH) : start])
        words = lead.group(1).split() if lead else []
        return words[-1].lower() if words and words[-1].lower() in lexicon().role_nouns else ""

    def _apposition(self, end: int) -> tuple[list[str], set[str]]:
        """Words and role nouns of the apposition behind a name (", the finance chief,")."""
        after = _APPOSITION.match(self.text[end : end + p.APPOSITION_REACH])
        words = re.findall(r"\w+", after.group(1)) if after else []
        roles = {word.lower() for word in words} & lexicon().role_nouns
        short = len(words) < p.APPOSITION_WORDS
        if not roles or not (short or words[0].lower() in ("a", "an", "the")):
            return [], set()
        return words, roles

    def _describe(self, entity: Entity) -> None:
        """Decide whether an entity is a person, and guess its gender from pronouns nearby."""
        if is_organisation(entity.words) or entity.name.lower() in lexicon().places:
            entity.person = False
            return
        if entity.gender:
            entity.person = True
        short = [place for place in entity.places if self.text.startswith(entity.words[-1], place)]
        if 2 <= len(entity.words) <= 4 and short:
            entity.person = True
        if entity.person and not entity.gender:
            he = she = 0
            for place in entity.places[: p.GENDER_PLACES]:
                window = self.text[place : place + p.GENDER_WINDOW].lower()
                he += len(_MALE_PRONOUN.findall(window))
                she += len(_FEMALE_PRONOUN.findall(window))
            if he > p.GENDER_RATIO * she:
                entity.gender = "m"
            elif she > p.GENDER_RATIO * he:
                entity.gender = "f"
