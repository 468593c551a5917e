"""Articles whose attributions are marked: the format of the tagger's training files.

A row has ``text`` and ``attributions``, a list of {``source``, ``cue``, ``content``}, each a list
of ``[start, end]`` code points of the text, and may have an ``id``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stance.errors import DataError
from stance.evaluation import Row
from stance.extract import Document, Range
from stance.training.formats import Reading
from stance.training.records import TrainingPair
from stance.training.rows import filled_rows, text_of

AttributionRole = Literal["source", "cue", "content"]
ROLES: tuple[AttributionRole, ...] = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One marked attribution: the pieces of each part, in reading order; a part may be absent."""

    source: tuple[Range, ...] = ()
    cue: tuple[Range, ...] = ()
    content: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article and its attributions."""

    id: str
    text: str
    attributions: tuple[Attribution, ...]


def read_articles(path: Path) -> list[MarkedArticle]:
    """Read an attribution file (JSONL, optionally gzip).

    Raises:
        DataError: the file is missing or damaged, a row has no ``text`` or ``attributions``, or a
            span lies outside the text; file, line and field are named.
    """
    articles = []
    for place, row in filled_rows(path):
        where = str(place)
        text = text_of(row, ("text",), where)
        listed = row.get("attributions")
        if not isinstance(listed, list):
            raise DataError(f"{where}: field 'attributions' must be a list")
        marked = tuple(_attribution(item, len(text), where) for item in listed)
        articles.append(MarkedArticle(str(row.get("id", where)), text, marked))
    return articles


def read_contents(path: Path, reading: Reading | None = None) -> list[TrainingPair]:
    """The words of every attribution as statements without label or target, with their paragraph.

    Raises:
        DataError: as :func:`read_articles`.
    """
    pairs = []
    for article in read_articles(path):
        paragraphs = Document(article.text).paragraphs
        for marked in article.attributions:
            if not marked.content:
                continue
            start, end = marked.content[0][0], marked.content[-1][1]
            around = [article.text[a:b] for a, b in paragraphs if a < end and b > start]
            pairs.append(
                TrainingPair(
                    statement=" ".join(article.text[a:b] for a, b in marked.content),
                    target="",
                    context="\n\n".join(around),
                    speaker=" ".join(article.text[a:b] for a, b in marked.source) or None,
                    cue=" ".join(article.text[a:b] for a, b in marked.cue) or None,
                    group=article.id,
                )
            )
    return pairs


def _attribution(item: object, length: int, where: str) -> Attribution:
    if not isinstance(item, dict):
        raise DataError(f"{where}: field 'attributions': {item!r} is not an object")
    source, cue, content = (_spans(item, role, length, where) for role in ROLES)
    return Attribution(source, cue, content)


def _spans(item: Row, role: AttributionRole, length: int, where: str) -> tuple[Range, ...]:
    listed = item.get(role) or []
    spans = []
    for span in listed if isinstance(listed, list) else [listed]:
        if not (isinstance(span, list) and len(span) == 2 and all(type(x) is int for x in span)):
            raise DataError(f"{where}: field {role!r} must be a list of [start, end]")
        if not 0 <= span[0] < span[1] <= length:
            raise DataError(f"{where}: field {role!r}: {span} lies outside the text")
        spans.append((span[0], span[1]))
    return tuple(sorted(spans))
