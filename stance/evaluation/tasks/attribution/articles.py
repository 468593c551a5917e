"""Articles with their gold attributions, and the single sentences cut from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError
from stance.extract import Document
from stance.jsonl import read_jsonl

Range = tuple[int, int]
_OPEN = "“\"‘'«"
_CLOSE = "”\"’'»"


@dataclass(frozen=True, slots=True)
class Attributed:
    """One attribution, gold or predicted.

    Attributes:
        content: the pieces of what is said, as ``[start, end)`` code points of the article.
        source: the words that name who says it; empty where none do.
        direct: whether it is a direct quote.
    """

    content: tuple[Range, ...]
    source: tuple[Range, ...] = ()
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One article with its gold attributions."""

    id: str
    text: str
    gold: tuple[Attributed, ...]


def load_articles(path: Path) -> list[Article]:
    """Read an attribution file (JSONL, optionally gzip).

    Raises:
        DataError: the file is missing or damaged, or a line has no usable ``text`` or
            ``attributions``; the message names file and line.
    """
    articles = []
    for number, row in read_jsonl(path):
        text, listed = row.get("text"), row.get("attributions")
        try:
            if not isinstance(text, str) or not isinstance(listed, list):
                raise TypeError("needs a 'text' and a list of 'attributions'")
            gold = tuple(_gold(text, item) for item in listed)
        except (AttributeError, TypeError, ValueError) as error:
            raise DataError(f"{path}, line {number}: {error}") from error
        articles.append(Article(str(row.get("id", number)), text, gold))
    return articles


def _gold(text: str, item: dict[str, list[list[int]]]) -> Attributed:
    content = tuple((s, e) for s, e in sorted(item.get("content") or []))
    source = tuple((s, e) for s, e in sorted(item.get("source") or []))
    return Attributed(content, source, is_direct(text, content))


def is_direct(text: str, content: Sequence[Range]) -> bool:
    """Whether every piece begins and ends with a quotation mark."""

    def marked(start: int, end: int) -> bool:
        piece = text[start:end].strip().rstrip(".,;:")
        return len(piece) > 2 and piece[0] in _OPEN and piece[-1] in _CLOSE

    def one(start: int, end: int) -> bool:
        inner = text[start:end].strip(" .,;:" + _OPEN + _CLOSE)
        return not re.search(r"[”] [^“]*[“]", inner)

    return bool(content) and all(marked(s, e) and one(s, e) for s, e in content)


def sentence_items(articles: Sequence[Article]) -> list[Article]:
    """Single sentences with balanced marks that hold a direct quote, its source and its cue."""
    items = []
    for article in articles:
        for sentences in Document(article.text).sentences:
            spans = _merge_quoted(article.text, sentences)
            for lo, hi in spans:
                inside = tuple(
                    Attributed(
                        tuple((s - lo, e - lo) for s, e in item.content),
                        tuple((s - lo, e - lo) for s, e in item.source),
                        item.direct,
                    )
                    for item in article.gold
                    if item.content
                    and all(lo <= s and e <= hi for s, e in item.content + item.source)
                )
                body = article.text[lo:hi]
                balanced = body.count('"') % 2 == 0 and body.count("“") == body.count("”")
                if balanced and any(item.direct and item.source for item in inside):
                    items.append(Article(f"{article.id}:{lo}", body, inside))
    return items


def _merge_quoted(text: str, sentences: Sequence[Range]) -> Iterator[Range]:
    """Sentences, with those that a quotation runs over joined."""
    start: int | None = None
    for lo, hi in sentences:
        start = lo if start is None else start
        body = text[start:hi]
        if body.count("“") == body.count("”") and body.count('"') % 2 == 0:
            yield start, hi
            start = None
    if start is not None:
        yield start, sentences[-1][1]
