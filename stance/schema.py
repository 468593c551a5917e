"""The records that flow through the library.

All are frozen and checked when made. Offsets count Unicode code points of the article's own text,
half open: ``text[start:end]``. ``to_record`` gives what JSON holds, ``from_record`` reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from stance.config import from_mapping
from stance.errors import DataError, SpanError
from stance.labels import Abstention, Sentiment, Stance
from stance.record_checks import (
    check_distribution,
    check_member,
    check_members,
    check_most_probable,
    check_one_of,
    check_share,
)

Kind = Literal["direct", "indirect", "mixed"]
Modality = Literal["asserted", "negated", "denied", "hypothetical", "question"]


class Article(Protocol):
    """A text and what is known of where it comes from; :class:`stance.Document` is one."""

    @property
    def text(self) -> str:
        """The text that all offsets refer to."""

    @property
    def id(self) -> str | None:
        """The reader's own name of the article."""

    @property
    def title(self) -> str | None:
        """The headline."""

    @property
    def date(self) -> str | None:
        """The day of publication, as it was given."""

    @property
    def outlet(self) -> str | None:
        """Who published it."""

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it."""

    @property
    def url(self) -> str | None:
        """Where it stands."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range ``[start, end)`` of an article.

    Attributes:
        text: the characters of the range.
        start: position of the first code point, counted from 0.
        end: one past the position of the last code point.
    """

    text: str
    start: int
    end: int

    def __post_init__(self) -> None:
        """Check that the range is as long as its text.

        Raises:
            SpanError: it is not, or it starts before the article.
        """
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

    def to_record(self) -> dict[str, object]:
        """The span as JSON can hold it."""
        return {"text": self.text, "start": self.start, "end": self.end}


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
        speaker_confidence: in [0, 1]; the share of links of the same kind that are right, as
            counted on articles of the world's news; 0 where the speaker is not known.
        anonymous: True where the speaker is unnamed ("two current officials").
        modality: only an ``asserted`` statement is one that the speaker made as true; the others
            are ``negated`` ("declined to say"), ``denied`` ("denied that"), ``hypothetical``
            ("would say") or a ``question`` ("asked whether").
        confidence: in [0, 1]; calibrated probability that the words are an attributed statement at
            all, rather than an act, a label or a misread phrase.
        nested_in: position, counted from 0, in the returned list of the statement that encloses
            this one.
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
    confidence: float = 1.0
    nested_in: int | None = None

    def __post_init__(self) -> None:
        """Check the spans and the range of each value.

        Raises:
            SpanError: there is no span, spans overlap or are out of order, or the text is not
                theirs.
            DataError: a value is none of those allowed.
        """
        if not self.spans:
            raise SpanError("a statement needs at least one span")
        for left, right in zip(self.spans, self.spans[1:], strict=False):
            if right.start < left.end:
                raise SpanError(f"spans overlap or are out of order at {right.start}")
        if self.text != " ".join(span.text for span in self.spans):
            raise SpanError(
                f"the statement {self.text[:60]!r} is not its spans' texts, joined by one space"
            )
        check_one_of("kind", self.kind, get_args(Kind))
        check_one_of("modality", self.modality, get_args(Modality))
        check_share("speaker_confidence", self.speaker_confidence)
        check_share("confidence", self.confidence)
        if self.nested_in is not None and self.nested_in < 0:
            raise DataError(f"nested_in is {self.nested_in}: give a position from 0, or None")

    @property
    def start(self) -> int:
        """First code point of the statement's hull."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """One past the last code point of the statement's hull."""
        return self.spans[-1].end

    def to_record(self) -> dict[str, object]:
        """The statement as JSON can hold it."""
        return {
            "text": self.text,
            "spans": [span.to_record() for span in self.spans],
            "speaker": self.speaker,
            "speaker_mention": self.speaker_mention and self.speaker_mention.to_record(),
            "cue": self.cue and self.cue.to_record(),
            "kind": self.kind,
            "context": self.context,
            "speaker_confidence": self.speaker_confidence,
            "anonymous": self.anonymous,
            "modality": self.modality,
            "confidence": self.confidence,
            "nested_in": self.nested_in,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Statement:
        """Read what :meth:`to_record` gave.

        Raises:
            DataError: a key is missing or unknown, or a value is of the wrong type.
            SpanError: a span does not fit its text.
        """
        return from_mapping(record, cls, where="statement", error=DataError)


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


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """What is known of a loaded checkpoint, so that a result can be traced to it.

    Attributes:
        kind: ``bundled``, ``sequence-classification`` or ``nli``.
        name: of the adapter, or the hub id or folder of a checkpoint.
        device: where it computes: ``cpu``, ``cuda``, ``mps``.
        reads_context: whether contexts and speakers reach the model.
        labels: the checkpoint's own label names, in its own order.
        sha256: of the weights' file, or None where the weights are no single file.
        revision: hub revision that was pinned, or None.
        backbone: name of the backbone under an adapter, or None.
        max_length: tokens that a pair may have, or None where the checkpoint does not say.
        max_context: tokens of them that a context may have, or None where it reads none.
    """

    kind: str
    name: str
    device: str
    reads_context: bool
    labels: tuple[str, ...] = ()
    sha256: str | None = None
    revision: str | None = None
    backbone: str | None = None
    max_length: int | None = None
    max_context: int | None = None

    def to_record(self) -> dict[str, object]:
        """The facts as JSON can hold them."""
        return {
            "kind": self.kind,
            "name": self.name,
            "device": self.device,
            "reads_context": self.reads_context,
            "labels": list(self.labels),
            "sha256": self.sha256,
            "revision": self.revision,
            "backbone": self.backbone,
            "max_length": self.max_length,
            "max_context": self.max_context,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> CheckpointInfo:
        """Read what :meth:`to_record` gave.

        Raises:
            DataError: a key is missing or unknown, or a value is of the wrong type.
        """
        return from_mapping(record, cls, where="checkpoint info", error=DataError)
