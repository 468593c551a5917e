"""From a text to its statements: quotation marks, tagger, linking and speakers put together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.lexicon import (
    HYPOTHETICAL_WORDS,
    NEGATION_WORDS,
    NESTED_VERBS,
    REPORTING_FORMS,
)
from stance.extract.quotations import Attribution, is_quotation
from stance.extract.rules import clause_after, clause_before
from stance.extract.segmentation import (
    QuoteRegion,
    Range,
    enclosing,
    sentence_ranges,
    single_regions,
)
from stance.extract.speakers import Link, SpeakerIndex
from stance.schema import Kind, Modality, Span, Statement

_AUXILIARIES = HYPOTHETICAL_WORDS | NEGATION_WORDS | {"to", "do", "did", "does", "have", "be"}
_CONDITION = re.compile(r"\b(?:if|unless|whether) $", re.IGNORECASE)
_NESTED_OPENERS = frozenset("he she they i we people my his her their our the".split())


def with_missed_quotes(
    text: str, found: Sequence[Attribution], rules: Sequence[Attribution]
) -> list[Attribution]:
    """Add whole quoted sentences that rules attribute and the tagger passed over."""
    taken = sorted(piece for item in found for piece in item.content)
    added: list[Attribution] = []
    for item in rules:
        if item.source is None or item.inherited:
            continue
        start, end = item.content[0]
        near = bisect_left(taken, (end, 0)) - 1
        free = near < 0 or taken[near][1] <= start
        led_in = item.source[0] > end or text[max(0, start - 3) : start].rstrip()[-1:] in (",", ":")
        if free and led_in and text[end - 2] in ",.!?" and len(text[start:end].split()) > 2:
            added.append(replace(item, score=0.6))
    return sorted([*found, *added], key=lambda item: item.content)


def build_statements(
    text: str,
    paragraphs: Sequence[Range],
    regions: Sequence[QuoteRegion],
    found: Sequence[Attribution],
) -> list[Statement]:
    """Turn attributions into records with speaker, kind, modality and context."""
    index = SpeakerIndex(text, regions)
    contexts = _Contexts(text, paragraphs)
    statements: list[Statement] = []
    previous: str | None = None
    for item in found:
        kind = kind_of(text, item.content, regions)
        pieces = inner_pieces(text, item.content, regions) if kind == "direct" else item.content
        if not any(end > start for start, end in pieces):
            continue
        link = Link(None, 0.0)
        if item.source is not None:
            link = index.link(item.source, previous=previous)
        previous = link.speaker or previous
        outer = len(statements)
        statements.append(_statement(text, item, pieces, kind, link, contexts))
        for inner in nested_quotes(text, item.content, regions):
            own = Link(None, 0.0)
            if inner.source is not None:
                first_person = text[slice(*inner.source)].lower() in ("i", "we")
                own = link if first_person else index.link(inner.source, previous=previous)
            nested = _statement(text, inner, inner.content, "direct", own, contexts)
            statements.append(replace(nested, nested_in=outer))
    return statements


def _statement(
    text: str,
    item: Attribution,
    pieces: Sequence[Range],
    kind: Kind,
    link: Link,
    contexts: _Contexts,
) -> Statement:
    """One record; ``pieces`` are its spans, without the enclosing marks of a direct quote."""
    spans = tuple(Span.of(text, start, end) for start, end in pieces if end > start)
    return Statement(
        text=" ".join(span.text for span in spans),
        spans=spans,
        speaker=link.speaker,
        speaker_mention=Span.of(text, *item.source) if item.source else None,
        cue=Span.of(text, *item.cue) if item.cue else None,
        kind=kind,
        context=contexts.around(spans[0].start, spans[-1].end),
        speaker_confidence=round(link.confidence * item.score, 4),
        anonymous=link.anonymous,
        modality=_modality(text, item),
    )


def nested_quotes(
    text: str, content: Sequence[Range], regions: Sequence[QuoteRegion]
) -> list[Attribution]:
    """Quotes within the double marks of a content that have a speaker of their own there."""
    found: list[Attribution] = []
    for start, end in content:
        for region in touching(regions, start, end):
            if region.single:
                continue
            low, high = region.inner_start, region.inner_end
            for inner in single_regions(text, low, high):
                if not is_quotation(text, inner):
                    continue
                ends = text[inner.inner_end - 1] in ",?!"
                clause = clause_after(text, inner.end, high) if ends else None
                clause = clause or clause_before(text, low, inner.start)
                if clause is not None and _voices(text, clause.source, clause.cue):
                    piece = (inner.inner_start, inner.inner_end)
                    found.append(Attribution((piece,), clause.source, clause.cue, 0.7))
    return found


def kind_of(text: str, content: Sequence[Range], regions: Sequence[QuoteRegion]) -> Kind:
    """Whether all, none or some of the letters of a content stand between quotation marks."""
    inside = outside = 0
    for start, end in content:
        position = start
        for region in touching(regions, start, end):
            outside += _letters(text, position, max(position, region.start))
            inside += _letters(text, max(region.start, position), min(region.end, end))
            position = max(position, min(region.end, end))
        outside += _letters(text, position, end)
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def touching(regions: Sequence[QuoteRegion], start: int, end: int) -> list[QuoteRegion]:
    """The regions that overlap ``[start, end)``; they are sorted and do not overlap."""
    low = max(0, bisect_left(regions, start, key=lambda region: region.start) - 1)
    high = bisect_left(regions, end, key=lambda region: region.start)
    return [region for region in regions[low:high] if region.end > start]


def _letters(text: str, start: int, end: int) -> int:
    return sum(ch.isalnum() for ch in text[start:end])


def inner_pieces(
    text: str, content: Sequence[Range], regions: Sequence[QuoteRegion]
) -> list[Range]:
    """The parts of a direct quote that lie inside its quotation marks."""
    pieces: list[Range] = []
    for start, end in content:
        for region in touching(regions, start, end):
            left, right = max(start, region.inner_start), min(end, region.inner_end)
            if text[left:right].strip():
                pieces.append((left, right))
    return pieces


def _modality(text: str, item: Attribution) -> Modality:
    """Modality of the cue with the auxiliaries and the "if" before it."""
    if item.cue is None:
        return "asserted"
    start, end = item.cue
    lead: list[str] = []
    for word in reversed(text[max(0, start - 40) : start].split()):
        if word.lower().replace("’", "'") not in _AUXILIARIES:
            break
        lead.insert(0, word)
    first = min(start, item.source[0]) if item.source else start
    if _CONDITION.search(text, max(0, first - 12), first):
        return "hypothetical"
    return modality_of(" ".join([*lead, text[start:end]]))


def modality_of(cue: str) -> Modality:
    """Whether a cue asserts ("said"), denies ("did not say") or supposes ("would say")."""
    words = cue.lower().replace("’", "'").split()
    if any(word in NEGATION_WORDS or word.endswith("n't") for word in words):
        return "negated"
    if any(word in HYPOTHETICAL_WORDS for word in words):
        return "hypothetical"
    return "asserted"


def _voices(text: str, source: Range | None, cue: Range) -> bool:
    """Whether a clause within a quote plainly gives another's words ("he told me, ‘...’")."""
    if source is None:
        return False
    words = text[slice(*source)].split()
    verb = REPORTING_FORMS.get(text[slice(*cue)].split()[-1].lower(), "")
    named = words[0].lower() in _NESTED_OPENERS or (words[0][0].isupper() and len(words) > 1)
    return verb in NESTED_VERBS and len(words) <= 5 and named


class _Contexts:
    """Sentences around a range; the sentences of each paragraph are found once."""

    def __init__(self, text: str, paragraphs: Sequence[Range]) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._sentences: dict[int, list[Range]] = {}

    def _of(self, number: int) -> list[Range]:
        if number not in self._sentences:
            self._sentences[number] = sentence_ranges(self._text, *self._paragraphs[number])
        return self._sentences[number]

    def around(self, start: int, end: int) -> str:
        """The sentence before, the sentences of ``[start, end)`` and the sentence after."""
        first = enclosing(self._paragraphs, start)
        last = enclosing(self._paragraphs, max(start, end - 1))
        here, there = self._of(first), self._of(last)
        i, j = enclosing(here, start), enclosing(there, max(start, end - 1))
        if i > 0:
            left = here[i - 1][0]
        else:
            left = self._of(first - 1)[-1][0] if first else here[0][0]
        if j + 1 < len(there):
            right = there[j + 1][1]
        elif last + 1 < len(self._paragraphs):
            right = self._of(last + 1)[0][1]
        else:
            right = there[-1][1]
        return self._text[left:right]
