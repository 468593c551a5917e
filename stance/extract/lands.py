"""Countries and their people by other words: a capital, "the country", "the Swede"."""

from __future__ import annotations

from collections.abc import Sequence

from stance.extract.entities import Entity
from stance.extract.inventory import NameInventory
from stance.extract.lexicon import lexicon
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents

_COUNTRY_NAMES = {
    "us": "united states",
    "u.s.": "united states",
    "uk": "united kingdom",
    "britain": "united kingdom",
    "america": "united states",
}
_OTHERS = frozenset(
    "first guest home host last neighbor neighboring neighbour neighbouring next other "
    "same second third whole".split()
)
_OF_MANY = ("s", "sh", "ese", "nch", "tch")
_ANY_BODY = frozenset("agency body group organisation organization".split())
_LANDS = frozenset("country kingdom nation".split())


def land_of(names: NameInventory, entity: Entity) -> Entity:
    """The country that its capital stands for, where the document names both.

    Args:
        names: of the document.
        entity: a name; all but such capitals are given back as they are.
    """
    country = lexicon().capitals.get(entity.name.lower())
    if country is None or entity.person:
        return entity
    return next((item for item in names.countries if _same_country(item, country)), entity)


def _same_country(entity: Entity, country: str) -> bool:
    name = entity.name.lower()
    return name == country.lower() or _COUNTRY_NAMES.get(name) == country.lower()


def land_meant(referents: Referents, part: Part) -> Referent | None:
    """The one country named in the sentence before "the country", or None.

    It must stand there like a subject: what is done to a country does not make it speak.

    Args:
        referents: of the document.
        part: the noun.
    """
    if part.head not in _LANDS or part.definite != "the" or part.complement:
        return None
    if _OTHERS.intersection(part.qualifiers):
        return None
    named = _named_before(referents, part)
    lands = [item for item in named if item.entity is not None and item.entity.country]
    return _only_subject(referents, part, lands)


def body_meant(referents: Referents, part: Part) -> Referent | None:
    """The one body that begins the sentence before "the group", or None.

    Such nouns fit every body, so that only its place tells which.

    Args:
        referents: of the document.
        part: the noun.
    """
    if part.head not in _ANY_BODY or part.definite != "the" or part.complement or part.qualifiers:
        return None
    known = lexicon()
    bodies = [
        item
        for item in _named_before(referents, part)
        if item.entity is not None
        and item.person < 2
        and not (item.entity.country or item.entity.place)
        and item.entity.name.lower() not in known.places | known.peoples.keys()
    ]
    return _only_subject(referents, part, bodies)


def native_meant(referents: Referents, part: Part) -> Referent | None:
    """The one person of the sentence before whom "the Swede" means, or None.

    Words such as "the British" are said of many and mean nobody.

    Args:
        referents: of the document.
        part: a name.
    """
    known = lexicon().peoples
    if len(part.words) != 2 or part.words[0] != "the" or part.words[1] not in known:
        return None
    if part.words[1].endswith(_OF_MANY):
        return None
    people = [item for item in _named_before(referents, part) if item.person > 1]
    return people[0] if len(people) == 1 else None


def _named_before(referents: Referents, part: Part) -> list[Referent]:
    """Who is named in the sentence before a noun's, each once."""
    begin, end = referents.sentence_before(part.start), referents.sentence_start(part.start)
    return list({id(item): item for item in referents.within(begin, end)}.values())


def _only_subject(referents: Referents, part: Part, found: Sequence[Referent]) -> Referent | None:
    """The one that was found, if the sentence before a noun's begins with it, or None."""
    before = referents.sentence_at(referents.sentence_before(part.start))
    if len(found) != 1 or not referents.begins_sentence(found[0], before):
        return None
    return found[0]
