"""Which of several people or bodies a short name means that all of them bear."""

from __future__ import annotations

from collections.abc import Sequence

from stance.extract.entities import Entity
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents

Shares = tuple[tuple[str, float], ...]


def meant_bearer(referents: Referents, part: Part) -> tuple[Referent | None, str, Shares]:
    """Whom a name with several bearers means, the kind of evidence, and the share of each.

    Of bodies it is the one that is named most; of people who just spoke, who alone does something
    in the document (the others are only "of Ada Berg"), or whom the short name meant before the
    others were named at all. Else it is nobody.
    """
    bearers = part.bearers
    items = [referents.of_entity(entity) for entity in bearers]
    counts = [max(1, len(entity.full_places)) for entity in bearers]
    shares = [
        (entity.name, count / sum(counts)) for entity, count in zip(bearers, counts, strict=True)
    ]
    candidates = tuple(sorted(shares, key=lambda pair: -pair[1]))
    if all(entity.person == 0 for entity in bearers):
        return items[counts.index(max(counts))], "short name", candidates
    turn = referents.turns[-1] if referents.turns else None
    here = referents.document.paragraph_at(part.start)
    spoke = [item for item in items if _has_spoken(referents, item, part.start)]
    if turn is not None and len(spoke) < 2 and referents.document.paragraph_at(turn[0]) >= here - 1:
        for item in items:
            if any(item is other for other in turn[1]):
                return item, "namesake", candidates
    acting = [item for item in items if not item.oblique.issuperset(item.starts)]
    owner = _first_owner(referents, bearers, part.start)
    if owner is not None:
        return referents.of_entity(owner), "namesake", candidates
    return (acting[0] if len(acting) == 1 else None), "namesake", candidates


def _has_spoken(referents: Referents, item: Referent, position: int) -> bool:
    """Whether a bearer spoke in the paragraph of a position, before it."""
    here = referents.document.paragraph_at(position)
    paragraph_at = referents.document.paragraph_at
    return any(start < position and paragraph_at(start) == here for start in item.spoke)


def _first_owner(referents: Referents, bearers: Sequence[Entity], position: int) -> Entity | None:
    """The bearer whom the short name meant before the others were named at all."""
    firsts = [entity.full_places[0] for entity in bearers]
    early = min(firsts)
    others = min((first for first in firsts if first > early), default=position)
    alone = others >= position
    meant = alone or referents.names.shared_within(bearers, early + 1, others)
    return bearers[firsts.index(early)] if meant else None
