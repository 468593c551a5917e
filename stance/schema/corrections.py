"""What a reader of an article's page says is right or wrong there: a line of a corrections file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stance.config import from_mapping
from stance.errors import DataError, SpanError
from stance.labels import Stance
from stance.schema.spans import Span


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement as the page showed it.

    Attributes:
        spans: its pieces, in code points of the article.
        speaker: its speakers' names, joined by " and ", or None.
        stance: toward the correction's target, or None where it abstained or no target is judged.
    """

    spans: tuple[Span, ...]
    speaker: str | None = None
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A reader's word on one statement and, where a stance is judged, one target.

    The fields that a labelled row has (``id``, ``article``, ``text``, ``context``, ``speaker``,
    ``target``, ``stance``, ``start``, ``end``) mean the same here: ``stance evaluate`` and ``stance
    train`` read these files as they are, and leave out the lines that judge no stance.

    Attributes:
        correction: version of the format, 1.
        id: names the statement; unique together with the target.
        article: names the article: the first 16 hex digits of the SHA-256 of its text.
        text: the words to judge.
        found: what was found and predicted.
        spans: the right pieces of the statement, in code points of the article; those found where
            they are right, or not judged, or nobody's statement.
        start: first code point of their hull.
        end: one past its last code point.
        context: the text around the words, with ``[...]`` in their place, or None.
        speaker: the right speaker, or None where the article does not tell; the one found where
            ``speaker_judged`` is false.
        target: what the stance is toward, or None where no stance is judged.
        stance: the right one, or None where it is not judged.
        statement: False where the words are no attributed statement of anybody.
        spans_judged: whether the reader said that ``spans`` are right.
        speaker_judged: whether the reader said that ``speaker`` is right.
    """

    correction: Literal[1]
    id: str
    article: str
    text: str
    found: FoundStatement
    spans: tuple[Span, ...]
    start: int
    end: int
    context: str | None = None
    speaker: str | None = None
    target: str | None = None
    stance: Stance | None = None
    statement: bool = True
    spans_judged: bool = False
    speaker_judged: bool = False

    def __post_init__(self) -> None:
        """Check that the fields go together.

        Raises:
            DataError: they do not, or nothing is judged.
            SpanError: there is no span, or ``start`` and ``end`` are not their hull.
        """
        for name in ("id", "article", "text"):
            if not str(getattr(self, name)).strip():
                raise DataError(f"a correction's {name} is empty")
        if not self.spans or not self.found.spans:
            raise SpanError("a correction needs at least one span, right and found")
        hull = self.spans[0].start, self.spans[-1].end
        if (self.start, self.end) != hull:
            raise SpanError(f"start and end are {self.start}, {self.end}: the spans have {hull}")
        if (self.stance is None) != (self.target is None):
            raise DataError("give stance and target together, or neither")
        if not self.statement and self.stance is not None:
            raise DataError("a stance is given of words that are no statement: leave one out")
        if (
            self.stance is None
            and self.statement
            and not (self.spans_judged or self.speaker_judged)
        ):
            raise DataError("the correction judges nothing: leave it out")

    def misfit(self, text: str) -> str | None:
        """Why the correction does not fit an article's text, or None where it does."""
        for span in (*self.spans, *self.found.spans):
            there = text[span.start : span.end]
            if there != span.text:
                return (
                    f"{self.id}: the article has {there[:40]!r} at [{span.start}, {span.end}), not "
                    f"{span.text[:40]!r}: it is another article, or its text was changed"
                )
        return None

    def to_record(self) -> dict[str, object]:
        """The correction as JSON can hold it."""
        found = self.found
        return {
            "correction": self.correction,
            "id": self.id,
            "article": self.article,
            "text": self.text,
            "context": self.context,
            "speaker": self.speaker,
            "target": self.target,
            "stance": self.stance and self.stance.value,
            "start": self.start,
            "end": self.end,
            "spans": [span.to_record() for span in self.spans],
            "statement": self.statement,
            "spans_judged": self.spans_judged,
            "speaker_judged": self.speaker_judged,
            "found": {
                "spans": [span.to_record() for span in found.spans],
                "speaker": found.speaker,
                "stance": found.stance and found.stance.value,
            },
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Correction:
        """Read what :meth:`to_record` gave.

        Raises:
            DataError: a key is missing or unknown, a value is of the wrong type, or the fields do
                not go together.
            SpanError: a span does not fit its text.
        """
        return from_mapping(record, cls, where="correction", error=DataError)
