"""The names of a document: every person and body, under the longest form of its name.

Capitalised runs are read off the text, titles stripped, and short forms joined to full ones. What
stands beside a name tells its role, its gender and whether it is a person: titles, appositions,
ages, relations ("his wife"). A first name is only a hint, and never a condition.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.extract import parameters as p
from stance.extract.acronyms import acronym_of, is_initialled
from stance.extract.document import Document
from stance.extract.entities import (
    ADDRESSES,
    Entity,
    addressed,
    fits_address,
    holders_of_title,
    old_enough,
)
from stance.extract.lexicon import lexicon
from stance.extract.name_evidence import describe, note_evidence
from stance.extract.name_runs import NameRun, name_runs
from stance.extract.names import (
    fold,
    gender_of,
    given_gender,
    is_organisation,
    may_be_person,
    person_gender,
    sound,
    spellings,
)
from stance.extract.short_names import (
    apart_in_lists,
    is_nickname,
    is_parent,
    shorts_of_body,
    shorts_of_person,
)

POSSESSIVE = re.compile(r"['’]s?\b|['’](?=\s)")
_STATE = re.compile(r"(?:[A-Z]\w+ )*(?:State|Republic|Kingdom|Sultanate|Emirate) of (?:the )?(.+)")


@dataclass(frozen=True, slots=True)
class NamePlace:
    """One occurrence of a name.

    Attributes:
        start: where it begins, titles included.
        end: where it ends.
        bearers: whose name it can be: one entity, or several namesakes.
        quoted: whether it stands within a quotation.
        subject: whether it begins its sentence, so that it is probably its subject.
    """

    start: int
    end: int
    bearers: tuple[Entity, ...]
    quoted: bool
    subject: bool

    @property
    def entity(self) -> Entity:
        """The first bearer."""
        return self.bearers[0]


class NameInventory:
    """All names of one document.

    Attributes:
        entities: every name, longest first.
        places: every occurrence of a name, in reading order.
        starts: the offsets of ``places``.
        countries: the entities that are countries.
    """

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.entities: list[Entity] = []
        self._by_name: dict[str, list[Entity]] = {}
        self._by_short: dict[str, list[Entity]] = {}
        self._by_sound: dict[str, list[Entity]] = {}
        self.places: list[NamePlace] = []
        self._told: set[tuple[str, str]] = set()
        self._capitals = set(re.findall(r"\b[^\W\d_a-z]{3,}\b", self.text))
        self._addressed: set[str] = set()
        self._collect(document)
        self.starts = [place.start for place in self.places]
        self.countries = [entity for entity in self.entities if entity.country]
        self._shared: dict[frozenset[int], list[int]] = {}
        for place in self.places:
            if len(place.bearers) > 1:
                key = frozenset(map(id, place.bearers))
                self._shared.setdefault(key, []).append(place.start)
        for entity in self.entities:
            entity.full_places.sort()

    def _collect(self, document: Document) -> None:
        """Read the names off the text: full names first, then short forms onto them."""
        found = name_runs(document)
        runs = [run for run in found if run.words]
        self._addressed = {
            fold(run.words[0])
            for run in runs
            if len(run.words) == 1 and ADDRESSES.intersection(run.titles)
        }
        ranked = sorted(range(len(runs)), key=lambda n: (-len(runs[n].core), runs[n].start))
        apart = apart_in_lists(self.text, runs)
        chosen: dict[int, tuple[Entity, ...]] = {}
        for n in ranked:
            run = runs[n]
            chosen[n] = self._bearers(run, chosen.get(apart.get(n, -1), ()))
            if len(chosen[n]) == 1:
                note_evidence(self.text, chosen[n][0], run)
        inner = {id(item) for n, run in enumerate(runs) if not run.initial for item in chosen[n]}
        for entity in self.entities:
            describe(self.text, entity)
            entity.begins_only = len(entity.words) == 1 and id(entity) not in inner
        for run in found:
            bearers = () if run.words else self._named_like_role(run)
            if bearers:
                chosen[len(runs)] = bearers
                runs.append(run)
        self._told = {
            (fold(run.words[-1]), gender_of(run.titles)) for run in runs if run.titles and run.words
        }
        begins = [start for sentences in document.sentences for start, _ in sentences]
        for n, run in sorted(enumerate(runs), key=lambda pair: pair[1].start):
            surname = fold(run.words[-1]) if run.words else ""
            bearers = old_enough(chosen[n], run.titles)
            bearers = self._by_gender(bearers, gender_of(run.titles), surname)
            bearers = holders_of_title(bearers, run.titles)
            quoted = bool(document.regions_in(run.start, run.start + 1))
            subject = self._begins(begins, run.start)
            self.places.append(NamePlace(run.start, run.end, bearers, quoted, subject))
            if len(bearers) == 1:
                bearers[0].places.append(run.start)

    def _named_like_role(self, run: NameRun) -> tuple[Entity, ...]:
        """Whose surname a lone word is that is a role too ("Baker", behind "Ada Baker")."""
        before = self.text[max(0, run.start - 4) : run.start].lower().split(" ")
        if " " in run.written or before[-2:-1] in (["the"], ["a"], ["an"]):
            return ()
        word = fold(run.written)
        found = self._by_short.get(word, ())
        return tuple(item for item in found if item.person > 1 and fold(item.words[-1]) == word)

    def _begins(self, begins: Sequence[int], start: int) -> bool:
        """Whether an occurrence stands near a sentence start, as subjects do."""
        near = bisect_right(begins, start) - 1
        return near >= 0 and start - begins[near] <= p.SUBJECT_REACH

    def _by_gender(
        self, bearers: tuple[Entity, ...], gender: str, surname: str
    ) -> tuple[Entity, ...]:
        """The bearers of a name whom a form of address can mean.

        One of unknown gender is not meant where the other's is told by a name and the document
        also uses the other form of address with this surname.
        """
        if not gender or len(bearers) == 1:
            return bearers
        sure = [item for item in bearers if item.gender == gender]
        open_ = [item for item in bearers if not item.gender]
        both = {(surname, "m"), (surname, "f")} <= self._told
        stated = any(item.gender_stated for item in sure)
        alone = len(sure) == 1 and (both or stated or not open_)
        return tuple(sure if alone else sure + open_) or bearers

    def _bearers(self, run: NameRun, others: Sequence[Entity]) -> tuple[Entity, ...]:
        """The known entities whose name this can be, without some others, else a new one."""
        core = run.core
        gender = gender_of(run.titles)
        text = " ".join(core)
        state = _STATE.fullmatch(text)
        if state and state.group(1).lower() in lexicon().countries:
            core = state.group(1).split()
            text = state.group(1)
            run = replace(run, words=tuple(core))
        if run.titles and run.written:
            whole = [
                e for e in self._by_short.get(fold(run.written), ()) if is_organisation(e.words)
            ]
            if whole:
                return tuple(whole[:1])
        for key in spellings(text):
            exact = [item for item in self._by_name.get(key, ()) if fits_address(item, gender)]
            if exact:
                if len(exact[0].words) == 1 and run.titles and run.titles[-1] in _KEPT_TITLES:
                    exact[0].name = " ".join(self._with_title(run))
                exact[0].full_places.append(run.start)
                return tuple(exact[:1])
        ends = f"{fold(core[0])} … {fold(core[-1])}"
        if len(core) > 1 and not is_organisation(core):
            for item in self._by_sound.get(sound(text), ()):
                if fits_address(item, gender):
                    item.full_places.append(run.start)
                    return (item,)
            for item in self._by_name.get(ends, ()):
                item.full_places.append(run.start)
                return (item,)
            for item in self._by_short.get(fold(core[-1]), ()):
                if len(core) == len(item.words) == 2 and is_nickname(core, item.words):
                    item.full_places.append(run.start)
                    return (item,)
        found: list[Entity] = []
        place = text.lower() in lexicon().countries or text.lower() in lexicon().places
        for key in () if place and not run.titles else spellings(text):
            near = self._by_short.get(key, ())
            found += [item for item in near if not any(item is seen for seen in found)]
        surname = len(core) == 1 or (len(core) == 2 and core[0].lower() in ("al", "el"))
        if not (found or place) and surname and len(text) >= p.LEAST_HEARD:
            found += self._by_sound.get(sound(text), ())
        found = [item for item in found if not any(item is other for other in others)]
        fits = [item for item in found if not gender or item.gender in ("", gender)]
        untold = [item for item in found if not item.gender_stated]  # a first name only hints
        fits = untold if len(untold) == 1 < len(found) and not fits else fits
        if len(core) == 1 and ADDRESSES.intersection(run.titles):
            fits = [item for item in fits if self._is_addressed_so(item, core[0])]
        spelt = [item for item in fits if item.acronym and fold(item.acronym) == fold(text)]
        if spelt:
            return tuple(spelt[:1])
        if fits and not run.titles and is_parent(core, fits):
            return (self._new_entity(run, core, namesake=False),)
        if fits:
            by_last = [item for item in fits if fold(item.words[-1]) == fold(core[-1])]
            return tuple(by_last or fits)
        alike = [e for e in self._by_name.get(fold(text), ()) if len(e.words) == 1 and run.titles]
        for item in alike:  # "Mrs Olsen and Mr Olsen"
            item.name = addressed(self.text, item)
        return (self._new_entity(run, core, namesake=bool(found or others or alike)),)

    def _is_addressed_so(self, entity: Entity, word: str) -> bool:
        """Whether "Mr" and a word can mean a person, whom other places may call "Mr Lund"."""
        last = fold(entity.words[-1])
        return last == fold(word) or last not in self._addressed

    def _new_entity(self, run: NameRun, core: Sequence[str], *, namesake: bool) -> Entity:
        """A new entity, found from now on by its short forms too."""
        words = list(run.words)
        lead = run.titles[-1] if run.titles else ""
        if len(core) == 1 and (lead in _KEPT_TITLES or (namesake and lead in ADDRESSES)):
            words = self._with_title(run)
        folded = " ".join(core).lower()
        formal = _ALSO_CALLED.get(folded, "").capitalize() + "s"
        if len(formal) > 1 and re.search(rf"\b{formal}\b", self.text[: run.start]):
            words = [formal]  # "Tories" behind "Conservatives"
        entity = Entity(" ".join(words), tuple(core), full_places=[run.start])
        entity.country = folded in lexicon().countries
        self.entities.append(entity)
        for key in spellings(" ".join(core)):
            self._by_name.setdefault(key, []).append(entity)
        if len(core) < 2:
            return entity
        body = is_organisation(core) or is_initialled(self.text, entity, core, self._capitals)
        if not body:
            ends = f"{fold(core[0])} … {fold(core[-1])}"
            self._by_name.setdefault(ends, []).append(entity)
            for name in (" ".join(core), core[-1]):
                alike = self._by_sound.setdefault(sound(name), [])
                alike.extend([entity] if len(alike) < p.NAMESAKES else [])
            entity.gender = person_gender(core)
            entity.gender_weak = bool(entity.gender) and not given_gender(core[0])
        self._index_short(entity, core, body=body)
        return entity

    def _with_title(self, run: NameRun) -> list[str]:
        """The words of a name behind the last of its titles."""
        return [self.text[run.start : run.name_start].split()[-1], *run.words]

    def _index_short(self, entity: Entity, core: Sequence[str], *, body: bool) -> None:
        """Make an entity known by its short forms: last words, first words, acronym."""
        if body or entity.country:
            entity.acronym = acronym_of(self.text, entity, core, self._capitals)
            shorts = shorts_of_body(core, entity.acronym)
            if may_be_person(core):
                shorts.add(core[-1])  # "Ms. Church"
        else:
            shorts = shorts_of_person(core)
        for short in shorts:
            for key in spellings(short):
                bearers = self._by_short.setdefault(key, [])
                if len(bearers) < p.NAMESAKES:
                    bearers.append(entity)

    def has_body(self, noun: str) -> bool:
        """Whether a body is named by a noun ("the Rights Observatory", "Harbour Zoo")."""
        told = noun in lexicon().organisation_words
        return any(
            item.person < 2
            and len(item.words) > 1
            and (fold(item.words[-1]) == noun or (told and noun in map(fold, item.words)))
            for item in self.entities
        )

    def party(self, member: str) -> Entity | None:
        """The party whose members a plural tells of ("the Greens"), where it is named in full."""
        named = _ALSO_CALLED.get(member, member.removesuffix("s"))
        if named in _LAWMAKERS:
            return None
        whole = [f"{named} party", *([f"{named}s"] if named != member.removesuffix("s") else [])]
        return next((found[0] for found in map(self._by_name.get, whole) if found), None)

    def shared_within(self, bearers: Sequence[Entity], start: int, end: int) -> bool:
        """Whether a name that just these can bear begins in ``[start, end)``."""
        starts = self._shared.get(frozenset(map(id, bearers)), [])
        near = bisect_left(starts, start)
        return near < len(starts) and starts[near] < end

    def between(self, start: int, end: int) -> list[NamePlace]:
        """The occurrences that touch ``[start, end)``."""
        low = bisect_left(self.starts, start)
        if low and self.places[low - 1].end > start:
            low -= 1
        high = bisect_left(self.starts, end)
        return self.places[low:high]


_KEPT_TITLES = frozenset(
    "lord lady king queen prince princess pope saint emir sultan duchess empress "
    "tsar tsarina".split()
)
"""Part of a name that has one word only ("Pope Francis")."""
_ALSO_CALLED = {"tories": "conservative"}
_LAWMAKERS = frozenset("democrat republican".split())
"""Their plurals tell of lawmakers or voters, not of the party."""
