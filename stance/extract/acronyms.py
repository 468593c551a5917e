"""Acronyms of bodies: in parentheses beside the full name, or alone in the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from stance.extract.entities import Entity
from stance.extract.lexicon import lexicon
from stance.extract.names import fold, given_gender, is_organisation
from stance.extract.parameters import ACRONYM_REACH

_ACRONYM = re.compile(
    r"(?:\s*\((?:the |known as |or )?|, (?:or|(?:\w+ly |also |better )?(?:known as|abbreviated to))"
    r" (?:the )?)[“\"']?([A-Z][A-Za-z&.]{1,9})[”\"']?(?:\)|(?=[,.;]))"
)
_BEFORE = re.compile(r"\b([A-Z][A-Za-z&.]{1,9}) \((?:the )?$")
_APPOSED = re.compile(r"(?:^|[.!?”\n]\s?|The )([A-Z]{3,9}), the $")
_ENDS_APPOSED = re.compile(r", (?!and\b|or\b|as\b)[a-z]")
"""Between such marks the name of a body tells what an acronym stands for in another language."""


def is_initialled(
    text: str, entity: Entity, core: Sequence[str], capitals: Collection[str]
) -> bool:
    """Whether the text also has the first letters of a name, as only those of bodies are.

    They stand in parentheses behind it, or alone and in capitals.

    Args:
        text: of the document.
        entity: who bears the name.
        core: the words of the name.
        capitals: all words of the text that are in capitals.
    """
    end = _end_of(text, entity, core[-1])
    behind = _ACRONYM.match(text[end : end + ACRONYM_REACH])
    first = _first_letters(core)
    letters = "".join(word[0] for word in core)
    if behind is not None and len(letters) > 2:
        return fold(behind.group(1)) in (fold(first), fold(letters))
    return not given_gender(core[0]) and _stands(first, capitals)


def acronym_of(text: str, entity: Entity, core: Sequence[str], capitals: Collection[str]) -> str:
    """The acronym that parentheses beside the full name of a body or the text give, or empty.

    Args:
        text: of the document.
        entity: who bears the name.
        core: the words of the name.
        capitals: all words of the text that are in capitals.
    """
    first, start = _first_letters(core), entity.full_places[0]
    end = _end_of(text, entity, entity.words[-1])
    behind = _ACRONYM.match(text[end : end + ACRONYM_REACH])
    if behind and behind.group(1)[0].lower() in fold(entity.name):
        return behind.group(1)
    told = first if _stands(first, capitals) else ""
    before = _BEFORE.search(text[max(0, start - 20) : start])
    if before is None:
        before = _APPOSED.search(text[max(0, start - 20) : start])
        if before is None or before.group(1).lower() in lexicon().countries:
            return told
        return before.group(1) if _ENDS_APPOSED.match(text, end) else told
    translated = len(entity.words) > 2 and is_organisation(entity.words)
    fits = translated or before.group(1)[0] == first[:1]
    return before.group(1) if fits else told


def _end_of(text: str, entity: Entity, last: str) -> int:
    """Where the first occurrence of a name ends."""
    return text.find(last, entity.full_places[0]) + len(last)


def _first_letters(core: Sequence[str]) -> str:
    return "".join(word[0] for word in core if word[0].isupper())


def _stands(letters: str, capitals: Collection[str]) -> bool:
    """Whether first letters stand alone somewhere in the text."""
    return len(letters) > 2 and letters in capitals
