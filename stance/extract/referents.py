"""What a later mention can mean: names, and noun phrases that spoke or acted, with their places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from stance.extract import parameters as p
from stance.extract.descriptions import Description, descriptions, distinct
from stance.extract.document import Document
from stance.extract.entities import Entity
from stance.extract.inventory import NameInventory, NamePlace
from stance.extract.lexicon import lexicon
from stance.extract.names import fold, gender_of, is_role, stem
from stance.extract.phrases import Part
from stance.extract.segmentation import Range
from stance.extract.subject_nouns import subject_nouns

_NAMED_BODY = re.compile(
    r"(?:[Tt]he )?(?:[a-z][a-z-]* )+((?:[^\W\d_a-z][\w’'-]*(?<!['’]s) )+"
    r"(?:party|agency|newspaper|movement|channel|network|website|station|union))"
)
"""What a body is besides its name ("the opposition New Tide party")."""
_PAIR = re.compile(r",? and (?:(?:his|her|the) )?(?:[a-z-]+ ){0,3}[a-z-]*,? ?")
_OWNS = re.compile(r"['’]s?\b|['’](?=\s)")
_PREPOSITION_BEFORE = re.compile(
    r"\b(?:of|by|with|to|from|against|for|about|at|on|in|under|after|over|like|between|including|into|"
    r"behind|via|than|alongside|before|without|around|through|towards?) "
    r"(?:the |his |her )?(?:[a-z-]+ ){0,2}$"
)
_VERB_AND_OBJECT = re.compile(
    r" (?!and|or|of|for|at|in|from|to|with|by|on|near|who|that|which)[a-z]+ (?:the |its |their )?"
)


@dataclass(slots=True)
class Referent:
    """Something that a later mention can mean: a name, or a noun phrase that spoke or acted.

    Attributes:
        name: as it is given as a speaker.
        entity: its name's entity, or None of a noun phrase.
        person: as :attr:`Entity.person`.
        plural: whether it is several.
        body: whether it is an organisation, a country or a document.
        gender: as :attr:`Entity.gender`.
        stated: whether words tell its gender, not a first name.
        nouns: role nouns and nouns of bodies it goes by.
        starts: offsets outside quotations, ascending.
        subjects: those of them that begin a sentence.
        spoke: offsets of the statements it made so far.
        part: of a noun phrase: where it first stands for itself.
        oblique: those of ``starts`` that own something or stand behind a preposition.
        members: of two people that are named together ("Ana Ruiz and Omar Saleh").
    """

    name: str
    entity: Entity | None = None
    person: int = 0
    plural: bool = False
    body: bool = False
    gender: str = ""
    stated: bool = False
    nouns: frozenset[str] = frozenset()
    starts: list[int] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    spoke: list[int] = field(default_factory=list)
    part: Part | None = None
    members: tuple[Referent, ...] = ()
    oblique: set[int] = field(default_factory=set)

    def last_start(self, position: int) -> int:
        """The last of ``starts`` before a position that one of them stands before."""
        return self.starts[bisect_left(self.starts, position) - 1]

    @property
    def everyone(self) -> tuple[Referent, ...]:
        """Its members, or itself where it is one."""
        return self.members or (self,)


class Referents:
    """The referents of one document, in the order of their first place."""

    def __init__(self, document: Document, names: NameInventory) -> None:
        self.document = document
        self.text = document.text
        self.names = names
        self._begins = [start for sentences in document.sentences for start, _ in sentences]
        self._by_entity: dict[int, Referent] = {}
        self._by_name: dict[str, Referent] = {}
        self._order: list[tuple[int, Referent]] = []
        self.subject_nouns: list[Range] = []
        for place in names.places:
            if len(place.bearers) == 1 and not place.quoted:
                item = self.of_entity(place.entity)
                item.starts.append(place.start)
                if place.subject:
                    item.subjects.append(place.start)
                if self._is_oblique(place):
                    item.oblique.add(place.start)
                self._order.append((place.start, item))
        self._add_subjects()
        self._add_pairs()
        self._order.sort(key=lambda pair: pair[0])
        self._starts = [start for start, _ in self._order]
        self.turns: list[tuple[int, tuple[Referent, ...]]] = []
        self.turn_is_plural = False
        self.text_spoke: tuple[int, Referent | None] | None = None
        self.reported: list[Range] = []
        self._described: dict[str, list[Description]] = {}

    def is_reported(self, offset: int) -> bool:
        """Whether a code point stands within what somebody was found to say so far."""
        near = bisect_right(self.reported, (offset, len(self.text)))
        return any(offset < end for _, end in self.reported[max(0, near - p.NESTED) : near])

    def _is_oblique(self, place: NamePlace) -> bool:
        owns = _OWNS.match(self.text, place.end) is not None
        low = max(0, place.start - p.OBLIQUE_REACH)
        return owns or _PREPOSITION_BEFORE.search(self.text, low, place.start) is not None

    def of_entity(self, entity: Entity) -> Referent:
        """The referent of a name."""
        item = self._by_entity.get(id(entity))
        if item is None:
            body = entity.person < 3
            plural_name = entity.words[-1].lower() in lexicon().plural_roles or (
                entity.person == 0 and entity.words[-1].endswith("s") and not entity.country
            )
            item = Referent(
                entity.name, entity, entity.person, plural_name, body, entity.gender,
                entity.gender_stated, frozenset(entity.roles),
            )  # fmt: skip
            self._by_entity[id(entity)] = item
        return item

    def of_noun(self, name: str, part: Part) -> Referent:
        """The referent of a noun phrase that stands for itself."""
        named = _NAMED_BODY.fullmatch(name)
        if named and fold(named.group(1).split()[0]) not in lexicon().peoples:
            name = named.group(1)
        key = fold(name).removeprefix("the ")
        item = self._by_name.get(key)
        if item is None:
            known = lexicon()
            person = 3 if is_role(part.head) and not part.plural else 0
            body = part.head in known.body_nouns or part.head in known.document_nouns
            item = Referent(
                name, None, person, part.plural, body, gender_of([part.head]) if person else "",
                bool(person), frozenset({part.head}), part=part,
            )  # fmt: skip
            self._by_name[key] = item
        return item

    def said(self, position: int, speakers: Sequence[Referent], *, plural: bool = False) -> None:
        """Note who made the statement at a position; statements come in reading order.

        Args:
            position: where it begins.
            speakers: who made it.
            plural: whether a plural named one of them ("the Greens").
        """
        self.turns.append((position, tuple(speakers)))
        self.turn_is_plural = plural
        for item in speakers:
            item.spoke.append(position)
            if item.entity is None:
                self.mentioned(item, position, subject=True)

    def mentioned(self, item: Referent, position: int, *, subject: bool) -> None:
        """Note a place where something other than its name stands for a referent."""
        if position not in item.starts:
            at = bisect_left(self._starts, position)
            self._order.insert(at, (position, item))
            self._starts.insert(at, position)
            insort(item.starts, position)
            if subject:
                insort(item.subjects, position)

    def renamed(self, position: int, item: Referent) -> None:
        """Note that the noun that begins a sentence there is found to mean somebody named."""
        number = bisect_left(self._starts, position)
        while number < len(self._order) and self._starts[number] == position:
            noun = self._order[number][1]
            if noun.entity is None and not noun.members:
                noun.starts.remove(position)
                noun.subjects.remove(position)
                del self._order[number], self._starts[number]
                break
            number += 1
        self.mentioned(item, position, subject=True)

    def _add_subjects(self) -> None:
        """Nouns of people, bodies and texts that begin a sentence ("The mayors of Lyon")."""
        for part in subject_nouns(self.document, self.names):
            item = self.of_noun(self.text[part.start : part.end], part)
            item.starts.append(part.start)
            item.subjects.append(part.start)
            self._order.append((part.start, item))
            self.subject_nouns.append((part.start, part.end))
            self._drop_objects(part.end)

    def _drop_objects(self, stop: int) -> None:
        """Names right behind the verb of a subject are none ("The delegation left Geneva")."""
        for place in self.names.between(stop, stop + p.SUBJECT_REACH):
            if place.start > stop and _VERB_AND_OBJECT.fullmatch(self.text, stop, place.start):
                named = self._by_entity.get(id(place.entity))
                if named is not None and named.body and place.start in named.subjects:
                    named.subjects.remove(place.start)

    def _add_pairs(self) -> None:
        """Two people, bodies or countries that an "and" joins, as "they" may mean both."""
        places = [place for place in self.names.places if len(place.bearers) == 1]
        first: NamePlace | None = None  # of the list that a place goes on
        for left, right in pairwise(places):
            first = first or left
            people = left.entity.person > 1 and right.entity.person > 1
            bodies = left.entity.person < 2 and right.entity.person < 2
            bodies = bodies and left.entity.country == right.entity.country
            bodies = bodies and not self._is_oblique(first)  # "the mayors of Lyon, Turin and Graz"
            if (people or bodies) and not left.quoted and left.entity is not right.entity:
                if _PAIR.fullmatch(self.text, left.end, right.start):
                    both = (self.of_entity(left.entity), self.of_entity(right.entity))
                    name = " and ".join(item.name for item in both)
                    item = self._by_name.setdefault(name, Referent(name, plural=True, members=both))
                    item.starts.append(left.start)
                    item.subjects += [left.start] if left.subject else []
                    self._order.append((left.start, item))
            first = first if self.text[left.end : right.start] == ", " else None

    # --- candidates ------------------------------------------------------------------------------

    def sentence_at(self, offset: int) -> int:
        """Position of the sentence that holds a code point."""
        return bisect_right(self._begins, offset) - 1

    def begins_sentence(self, item: Referent, number: int) -> bool:
        """Whether a name stands like the subject of a sentence, by the sentence's position."""
        near = bisect_left(item.subjects, self._begins[number] if number >= 0 else 0)
        return near < len(item.subjects) and self.sentence_at(item.subjects[near]) == number

    def opens_sentence(self, offset: int) -> bool:
        """Whether a sentence begins at a code point, or a few words of a clause before it."""
        return offset - self._begins[self.sentence_at(offset)] < p.PRONOUN_LEAD

    def opens_paragraph(self, offset: int) -> bool:
        """Whether a code point stands in the first sentence of its paragraph."""
        first = self.document.paragraphs[self.document.paragraph_at(offset)][0]
        return self.sentence_at(offset) == self.sentence_at(first)

    def sentence_start(self, offset: int) -> int:
        """Where the sentence that holds a code point begins; 0 before the first."""
        near = self.sentence_at(offset)
        return self._begins[near] if near >= 0 else 0

    def sentence_before(self, offset: int) -> int:
        """Where the sentence before the one that holds a code point begins; 0 before the first."""
        return self.sentence_start(max(0, self.sentence_start(offset) - 1))

    def sentence_end(self, offset: int) -> int:
        """Where the sentence that holds a code point ends."""
        near = self.sentence_at(offset) + 1
        return self._begins[near] if near < len(self._begins) else len(self.text)

    def before(self, position: int) -> list[Referent]:
        """The referents named before a position, nearest first, within bounds."""
        high = bisect_left(self._starts, position)
        found: dict[int, Referent] = {}
        for start, item in reversed(self._order[max(0, high - p.PRONOUN_PLACES) : high]):
            if position - start > p.PRONOUN_REACH and found:
                break
            found.setdefault(id(item), item)
        return [*found.values()]

    def within(self, start: int, end: int) -> list[Referent]:
        """The referents named in ``[start, end)``."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [item for _, item in self._order[low:high]]

    def named_within(self, start: int, end: int) -> list[Referent]:
        """Whom names in ``[start, end)`` call, in quotations too."""
        places = self.names.between(start, end) if start < end else []
        return [self.of_entity(place.entity) for place in places if len(place.bearers) == 1]

    def described(self, part: Part) -> list[tuple[Referent, Description]]:
        """What a noun is called more fully before it, as far as that fits its own words."""
        found = self._described.get(part.head)
        if found is None:
            found = self._described[part.head] = descriptions(self.document, part.head)
        own = frozenset(stem(word) for word in part.qualifiers)
        last = bisect_right(found, part.start, key=lambda item: item.end)
        before = [
            item
            for item in found[max(0, last - p.DESCRIPTIONS) : last]
            if own <= {stem(word) for word in item.words}
        ]
        listed = []
        for item in distinct(before):
            same = [other.start for other in before if other.words <= item.words]
            name = self.text[item.start : item.end]
            referent = self.of_noun(name, replace(part, start=item.start, end=item.end))
            referent.starts = sorted({*referent.starts, *same})
            listed.append((referent, item))
        return listed

    def after(self, position: int) -> list[Referent]:
        """The referents that are named soon after a position in an article's first sentences."""
        if self.sentence_at(position) > p.LEAD_SENTENCES:
            return []
        low = bisect_left(self._starts, position)
        limit = self.sentence_at(position) + p.AHEAD_SENTENCES
        found: dict[int, Referent] = {}
        for start, item in self._order[low : low + p.AHEAD_PLACES]:
            if self.sentence_at(start) > limit:
                break
            found.setdefault(id(item), item)
        return [*found.values()]
