"""Places where a noun stands for somebody who is named elsewhere ("The mayor smiled. He said ...").

A pronoun behind such a place means that person more likely than one whose name stands nearer.
"""

from __future__ import annotations

from stance.extract import parameters as p
from stance.extract.antecedents import Weights, choose
from stance.extract.mentions import parts_of
from stance.extract.nouns import model_of, noun_features
from stance.extract.phrases import Part
from stance.extract.referents import Referent, Referents
from stance.extract.segmentation import Range


def note_place(referents: Referents, part: Part | None, item: Referent | None) -> None:
    """Note where the noun or the shared surname of a speaker is found to mean a named one.

    Args:
        referents: of the document.
        part: of the mention; a name that one alone can bear has its place already.
        item: whom it was found to mean, or None.
    """
    if part is None or item is None or item.entity is None or part.kind == "pronoun":
        return
    if part.kind == "name" and len(part.bearers) == 1:
        return
    if not referents.document.regions_in(part.start, part.start + 1):
        begins = part.start - referents.sentence_start(part.start) <= p.SUBJECT_REACH
        referents.mentioned(item, part.start, subject=begins)


class NamedSubjects:
    """The nouns that begin the sentences of a document, looked at in reading order."""

    def __init__(self, referents: Referents, weights: Weights) -> None:
        self._referents = referents
        self._weights = weights
        self._seen = 0

    def name_until(self, position: int) -> None:
        """Find whom those mean that stand before a position, whether they say anything or not."""
        nouns = self._referents.subject_nouns
        while self._seen < len(nouns) and nouns[self._seen][0] < position:
            self._name(nouns[self._seen])
            self._seen += 1

    def _name(self, noun: Range) -> None:
        referents = self._referents
        parts = parts_of(referents.text, referents.names, noun)
        part = parts[0] if len(parts) == 1 else None
        if part is None or part.kind != "noun" or part.plural or part.definite != "the":
            return
        candidates, none = noun_features(referents, part, part.end, part.start)
        choices = choose(self._weights[model_of(referents, part)], candidates, none)
        if choices and choices[0].probability > p.LEAST_RETOLD and choices[0].referent.entity:
            referents.renamed(noun[0], choices[0].referent)
