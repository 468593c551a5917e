"""One training pair, and what two stances are to each other."""

from __future__ import annotations

from dataclasses import dataclass

from stance.labels import Sentiment, Stance

_FLIP = {Stance.FAVOR: Stance.AGAINST, Stance.AGAINST: Stance.FAVOR, Stance.NEUTRAL: Stance.NEUTRAL}


@dataclass(frozen=True, slots=True)
class TrainingPair:
    """A statement and a target with the labels that a source gives.

    Attributes:
        statement: the words to judge.
        target: what the stance is toward.
        stance: None where the source gives none.
        sentiment: None where the source gives none.
        context: the text around the statement, or "".
        speaker: who said it, or None.
        cue: the words that attribute it ("said"), or None.
        group: article, theme or the like; pairs of one group are never split between training and
            held-out rows. "" stands alone.
        kind: ``direct``, ``indirect`` or ``mixed``, or None where it is not told.
        number: of the statement in its group, where a file numbers them; else "".
        source: name of the source, for scores and derivations.
        weight: factor of the pair's loss.
        context_decides: the label hangs on the context, which is therefore never left out.
    """

    statement: str
    target: str
    stance: Stance | None = None
    sentiment: Sentiment | None = None
    context: str = ""
    speaker: str | None = None
    cue: str | None = None
    kind: str | None = None
    group: str = ""
    number: str = ""
    source: str = ""
    weight: float = 1.0
    context_decides: bool = False


def flip(stance: Stance) -> Stance:
    """The stance toward the opposite target."""
    return _FLIP[stance]
