"""From attributions to statements: spans, kind, speaker, context, and quotes within quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.clauses import clause_after, clause_before
from stance.extract.confidence import by_rules
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.modality import modality_at
from stance.extract.parameters import NESTED_SOURCE_WORDS, SCORE_NESTED_QUOTE
from stance.extract.quotations import Attribution, is_quotation
from stance.extract.quote_marks import single_regions
from stance.extract.segmentation import Range, enclosing
from stance.extract.speaker_confidence import speaker_confidence
from stance.extract.speaker_records import SpeakerRecords
from stance.extract.speakers import Link, SpeakerIndex
from stance.schema import Kind, Span, Statement

_STRAY = re.compile(r"[,.!?]['’]$")
_SINGLE = re.compile(r"(?:^|[\s(])['‘]\w")
_NESTED_OPENERS = frozenset("he she they i we people my his her their our the".split())


def build_statements(document: Document, found: Sequence[Attribution]) -> list[Statement]:
    """Turn attributions into records with speaker, kind, modality and context.

    A quote within a quote that has a speaker of its own follows the statement that encloses it.
    """
    index = SpeakerIndex(document)
    records = SpeakerRecords(index)
    statements: list[Statement] = []
    for item in found:
        kind: Kind = "direct" if item.verbatim else kind_of(document, item.content)
        inside = kind == "direct" and not item.verbatim
        pieces = (inner_pieces if inside else without_lone_marks)(document, item.content)
        if not any(end > start for start, end in pieces):
            continue
        links = index.link(item.source, item.cue, item.content) if item.source else ()
        index.said(pieces, links)
        outer = len(statements)
        statements.append(_statement(document, records, item, pieces, kind, links))
        for inner in nested_quotes(document, item.content):
            own: Sequence[Link] = ()
            if inner.source is not None:
                first_person = document.text[slice(*inner.source)].lower() in ("i", "we")
                own = links if first_person else index.link(inner.source)
            nested = _statement(document, records, inner, inner.content, "direct", own)
            statements.append(replace(nested, nested_in=outer))
    return statements


def _statement(
    document: Document,
    records: SpeakerRecords,
    item: Attribution,
    pieces: Sequence[Range],
    kind: Kind,
    links: Sequence[Link],
) -> Statement:
    """One record; ``pieces`` are its spans, without the enclosing marks of a direct quote."""
    text = document.text
    spans = tuple(Span.of(text, start, end) for start, end in pieces if end > start)
    return Statement(
        text=" ".join(span.text for span in spans),
        spans=spans,
        speakers=records.of(links),
        speaker_candidates=records.candidates(links),
        speaker_mention=Span.of(text, *item.source) if item.source else None,
        cue=Span.of(text, *item.cue) if item.cue else None,
        kind=kind,
        context=context_around(document, spans[0].start, spans[-1].end, whole=item.verbatim),
        speaker_confidence=round(speaker_confidence(links, item), 4),
        confidence=round(item.confidence, 4),
        modality=modality_at(text, item.cue, item.source, item.content),
    )


def kind_of(document: Document, content: Sequence[Range]) -> Kind:
    """Whether all, none or some of the letters of a content stand between quotation marks."""
    inside = outside = 0
    for start, end in content:
        position = start
        for region in document.regions_in(start, end):
            outside += _letters(document.text, position, max(position, region.start))
            inside += _letters(document.text, max(region.start, position), min(region.end, end))
            position = max(position, min(region.end, end))
        outside += _letters(document.text, position, end)
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def _letters(text: str, start: int, end: int) -> int:
    return sum(ch.isalnum() for ch in text[start:end])


def inner_pieces(document: Document, content: Sequence[Range]) -> list[Range]:
    """The parts of a direct quote that lie inside its quotation marks."""
    pieces: list[Range] = []
    for start, end in content:
        for region in document.regions_in(start, end):
            left, right = max(start, region.inner_start), min(end, region.inner_end)
            right -= _STRAY.search(document.text, max(left, right - 2), right) is not None and (
                _SINGLE.search(document.text, left, right) is None
            )
            if document.text[left:right].strip():
                pieces.append((left, right))
    return pieces


def without_lone_marks(document: Document, content: Sequence[Range]) -> list[Range]:
    """The pieces without a quotation mark at either end whose partner lies outside, or is lost."""
    pieces: list[Range] = []
    for start, end in content:
        for region in document.regions_in(start, end):
            opened, closed = region.inner_start > region.start, region.end > region.inner_end
            if closed and region.end == end and (region.start < start or not opened):
                end = region.inner_end
            if opened and region.start == start and (region.end > end or not closed):
                start = region.inner_start
        pieces.append((start, max(start, end)))
    return pieces


def nested_quotes(document: Document, content: Sequence[Range]) -> list[Attribution]:
    """Quotes within the double marks of a content that have a speaker of their own there."""
    return [
        inner
        for start, end in content
        for region in document.regions_in(start, end)
        if not region.single
        for inner in _nested_in(
            document, max(start, region.inner_start), min(end, region.inner_end)
        )
    ]


def _nested_in(document: Document, low: int, high: int) -> list[Attribution]:
    """The quotes between single marks within a quote, where a clause there gives them away."""
    text = document.text
    found: list[Attribution] = []
    for inner in single_regions(text, low, high):
        if not is_quotation(document, inner):
            continue
        ends = text[inner.inner_end - 1] in ",?!"
        clause = clause_after(document, inner.end, high) if ends else None
        clause = clause or clause_before(document, low, inner.start)
        if clause is not None and _voices(text, clause.source, clause.cue):
            piece = (inner.inner_start, inner.inner_end)
            nested = Attribution((piece,), clause.source, clause.cue, SCORE_NESTED_QUOTE)
            found.append(by_rules(document, nested))
    return found


def _voices(text: str, source: Range | None, cue: Range) -> bool:
    """Whether a clause within a quote plainly gives another's words ("he told me, ‘...’")."""
    if source is None:
        return False
    words = text[slice(*source)].split()
    verb = lexicon().reporting_forms.get(text[slice(*cue)].split()[-1].lower(), "")
    named = words[0].lower() in _NESTED_OPENERS or (words[0][0].isupper() and len(words) > 1)
    return verb in lexicon().nested_verbs and len(words) <= NESTED_SOURCE_WORDS and named


def context_around(document: Document, start: int, end: int, *, whole: bool = False) -> str:
    """The sentence before, the sentences of ``[start, end)`` and the sentence after.

    ``whole`` takes the whole paragraph before, the question that a turn answers.
    """
    first, last = document.paragraph_at(start), document.paragraph_at(max(start, end - 1))
    here, there = document.sentences_of(first), document.sentences_of(last)
    i, j = enclosing(here, start), enclosing(there, max(start, end - 1))
    if whole and first:
        left = document.paragraphs[first - 1][0]
    elif i > 0:
        left = here[i - 1][0]
    else:
        left = document.sentences_of(first - 1)[-1][0] if first else here[0][0]
    if j + 1 < len(there):
        right = there[j + 1][1]
    elif last + 1 < len(document.paragraphs):
        right = document.sentences_of(last + 1)[0][1]
    else:
        right = there[-1][1]
    return document.passage(left, right)
