"""Lists of names that a plural noun announces ("three unions, Orex, Lumen and Tide")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.lexicon import lexicon
from stance.extract.names import is_role
from stance.extract.phrases import Part
from stance.extract.segmentation import Range

_INCLUDES = re.compile(r"including|such as|among them")
_AGENT = re.compile(r"[a-z](?:er|or|ist|ian|man|woman|wife|smith|monger)$")
_TIES = frozenset("of to for with from at in by born née né and".split())
_BRACKETED = re.compile(
    r"(?P<noun>[^()]+) \((?:(?:including|such as|namely|among them):? )?"
    r"(?P<names>[^()]* (?:and|&) [^()]*)\)"
)


def bracketed_list(text: str, start: int, end: int) -> tuple[Range, Range] | None:
    """A noun and the list in parentheses behind it ("two banks (Orex and Lund)"), or None."""
    match = _BRACKETED.fullmatch(text, start, end)
    return (match.span("noun"), match.span("names")) if match else None


def is_capital_body(text: str, part: Part) -> bool:
    """Whether a noun with a capital is the body that is called so ("the Senate")."""
    head = text[part.start : part.end].rsplit(" ", 1)[-1]
    return part.kind == "noun" and part.head in lexicon().unique_bodies and head[:1].isupper()


def brings_name(text: str, part: Part | None) -> bool:
    """Whether a segment is a person with a role before the name ("ranger Tim Obasi").

    A name between commas that others follow is one more of a list, whatever it begins with, unless
    it only says whose something is ("brother of Tim Obasi", "a friend of Ada Berg").
    """
    if part is None or part.kind != "name" or part.bearers[0].person < 2:
        return False
    words = text[part.start : part.end].split()
    number = next((n for n, word in enumerate(words) if word[:1].isupper()), 0)
    lead, name = words[:number], words[number:]
    if not lead or not name or any(word[:1].islower() for word in name[1:] if len(word) > 3):
        return False
    known = lexicon()
    noun = is_role(lead[-1]) or _AGENT.search(lead[-1]) is not None
    noun = noun or lead[-1] in known.relation_nouns
    return noun and lead[0] not in ("a", "an") and not _TIES.intersection(lead)


def listed(text: str, parts: Sequence[Part]) -> list[Part]:
    """Without the noun that only announces the names behind it ("three unions, A, B and C").

    People who are "included" are not all that a noun means, nor is a single body.
    """
    first = next((n for n, part in enumerate(parts) if part.kind == "noun" and part.plural), None)
    names = parts[first + 1 :] if first is not None else ()
    if first is None or not names:
        return list(parts)
    if any(part.kind != "name" and not is_capital_body(text, part) for part in names):
        return list(parts)
    gap = text[parts[first].end : names[0].start]
    if _INCLUDES.search(gap):
        if len(names) == 1:
            return [*parts[:first], replace(parts[first], end=names[0].end)]
        bodies = parts[first].head in lexicon().body_nouns
        if not bodies and all(part.bearers and part.bearers[0].person > 1 for part in names):
            return list(parts[: first + 1])
    if first == 0 and len(names) > 1 and not gap.strip().startswith("and"):
        return list(names)
    return list(parts)
