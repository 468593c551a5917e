"""Where a capitalised run goes on as one name, and where a further name begins."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from stance.extract.lexicon import Lexicon, lexicon
from stance.extract.names import (
    fold,
    given_gender,
    is_role,
    may_name_person,
    of_body,
    person_gender,
)
from stance.extract.parameters import FOUNDER_REACH, INCLUDING_REACH, LEAST_ADVERB, NOUN_BEFORE
from stance.extract.segmentation import Range
from stance.extract.spelt_names import FIELDS

_TIED = re.compile(
    r"-(?:aligned|backed|based|born|controlled|educated|funded|headquartered|led|linked|listed|"
    r"owned|run|trained)$"
)
"""What such a word says of a name behind it is no part of that name ("Oslo-based Orex")."""
_LISTS = re.compile(r"\b(?:including|such as|namely|among them)\b[^.;:()“”\"\n]*, (?:the )?$")
_GOES_ON = re.compile(r"(?:,? and\b|, (?:the )?[^\W\d_a-z][^.;:,()]*,? and (?:the )?[^\W\d_a-z])")
_EXCHANGE = re.compile(r"\.[A-Z]{1,2}\b")
_DATES = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June "
    "July August September October November December".split()
)
_PLACED = re.compile(r"(?P<role>[\w-]+) (?:(?P<where>in|at)|(?P<sent>to)|for|of) (?P<the>the )?$")
_ENVOYS = frozenset("ambassador consul delegate emissary envoy general representative".split())
KIN = frozenset("brothers cousins parents siblings sisters twins".split())
"""Two who are called so share a surname ("sisters Rosa and Tia Gale")."""
_AGENT = re.compile(r"[a-z](?:er|or|ist|man|woman)$")
_TOKEN = re.compile(r"\S+")
_CAUSES = frozenset(
    "action books bread food hands homes hope justice rights schools seeds shelter trees voice "
    "voices water wells".split()
)
"""Bodies are named by what they are for ("Hope for Hill Farms")."""
_OFFICIAL = frozenset(
    "national international federal royal central european world global general joint".split()
)
_LEGAL = frozenset("inc corp ltd plc llc co limited gmbh".split())
"""Behind a possessive they tell that it is part of the name ("Molly’s Foods Inc")."""
_HELD = frozenset(
    "administration agency army authority bank bureau cabinet campaign city coalition commission "
    "committee congress council country county court department district force forces government "
    "guard house legion ministry movement navy office palace parliament party police province "
    "region report republic school secretariat senate service state supreme team town treasury "
    "university village ministers national royal federal central foreign interior health "
    "justice".split()
)
"""What a country, a town or a ruler has, and not a body’s own name."""
_PEERS = frozenset("lord lady baroness prince princess king queen duke duchess bishop earl".split())


def is_peoples_body(words: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a people and two words behind "the" name a body ("the Syrian White Helmets")."""
    article = len(before) > 1 and not before[-1] and before[-2].lower() == "the"
    people = words[0].lower() in lexicon().peoples
    return article and people and len(words) > 2 and not person_gender(words[1:])


def parted(text: str, left: int, right: int) -> list[Range]:
    """The names of one capitalised run: parted at joints that no name of a body bridges."""
    known = lexicon()
    tokens = [match.span() for match in _TOKEN.finditer(text, left, right)]
    parts: list[list[Range]] = [[]]
    for number, token in enumerate(tokens):
        word = text[slice(*token)]
        small = word.lower()
        part = [text[slice(*item)] for item in parts[-1]]
        rest = [text[slice(*item)] for item in tokens[number + 1 :]]
        if small in ("of", "for", "on", "and", "&") and part:
            lead = text[max(0, parts[-1][0][0] - NOUN_BEFORE) : parts[-1][0][0]]
            first = lead.lower().endswith("the ")
            announced = _announced(small, lead, rest, known)
            ends = small == "and" and _ends_list(text, left, token[0], right)
            if ends or (not announced and not _bridges(small, part, rest, first, known)):
                parts.append([])
                continue
        if small == "the" and not part:
            continue
        tied = _TIED.search(word) if number + 1 < len(tokens) else None
        if tied:
            parts[-1].append((token[0], token[0] + tied.start()))
            parts.append([])
            continue
        owner = re.fullmatch(r"(.+?)(?:(?<=s)['’]|['’]s)", word)
        if owner and rest and not _LEGAL & {word.lower().rstrip(".") for word in rest}:
            several = fold(owner.group(1)) in known.plural_roles
            long = bool(part) and not several and not _is_list(part)
            saint = len(part) == 1 and fold(part[0]).rstrip(".") in ("st", "saint")
            founded = (saint or not part) and _is_named_after(
                text, token, owner.group(1), rest, known
            )
            if not (founded or _owns_name(owner.group(1), known)) or long:
                parts[-1].append((token[0], token[0] + owner.end(1)))
                parts.append([])
                continue
        if word[0].isdigit() and not any(of_body(item, known) for item in part):
            break
        parts[-1].append(token)
    for name in parts:
        while len(name) > 1 and text[slice(*name[-1])] in _DATES:
            name.pop()  # "Lund Thursday"
    last = parts[-1]
    if len(last) > 1 and _EXCHANGE.match(text, last[-1][1]) and text[slice(*last[-1])].isupper():
        last.pop()  # the symbol of a share ("Orex Corp ORX.N")
    return [(part[0][0], part[-1][1]) for part in parts if part]


def _ends_list(text: str, left: int, joint: int, right: int) -> bool:
    """Whether an "and" within a capitalised run ends a list that "including" begins.

    "Banks, including Orex, the Bank of Ulm | and | Banco Real, said": a list has an "and" before
    its last name, and here no other could be it.
    """
    listed = _LISTS.search(text[max(0, left - INCLUDING_REACH) : left])
    more = re.compile(r"\band\b").search(text, joint + 3, right)
    return listed is not None and more is None and _GOES_ON.match(text, right) is None


def _announced(joint: str, lead: str, rest: Sequence[str], known: Lexicon) -> bool:
    """Whether a noun of a body tells that the name behind it goes on ("charity Hands of Hope")."""
    words = lead.split()
    following = rest[0].lower() if rest else ""
    placed = joint == "of" and (following in known.countries or following in known.places)
    told = bool(words) and lead[-1] == " " and words[-1] in known.body_nouns
    return told and joint in ("of", "for") and not placed


def _owns_name(owner: str, known: Lexicon) -> bool:
    """Whether a possessive can be part of a body’s name ("Women’s League")."""
    plain = owner.lower()
    plural_noun = plain in known.plural_roles or plain in known.plural_bodies
    plural_noun = plural_noun or plain in known.group_nouns or plain.endswith("men")
    common = plain.endswith("s") and not given_gender(owner) and plain not in known.places
    return plural_noun or is_role(owner) or (common and plain not in known.countries)


def _is_named_after(
    text: str, place: Range, owner: str, rest: Sequence[str], known: Lexicon
) -> bool:
    """Whether a body bears a founder’s or a saint’s name ("Lloyd’s Register"), who is nowhere near.

    Of a court or a party it tells whose it is ("Berg’s Labour Party").
    """
    name = [word.lower() for word in rest]
    told = {owner.lower()} & (known.places | known.countries | known.peoples.keys())
    if told or not of_body(name[0], known) or _HELD & {*name} or owner.isupper():
        return False
    near = text[max(0, place[0] - FOUNDER_REACH) : place[1] + FOUNDER_REACH]
    return len(re.findall(rf"\b{re.escape(owner)}\b", near)) == len(
        re.findall(rf"\b{re.escape(owner)}['’]s {re.escape(rest[0])}\b", near)
    )


def _is_list(words: Sequence[str]) -> bool:
    return (
        words[-1].lower() == "and"
        or any(is_role(word) or word[0].islower() for word in words)
        or len(words) < 3
    )


def _bridges(
    joint: str, before: Sequence[str], rest: Sequence[str], definite: bool, known: Lexicon
) -> bool:
    """Whether "of", "for" or "and" goes on a name ("Department of Trade and Industry")."""
    following = next((word for word in rest if word not in ("the", "a", "an")), "")
    last = before[-1]
    first = next((n for n, word in enumerate(before) if not is_role(word)), 0)
    given = len(before) > first + 1 and bool(given_gender(before[first]))
    body = any(of_body(word, known) for word in before[first + given :])  # not "Bill Hale of Kent"
    if joint == "&":
        return True
    if joint == "of":
        if last.lower() in known.plural_roles and not body:
            return following == "Staff"  # "Joint Chiefs of Staff"
        peer = len(before) > 1 and fold(before[-2]).rstrip(".") in _PEERS
        named = given or fold(last) in known.all_honorifics
        return body or is_role(last) or peer or (definite and not named)
    if joint in ("for", "on"):
        dated = following.lower() in known.not_names
        cause = last.lower() in _CAUSES and bool(following) and not given_gender(following)
        office = joint == "for" and is_role(last) and not given
        office = office or last.lower().removesuffix("s") in known.peoples  # "Kenyans for Peace"
        named = of_body(last, known) or last.lower() in known.plural_roles or cause or office
        return not dated and named
    opened = any(word in ("of", "for", "on") for word in before) and not is_role(before[0])
    owned = following.endswith(("s’", "s'")) and rest[:1] != ["the"]
    owners = owned and last.endswith(("s’", "s'"))
    owners = owners or (owned and definite and last.lower() in known.plural_roles)
    another = rest[:1] == ["the"] and any(of_body(word, known) for word in rest[1:4])
    another = another or (len(rest) > 1 and bool(given_gender(following)))
    places = known.places | known.countries
    placed = last.lower() in places and following.lower() not in places | known.peoples.keys()
    body_leads = opened and body and of_body(before[0], known)
    body_leads = body_leads or _is_official_body(before, known)
    if owners or (body_leads and not (another or placed)):
        return True
    if _is_second_field(before, rest, known) or _is_second_cause(before, rest, known):
        return True
    plural = [word.lower() for word in (last, following)]
    trades = all(word in known.plural_roles and word not in known.party_words for word in plural)
    if definite and trades and len(before) == 1 and any(of_body(word, known) for word in rest[1:2]):
        return True  # "the Bakers and Millers Union"
    head = next((word for word in rest if of_body(word, known)), "")
    plain = (
        len(before) == 1 and last.lower() not in known.places | known.countries | known.party_words
    )
    common = (
        plain
        and last.lower() not in known.peoples
        and not last.isupper()
        and not given_gender(last)
    )
    pieces = [piece for word in before for piece in (word.lower(), *word.lower().split("-"))]
    official = any(
        word in _OFFICIAL or word in known.peoples or word in known.countries for word in pieces
    )
    return definite and bool(head) and (common or official) and not body and rest[0] != "the"


def _is_official_body(before: Sequence[str], known: Lexicon) -> bool:
    """Whether a public body is for something ("National Bureau for Seed Quality")."""
    head = next((n for n, word in enumerate(before) if word in ("for", "on")), 0)
    official = before[0].lower() in _OFFICIAL | known.peoples.keys() | known.countries
    return head > 1 and official and of_body(before[head - 1], known)


def _is_second_field(before: Sequence[str], rest: Sequence[str], known: Lexicon) -> bool:
    """Whether "and" joins two things that ministries are for ("Council for Roads and Railways")."""
    fields = before[-1].lower() in FIELDS and rest[0].lower() in FIELDS
    return fields and any(of_body(word, known) for word in before)


def _is_second_cause(before: Sequence[str], rest: Sequence[str], known: Lexicon) -> bool:
    """Whether "and" joins two things that a body is for ("Alliance for Water and Soil").

    Each is one word that names no place, nobody and no other body.
    """
    *_, body, joint, first = before if len(before) > 2 else ("", "", "")
    if joint not in ("for", "on") or not of_body(body, known):
        return False
    ended = len(rest) == 1 or rest[1] in ("of", "in")
    return ended and not any(
        word.isupper()
        or word.endswith(("'s", "’s"))
        or given_gender(word)
        or word.lower() in known.body_nouns | known.group_nouns | known.party_words
        or word.lower() in known.places | known.countries | known.peoples.keys()
        for word in (first, rest[0])
    )


def behind_place(lead: str, words: Sequence[str], inner: Collection[tuple[str, ...]]) -> int:
    """How many words before a name are where its office is ("consul in | Recife | Ada Berg").

    Args:
        lead: the text before the words.
        words: of a capitalised run.
        inner: names that stand within sentences; a surname alone tells that a name ends so.
    """
    match = _PLACED.search(lead)
    if match is None or len(words) < 3 or not is_role(match["role"]):
        return 0
    sent = match["sent"] and match["role"].lower() in _ENVOYS
    if not (match["where"] or match["the"] or sent):
        return 0
    if any(word[0].islower() for word in words):
        return 0
    for index in range(1, len(words) - 1):
        if person_gender([words[index]]) and may_name_person(words[index:], lexicon()):
            return index
    return int(len(words) == 3 and words[-1:] in inner)


def only_begins(words: Sequence[str]) -> bool:
    """Whether the first word of a sentence has its capital from there and is not of the name."""
    first = words[0]
    if first.lower() in KIN and person_gender(words[1:2]):
        return True  # not "Parents Against Noise"
    return _announces(first) or _does(words) or _tells_how(first) or _qualifies(words)


def _announces(word: str) -> bool:
    """Whether a capital only begins a sentence with what a body is ("Steelmaker Nordane")."""
    known = lexicon()
    plain = word.lower()
    return plain in known.business_nouns and not is_role(word) and not of_body(word, known)


def _does(words: Sequence[str]) -> bool:
    """Whether a capital only begins a sentence with what a person does ("Rapper Moussa Diop")."""
    agent = _AGENT.search(words[0]) and not person_gender(words[:1])
    return bool(agent) and len(words) > 2 and bool(person_gender(words[1:2]))


def _qualifies(words: Sequence[str]) -> bool:
    """Whether a capital only begins a sentence before a people ("Embattled Danish")."""
    peoples = lexicon().peoples
    first, both = words[0].lower(), " ".join(words[:2]).lower()
    told = first in peoples or first in lexicon().places or both in peoples
    direction = re.match(r"(?:north|south|east|west|central|new|latin|saudi|sri)", first)
    return words[1].lower() in peoples and not told and direction is None


def _tells_how(word: str) -> bool:
    """Whether a word is an adverb that only begins a sentence, not "Emily" or "Family"."""
    known = lexicon()
    nouns = (known.organisation_words, known.body_nouns, known.group_nouns)
    noun = any(word.lower() in group for group in nouns)
    adverb = len(word) > LEAST_ADVERB and word.endswith("ly") and not noun
    return adverb and not person_gender([word])
