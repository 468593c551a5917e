"""From a source span to a canonical speaker of the document.

An inventory of names is read off the text (capitalised runs, titles stripped, short forms joined to
the longest form); a mention is then linked by the name in its head, by pronoun (gender, place,
last speaker) or by role. Where nothing fits well, the answer is None rather than a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from stance.extract.lexicon import (
    ANONYMOUS_NOUNS,
    FEMALE_NAMES,
    MALE_NAMES,
    PERSON_PRONOUNS,
    PLACES,
    ROLE_NOUNS,
    TITLES,
)
from stance.extract.names import (
    FIRST_NAMES,
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
from stance.extract.segmentation import QuoteRegion, Range

_HEAD_END = re.compile(r",|[(—–;]| (?:of|for|who|from|at|in|with|on|to|and|which|that) ")
_POSSESSIVE = re.compile(r"['’]s?\b")
_TAILS = frozenset("himself herself itself now once also later then who too jr sr".split())
_REACH = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """The canonical speaker of a mention, how sure the link is, and whether it is unnamed."""

    speaker: str | None
    confidence: float
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """One occurrence of an entity."""

    start: int
    end: int
    entity: Entity
    quoted: bool
    subject: bool


class SpeakerIndex:
    """Names of one document, and the links from mentions to them."""

    def __init__(self, text: str, regions: Sequence[QuoteRegion] = ()) -> None:
        self.text = text
        self.entities: list[Entity] = []
        self._by_short: dict[str, list[Entity]] = {}
        self._by_ends: dict[tuple[str, str], Entity] = {}
        self._places: list[_Place] = []
        self._collect(regions)
        self._starts = [place.start for place in self._places]

    def _collect(self, regions: Sequence[QuoteRegion]) -> None:
        """Read the names off the text: full names first, then short forms onto them."""
        runs = name_runs(self.text)
        seen: list[tuple[NameRun, Entity]] = []
        for run in sorted(runs, key=lambda item: (-len(item.words), item.start)):
            entity = self._entity(run)
            entity.places.append(run.start)
            self._note_roles(entity, run.start, run.end, run.titles)
            seen.append((run, entity))
        seen.sort(key=lambda item: item[0].start)
        starts = [region.start for region in regions]
        for run, entity in seen:
            near = bisect_left(starts, run.start + 1) - 1
            quoted = near >= 0 and regions[near].start <= run.start < regions[near].end
            subject = self._begins(run.start)
            self._places.append(_Place(run.start, run.end, entity, quoted, subject))
            entity.proper = entity.proper or not run.initial
        for entity in self.entities:
            entity.places.sort()
            self._describe(entity)

    def _begins(self, start: int) -> bool:
        """Whether an occurrence stands near a sentence start, as subjects do."""
        before = self.text[max(0, start - 40) : start]
        return start < 25 or bool(SENTENCE_START.search(before))

    def _entity(self, run: NameRun) -> Entity:
        """The known entity a name belongs to, else a new one."""
        words = run.words
        core = [word for word in words if word.rstrip(".").lower() not in NAME_SUFFIXES] or list(
            words
        )
        ends = (core[0].lower(), core[-1].lower())
        entity = self._by_ends.get(ends)
        if entity is None:
            hint = gender_of(run.titles)
            known = self._by_short.get(" ".join(core).lower(), [])
            if len(core) > 1 and core[0].lower() in FIRST_NAMES:
                known = []
            fits = [item for item in known if not hint or item.gender in ("", hint)]
            if fits:
                return nearest_form(fits, run.start)
            entity = Entity(" ".join(words), tuple(core))
            first = core[0].lower().split("-")[0]
            if len(core) > 1:
                entity.gender = "m" if first in MALE_NAMES else "f" if first in FEMALE_NAMES else ""
            self.entities.append(entity)
            self._by_ends[ends] = entity
            if 2 <= len(core) <= 5 and not is_organisation(core):
                for cut in range(1, len(core)):
                    short = " ".join(core[cut:]).lower()
                    self._by_short.setdefault(short, []).append(entity)
                if entity.gender:
                    self._by_short.setdefault(core[0].lower(), []).append(entity)
        entity.full_places.append(run.start)
        return entity

    def _note_roles(self, entity: Entity, start: int, end: int, titles: Sequence[str]) -> None:
        """Keep titles before a name and role nouns in the apposition after it."""
        hint = gender_of(titles)
        if hint:
            entity.gender = hint
        known = {title for title in titles if title in TITLES}
        if known:
            entity.person = True
        entity.roles |= known
        before = re.findall(r"[\w’']+", self.text[max(0, start - 45) : start])[-4:]
        context = [word for word in [*titles, *before] if len(word) > 3]
        lead = re.search(r"([\w’' -]{3,50}) $", self.text[max(0, start - 50) : start])
        if lead:
            last = lead.group(1).split()[-1].lower()
            if last in ROLE_NOUNS:
                entity.roles.add(last)
                known = known | {last}
        after = re.match(r", ([^,.;:“”\"]{3,80})[,.;]", self.text[end : end + 90])
        if after:
            words: list[str] = re.findall(r"\w+", after.group(1))
            roles = {word.lower() for word in words} & ROLE_NOUNS
            if roles and (len(words) < 6 or words[0].lower() in ("a", "an", "the")):
                entity.roles |= roles
                entity.person = True
                context += words
                known = known | roles
        if known:
            entity.modifiers.update(stem(_POSSESSIVE.sub("", word)) for word in context)

    def _describe(self, entity: Entity) -> None:
        """Decide whether an entity is a person, and guess its gender from pronouns nearby."""
        if is_organisation(entity.words) or entity.name.lower() in PLACES:
            entity.person = False
            return
        if entity.gender:
            entity.person = True
        short = [place for place in entity.places if self.text.startswith(entity.words[-1], place)]
        if 2 <= len(entity.words) <= 4 and short:
            entity.person = True
        if entity.person and not entity.gender:
            he = she = 0
            for place in entity.places[:12]:
                window = self.text[place : place + 180].lower()
                he += len(re.findall(r"\b(?:he|his|him)\b", window))
                she += len(re.findall(r"\b(?:she|her)\b", window))
            entity.gender = "m" if he > 2 * she else "f" if she > 2 * he else ""

    def link(self, source: Range, *, previous: str | None = None) -> Link:
        """Link the mention at ``source`` to its canonical name.

        Args:
            source: the mention, in code points.
            previous: canonical speaker of the statement before, a likely antecedent of a pronoun.
        """
        start, end = source
        words = [word.strip(".,;:’'\"“”()—–-").lower() for word in self.text[start:end].split()]
        words = [word for word in words if word]
        if not words:
            return Link(None, 0.0)
        if words[0] in PERSON_PRONOUNS and (len(words) == 1 or words[1] in ("himself", "who")):
            return self._pronoun(words[0], start, previous)
        named = self._named(start, end)
        if named is not None:
            return Link(named.name, 0.95 if len(named.words) > 1 or named.person else 0.85)
        return self._role(source, words, previous)

    def _named(self, start: int, end: int) -> Entity | None:
        """The name in the mention's head, else the one in its apposition."""
        low = bisect_left(self._starts, start)
        if low and self._places[low - 1].end > start:
            low -= 1
        inside = []
        for place in self._places[low:]:
            if place.start >= end:
                break
            tail = self.text[place.end : end]
            if not (_POSSESSIVE.match(tail) and len(tail.strip()) > 2):
                inside.append(place)
        if not inside:
            return None
        stop = _HEAD_END.search(self.text, start + 1, end)
        cut = stop.start() if stop else end
        head = [place for place in inside if place.start < cut]
        if head:
            last = head[-1]
            rest = re.findall(r"[^\W\d_]{2,}", _POSSESSIVE.sub("", self.text[last.end : cut]))
            modifier = any(word.islower() and word not in _TAILS for word in rest)
            common = not last.entity.proper and len(last.entity.words) == 1
            return None if modifier or (common and not last.entity.person) else last.entity
        comma = self.text.find(",", start, end)
        opening = {word.rstrip("s") for word in self.text[start:comma].lower().split()}
        if comma > 0 and opening & ROLE_NOUNS:
            people = [p for p in inside if p.start > comma and _personal(p.entity)]
            return people[0].entity if people else None
        return None

    def _pronoun(self, word: str, position: int, previous: str | None) -> Link:
        """The best fitting person before a pronoun; first person and "they" are left open."""
        kind = PERSON_PRONOUNS[word]
        low = bisect_left(self._starts, position)
        if kind == "r":
            apposition = re.search(r", (?:an?|the) [^,.;“”\"]*$", self.text[:position][-120:])
            anchor = position - len(apposition.group()) if apposition else position
            for place in reversed(self._places[max(0, low - 4) : low]):
                if 0 <= anchor - place.end < 4:
                    return Link(place.entity.name, 0.8)
            return Link(None, 0.0)
        if kind in ("n", "p") and previous is not None:
            person = any(entity.name == previous and entity.person for entity in self.entities)
            plural = previous.split()[-1].endswith("s")
            if not person and plural == (kind == "p"):
                return Link(previous, 0.5)
        if kind not in ("m", "f"):
            return Link(None, 0.0)
        scores: dict[str, float] = {}
        known: dict[str, Entity] = {}
        for place in reversed(self._places[max(0, low - 60) : low]):
            distance = position - place.end
            entity = place.entity
            if distance > _REACH:
                break
            if not entity.person or entity.gender not in ("", kind) or place.quoted:
                continue
            breaks = len(SENTENCE_START.findall(self.text[place.end : position]))
            score = 2.0 - 0.45 * min(breaks, 6) - distance / 2000
            score += 0.6 * place.subject + 0.7 * (entity.gender == kind)
            score += 0.6 * (entity.name == previous) + 0.05 * min(len(entity.places), 10)
            if score > scores.get(entity.name, -9.0):
                scores[entity.name] = score
                known[entity.name] = entity
        if not scores:
            return Link(None, 0.0)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        best, top = ranked[0]
        margin = top - ranked[1][1] if len(ranked) > 1 else 1.5
        sure = known[best].gender == kind
        if not sure and margin < 0.15:
            return Link(None, 0.0)
        return Link(best, min(0.9, 0.55 + 0.15 * margin + 0.1 * sure))

    def _role(self, source: Range, words: Sequence[str], previous: str | None) -> Link:
        """A role ("the Mexican president"), "her office", or an unnamed source."""
        start, end = source
        raw = self.text[start:end].strip(" ,—–-")
        owner = PERSON_PRONOUNS.get(words[0], "")
        if owner in ("m", "f") and len(words) < 6:
            person = self._pronoun(words[0], start, previous)
            if person.speaker is not None:
                tail = raw.split(None, 1)[1]
                return Link(f"{person.speaker}’s {tail}", 0.8 * person.confidence)
        definite = words[0] in ("the", "this", "that") or "’s" in raw or "'s" in raw
        roles = [word for word in words if word in ROLE_NOUNS]
        if roles and definite and len(words) <= 6:
            fits = [
                entity
                for entity in self.entities
                if entity.person and roles[-1] in entity.roles and entity.places[0] < start
            ]
            opening = words[1:] if words[0] in ("the", "this", "that") else words
            qualifiers = [
                stem(_POSSESSIVE.sub("", word))
                for word in opening
                if word not in ROLE_NOUNS and word not in ("former", "late", "of")
            ]
            close = [item for item in fits if all(q in item.modifiers for q in qualifiers)]
            if len(close) == 1:
                return Link(close[0].name, 0.8 if qualifiers or len(fits) == 1 else 0.6)
            if len(close) > 1:
                near = max(close, key=lambda e: max(p for p in e.places if p < start))
                return Link(near.name, 0.5)
        unnamed = any(word in ANONYMOUS_NOUNS for word in words[:8])
        return Link(raw or None, 0.6, unnamed and words[0] not in ("the", "this", "that"))


def _personal(entity: Entity) -> bool:
    """Whether an entity is a person or may well be one."""
    return entity.person or (len(entity.words) > 1 and not is_organisation(entity.words))
