"""An article, parsed once: its text with paragraphs, sentences, quotations and what is known of it.

Every stage of the extraction takes a :class:`Document` and reads what was parsed here, so that all
stages agree on where a paragraph or a quotation ends.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from stance.errors import DataError
from stance.extract.quote_marks import QuoteRegion, quote_regions, quote_state, touching
from stance.extract.segmentation import (
    Range,
    enclosing,
    paragraph_ranges,
    sentence_breaks,
    sentence_ranges,
)
from stance.texts import without_surrogates

_TEXT_FIELDS = ("id", "title", "date", "outlet", "url")


@dataclass(frozen=True)
class Document:
    """One article and what is known of it; it never changes.

    Half characters (lone surrogates), which no file can hold, become U+FFFD; the text stays as
    long. All ranges are half-open and count Unicode code points of ``text``. The text is parsed
    when a range is first asked for, and then kept.

    Attributes:
        text: the article, plain. It may be empty; then nothing is found in it.
        id: a name of your own for the article.
        title: its headline.
        date: when it appeared, as you write it; ``2026-11-29`` sorts well.
        outlet: the newspaper, station or site.
        authors: who wrote it; a list becomes a tuple.
        url: where it stands.

    Raises:
        DataError: the text, a field or an author is not a string.
    """

    text: str
    id: str | None = None
    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise DataError(
                f"the text of a document is {type(self.text).__name__}: give a string (for HTML, "
                "what stance.html_to_text returns)"
            )
        for name in _TEXT_FIELDS:
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise DataError(
                    f"{name} of a document is {type(value).__name__}: give a string or None"
                )
            if value is not None:
                object.__setattr__(self, name, without_surrogates(value))
        authors = self.authors
        if isinstance(authors, str) or not isinstance(authors, Iterable):
            raise DataError(
                f"authors of a document is {type(authors).__name__}: give a list of names"
            )
        names = tuple(authors)
        if not all(isinstance(name, str) for name in names):
            raise DataError("an author of a document is not a string: give a list of names")
        object.__setattr__(self, "authors", tuple(map(without_surrogates, names)))
        object.__setattr__(self, "text", without_surrogates(self.text))

    @cached_property
    def paragraphs(self) -> tuple[Range, ...]:
        """Ranges of the paragraphs, without the white space around them, in order."""
        return tuple(paragraph_ranges(self.text))

    @cached_property
    def sentences(self) -> tuple[tuple[Range, ...], ...]:
        """Ranges of the sentences of every paragraph, in order."""
        return tuple(tuple(sentence_ranges(self.text, *span)) for span in self.paragraphs)

    @cached_property
    def _breaks(self) -> tuple[Range, ...]:
        return tuple(sentence_breaks(self.text))

    def is_broken(self, start: int, end: int) -> bool:
        """Whether a sentence ends, and the next one begins, between two places."""
        first = bisect_left(self._breaks, (start, 0))
        return first < len(self._breaks) and self._breaks[first][1] <= end

    @cached_property
    def quote_regions(self) -> tuple[QuoteRegion, ...]:
        """The stretches between quotation marks, in order; they do not overlap."""
        return tuple(quote_regions(self.text, self.paragraphs))

    @cached_property
    def quote_state(self) -> bytes:
        """A byte a code point (0 outside a quotation, 1 opening mark, 2 inside, 3 closing mark)."""
        return bytes(quote_state(self.text, self.quote_regions))

    @cached_property
    def _passages(self) -> dict[Range, str]:
        return {}

    def sentences_of(self, paragraph: int) -> tuple[Range, ...]:
        """The sentences of one paragraph, by its position in ``paragraphs``."""
        return self.sentences[paragraph]

    def paragraph_at(self, offset: int) -> int:
        """Position of the paragraph that holds a code point (0 before the first)."""
        return enclosing(self.paragraphs, offset)

    def sentences_between(
        self, start: int, stop: int, *, backwards: bool = False
    ) -> Iterator[Range]:
        """The sentences of ``[start, stop)``, which lies in one paragraph, cut off at its ends."""
        if not self.paragraphs or stop <= start:
            return
        sentences = self.sentences[self.paragraph_at(start)]
        places = range(enclosing(sentences, start), enclosing(sentences, stop - 1) + 1)
        for place in reversed(places) if backwards else places:
            left, right = max(sentences[place][0], start), min(sentences[place][1], stop)
            body = self.text[left:right]
            if body.strip():
                lead = len(body) - len(body.lstrip())
                yield left + lead, left + len(body.rstrip())

    def sentence_at(self, offset: int) -> Range:
        """The sentence that holds a code point of a paragraph."""
        sentences = self.sentences_of(self.paragraph_at(offset))
        return sentences[enclosing(sentences, offset)]

    def end_of_words(self, offset: int) -> int:
        """Where the sentence that holds a code point ends, without blanks and closing marks."""
        start, stop = self.sentence_at(offset)
        return start + len(self.text[start:stop].rstrip(".!? "))

    def begins_sentence(self, offset: int) -> bool:
        """Whether no word of its sentence stands before an offset."""
        start, _ = self.sentence_at(offset)
        return not any(ch.isalnum() for ch in self.text[start:offset])

    def passage(self, start: int, stop: int) -> str:
        """The text of a range; a range asked for again is no second copy of its words."""
        return self._passages.setdefault((start, stop), self.text[start:stop])

    def regions_in(self, start: int, stop: int) -> list[QuoteRegion]:
        """The quote regions that overlap ``[start, stop)``."""
        return touching(self.quote_regions, start, stop)
