"""What an extractor still gets wrong of what readers corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from stance.errors import DataError
from stance.schema import Correction, Span, Statement

_WORD = re.compile(r"\w+")
Places = frozenset[int]


def unmet_corrections(
    text: str, statements: Sequence[Statement], corrections: Iterable[Correction]
) -> list[str]:
    """Corrections of statements and speakers that an extractor does not meet, one line each.

    Words that are nobody's statement must not be listed; corrected or confirmed words must be, word
    for word (quotation marks and other punctuation aside), and a judged speaker must be theirs.
    Stances are not looked at: ``stance evaluate`` measures those.

    Args:
        text: the article.
        statements: what the extractor finds in it.
        corrections: of that article.

    Raises:
        DataError: a correction does not fit the article.
    """
    listed = {_places(text, statement.spans): statement for statement in statements}
    unmet: dict[str, None] = {}
    for item in corrections:
        if problem := item.misfit(text):
            raise DataError(f"correction {problem}")
        wanted = _places(text, item.spans)
        where = f"{item.id}, {item.text[:60]!r}"
        if not item.statement:
            if wanted in listed:
                unmet[f"{where}: listed, and nobody's statement"] = None
            continue
        # Where only the speaker is judged, any statement that has most of these words will do.
        found = listed.get(wanted) if item.spans_judged else _nearest(wanted, listed)
        if found is None:
            unmet[f"{where}: not listed with these words"] = None
        elif item.speaker_judged and found.speaker != item.speaker:
            unmet[f"{where}: speaker {found.speaker!r}, not {item.speaker!r}"] = None
    return list(unmet)


def _places(text: str, spans: Sequence[Span]) -> Places:
    """Where the words of some spans begin."""
    return frozenset(
        found.start() for span in spans for found in _WORD.finditer(text, span.start, span.end)
    )


def _nearest(wanted: Places, listed: dict[Places, Statement]) -> Statement | None:
    shared = {places: len(places & wanted) / len(places | wanted or {0}) for places in listed}
    best = max(shared, key=shared.__getitem__, default=None)
    return None if best is None or shared[best] < 0.5 else listed[best]
