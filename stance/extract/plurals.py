"""Whom a plural means: two named together, a group told of more fully, or one person ("they")."""

from __future__ import annotations

from stance.extract import parameters as p
from stance.extract.lexicon import lexicon
from stance.extract.names import fold
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents

_BOTH = frozenset("both two".split())
_ANYBODY = frozenset("side sides pair couple duo two".split())
_MEN = {"man": "m", "woman": "f", "brother": "m", "sister": "f", "boy": "m", "girl": "f"}
_FIRMS = frozenset("company firm bank airline carmaker".split())
_MEMBERS = frozenset("mp peer member lawmaker legislator parliamentarian senator".split())
_COMMITTEES = frozenset("committee subcommittee panel".split())
_MARKS = ".,;:’'“”\""
_COUNTRY = frozenset("country government nation state neighbour neighbor".split())


def last_pair(referents: Referents, part: Part) -> Referent | None:
    """Both of whom a plural noun means ("the two companies", "both sides"), or None.

    They were named or spoke together before it; without "both" or "two" within few sentences.

    Args:
        referents: of the document.
        part: the plural.
    """
    words = part.words
    several = bool(_BOTH & {*words[:2]})
    others = [word for word in part.qualifiers if word not in _BOTH]
    if part.complement or others or not (several or part.definite == "the"):
        return None
    here = referents.sentence_at(part.start)
    reach = p.PAIR_SENTENCES if several else p.NEAR_PAIR_SENTENCES
    turn = referents.turns[-1] if referents.turns else None
    if turn is not None and len(turn[1]) == 2 and here - referents.sentence_at(turn[0]) <= reach:
        if _fits(part, turn[1]):
            name = " and ".join(item.name for item in turn[1])
            return Referent(name, plural=True, members=turn[1])
    for item in referents.before(part.start):
        if len(item.members) == 2 and _fits(part, item.members):
            last = item.last_start(part.start)
            return item if here - referents.sentence_at(last) <= reach else None
    return _last_two(referents, part.start) if part.head in _FIRMS else None


def _last_two(referents: Referents, position: int) -> Referent | None:
    """The two bodies that alone are named in the sentence of a plural, or in the one before."""
    for _ in range(2):
        start = referents.sentence_start(position)
        named = {id(item): item for item in referents.within(start, position) if _is_body(item)}
        if named:
            break
        position = start - 1
    if len(named) != 2:
        return None
    both = tuple(named.values())
    return Referent(" and ".join(item.name for item in both), plural=True, members=both)


def _is_body(item: Referent) -> bool:
    entity, known = item.entity, lexicon()
    if entity is None or entity.person > 1 or entity.country or entity.place:
        return False
    name = entity.name.lower()
    return not any(name in group for group in (known.places, known.peoples, known.capitals))


def fuller_group(referents: Referents, part: Part) -> Referent | None:
    """The group that a plural means, where it was told of more fully before, or None.

    "The sources" are the "people familiar with the matter" that spoke.

    Args:
        referents: of the document.
        part: the plural.
    """
    if part.definite != "the" or part.qualifiers or part.complement:
        return None
    informants = lexicon().informant_nouns | lexicon().plural_informants
    for item in referents.before(part.start):
        if item.part is None or not item.plural or item.members or item.nouns == frozenset():
            continue
        same = part.head in item.nouns
        heard = bool(item.spoke) and part.head in informants and bool(item.nouns & informants)
        if not (same or heard):
            continue
        if item.part.qualifiers or item.part.complement:
            return item
    return None


def committee_of(referents: Referents, part: Part) -> Referent | None:
    """The one committee of a document whose members a plural means ("MPs said"), or None.

    Args:
        referents: of the document.
        part: the plural.
    """
    if part.head not in _MEMBERS or part.qualifiers or part.complement or part.definite == "a":
        return None
    found = [
        entity
        for entity in referents.names.entities
        if entity.person == 0 and _COMMITTEES & {fold(entity.words[-1]), fold(entity.words[0])}
    ]
    return referents.of_entity(found[0]) if len(found) == 1 else None


def lone_person(referents: Referents, position: int, start: int) -> Referent | None:
    """The one person whom "they" means where no group was told of, or None.

    "They" is also said of one whose gender is not told: of who spoke last, else of who alone is
    named in the sentence before and stands there like its subject. Nobody called Mr, Ms or the
    like is meant so.

    Args:
        referents: of the document.
        position: of the pronoun.
        start: where its statement begins, if that is before.
    """
    start = min(start, position)
    here = referents.sentence_at(start)
    near = [
        item
        for item in referents.before(start)
        if here - referents.sentence_at(item.last_start(start)) <= p.GROUP_SENTENCES
    ]
    if any(item.plural or _acted(referents, item, here) for item in near):
        return None
    begin = referents.sentence_before(start)
    told = _outside_quotes(referents, max(begin, position - p.PRONOUN_REACH), position)
    words = {fold(word).strip(_MARKS) for word in told.split()}
    known = lexicon()
    groups = known.plural_roles.keys() | known.plural_bodies.keys() | known.group_nouns
    if words & groups - known.body_nouns - known.reporter_nouns:
        return None
    turn = referents.turns[-1] if referents.turns else None
    if turn is not None and here - referents.sentence_at(turn[0]) <= p.LONE_PERSON_SENTENCES:
        found = list(turn[1])
    else:
        people = [item for item in near if item.person > 1]
        found = people if people and referents.begins_sentence(people[0], here - 1) else []
    if len(found) != 1 or found[0].entity is None or found[0].person < 2:
        return None
    return None if found[0].entity.gender_stated and found[0].gender != "x" else found[0]


def _outside_quotes(referents: Referents, start: int, end: int) -> str:
    """The words of a stretch that no quotation holds: who is quoted is none of those within."""
    told, at = "", start
    for region in referents.document.regions_in(start, end):
        told += referents.text[at : max(at, region.start)] + " "
        at = max(at, region.end)
    return told + referents.text[at:end]


def _acted(referents: Referents, item: Referent, here: int) -> bool:
    """Whether a body or country stood like the subject of a sentence, at most a few before."""
    if item.entity is None or item.person > 1:
        return False
    return any(referents.begins_sentence(item, here - back) for back in range(1, p.GROUP_SENTENCES))


def _fits(part: Part, members: tuple[Referent, ...]) -> bool:
    """Whether a plural can mean two named ones, by what they are."""
    head = part.head
    entities = [item.entity for item in members if item.entity is not None]
    if len(entities) < len(members):
        return False
    if head in _ANYBODY or part.words == ("both",):
        return True
    if head in _MEN:
        return all(item.person > 1 and item.gender in ("", _MEN[head]) for item in members)
    if head in _COUNTRY:
        return all(entity.country for entity in entities)
    if head in lexicon().body_nouns:
        return all(entity.person < 2 and not entity.country for entity in entities)
    return all(entity.person > 1 and head in entity.roles for entity in entities)
