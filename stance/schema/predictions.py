"""What a model says of a statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stance.config import from_mapping
from stance.errors import DataError
from stance.labels import Abstention, Sentiment, Stance
from stance.record_checks import (
    check_distribution,
    check_member,
    check_members,
    check_most_probable,
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Stance toward one target, and sentiment, of one statement.

    Attributes:
        target: what the stance is toward.
        stance: the most probable stance, or None when abstained.
        stance_probabilities: calibrated, in [0, 1], keyed ``against``/``neutral``/``favor``; they
            sum to 1.
        sentiment: the most probable sentiment, or None where the checkpoint has no such head.
        sentiment_probabilities: in [0, 1], keyed ``negative``/``neutral``/``positive``; they sum
            to 1. None where the checkpoint has no such head.
        stance_set: split-conformal prediction set, when a coverage was asked for; it may be empty.
        abstained_because: why there is no stance: the statement has no letters, is not English or
            was cut, or the highest stance probability is below ``abstain_below``. None where there
            is a stance.
        truncated: True when words of the statement were cut to fit the model.
        used_context: True when the model read words of a context; False where there was none, or
            no room was left for it.
        warnings: plain sentences about inputs far from what the model was trained on.
    """

    target: str
    stance: Stance | None
    stance_probabilities: dict[str, float]
    sentiment: Sentiment | None = None
    sentiment_probabilities: dict[str, float] | None = None
    stance_set: tuple[Stance, ...] | None = None
    abstained_because: Abstention | None = None
    truncated: bool = False
    used_context: bool = False
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check labels and probabilities.

        Raises:
            DataError: probabilities are not one a label or do not sum to 1; or a label is no
                member of its enum, not the most probable one, or missing without abstention.
        """
        check_member("stance", self.stance, Stance)
        check_member("sentiment", self.sentiment, Sentiment)
        check_members("stance_set", self.stance_set, Stance)
        check_member("abstained_because", self.abstained_because, Abstention)
        check_distribution("stance_probabilities", self.stance_probabilities, [*map(str, Stance)])
        if (self.stance is None) != self.abstained:
            raise DataError("give either a stance or abstained_because, the reason for none")
        check_most_probable("stance", self.stance, self.stance_probabilities)
        if (self.sentiment is None) != (self.sentiment_probabilities is None):
            raise DataError("give sentiment together with sentiment_probabilities, or neither")
        if self.sentiment_probabilities is not None:
            names = [*map(str, Sentiment)]
            check_distribution("sentiment_probabilities", self.sentiment_probabilities, names)
            check_most_probable("sentiment", self.sentiment, self.sentiment_probabilities)

    @property
    def abstained(self) -> bool:
        """Whether there is no stance."""
        return self.abstained_because is not None

    @property
    def confidence(self) -> float:
        """The highest stance probability, in [1/3, 1]."""
        return max(self.stance_probabilities.values())

    @property
    def score(self) -> float:
        """Signed stance, p(favor) - p(against), in [-1, 1]."""
        return self.stance_probabilities["favor"] - self.stance_probabilities["against"]

    def to_record(self) -> dict[str, object]:
        """The prediction as JSON can hold it."""
        return {
            "target": self.target,
            "stance": self.stance and self.stance.value,
            "stance_probabilities": dict(self.stance_probabilities),
            "sentiment": self.sentiment and self.sentiment.value,
            "sentiment_probabilities": self.sentiment_probabilities
            and dict(self.sentiment_probabilities),
            "stance_set": None if self.stance_set is None else [s.value for s in self.stance_set],
            "abstained_because": self.abstained_because and self.abstained_because.value,
            "truncated": self.truncated,
            "used_context": self.used_context,
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Prediction:
        """Read what :meth:`to_record` gave.

        Raises:
            DataError: a key is missing or unknown, or a value is of the wrong type or range.
        """
        return from_mapping(record, cls, where="prediction", error=DataError)
