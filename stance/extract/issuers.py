"""Who speaks through a text: the issuer of a statement, a report or a letter."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from stance.extract import parameters as p
from stance.extract.entities import Entity
from stance.extract.inventory import NameInventory, NamePlace
from stance.extract.lexicon import lexicon
from stance.extract.mentions import parts_of
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents

_BY = re.compile(r"\b(?:by|from|of|on behalf of|signed by|issued by|for)\s+(?:the\s+|an?\s+)?$")
_PHRASE = re.compile(r" (?:by|from) (?:[a-z’'-]+|\d+)|[,;:.] ")
_ISSUED = frozenset(
    "statement report letter note notice release memo email e-mail survey poll study communique "
    "leaflet newsletter flyer circular "
    "communiqué press-release post tweet message bulletin announcement warning findings review "
    "assessment".split()
)
"""Texts that speak for whoever was spoken of before; others ("the indictment") do not."""
_OF_LAW = frozenset(
    "agreement bill charter complaint constitution contract indictment law lawsuit suit "
    "treaty".split()
)
"""They speak for themselves; other texts for whoever is said to have issued them."""
_OF_STATES = frozenset("statement communique communiqué".split())
"""They speak for a land too."""
_REPORTS = frozenset("report study survey findings review poll inquiry".split())
_WORKS = frozenset("article biography book documentary essay film memoir novel".split())
"""They speak for themselves, whoever is named beside them."""
_NEW = frozenset("note letter email e-mail memo survey announcement warning assessment".split())
_CLAUSE_BEHIND = re.compile(r" (?:said|read|reads|says)(?: on \w+day)? (?:after|when|as) (?:the )?")
_PUBLISHES = re.compile(
    r"\b(?:publish|issue|release|post|produce|commission|unveil|launch|present|sign|draft|circulate|"
    r"write|wrote|writt|sent|send|put out|said in|saying in|made|making|its|his|her|their)"
)
_PUBLISHED = re.compile(
    r"\b(?:issu|present|produc|publish|releas|unveil|wr(?:ote|itten))(?:e?d)? "
    r"(?:an?|her|his|its|the|their) (?:[\w-]+ ){0,4}?"
    r"(?P<noun>assessment|letter|memo|poll|report|review|study|survey)\b"
)
"""A text that the next sentence can mean by "it"."""
_OFFICE = r"the [A-Z][\w’-]+(?: [A-Z][\w’-]+)*"
_OFFICE_PUBLISHES = re.compile(
    rf"(?P<office>T{_OFFICE[1:]}) (?:has |had |have )?(?:circulat|draft|issu|present|produc|"
    r"publish|put out|releas|unveil|wrote)\w* (?:an?|her|his|its|the|their) (?:[\w-]+ ){0,4}?"
)
_BY_OFFICE = re.compile(rf"[a-z-]+ (?:by|from) (?P<office>{_OFFICE})\b")
"""Offices that the document names no further ("The Ombudsman published a report")."""
_SPOKESMAN = re.compile(r"(?:an? |the )?spokes\w+ (?:for|of) (?:the )?(.+)", re.IGNORECASE)
_OWNS = re.compile(r"['’](?:s\b|(?= ))")
_OWNED = re.compile(r"['’]s? (?P<all>(?:[a-z-]+ ){0,2}?(?P<noun>[a-z-]+))(?= [a-z]+(?:ed|t|d)\b)")
_OWNERS = frozenset("his her their its".split())


def owner_phrase(text: str, names: NameInventory, part: Part) -> Part | None:
    """The noun that owns a text ("the ministry’s statement"), or None."""
    match = re.match(r"(.+?)['’]s?\s", text[part.start : part.end])
    if match is None:
        return _body_before(text, names, part)
    if match.group(1).lower() in _OWNERS:
        return None
    mark = part.start + match.end(1)
    if any(place.start < mark < place.end for place in names.between(mark, mark + 1)):
        return None  # "the People’s Daily report"
    owner = parts_of(text, names, (part.start, part.start + match.end(1)))
    if len(owner) == 1 and owner[0].kind == "noun" and owner[0].head != part.head:
        return owner[0]
    return None


def _body_before(text: str, names: NameInventory, part: Part) -> Part | None:
    """The body whose noun stands before that of its text ("a foreign ministry statement")."""
    body = part.qualifiers[-1] if part.qualifiers and part.head in _ISSUED else ""
    if body not in lexicon().body_nouns or part.owner is not None:
        return None
    match = re.match(
        rf"(?:(?:an?|the) )?(.*?\b{re.escape(body)}) ", text[part.start : part.end], re.I
    )
    if match is None or match.group(1)[:1].isupper() or re.search(r" [A-Z]", match.group(1)):
        return None
    owner = parts_of(text, names, (part.start + match.start(1), part.start + match.end(1)))
    found = len(owner) == 1 and owner[0].kind == "noun"
    return replace(owner[0], definite="the") if found else None


def issuer_of(
    text: str, names: NameInventory, referents: Referents, part: Part
) -> tuple[Referent, str] | None:
    """Who issued a text and the evidence for it, or None where nothing tells.

    Told by the mention itself ("a statement from Petrolia"), by an earlier mention of the text
    ("Petrolia published a report"), or by who was spoken of right before.
    """
    if part.owner is not None and _may_issue(part.owner):
        return referents.of_entity(part.owner), "issuer named"
    for place in names.between(part.start, part.end):
        by = _BY.search(text[part.start : place.start])
        if by and len(place.bearers) == 1 and _may_issue(place.entity):
            return referents.of_entity(place.entity), "issuer named"
    if part.head in _OF_LAW or part.complement.startswith(("by ", "from ")):
        return None
    earlier = _earlier(text, names, referents, part) if part.head not in _WORKS else None
    if earlier is not None:
        return earlier, "issuer before"
    if part.head not in _ISSUED:
        return None
    here = referents.sentence_at(part.start)
    behind = _after(text, names, part)
    if behind is not None:
        return referents.of_entity(behind), "issuer near"
    owned = bool(_OWNERS.intersection(part.complement.split()))  # "an email to its clients"
    if part.definite == "a" and part.head in _REPORTS | _NEW and not owned:
        return None  # a text that is first spoken of here
    if any(word[0].isupper() for word in text[part.start : part.end].split()[1:]):
        return None  # "the Lund review"
    spoke = _spoke_for(names, referents, here)
    if spoke is not None:
        return referents.of_entity(spoke), "issuer near"
    for item in referents.before(part.start):
        if not (_may_issue(item.entity) if item.entity else _is_body(item)):
            if part.head not in _OF_STATES or not _has_acted(referents, item, here):
                continue
        last = bisect_left(item.subjects, part.start) - 1
        if last >= 0 and item.subjects[last] in item.oblique:
            continue  # "the army of Norland"
        if item.person > 1 and part.head in _REPORTS:
            continue
        if last >= 0 and here - referents.sentence_at(item.subjects[last]) <= p.ISSUER_SENTENCES:
            return item, "issuer near"
    return None


def issuer_of_it(
    text: str, names: NameInventory, referents: Referents, part: Part
) -> tuple[Referent, str] | None:
    """Who speaks where "it" begins a sentence and means the text that the one before tells of.

    "The auditor issued a review. It found that …": the auditor.
    """
    if not referents.opens_sentence(part.start):
        return None
    here, spoke = referents.sentence_at(part.start), referents.text_spoke
    if spoke is not None and spoke[1] and here - referents.sentence_at(spoke[0]) == 1:
        return spoke[1], "issuer before"  # "The report blames the crew. It says …"
    before = referents.sentence_before(part.start), referents.sentence_start(part.start)
    told = _PUBLISHED.search(text, *before)
    if told is None:
        return None
    noun = told["noun"]
    meant = replace(part, kind="noun", head=noun, words=("the", noun), definite="the")
    return issuer_of(text, names, referents, meant)


def _after(text: str, names: NameInventory, part: Part) -> Entity | None:
    """Who begins the clause behind a text ("a statement said after Norwind lost its licence")."""
    clause = _CLAUSE_BEHIND.match(text, part.end)
    if clause is None:
        return None
    places = names.between(clause.end(), clause.end() + 1)
    known = places and len(places[0].bearers) == 1 and _may_issue(places[0].entity)
    return places[0].entity if known else None


def _spoke_for(names: NameInventory, referents: Referents, here: int) -> Entity | None:
    """For whom the last speaker spoke ("a spokesman for Norwind")."""
    turn = referents.turns[-1] if referents.turns else None
    if turn is None or here - referents.sentence_at(turn[0]) > p.ISSUER_SENTENCES:
        return None
    name = turn[1][0].name
    spoken = _SPOKESMAN.match(name) if turn[1][0].entity is None else None
    if spoken is None:
        return None
    found = [item for item in names.entities if item.name == spoken.group(1)]
    return found[0] if found else None


def _earlier(text: str, names: NameInventory, referents: Referents, part: Part) -> Referent | None:
    """The issuer that stands beside an earlier mention of the same text."""
    words = _REPORTS if part.head in _REPORTS else {part.head}
    low = max(0, part.start - p.PRONOUN_REACH)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b")
    mentions = list(pattern.finditer(text, low, part.start))
    for match in reversed(mentions[-p.ISSUER_MENTIONS :]):
        at = match.start()
        for place in names.between(at, min(part.start, at + p.ISSUER_REACH)):
            by = _BY.search(text[at : place.start])
            if by and _PHRASE.search(text[at : at + by.start()]):
                break  # "a report by two committees of the Senate"
            if by and len(place.bearers) == 1 and _may_issue(place.entity):
                return referents.of_entity(place.entity)
        for place in reversed(names.between(max(0, at - p.ISSUER_REACH), at)):
            owns = _OWNS.match(text, place.end, at)
            if owns and len(place.bearers) == 1 and _may_issue(place.entity):
                return _owned_body(referents, place, at) or referents.of_entity(place.entity)
        here = referents.sentence_at(at)
        for item in referents.before(at):
            office = item.entity is None and (item.person == 3 or item.plural) and not item.members
            named = item.entity is not None and _may_issue(item.entity)
            if (office or named) and referents.begins_sentence(item, here):
                begins = text[referents.sentence_start(at) : at]
                if _PUBLISHES.search(begins):
                    return item
        begin = referents.sentence_start(at)
        told = _OFFICE_PUBLISHES.fullmatch(text, begin, at) or _BY_OFFICE.match(text, at)
        if told is not None:
            start, end = told.span("office")
            head = text[start:end].split()[-1].lower()
            return referents.of_noun(text[start:end], Part("noun", start, end, head=head))
    return None


def _owned_body(referents: Referents, place: NamePlace, at: int) -> Referent | None:
    """The office or the like that somebody has, where it issued a text ("Berg’s office wrote")."""
    words = _OWNED.match(referents.text, place.end, at)
    if words is None or words["noun"] not in lexicon().body_nouns:
        return None
    label = f"{place.entity.name}’s {words['all']}"
    part = Part("noun", place.start, words.end(), head=words["noun"], owner=place.entity)
    return referents.of_noun(label, part)


def _has_acted(referents: Referents, item: Referent, here: int) -> bool:
    """Whether a land or a capital is the subject of the sentence before ("Peru has recalled …")."""
    if item.entity is None:
        return False
    text = referents.text
    for start in item.subjects:
        begins = text[referents.sentence_start(start) : start].lower() in ("", "the ")
        if begins and referents.sentence_at(start) == here - 1:
            return _OWNS.match(text, start + len(item.entity.name)) is None
    return False


def _is_body(item: Referent) -> bool:
    """Whether a noun phrase is a body that issues texts ("the army of Mali"), not a text itself."""
    return item.body and not item.plural and not item.nouns & lexicon().document_nouns


def _may_issue(entity: Entity) -> bool:
    """Whether a name is no mere place, day or people."""
    name = entity.name.lower()
    known = lexicon()
    return not entity.country and name not in known.places and name not in known.peoples
