"""Who is quoted by another: "the agency quoted the mayor as saying that …" is the mayor's word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.extract.clauses import phrase_before, words_in
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import LEAST_CLIPPED
from stance.extract.quotations import Attribution
from stance.extract.segmentation import Range

_SAYING = (
    r"(?:,?\s+as\s+(?:having\s+)?(?:said|told|[^\W\d_]+ing)|(?<=\w)\s+(?:saying|telling))\b"
    r"(?:\s+(?:reporters|journalists)\b)?"
)
_QUOTES = re.compile(r"(?:quot|cit)(?:e|ed|es|ing)\b")
_ACTIVE = re.compile(
    rf"(?<!\bwas )(?<!\bwere )(?<!\bbeen )\b(?:quot|cit)(?:e|ed|es|ing)\s+"
    rf"(?P<who>[^.;:“”\"]{{2,120}}?)(?P<saying>{_SAYING})"
)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|being)\s+(?:(?:also|widely|later|\w+ly)\s+)?(?P<cue>quoted|cited)\b"
    rf"[^.;:“”\"]{{0,80}}?(?P<saying>{_SAYING})"
)
_TITLE = re.compile(r"(?:[^\W\d_a-z]|Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Col)\.")


@dataclass(frozen=True, slots=True)
class _Quoted:
    """Who is quoted, the words that attribute, and all that belongs to the clause."""

    source: Range
    cue: Range
    clause: Range
    sentence: Range


def with_quoted(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, those of whoever quotes another given to the one who is quoted."""
    clauses = _clauses(document)
    if not clauses:
        return list(found)
    kept: list[Attribution] = []
    taken: set[tuple[Range, ...]] = set()
    for item in found:
        own = next((clause for clause in clauses if _touches(item, clause)), None)
        changed = item if own is None else _of_quoted(document.text, item, own)
        if changed is not None and changed.content not in taken:
            kept.append(changed)
            taken.add(changed.content)
    return kept


def _clauses(document: Document) -> list[_Quoted]:
    """Every "quoted … as saying" outside quotation marks."""
    text = document.text
    if not _QUOTES.search(text):
        return []  # nothing is parsed for it
    found = []
    for sentence in (item for items in document.sentences for item in items):
        body = text[slice(*sentence)]
        if not _QUOTES.search(body):
            continue
        body = _TITLE.sub(lambda match: match.group()[:-1] + "_", body)
        active, passive = _ACTIVE.search(body), _PASSIVE.search(body)
        match = passive or active
        if match is None:
            continue
        start = sentence[0]
        stop = start + match.end("saying")
        cue = (stop - len(match["saying"].lstrip(", ")), stop)
        if document.regions_in(*cue):
            continue
        source: Range | None
        if passive:
            source = _subject(document, start, start + match.end("cue"))
        else:
            source = (start + match.start("who"), start + match.end("who"))
        named = source is not None and text[source[0] : source[1]].split()[-1][0].isupper()
        if source is None or _is_text(text[slice(*source)]):
            continue
        if active and not passive and not named and not text.startswith("as ", cue[0]):
            continue  # "cited fears saying"
        first = min(source[0], start + match.start())
        found.append(_Quoted(source, cue, (first, cue[1]), sentence))
    return found


def _subject(document: Document, start: int, end: int) -> Range | None:
    """The subject of a passive that ends at ``end``, behind any quote before it."""
    regions = document.regions_in(start, end)
    tokens = words_in(document.text, regions[-1].end if regions else start, end)
    while tokens and tokens[0].group() == ",":
        tokens = tokens[1:]
    return phrase_before(tokens, len(tokens) - 1)[0] if tokens else None


def _is_text(phrase: str) -> bool:
    """Whether a text is quoted ("quoted the report as saying"): it has no voice of its own."""
    return phrase.split()[-1].lower() in lexicon().document_nouns


def _touches(item: Attribution, clause: _Quoted) -> bool:
    """Whether an attribution is that of a clause, or lies in it."""
    parts = [part for part in (item.cue, item.source, *item.content) if part is not None]
    inside = any(start < clause.clause[1] and clause.clause[0] < end for start, end in parts)
    start, end = item.content[0][0], item.content[-1][1]
    return inside and start < clause.sentence[1] and clause.sentence[0] < end


def _of_quoted(text: str, item: Attribution, clause: _Quoted) -> Attribution | None:
    """An attribution as that of the one quoted; None where nothing but the clause is left."""
    start, end = clause.clause
    pieces: list[Range] = []
    for left, right in item.content:
        for low, high in ((left, min(right, start)), (max(left, end), right)):
            low += len(text[low:high]) - len(text[low:high].lstrip(" ,:"))
            high = low + len(text[low:high].rstrip(" ,"))
            if len(text[low:high].split()) >= LEAST_CLIPPED:
                pieces.append((low, high))
    if not pieces:
        return None
    before = [piece for piece in pieces if piece[1] <= start]
    behind = [piece for piece in pieces if piece[0] >= end]
    if before and behind and text[before[-1][1] - 1] not in "”\"’'":
        pieces = behind  # the words before the clause name who quotes
    return replace(item, content=tuple(pieces), source=clause.source, cue=clause.cue)
