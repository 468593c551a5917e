"""Articles with their marked attributions: one reader for evaluation and training.

A row of a file has ``text``, may have an ``id``, and has ``attributions``, a list of objects with
``source``, ``cue`` and ``content``, each a list of ``[start, end)`` code points of the text, any of
them empty. A file with canonical speakers also lists, on each article, its ``speakers`` (``name``,
``kind``, ``role``, ``affiliation``), and on each attribution ``speaker``: a name of that list,
several joined by " and ", or null where the article does not say; it may give ``kind``,
``modality`` and ``optional`` too.

Marks may also stand in a file of their own, without the texts; see
:mod:`stance.evaluation.tasks.attribution.stand_off`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from stance.errors import DataError
from stance.evaluation.rows import Row, read_rows
from stance.evaluation.tasks.attribution.stand_off import texts_by_id, with_text
from stance.extract import Document, Range
from stance.schema import Kind, Modality, SpeakerKind, Statement

AttributionRole = Literal["source", "cue", "content"]
ATTRIBUTION_ROLES: tuple[AttributionRole, ...] = ("source", "cue", "content")
KINDS = get_args(Kind)
MODALITIES = get_args(Modality)
SPEAKER_KINDS = get_args(SpeakerKind)
_OPEN = "“\"‘'«"
_CLOSE = "”\"’'»"


@dataclass(frozen=True, slots=True)
class Attributed:
    """One attribution, gold or predicted; any of its parts may be absent.

    Attributes:
        content: the pieces of what is said, as ``[start, end)`` code points of the article, in
            reading order.
        source: the words that name who says it; empty where none do.
        direct: whether it is a direct quote.
        cue: the words that attribute.
        speakers: canonical names, or nothing where the speaker is not known.
        confidence: of a predicted speaker, in [0, 1].
        modality: one of ``MODALITIES``, or None where it is not said.
        optional: gold that careful readers may differ on: neither found nor false.
    """

    content: tuple[Range, ...]
    source: tuple[Range, ...] = ()
    direct: bool = False
    cue: tuple[Range, ...] = ()
    speakers: tuple[str, ...] = ()
    confidence: float = 0.0
    modality: str | None = None
    optional: bool = False

    @classmethod
    def of(cls, statement: Statement) -> Attributed:
        """A predicted statement as it is scored."""
        mention, cue = statement.speaker_mention, statement.cue
        return cls(
            content=tuple((span.start, span.end) for span in statement.spans),
            source=((mention.start, mention.end),) if mention else (),
            direct=statement.kind == "direct",
            cue=((cue.start, cue.end),) if cue else (),
            speakers=tuple(speaker.name for speaker in statement.speakers),
            confidence=statement.speaker_confidence,
            modality=statement.modality,
        )


@dataclass(frozen=True, slots=True)
class MarkedSpeaker:
    """A speaker of an article: fullest name, kind (``SPEAKER_KINDS``), role and affiliation."""

    name: str
    kind: str
    role: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article and its attributions.

    Attributes:
        id: of the article.
        text: that the offsets refer to.
        attributions: as they are listed.
        speakers: who speaks in it, or None where the file names no canonical speakers.
    """

    id: str
    text: str
    attributions: tuple[Attributed, ...]
    speakers: tuple[MarkedSpeaker, ...] | None = None


def read_marked_articles(path: Path, articles: Path | None = None) -> list[MarkedArticle]:
    """Read an attribution file (JSONL, optionally gzip).

    Args:
        path: the file. Rows without ``text`` are marks kept apart from their articles.
        articles: the articles of such rows (``id``, ``text``).

    Raises:
        DataError: a file is missing or damaged, a row has no ``text`` or ``attributions``, an
            article is marked twice or is not among the articles, a span lies outside the text, or
            a field holds no such value; file, line and field are named.
    """
    texts: dict[str, str] | None = None
    marked: set[object] = set()
    found = []
    for place, row in read_rows(path):
        where = str(place)
        if "article" in row and "text" not in row:
            if articles is None:
                raise DataError(
                    f"{where}: field 'text' is missing: these are marks without their articles; "
                    "give the file of the articles too (--articles, or 'labels' beside the 'file' "
                    "of a source)"
                )
            texts = texts_by_id(articles) if texts is None else texts
            row = with_text(row, texts, where)
            if row["id"] in marked:
                raise DataError(f"{where}: article {row['id']!r} is marked twice: keep one row")
            marked.add(row["id"])
        found.append(_article(row, where))
    return found


def _article(row: Row, where: str) -> MarkedArticle:
    text, listed = row.get("text"), row.get("attributions")
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{where}: field 'text' is missing or empty")
    if not isinstance(listed, list):
        raise DataError(f"{where}: field 'attributions' must be a list")
    speakers = None
    if row.get("speakers") is not None:
        speakers = tuple(_speaker(item, where) for item in _objects(row, "speakers", where))
    attributions = tuple(
        _attributed(item, text, speakers, where) for item in _objects(row, "attributions", where)
    )
    return MarkedArticle(str(row.get("id") or where), text, attributions, speakers)


def _objects(row: Row, key: str, where: str) -> list[Row]:
    listed = row[key]
    for item in listed if isinstance(listed, list) else [listed]:
        if not isinstance(item, dict):
            raise DataError(f"{where}: field {key!r}: {item!r} is not an object")
    return listed if isinstance(listed, list) else []


def _speaker(item: Row, where: str) -> MarkedSpeaker:
    name = _text(item, "name", where)
    if not name:
        raise DataError(f"{where}: field 'speakers': a speaker has no 'name'")
    kind = _one_of(item, "kind", SPEAKER_KINDS, where)
    if kind is None:
        raise DataError(f"{where}: field 'speakers': {name!r} has no 'kind'")
    return MarkedSpeaker(name, kind, _text(item, "role", where), _text(item, "affiliation", where))


def _attributed(
    item: Row, text: str, speakers: Sequence[MarkedSpeaker] | None, where: str
) -> Attributed:
    source, cue, content = (_spans(item, role, len(text), where) for role in ATTRIBUTION_ROLES)
    kind = _one_of(item, "kind", KINDS, where)
    optional = item.get("optional", False)
    if not isinstance(optional, bool):
        raise DataError(f"{where}: field 'optional' is {optional!r}: use true or false")
    return Attributed(
        content=content,
        source=source,
        direct=is_direct(text, content) if kind is None else kind == "direct",
        cue=cue,
        speakers=_named(_text(item, "speaker", where), speakers or (), where),
        modality=_one_of(item, "modality", MODALITIES, where),
        optional=optional,
    )


def _named(joined: str, speakers: Sequence[MarkedSpeaker], where: str) -> tuple[str, ...]:
    """The names that a joined name is made of; a name of the list may itself hold an "and"."""
    names = {speaker.name for speaker in speakers}
    parts = joined.split(" and ") if joined else []

    def split(first: int) -> tuple[str, ...] | None:
        if first == len(parts):
            return ()
        for last in range(len(parts), first, -1):
            name = " and ".join(parts[first:last])
            rest = split(last) if name in names else None
            if rest is not None:
                return (name, *rest)
        return None

    found = split(0)
    if found is None:
        raise DataError(f"{where}: field 'speaker': {joined!r} is not among the 'speakers'")
    return found


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


def _text(item: Mapping[str, object], key: str, where: str) -> str:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise DataError(f"{where}: field {key!r} is {value!r}: give text")
    return value or ""


def _one_of(item: Row, key: str, allowed: Sequence[str], where: str) -> str | None:
    value = item.get(key)
    if value is not None and value not in allowed:
        raise DataError(f"{where}: field {key!r} is {value!r}: use one of {', '.join(allowed)}")
    return None if value is None else str(value)


def is_direct(text: str, content: Sequence[Range]) -> bool:
    """Whether every piece begins and ends with a quotation mark."""

    def marked(start: int, end: int) -> bool:
        piece = text[start:end].strip().rstrip(".,;:")
        return len(piece) > 2 and piece[0] in _OPEN and piece[-1] in _CLOSE

    def one(start: int, end: int) -> bool:
        inner = text[start:end].strip(" .,;:" + _OPEN + _CLOSE)
        return not re.search(r"[”] [^“]*[“]", inner)

    return bool(content) and all(marked(s, e) and one(s, e) for s, e in content)


def sentence_items(articles: Sequence[MarkedArticle]) -> list[MarkedArticle]:
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
                    for item in article.attributions
                    if item.content
                    and all(lo <= s and e <= hi for s, e in item.content + item.source)
                )
                body = article.text[lo:hi]
                balanced = body.count('"') % 2 == 0 and body.count("“") == body.count("”")
                if balanced and any(item.direct and item.source for item in inside):
                    items.append(MarkedArticle(f"{article.id}:{lo}", body, inside))
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
