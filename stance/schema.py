"""The records that flow through the library. All are frozen; offsets are code points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stance.errors import SpanError
from stance.labels import Sentiment, Stance

Kind = Literal["direct", "indirect", "mixed"]
Modality = Literal["asserted", "negated", "hypothetical"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range ``[start, end)`` of Unicode code points of the original text."""

    text: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.text):
            raise SpanError(
                f"span [{self.start}, {self.end}) does not fit its text of "
                f"{len(self.text)} code points: {self.text[:40]!r}"
            )

    @classmethod
    def of(cls, article: str, start: int, end: int) -> Span:
        """Slice a span out of its article.

        Raises:
            SpanError: the range is empty or outside the article.
        """
        if not 0 <= start < end <= len(article):
            raise SpanError(f"span [{start}, {end}) is not inside [0, {len(article)})")
        return cls(article[start:end], start, end)


@dataclass(frozen=True, slots=True)
class Statement:
    """One attributed statement of an article.

    Attributes:
        text: the words of the statement; several spans are joined by one space.
        spans: the pieces of the article that hold the statement, in reading order. A direct
            quote's spans lie inside its quotation marks; an indirect or mixed statement's cover
            its whole clause.
        speaker: canonical name in the document, or None where it is not known.
        speaker_mention: the words that name the speaker here, or None.
        cue: the words that attribute the statement ("said", "according to"), or None.
        kind: ``direct`` (all inside quotation marks), ``indirect`` (none) or ``mixed``.
        context: the sentences around the statement, as they stand in the article.
        speaker_confidence: in [0, 1], how sure the link to ``speaker`` is.
        anonymous: True where the speaker is unnamed ("two current officials").
        modality: ``negated`` ("declined to say") or ``hypothetical`` ("would say") cues do not
            assert the statement.
        nested_in: position in the returned list of the statement that encloses this one.
    """

    text: str
    spans: tuple[Span, ...]
    speaker: str | None = None
    speaker_mention: Span | None = None
    cue: Span | None = None
    kind: Kind = "direct"
    context: str = ""
    speaker_confidence: float = 0.0
    anonymous: bool = False
    modality: Modality = "asserted"
    nested_in: int | None = None

    def __post_init__(self) -> None:
        if not self.spans:
            raise SpanError("a statement needs at least one span")
        for left, right in zip(self.spans, self.spans[1:], strict=False):
            if right.start < left.end:
                raise SpanError(f"spans overlap or are out of order at {right.start}")

    @property
    def start(self) -> int:
        """First code point of the statement's hull."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """One past the last code point of the statement's hull."""
        return self.spans[-1].end


@dataclass(frozen=True, slots=True)
class Prediction:
    """Stance toward one target, and tone, of one statement.

    Attributes:
        target: what the stance is toward.
        stance: the most probable stance, or None when abstained.
        stance_probabilities: calibrated, keyed ``against``/``neutral``/``favor``; sums to 1.
        sentiment: the most probable tone, or None where the checkpoint has no sentiment head.
        sentiment_probabilities: keyed ``negative``/``neutral``/``positive``, or None.
        stance_set: split-conformal prediction set, when a coverage was asked for.
        abstained: True when the highest stance probability is below ``abstain_below``.
        truncated: True when words of the statement were cut to fit the model.
        warnings: plain sentences about inputs far from what the model was trained on.
    """

    target: str
    stance: Stance | None
    stance_probabilities: dict[str, float]
    sentiment: Sentiment | None = None
    sentiment_probabilities: dict[str, float] | None = None
    stance_set: tuple[Stance, ...] | None = None
    abstained: bool = False
    truncated: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """The highest stance probability, in [1/3, 1]."""
        return max(self.stance_probabilities.values())

    @property
    def score(self) -> float:
        """Signed stance, p(favor) - p(against), in [-1, 1]."""
        return self.stance_probabilities["favor"] - self.stance_probabilities["against"]
