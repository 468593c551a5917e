"""A place in an article."""

from __future__ import annotations

from dataclasses import dataclass

from stance.errors import SpanError


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
