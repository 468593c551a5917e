"""Names that a text spells out: by the acronym behind them, or as a list of fields."""

from __future__ import annotations

import re

from stance.extract.parameters import ACRONYM_LETTERS, ACRONYM_WORDS
from stance.extract.segmentation import Range

_SHORT_FORM = re.compile(r" \(([A-Z][A-Z-]*[A-Z])\)")
_JOINTS = frozenset(
    "of for on and the in to & de del da do dos das di du des la las los y e et".split()
)
_TOKEN = re.compile(r"\S+")
FIELDS = frozenset(
    "agriculture arts aviation climate commerce communications communities construction culture "
    "customs development education employment energy environment families finance fisheries food "
    "forestry forests gender health heritage home housing immigration industry information "
    "infrastructure innovation interior investment irrigation justice labor labour land lands "
    "livestock maritime media mines mining overseas planning ports railways religion research "
    "roads rail rural science security shipping skills social sport sports technology tourism "
    "trade transport urban veterans water welfare women works youth".split()
)
"""What ministers are for, or what trades a union has."""
_FIELD = r"[A-Z][a-z]+(?: (?:Affairs|Cooperation|Development|Planning|Protection|Services))?"
_FIELD_LIST = re.compile(
    r"(?:(?!The )[A-Z][\w-]+ ){0,5}"
    r"(?:Agency|Association|Board|Bureau|Commission|Committee|Council|Department|Directorate|"
    r"Federation|Ministry|Office|Secretariat|Society|Union) (?:of|for) "
    rf"(?P<fields>{_FIELD}(?:, {_FIELD})+,? and (?:[A-Z][a-z]+ (?:Employees|Officers|Staff|"
    rf"Unions|Workers)|{_FIELD}))(?![\w-])"
)
_OWNERS_LIST = re.compile(
    r"(?:(?!The )[A-Z][\w-]+ ){0,5}[A-Z]\w+s['’](?:, [A-Z]\w+s['’])*,? and [A-Z]\w+s['’] "
    r"(?:[A-Z]\w+ ){0,2}(?:Alliance|Association|Council|Federation|Guild|League|Society|Union)"
    r"(?: of [A-Z]\w+)?"
)
"""A body of several trades ("the Miners’, Smiths’ and Carters’ Union")."""
_TRADES = (" Employees", " Officers", " Staff", " Unions", " Workers")


def spelt_out(text: str, start: int, end: int) -> list[Range]:
    """The names of a paragraph that it spells out, in reading order.

    Args:
        text: of the document.
        start: where the paragraph begins.
        end: where it ends.
    """
    listed = [
        match.span()
        for match in _FIELD_LIST.finditer(text, start, end)
        if all(
            field.split()[0].lower() in FIELDS or field.endswith(_TRADES)
            for field in re.split(r",? and |, ", match["fields"])
        )
    ]
    listed += [match.span() for match in _OWNERS_LIST.finditer(text, start, end)]
    spelt = _by_letters(text, start, end)
    free = [
        item
        for item in listed
        if not any(left < item[1] and item[0] < right for left, right in spelt)
    ]
    return sorted([*spelt, *free])


def _by_letters(text: str, start: int, end: int) -> list[Range]:
    """The names whose first letters an acronym behind them gives ("Chiefs of Defence (CD)")."""
    found: list[Range] = []
    for match in _SHORT_FORM.finditer(text, start, end):
        letters = [ch for ch in match.group(1) if ch.isupper()]
        low = max(start, match.start() - ACRONYM_LETTERS)
        tokens = list(_TOKEN.finditer(text, low, match.start()))[-ACRONYM_WORDS:]
        for token in reversed(tokens):
            word = token.group()
            if word[-1] in '.;:!?”"' or (word[0].islower() and word not in _JOINTS):
                break
            if word[0].isupper():
                if word[0] != letters[-1]:
                    break
                letters.pop()
                if not letters:
                    owner = text.endswith(("’s", "'s"), low, match.start())
                    stop = match.start() - 2 * owner
                    found.append((_first_word(text, low, token.start()), stop))
                    break
    return [item for item in found if " " in text[slice(*item)]]


def _first_word(text: str, start: int, left: int) -> int:
    """Where a name begins; an acronym may leave out its first word ("the Maltese Port Board")."""
    before = re.search(r"\bthe ([^\W\d_a-z][\w-]*) $", text[start:left])
    return start + before.start(1) if before else left
