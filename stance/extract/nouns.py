"""Whom a noun means ("the minister", "the company"): its candidates and what speaks for each."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from stance.extract import parameters as p
from stance.extract.antecedents import Features, goes_on, nearness
from stance.extract.entities import Entity
from stance.extract.inventory import NameInventory
from stance.extract.leads import ahead_features, is_in_lead
from stance.extract.lexicon import lexicon, plural
from stance.extract.names import age_told, fold, gender_of, is_role, stem
from stance.extract.noun_kinds import body_kinds_of, in_english, role_kinds_of
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents

_CALLED_SHORT = {
    "ceo": "chief executive",
    "cm": "chief minister",
    "dg": "director general",
    "pm": "prime minister",
    "vp": "vice president",
}
"""Roles that letters stand for."""
_FURTHER = frozenset([("a", "second"), ("a", "third"), ("a", "different")])
"""Begin a noun that is nobody told of before ("a second guard")."""
_UNTELLING = frozenset("former late new own".split())
"""Words before a noun that do not tell who holds it."""
_BEHIND_HEAD = frozenset("of for on in and".split())
"""Behind the head of a body's name ("Council for Trade"), or its end."""
_OFFICES = frozenset(
    "minister president chancellor secretary premier king queen pope mayor governor monarch".split()
)
"""Who is known by another office does not hold these as well."""
_KINDS = frozenset(
    "expert leader politician official lawyer officer cleric writer activist artist executive "
    "businessman businesswoman lawmaker scholar academic researcher analyst diplomat doctor "
    "athlete player journalist specialist scientist envoy chief boss".split()
)
"""Nouns for a kind of people; others ("the minister") are an office that a person holds or not."""
_TOLD_APART = frozenset(["sport", "health"])
"""Kinds whose nouns tell who is meant ("the coach" is no striker, "the nurse" no surgeon)."""
_AGENTS = frozenset(
    "spokesman spokeswoman spokesperson lawyer attorney solicitor barrister counsel aide adviser "
    "advisor assistant deputy representative ally agent publicist".split()
)
"""Who speaks or acts for another, and is seldom a person known by no such role."""
_LESSER = frozenset(stem(word) for word in "shadow deputy vice former acting ex assistant".split())
"""Stems of words that make another role of a role."""


def model_of(referents: Referents, part: Part) -> str:
    """Which weights a noun is weighed by."""
    return "role" if _is_personal(referents, part.head) else "body"


def _is_personal(referents: Referents, head: str) -> bool:
    """Whether a noun calls a person.

    One that bodies are called by too ("the broadcaster") does where a person is known by it.
    """
    if is_role(head) and head in lexicon().body_nouns:
        entities = referents.names.entities
        return any(head in item.roles for item in entities if item.person > 1)
    return is_role(head) or bool(age_told(head))


@dataclass(frozen=True, slots=True)
class _Noun:
    """A noun as its candidates are compared with it.

    Attributes:
        head: the noun, spelt out ("minister" of "PM").
        phrase: with the word before it, or empty.
        definite: as :attr:`Part.definite`.
        personal: whether it is a person's role.
        body: whether it is what a body is called by.
        age: in years, of "the 30-year-old", or empty.
        qualifiers: stems of the words before it.
        proper: stems of the capitalised words beside it.
        owners: stems of those whose it is ("the mayor's").
    """

    head: str
    phrase: str
    definite: str
    personal: bool
    body: bool
    age: str
    qualifiers: tuple[str, ...]
    proper: frozenset[str]
    owners: frozenset[str]


def _noun(referents: Referents, part: Part) -> _Noun:
    phrase = _CALLED_SHORT.get(part.head, "")
    head = phrase.split()[-1] if phrase else part.head
    if part.qualifiers and not phrase:
        phrase = f"{part.qualifiers[-1]} {head}"
    personal = _is_personal(referents, head)
    own = (word for word in part.qualifiers if word.endswith(("'s", "’s", "s'", "s’")))
    return _Noun(
        head,
        phrase,
        part.definite,
        personal,
        head in lexicon().body_nouns or (not personal and referents.names.has_body(head)),
        age_told(head),
        tuple(stem(word) for word in part.qualifiers if word not in _UNTELLING),
        _proper(referents.text, part),
        frozenset(map(stem, own)),
    )


def noun_features(
    referents: Referents, part: Part, behind: int = 0, start: int | None = None
) -> tuple[list[tuple[Referent, Features]], Features]:
    """Candidates of a noun ("the minister", "the company"), and the features of "itself".

    Args:
        referents: of the document.
        part: the noun.
        behind: where its statement ends: who is named in it is not who makes it.
        start: where its statement begins, if that is before the noun.
    """
    behind = max(behind, part.end)
    noun = _noun(referents, part)
    several = part.plural or not (noun.personal or noun.body)
    further = part.words[:1] == ("another",) or part.words[:2] in _FURTHER
    before = [] if several or further else referents.before(part.start)
    ahead = [] if several else referents.after(behind)
    known = {id(item) for item in before}
    ahead = [item for item in ahead if id(item) not in known]
    found: list[tuple[Referent, Features]] = []
    more = goes_on(referents.text, part.start)
    told = {id(item) for item in referents.named_within(part.end, behind)}
    inside = set()
    if start is not None:
        inside = {id(item) for item in referents.named_within(start, part.start)}
    for item in before:
        if id(item) in inside and _may_be_common(item.entity, personal=noun.personal):
            continue
        if item.entity is not None and item.entity is not part.owner and _may_be(item.entity, noun):
            features = nearness(referents, item, part.start)
            features["spoke last, goes on"] = features["spoke last"] * more
            features["a name"] = float(noun.definite == "a")
            features["bare name"] = float(noun.definite == "")
            features["told of"] = float(id(item) in told)
            found.append((item, features | _likeness(referents, item, item.entity, noun)))
    for item in ahead:
        if _called_otherwise(referents, item, noun, behind):
            continue
        if item.entity is not None and _may_be(item.entity, noun, ahead=True):
            features = ahead_features(referents, part, item, behind)
            features["a ahead"] = float(noun.definite == "a")
            features["definite ahead"] = float(noun.definite == "the")
            features["full ahead"] = float(len(item.entity.words) > 1)
            features |= _likeness(referents, item, item.entity, noun)
            found.append((item, features))
    most = max((features["named"] for _, features in found), default=0.0)
    for item, features in found:
        features["named most"] = float(features["named"] == most)
        features["only body"] = float(noun.body and len(found) == 1)
        business = noun.head in lexicon().business_nouns
        features["only business"] = features["only body"] * business
        features["only ahead"] = float(len(ahead) == 1 and item is ahead[0])
    untold = [
        known
        for item, known in found
        if known["no role known"] and item.person > 1 and not known.get("ahead")
    ]
    office = noun.head in _OFFICES and not any(known["goes by"] for _, known in found)
    if len(untold) == 1 and office:
        untold[0]["only untold"] = 1.0
    for _, features in [pair for pair in found if pair[1].get("speaks ahead")][:1]:
        features["first speaks ahead"] = 1.0
        features["first speaks ahead, a"] = float(noun.definite == "a")
        features["first speaks ahead, qualified"] = float(bool(noun.qualifiers or part.complement))
        features["first speaks ahead, full"] = features["full ahead"]
    described = referents.described(part) if part.definite == "the" and not several else []
    named = sum(description.proper for _, description in described)
    for item, description in described:
        features = nearness(referents, item, part.start)
        features["described"] = 1.0
        features["described by a name"] = float(description.proper)
        features["described as known"] = float(description.definite)
        features["only description"] = float(len(described) == 1)
        features["described silent"] = float(not item.spoke)
        features["only proper"] = float(description.proper and named == 1)
        found.append((item, features))
    return found, _itself(referents, part, noun, alone=not found, described=bool(described))


def _may_be(entity: Entity, noun: _Noun, *, ahead: bool = False) -> bool:
    """Whether a name can be what a noun calls."""
    if noun.personal:
        told = gender_of([noun.head])
        other = bool(told) and entity.gender_stated and told != entity.gender
        return entity.person > (1 if ahead else 0) and not other
    name, known = entity.name.lower(), lexicon()
    place = entity.country or entity.place or name in known.places or name in known.capitals
    place = place or name in known.peoples  # "British" of "a British firm"
    return not place and entity.person < (2 if ahead else 3)


def _called_otherwise(referents: Referents, item: Referent, noun: _Noun, position: int) -> bool:
    """Whether who is first named behind a noun is introduced by another role.

    "The coach said ... Striker Leo Banda agreed": he is no coach. A noun for a kind of people ("the
    official") may be spelt out so.
    """
    if item.entity is None or not noun.personal or noun.head in _KINDS:
        return False
    first = item.starts[bisect_left(item.starts, position)]
    title = referents.text[max(0, first - p.DESCRIPTION_REACH) : first].split(" ")[-2:-1]
    role = fold(title[0]) if title else ""
    if not is_role(role) or role not in item.entity.roles or role == noun.head:
        return False
    return not _goes_by(item.entity, noun.head) and not role_kinds_of([noun.head]) & role_kinds_of(
        [role]
    )


def _may_be_common(entity: Entity | None, *, personal: bool) -> bool:
    """Whether a word of a statement has its capital from its place ("Exports, the mayor says")."""
    if entity is None or not entity.begins_only:
        return False
    return personal or entity.name.endswith("s")


def _likeness(referents: Referents, item: Referent, entity: Entity, noun: _Noun) -> Features:
    """What is known of a name that fits a noun, or does not."""
    head, known = noun.head, lexicon()
    lesser = bool(entity.modifiers & _LESSER - set(noun.qualifiers))
    goes_by = _goes_by(entity, head) and not (lesser and noun.personal)
    kin = bool(role_kinds_of([head]) & role_kinds_of(entity.roles))
    fitting = [
        word
        for word in noun.qualifiers
        if word in entity.modifiers or any(fold(w).startswith(word) for w in entity.words)
    ]
    told = {stem(word) for word in entity.words} | entity.modifiers
    phrases = {role for role in entity.roles if role.endswith(f" {head}")}
    kinds = body_kinds_of([head]) if noun.body else frozenset[str]()
    others = body_kinds_of(entity.words) if kinds else kinds
    last = fold(entity.words[-1])
    another = noun.body and not goes_by and last != head and last in known.body_nouns
    return {
        "goes by": float(goes_by),
        "same phrase": float(goes_by and bool(noun.phrase) and noun.phrase in entity.roles),
        "other phrase": float(bool(noun.phrase and phrases) and noun.phrase not in phrases),
        "another role": float(not goes_by and not (kin and head in _KINDS) and bool(entity.roles)),
        "another office": float(bool(entity.roles) and not goes_by and head in _OFFICES),
        "role kind fits": float(kin and not goes_by and head in _KINDS),
        "role kind alike": float(kin and not goes_by and head not in _KINDS),
        "lesser role": float(lesser),
        "agent": float(head in _AGENTS and not goes_by),
        "agent of another": float(head in _AGENTS and not goes_by and bool(entity.roles)),
        "agent owned": float(head in _AGENTS and not goes_by and noun.definite == "owned"),
        "no role known": float(noun.personal and not entity.roles),
        "in name": float(any(head in in_english(word) for word in entity.words)),
        "qualifiers fit": float(bool(fitting) and len(fitting) == len(noun.qualifiers)),
        "qualifiers differ": float(len(fitting) < len(noun.qualifiers) and bool(phrases)),
        "qualifiers untold": float(len(fitting) < len(noun.qualifiers) and not phrases),
        "another head": float(another),
        "unique another": float(another and head in known.unique_bodies),
        "proper fits": float(bool(noun.proper) and noun.proper <= told),
        "proper differs": float(not noun.proper <= told),
        "owner differs": float(bool(noun.owners) and not noun.owners <= told),
        "age fits": float(bool(noun.age) and entity.age == noun.age),
        "age": float(bool(noun.age)),
        "in lead": float(referents.sentence_at(item.starts[0]) <= 1),
        f"{'body' if noun.body else 'role'} {entity.person}": 1.0,
        "country": float(entity.country),
        "body gendered": float(noun.body and bool(entity.gender)),
        "kind fits": float(bool(kinds & others)),
        "kind differs": float(bool(others) and not kinds & others),
        "unique differs": float(head in known.unique_bodies and not goes_by),
    }


def _itself(
    referents: Referents, part: Part, noun: _Noun, *, alone: bool, described: bool
) -> Features:
    """What speaks for a noun that is no known name."""
    turn = referents.turns[-1] if referents.turns else None
    spoken = turn is not None and any(item.nouns & {noun.head} for item in turn[1])
    return {
        "none": 1.0,
        "none lead": float(referents.sentence_at(part.start) <= p.LEAD_SENTENCES),
        "none body": float(noun.body),
        "none business": float(noun.head in lexicon().business_nouns),
        "none unique": float(noun.head in lexicon().unique_bodies),
        "none alone": float(alone),
        "none qualified": float(bool(noun.qualifiers)),
        "none complement": float(bool(part.complement)),
        "none agent": float(noun.head in _AGENTS),
        "none first": float(noun.personal and is_in_lead(referents, part)),
        "none a": float(part.definite == "a"),
        "none owned": float(part.definite == "owned" or bool(noun.owners)),
        "none bare": float(part.definite == ""),
        "none age": float(bool(noun.age)),
        "none proper": float(bool(noun.proper)),
        "none spoken": float(spoken),
        "none described": float(described),
    }


def _proper(text: str, part: Part) -> frozenset[str]:
    """The stems of the capitalised words of a noun that are not its head."""
    words = text[part.start : part.end].split()
    return frozenset(
        stem(plain)
        for number, word in enumerate(words)
        if (plain := word.strip("’'“”\"(),.")) and plain[0].isupper()
        and fold(plain) != part.head and (number or not part.definite)
        and fold(plain) not in lexicon().not_names
    )  # fmt: skip


def is_known_medium(names: NameInventory, head: str) -> bool:
    """Whether a noun ("the paper") can mean a paper or a station that the document names."""
    return "medium" in body_kinds_of([head]) and any(
        head in item.roles or (item.person == 0 and "medium" in body_kinds_of(item.words))
        for item in names.entities
    )


def _goes_by(entity: Entity, head: str) -> bool:
    """Whether a name is known to hold a role or to be such a body."""
    if head in entity.roles:
        return True
    ends = [*(word.lower() for word in entity.words[1:]), "of"]
    return entity.person == 0 and any(
        fold(word) in (head, plural(head)) and behind in _BEHIND_HEAD
        for word, behind in zip(entity.words, ends, strict=True)
    )
