"""What stands beside a name and tells of its bearer: titles, role, age, relation, gender."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.extract import parameters as p
from stance.extract.abbreviations import of_one_sentence
from stance.extract.body_evidence import acts_like_a_body
from stance.extract.entities import Entity
from stance.extract.lexicon import lexicon
from stance.extract.name_runs import NameRun
from stance.extract.names import (
    fold,
    gender_of,
    given_gender,
    is_organisation,
    is_role,
    may_be_person,
    person_gender,
    stem,
)
from stance.extract.place_evidence import (
    has_a_site_there,
    is_called_a_place,
    lies_there,
    stands_for_a_place,
)

_LEAD = re.compile(r"([\w’'.-]+(?:[ \u00a0][\w’'.-]+){0,7}),? $")
_APPOSITION = re.compile(r",? ((?:[^,.;:“”\"()–—]|(?<=\b[A-Z])\.(?=[A-Z ])){3,80})(?=[,.;–—]|$)")
"""A full stop goes on within an abbreviation ("an F.B.I. spokesman")."""
_DASHED = re.compile(r"\s?[–—]\s?((?:an?|his|her|its|the|their) [^,.;:“”\"()–—\n]{3,80}?)\s?[–—]")
_PREDICATE = re.compile(
    r",? (?:who )?(?:is|was|became|remains|has been|serves as|served as)(?: now| also| still)? "
    r"(?:the |an? )?((?:[\w’'-]+ ){0,3}[\w’'-]+)"
)
_AGE = re.compile(
    r",? \(?(?:aged? )?(\d{1,2}|1[01]\d)(?=[,.;) ]|$)"
    r"(?![,.]\d| ?(?:%|per|million|billion|people|years? ago))"
)
_RELATION = re.compile(
    r"\b([Hh]is|[Hh]er|[Tt]heir|[Ww]hose)(?: [\w-]+){0,2} ([\w-]+)"
    r"(?:, (?:the|an?) (?:[a-z-]+ ){1,4}|,? )$"
)
_KIN_BEHIND = re.compile(
    r"(?:, [^,.;:“”\"\n]{2,60},)?(?P<does>(?: [a-z]+){0,4}) (?P<own>his|her) "
    r"(?:[a-z-]+ ){0,2}?(?P<kin>[a-z-]+)\b"
)
"""Whose brother or wife is spoken of behind a name ("Lupe Haas met her brother")."""
_SITE = re.compile(
    r" (?:branch|depot|dock|factory|hub|mill|mine|office|plant|refinery|shipyard|site|smelter|"
    r"store|terminal|warehouse|works|yard)s?\b"
)
"""Behind "its" and a word they make that word the place where a firm has one."""
_NOTION = re.compile(r"[A-Z][a-z]{3,}(?:ity|ment|ology|sion|tion)$")
_THEY = re.compile(r"[^.;!?\n]{0,60}\bthey/them\b")
_TIED = re.compile(r"-(?:based|headquartered|born|educated)\b")
_MALE_PRONOUN = re.compile(r"\b(?:he|his|him)\b", re.I)
_FEMALE_PRONOUN = re.compile(r"\b(?:she|her)\b", re.I)
_ITS = re.compile(r"\bits\b")
_NOT_APPOSED = frozenset(
    "who whom whose which that and but when where after before as while said says".split()
)
_PLATFORMS = frozenset(
    "facebook instagram linkedin netflix reddit snapchat telegram tiktok twitter wechat weibo "
    "whatsapp youtube".split()
)
"""What is said on them somebody says; alone they are nobody's surname."""
_ROLE_STOPS = frozenset(
    "the a an his her their its by with and but from to of said told when while as for in on at "
    "against across over under after before between during into about".split()
)
_MINISTRY = re.compile(r"\b(?:[Mm]inister|[Ss]ecretary) (?:of|for) (?:[a-z]+ ){0,3}[a-z]+$")
"""An office in small letters before a name ("minister of public security Ole Dahl")."""
_DETERMINERS = frozenset("the a an his her their its".split())
_COMPLEMENTS = frozenset("of for at in to with from".split())


def note_evidence(text: str, entity: Entity, run: NameRun) -> None:
    """Keep what stands beside one occurrence: titles, role, apposition, age, relation."""
    known = lexicon()
    before = text[max(0, run.start - p.ROLE_LEAD_REACH) : run.start]
    body = is_organisation(entity.words) and not may_be_person(entity.words)
    neither = "mx" in run.titles or _THEY.match(text, run.end, run.end + p.APPOSITION_REACH)
    hint = "x" if neither else gender_of(run.titles)
    if hint:
        entity.gender, entity.gender_stated = hint, True
    if len(run.words) > 1:
        entity.titles.update(title for title in run.titles if not gender_of([title]))
    if run.titles and any(is_role(t) or t in known.all_honorifics for t in run.titles):
        told = any(t not in known.body_roles for t in run.titles)
        body_like = body or len(run.words) == 1  # "Regulator Telwatch"
        entity.person = 3 if told or not body_like else entity.person
        _add_role(text, entity, run.titles, text[run.start : run.name_start].strip())
    lead = _LEAD.search(before)
    words = of_one_sentence(lead.group(1).split()) if lead else []
    apposed = before.endswith(", ")
    if (
        words
        and (not apposed or _opens_apposition(text, before))
        and not text[run.start - 1 : run.start] == "\n"
    ):
        _note_lead(text, entity, words, body=body, comma=apposed)
    relation = _RELATION.search(before)
    if relation and relation.group(2).lower() in known.relation_nouns:
        entity.person = 3
        _tell_gender(text, entity, gender_of([relation.group(2).lower()]))
    tail = text[run.end : run.end + p.APPOSITION_REACH]
    if run.initial:
        _tell_gender(text, entity, _gender_by_kin(tail))
    sited = len(run.words) == 1 and before.lower().endswith((" its ", " their "))
    if _TIED.match(tail) or (sited and _SITE.match(tail)):
        entity.person, entity.place = 0, True
    age = _AGE.match(tail)
    if age and not body and (tail[0] == "," or "aged" in age.group() or "(" in age.group()):
        entity.person, entity.age = 3, age.group(1)
        tail = tail[age.end() :].removeprefix(")")
    if run.initial and not run.titles and acts_like_a_body(text, entity, run.end):
        entity.person = 0
    if re.match(r",? who\b", tail) and not body:
        entity.person = max(entity.person, 2)
    predicate = _PREDICATE.match(tail)
    if predicate and not body:
        _note_predicate(text, entity, predicate.group(1).split())
    apposition = _APPOSITION.match(tail) if tail[:1] == "," else _DASHED.match(tail)
    if apposition:
        _note_apposition(text, entity, apposition.group(1), body=body)


def _gender_by_kin(tail: str) -> str:
    """The gender of whoever begins a sentence and has a brother or the like there, or empty."""
    known, match = lexicon(), _KIN_BEHIND.match(tail)
    if match is None or match["kin"] not in known.relation_nouns:
        return ""
    others = known.role_nouns | known.plural_roles.keys() | known.group_nouns
    if any(word in others for word in match["does"].split()):
        return ""  # "Lupe Haas met the mayor and his wife"
    return "m" if match["own"] == "his" else "f"


def _opens_apposition(text: str, before: str) -> bool:
    """Whether a comma before a name ends a role that names it ("the mayor, Ole Dahl")."""
    clause = re.split(r"[.;:“”\"\n]|, ", before[:-2])[-1]
    words = clause.split()
    last = max((n for n, word in enumerate(words) if word.lower() in _DETERMINERS), default=0)
    words = words[last:] if any(map(is_role, words[last:])) else words
    if not words or (not is_role(words[-1].strip("’'")) and not any(is_role(w) for w in words)):
        return False
    return words[0].lower() in _DETERMINERS or (
        words[0][:1].isupper() or "’s" in clause or "'s" in clause
    )


def _note_lead(text: str, entity: Entity, words: Sequence[str], *, body: bool, comma: bool) -> None:
    """Role words right before a name ("spokesman Peter Lund", "mining firm Orex")."""
    known = lexicon()
    last = words[-1].lower()
    comma = comma or _MINISTRY.search(" ".join(words)) is not None
    if last in known.body_nouns and (body or entity.person < 3) and not comma:
        entity.roles.add(last)
        entity.modifiers.update(stem(word) for word in words[:-1])
        if not entity.gender_stated and entity.person < 3:
            entity.person = 0
        return
    cut = (
        len(words)
        if is_role(last)
        else next((n for n in range(len(words) - 2, -1, -1) if _heads(words, n)), -1)
    )
    if cut < 0 or body or (not is_role(last) and not comma and not _complement(words[cut + 1 :])):
        return
    start = cut if cut < len(words) else len(words) - 1
    while start > 0 and words[start - 1].lower() not in _ROLE_STOPS:
        start -= 1
    if words[cut if cut < len(words) else -1].lower() not in known.body_roles:
        entity.person = 3
    _add_role(text, entity, [fold(w).rstrip(".") for w in words[start:]], " ".join(words[start:]))


def _heads(words: Sequence[str], number: int) -> bool:
    """Whether a role noun is the head of what follows ("chairman of …", not "Liberal Party")."""
    return is_role(words[number]) and words[number + 1][0].islower()


def _note_apposition(text: str, entity: Entity, phrase: str, *, body: bool) -> None:
    """The apposition behind a name (", the finance chief,")."""
    known = lexicon()
    words = phrase.split()
    if not words or words[0].lower() in _NOT_APPOSED:
        return
    plain = [fold(word).removesuffix("'s") for word in words]
    stop = next((n for n, w in enumerate(plain) if w in _NOT_APPOSED), len(plain))
    plain, words = plain[:stop], words[:stop]
    article = bool(plain) and (plain[0] in _DETERMINERS or plain[0] == "one")
    head = next((w for w in plain if is_role(w)), "")
    bodies = [w for w in plain if w in known.body_nouns]
    short = len(plain) < p.APPOSITION_WORDS or _is_office(plain)
    if not (article or short) or any(w in known.reporting_forms for w in plain[:1]):
        return
    at = plain.index(head) if head else -1
    other = words[at + 1 : at + 2] if head and not article else []
    if other and other[0][0].isupper() and given_gender(other[0]):
        return  # "Cole, Utah Mayor Ada Berg"
    if head and not body and plain[0] not in ("and", "or", "but"):
        if head not in known.body_roles:
            entity.person = 3
        _add_role(text, entity, plain, " ".join(words))
    elif bodies and article and entity.person < 3:
        entity.person = 0
        entity.roles.update(bodies[:1])
        entity.modifiers.update(stem(word) for word in words)


def _note_predicate(text: str, entity: Entity, words: Sequence[str]) -> None:
    """What somebody is said to be ("Jo Kerr is transport minister")."""
    head = next((n for n, word in enumerate(words) if is_role(word)), -1)
    if head < 0 or any(fold(word) in _ROLE_STOPS for word in words[:head]):
        return
    if words[head].lower() not in lexicon().body_roles:
        entity.person = 3
    _add_role(text, entity, words[: head + 1], "")


def _is_office(words: Sequence[str]) -> bool:
    """Whether a role and of what it is begin here ("chief economist at the Harbour Bank")."""
    for number, word in enumerate(words[: p.APPOSITION_WORDS]):
        if word in _COMPLEMENTS:
            return number > 0 and is_role(words[number - 1])
    return False


def _add_role(text: str, entity: Entity, words: Sequence[str], written: str) -> None:
    """Keep role nouns, what qualifies them, the gender that they tell, and the words."""
    plain = [fold(word).rstrip(".") for word in words]
    stop = next(
        (n for n, w in enumerate(plain) if w in ("of", "for", "at", "in", "to", "from") and n),
        len(plain),
    )
    for number, word in enumerate(plain[:stop]):
        if is_role(word):
            entity.roles.add(word)
            if number:
                entity.roles.add(f"{plain[number - 1]} {word}")
            if "-" in word:
                entity.roles.update(part for part in word.split("-") if is_role(part))
    entity.modifiers.update(stem(word) for word in words if len(word) > 1)
    _tell_gender(text, entity, gender_of(plain[:stop]))
    entity.gender_stated |= entity.gender == "m" and "chairman" in " ".join(plain[:stop])
    told = any(is_role(w) or (w in lexicon().honorifics and w != "mx") for w in plain)
    if written and len(written) > len(entity.role) and told:
        entity.role = written


def _tell_gender(text: str, entity: Entity, gender: str) -> None:
    if gender and not entity.gender_stated:
        entity.gender, entity.gender_stated = gender, True


def describe(text: str, entity: Entity) -> None:
    """Decide whether an entity is a person, and guess its gender from pronouns nearby."""
    known = lexicon()
    folded = " ".join(entity.words).lower()
    ends = (
        [entity.words[-1]]
        if given_gender(entity.words[0])
        else [*entity.words[:1], *entity.words[-1:]]
    )
    entity.roles.discard("")
    starts = entity.full_places
    if entity.person == 3 and not entity.country and folded not in known.peoples:
        pass
    elif (
        is_organisation(entity.words)
        or entity.country
        or entity.acronym
        or folded in known.places
        or folded in known.peoples
        or any(word.lower() in known.peoples for word in ends)
        or folded in _PLATFORMS
        or entity.person == 0
    ):
        entity.person = 0
        return
    elif _is_thing(text, entity) or _is_abstract(entity.words):
        entity.person = 0
        return
    elif is_called_a_place(text, starts) or has_a_site_there(text, starts):
        entity.person, entity.place = 0, True
        return
    elif given_gender(entity.words[0]) and 2 <= len(entity.words) <= 4:
        entity.person = 3 if entity.gender else 2
    else:
        leads = [text[max(0, start - 12) : start] for start in starts]
        article = sum(lead.lower().endswith("the ") for lead in leads)
        several = len(entity.words) > 1
        noun = entity.words[-1].lower()
        spoken_of = f"the {noun} " in text or f"The {noun} " in text
        if several and spoken_of:  # "Brook Nursery", if "the nursery" is
            entity.person = 0
            return
        if (article if several else article == len(leads)) or (stands_for_a_place(text, starts)):
            entity.person, entity.place = 0, lies_there(text, starts)
            return
        entity.person = max(entity.person, 2 if 2 <= len(entity.words) <= 5 else 1)
    if not entity.gender or (entity.gender_weak and not entity.gender_stated):
        _guess_gender(text, entity)


def _is_thing(text: str, entity: Entity) -> bool:
    """Whether a name stands behind "the" and is never shortened ("the Charlotte Line")."""
    places, last = entity.full_places[: p.GENDER_PLACES], entity.words[-1]
    for start in places:
        behind = text[max(0, start - 4) : start].lower() == "the "
        if len(entity.words) != 2 or not (behind and text.startswith(entity.name, start)):
            return False
    near = text[places[0] : places[0] + p.SURNAME_REACH]
    return near.count(last) == near.count(entity.name)


def _is_abstract(words: Sequence[str]) -> bool:
    """Whether a notion or a noun of bodies makes a name theirs ("Civil Protection")."""
    known, last = lexicon(), words[-1].lower()
    notion = any(_NOTION.search(word) for word in words)
    noun = last in known.body_nouns and last not in known.surname_words | known.role_nouns
    return len(words) > 1 and (notion or noun) and not person_gender(words)


def _guess_gender(text: str, entity: Entity) -> None:
    he = she = its = 0
    for place in entity.full_places[: p.GENDER_PLACES]:
        window = text[place : place + p.GENDER_WINDOW]
        he += len(_MALE_PRONOUN.findall(window))
        she += len(_FEMALE_PRONOUN.findall(window))
        its += len(_ITS.findall(window))
    if its > 1 + he + she and entity.person == 1:
        entity.person = 0
        return
    if he > p.GENDER_RATIO * she:
        entity.gender, entity.gender_weak = "m", False
    elif she > p.GENDER_RATIO * he:
        entity.gender, entity.gender_weak = "f", False


def _complement(words: Sequence[str]) -> bool:
    """Whether words behind a role noun only say of what ("ambassador to Chile")."""
    return len(words) > 1 and words[0] in ("to", "of", "in", "for", "at") and words[-1][0].isupper()
