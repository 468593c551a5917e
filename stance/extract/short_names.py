"""The short forms by which a full name is known later in an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from stance.extract import parameters as p
from stance.extract.entities import Entity
from stance.extract.lexicon import lexicon
from stance.extract.name_runs import NameRun
from stance.extract.names import fold, given_gender, is_organisation, is_role

_DIRECTIONS = ("North", "South", "East", "West")
"""Half of a divided country is called by these alone ("the North")."""
_OWNER = re.compile(r"['’]s$")
_LISTED = re.compile(r",? (?:and|or|nor) ((?:his |her |their )?(?:[a-z-]+,? ){0,3})")
_OWNS = re.compile(r"['’]")


def shorts_of_body(core: Sequence[str], acronym: str) -> set[str]:
    """The short forms of a body's name: its acronym, its first words, a word of its own.

    Args:
        core: the words of the name.
        acronym: that the text gives, or empty.
    """
    known = lexicon()
    capitals = "".join(word[0] for word in core if word[0].isupper())
    shorts = {acronym} if acronym else {capitals} if len(capitals) > 2 else set()
    first = core[0].lower()
    plain = first in known.organisation_words or first.rstrip("s") in known.organisation_words
    common = plain or first in known.peoples or first in known.countries
    told = first in known.places or first in known.plural_roles
    if not common and not core[0].isupper() and not told:
        shorts.add(core[0])
    if first in known.peoples and len(core) > 2:
        shorts.add(" ".join(core[1:]))  # "the Coast Guard" of the Chilean one
    if " ".join(core).lower() in known.countries and core[0] in _DIRECTIONS:
        shorts.add(core[0])
    shorts |= {" ".join(core[:cut]) for cut in range(2, len(core)) if core[cut - 1][0].isupper()}
    shorts |= {word for word in core[1:] if _stands_alone(word)}
    if "&" in core[1:-1]:
        shorts.add("&".join(word[0] for word in core if word != "&"))
    return shorts | {_OWNER.sub("", short) for short in shorts}


def _stands_alone(word: str) -> bool:
    """Whether a later word of a body's name can stand for it ("Menarek" of "Group Menarek")."""
    known = lexicon()
    plain = word.lower()
    common = plain in known.places or plain in known.countries or plain in known.peoples
    common = common or plain in known.party_words or is_role(word) or is_organisation([word])
    return word[0].isupper() and len(word) > p.SHORT_NAME and not common


def shorts_of_person(core: Sequence[str]) -> set[str]:
    """The short forms of a person's name: some of its words, half of a double name."""
    size = min(len(core), p.SHORTENED_WORDS)
    pieces = [(i, j) for i in range(size) for j in range(i + 1, size + 1) if j - i < size]
    shorts = {" ".join(core[i:j]) for i, j in pieces if core[i][0].isupper() or i}
    halves = core[-1].split("-")
    shorts |= {half for half in halves if len(halves) > 1 and half[0:1].isupper()}
    return shorts | {_OWNER.sub("", short) for short in shorts}


def is_parent(core: Sequence[str], bearers: Sequence[Entity]) -> bool:
    """Whether a word alone is a body whose branches or products bear its name ("Orex Foods")."""
    word = fold(core[0])
    known = lexicon()
    if len(core) > 1 or len(bearers) < 2 or given_gender(word) or word in known.family_names_first:
        return False
    return all(fold(item.words[0]) == word for item in bearers) and any(
        is_organisation(item.words) or any(ch.isdigit() for ch in item.words[-1])
        for item in bearers
    )


def is_nickname(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two names of two words only differ in a cut first name ("Jeff", "Jeffrey")."""
    short, long = sorted((fold(left[0]), fold(right[0])), key=len)
    same = fold(left[1]) == fold(right[1])
    return same and len(short) > 2 and long.startswith(short) and "." not in left[0] + right[0]


def apart_in_lists(text: str, runs: Sequence[NameRun]) -> dict[int, int]:
    """The runs that are a surname beside a full name of it in a list, by number, and that name.

    "Mr Osei and his son, Kofi Osei," are two people. Behind the full name the surname may begin
    the next clause, so that the list must begin its sentence.

    Args:
        text: of the document.
        runs: its names, in reading order.
    """
    found: dict[int, int] = {}
    for number, (left, right) in enumerate(pairwise(runs)):
        if not left.words or not right.words or fold(left.words[-1]) != fold(right.words[-1]):
            continue
        gap = text[left.end : right.start]
        joint = _LISTED.fullmatch(gap)
        kin = joint.group(1).split() if joint else []
        listed = joint is not None and (not kin or is_role(kin[-1].rstrip(",")))
        if len(left.words) == 1 < len(right.words) and (listed or (gap == ", " and left.titles)):
            found[number] = number + 1
        owns = _OWNS.match(text, right.end) is not None
        if len(right.words) == 1 < len(left.words) and listed and left.initial and not owns:
            found[number + 1] = number
    return found
