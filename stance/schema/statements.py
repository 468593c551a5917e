"""What somebody said, as an article attributes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from stance.config import from_mapping
from stance.errors import DataError, SpanError
from stance.record_checks import check_one_of, check_share
from stance.schema.spans import Span
from stance.schema.speakers import Candidate, Speaker

Kind = Literal["direct", "indirect", "mixed"]
Modality = Literal["asserted", "negated", "denied", "hypothetical", "question"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One attributed statement of an article.

    Attributes:
        text: the words of the statement; several spans are joined by one space.
        spans: the pieces of the article that hold the statement, in reading order. A direct
            quote's spans lie inside its quotation marks; an indirect or mixed statement's cover
            its whole clause.
        speakers: who made it; joint speakers are several. Empty where that is not known, or one of
            several is not: nobody is guessed.
        speaker_candidates: where ``speakers`` is empty and the article leaves open which of some
            is meant (a surname of two people): those, likeliest first.
        speaker_mention: the words that name the speaker here, or None.
        cue: the words that attribute the statement ("said", "according to"), or None.
        kind: ``direct`` (all inside quotation marks), ``indirect`` (none) or ``mixed``.
        context: the sentences around the statement, as they stand in the article.
        speaker_confidence: in [0, 1]; the share of links of the same kind that are right, as
            counted on articles of the world's news; 0 where the speaker is not known.
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
    speakers: tuple[Speaker, ...] = ()
    speaker_candidates: tuple[Candidate, ...] = ()
    speaker_mention: Span | None = None
    cue: Span | None = None
    kind: Kind = "direct"
    context: str = ""
    speaker_confidence: float = 0.0
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
        if self.speakers and self.speaker_candidates:
            raise DataError("give either speakers, or speaker_candidates where nobody is sure")
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

    @property
    def speaker(self) -> str | None:
        """The names of the speakers, joined by " and "; None where they are not known."""
        return " and ".join(speaker.name for speaker in self.speakers) or None

    @property
    def anonymous(self) -> bool:
        """Whether every speaker is unnamed ("two current officials")."""
        return bool(self.speakers) and all(item.kind == "unnamed" for item in self.speakers)

    def to_record(self) -> dict[str, object]:
        """The statement as JSON can hold it."""
        return {
            "text": self.text,
            "spans": [span.to_record() for span in self.spans],
            "speakers": [speaker.to_record() for speaker in self.speakers],
            "speaker_candidates": [item.to_record() for item in self.speaker_candidates],
            "speaker_mention": self.speaker_mention and self.speaker_mention.to_record(),
            "cue": self.cue and self.cue.to_record(),
            "kind": self.kind,
            "context": self.context,
            "speaker_confidence": self.speaker_confidence,
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
