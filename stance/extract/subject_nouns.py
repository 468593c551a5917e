"""Nouns that begin a sentence and stand for people, bodies or texts ("The mayors of Lyon met")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stance.extract.document import Document
from stance.extract.inventory import NameInventory
from stance.extract.lexicon import lexicon
from stance.extract.names import fold, is_role
from stance.extract.phrases import Part

_SUBJECT_NOUN = re.compile(r"(?:[A-Z][\w’'-]*|\d+)(?: [\w’'-]+){0,5}")
_AFTER_LEAD = re.compile(r"[\w’'-]+(?: [\w’'-]+){0,5}")
_LEAD_IN = re.compile(
    r"(?:And|But|So|Yet|Still|However|Meanwhile|Instead|Then)\b,? (?=[a-z])"
    r"|[A-Z][^,.;:“”\"\n]{2,60}, (?=[a-z])"
)
_COMPLEMENT = re.compile(
    r" (?:of|from|in|for|at) (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*"
    r"(?:, (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*(?=,| and ))*"
    r"(?:,? and (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)?"
    r"| of (?:all|both|its|the|their|two|three|four|five|six) (?:[a-z-]+ ){0,2}?[a-z]{3,}s\b"
)
_NO_SUBJECT = frozenset(
    "he she it they we i you who this there of for in on at to by with from and but that said is "
    "are was were will would has have had".split()
)


def subject_nouns(document: Document, names: NameInventory) -> Iterator[Part]:
    """The nouns that begin a sentence, or follow its first words ("In the end, ministers")."""
    for sentences in document.sentences:
        for begin, _ in sentences:
            lead = _LEAD_IN.match(document.text, begin)
            part = _subject_noun(document, names, lead.end() if lead else begin, led=bool(lead))
            if part is not None:
                yield part


def _subject_noun(
    document: Document, names: NameInventory, start: int, *, led: bool
) -> Part | None:
    known, text = lexicon(), document.text
    match = (_AFTER_LEAD if led else _SUBJECT_NOUN).match(text, start)
    if match is None or document.regions_in(start, start + 1):
        return None
    if any(place.entity.person > 1 for place in names.between(start, start + 1)):
        return None
    words = match.group().split()
    for number, raw in enumerate(words):
        word = fold(raw).strip("’'")
        says = word in known.reporting_forms and word not in known.document_nouns
        if word in _NO_SUBJECT or (number and says):
            return None
        several = word in known.plural_roles or word in known.group_nouns - known.body_nouns
        bodies = word in known.plural_bodies
        single = is_role(word) and (number == 0 or raw[0].islower())
        body = word in known.body_nouns or word in known.document_nouns
        body = body and number > 0 and raw[0].islower()
        if not (several or bodies or single or body):
            continue
        end = match.start() + sum(map(len, words[: number + 1])) + number
        if led and names.between(end - 1, end):
            return None  # "But the Greens": a name
        following = words[number + 1] if number + 1 < len(words) else ""
        behind = [fold(raw) for raw in words[number + 1 : number + 3]]
        if fold(following) in known.plural_roles or (
            word == "public" and known.plural_bodies.keys() & set(behind)
        ):
            continue  # "The justice ministers", "Four public sector unions"
        if following and is_role(fold(following)) and following[0].islower():
            continue  # "The army chief"
        if following and (is_role(fold(following)) or following[0].isupper()):
            return None
        if number == 0 and single and not several:
            return None
        complement = _COMPLEMENT.match(text, end)
        stop = complement.end() if complement else end
        head = known.plural_roles.get(word) or known.plural_bodies.get(word) or word
        return Part(
            "noun", start, stop, head=head, plural=several or bodies, definite="the",
            complement=text[end:stop].strip(),
        )  # fmt: skip
    return None
