"""What a card says of why: the words that the model read, with those that moved its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.errors import DataError
from stance.schema import Explanation, Influence, Part

Piece = tuple[str, float]
"""Characters, and the weight of the word that they are, 0 where they are none that matters."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One prediction's words.

    Attributes:
        words: what was judged, in pieces.
        context: what stood around it, likewise.
        explanation: of the answer, or None.
        strongest: the words that moved it most.
    """

    words: list[Piece]
    context: list[Piece]
    explanation: Explanation | None
    strongest: tuple[Influence, ...]


def moved_words(words: str, context: str, target: str, explanation: Explanation | None) -> Moved:
    """Cut what the model read at the words that moved it.

    Raises:
        DataError: the explanation is of another statement or target.
    """
    if explanation is None:
        return Moved([(words, 0.0)], [(context, 0.0)], None, ())
    strongest = explanation.strongest()
    return Moved(
        cut_words("statement", words, strongest),
        cut_words("context", context, strongest),
        _checked(explanation, {"statement": words, "context": context, "target": target}),
        strongest,
    )


def _checked(explanation: Explanation, texts: dict[Part, str]) -> Explanation:
    whole = explanation.target == texts["target"]
    for item in (*explanation.words, *explanation.sentences):
        span = item.span
        if not whole or texts[item.part][span.start : span.end] != span.text:
            raise DataError(
                f"an explanation toward {explanation.target!r} is not of this analysis: give what "
                "Analysis.explain() returns"
            )
    return explanation


def cut_words(part: Part, text: str, influences: Sequence[Influence]) -> list[Piece]:
    """Cut a text at the words that moved an answer.

    Args:
        part: which of the texts it is; influences on others are passed over.
        text: that their offsets are of.
        influences: words, none of which overlap.
    """
    pieces, at = [], 0
    for item in sorted(influences, key=lambda item: item.span.start):
        if item.part == part:
            pieces += [(text[at : item.span.start], 0.0), (item.span.text, item.weight)]
            at = item.span.end
    return [*pieces, (text[at:], 0.0)]
