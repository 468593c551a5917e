"""Why a prediction is what it is: the words and sentences that moved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stance.errors import DataError
from stance.labels import Sentiment, Stance
from stance.record_checks import check_share
from stance.schema.spans import Span

Head = Literal["stance", "sentiment"]
Part = Literal["statement", "target", "context"]


@dataclass(frozen=True, slots=True)
class Influence:
    """What a word or a sentence did for an answer.

    Attributes:
        part: the text that it stands in.
        span: where it stands there, in code points of that text as it was given.
        weight: probability of the label less its probability without these words, in [-1, 1]:
            above 0 they speak for the label, below 0 against it.
    """

    part: Part
    span: Span
    weight: float

    def to_record(self) -> dict[str, object]:
        """The influence as JSON can hold it."""
        return {"part": self.part, "span": self.span.to_record(), "weight": self.weight}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words that moved one answer; see :meth:`stance.StanceClassifier.explain`.

    Attributes:
        target: what the stance is toward.
        head: which answer is explained.
        label: the most probable one, also where the prediction abstains.
        probability: of that label, calibrated, in [0, 1].
        words: every word of the statement, the target and the context that was left out in turn,
            in reading order. Words of the statement inside the context are not read twice and
            are not among those of the context.
        sentences: every sentence of the context that was left out in turn, in reading order.
    """

    target: str
    head: Head
    label: Stance | Sentiment
    probability: float
    words: tuple[Influence, ...]
    sentences: tuple[Influence, ...]

    def __post_init__(self) -> None:
        """Check the label and the range of the probability.

        Raises:
            DataError: the label is none of the head's, or the probability is none from 0 to 1.
        """
        kind = Stance if self.head == "stance" else Sentiment
        if not isinstance(self.label, kind):
            raise DataError(f"label is {self.label!r}: give a member of stance.{kind.__name__}")
        check_share("probability", self.probability)

    def strongest(self, most: int = 8, *, least: float = 0.05) -> tuple[Influence, ...]:
        """The words that moved the answer most, either way, the strongest first.

        Args:
            most: how many, at most.
            least: weight that a word must have, either way, in [0, 1]. In ``bf16`` a smaller one
                may be rounding.
        """
        return _strongest(self.words, least)[:most]

    @property
    def sentence(self) -> Influence | None:
        """The sentence of the context that moved the answer most, by .05 or more, else None."""
        return next(iter(_strongest(self.sentences, 0.05)), None)

    def to_record(self) -> dict[str, object]:
        """The explanation as JSON can hold it."""
        return {
            "target": self.target,
            "head": self.head,
            "label": self.label.value,
            "probability": self.probability,
            "words": [word.to_record() for word in self.words],
            "sentences": [sentence.to_record() for sentence in self.sentences],
        }


def _strongest(found: Sequence[Influence], least: float) -> tuple[Influence, ...]:
    ranked = sorted(found, key=lambda item: -abs(item.weight))
    return tuple(item for item in ranked if abs(item.weight) >= least)
