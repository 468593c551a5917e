"""The outlet's own people: whom "our correspondent" means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.extract.lexicon import lexicon
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents

_REPORTS = re.compile(r",? (?:reports|reported|reporting|writes|writing) (?:from|in|for) ")


def own_reporter(referents: Referents, part: Part) -> Referent | None:
    """The reporter whom a document names, the last one before a place, else the next; or None.

    Somebody else whom it names is none: a correspondent whose name is not told stays unnamed.

    Args:
        referents: of the document.
        part: the noun ("our correspondent").
    """
    kinds = lexicon().reporter_nouns | {part.head}
    for item in [*referents.before(part.start), *referents.after(part.end)]:
        known = item.entity is not None and item.person > 1
        if known and (item.nouns & kinds or _reports(referents, item.starts)):
            return item
    return None


def _reports(referents: Referents, starts: Sequence[int]) -> bool:
    """Whether a name at one of these places is a reporter's ("Ada Berg reports from Lund")."""
    names = referents.names
    places = (place for start in starts for place in names.between(start, start + 1))
    return any(_REPORTS.match(referents.text, place.end) for place in places)
