"""Lists of names that a plural noun announces ("three unions, Orex, Lumen and Tide")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.lexicon import lexicon
from stance.extract.phrases import Part
from stance.extract.segmentation import Range

_INCLUDES = re.compile(r"including|such as|among them")
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
