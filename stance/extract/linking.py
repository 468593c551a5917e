"""From tagged spans to attributions: which cue and source belong to which content.

Clear rules over distances. Quotation marks decide how far a direct quote reaches, so that a tagger
that stops early or late does not cut it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.quotations import (
    Attribution,
    RoleSpan,
    complete_sources,
    fit_to_marks,
    is_quotation,
    join_pieces,
)
from stance.extract.rules import byline_after, clause_after
from stance.extract.segmentation import QuoteRegion, Range, enclosing

_SENTENCE_BREAK = re.compile(r"[.!?][\"”’')]*\s+[\"“‘'(]*[A-Z]")
MINIMUM_SCORE = 0.55
"""Indirect statements below this are dropped; set on the development articles."""

_CROSS_SENTENCE = 90.0
_CROSS_CONTENT = 60.0
_CROSS_CUE = 25.0
_USED_CUE = 80.0
_AFTER_INDIRECT = 25.0
_MISSING = 400.0
_NEIGHBOURS = 6
_OPENING = "“\"‘'«`"


def link_spans(
    text: str,
    paragraphs: Sequence[Range],
    regions: Sequence[QuoteRegion],
    spans: Sequence[RoleSpan],
) -> list[Attribution]:
    """Link tagged spans into attributions, in reading order."""
    spans = split_tails(text, regions, complete_sources(text, spans))
    contents = fit_to_marks(text, regions, [span for span in spans if span.role == "content"])
    groups = join_pieces(text, paragraphs, regions, contents)
    by_paragraph: dict[int, tuple[list[RoleSpan], list[RoleSpan]]] = {}
    for span in spans:
        if span.role != "content":
            cues, sources = by_paragraph.setdefault(enclosing(paragraphs, span.start), ([], []))
            (cues if span.role == "cue" else sources).append(span)
    grouped: dict[int, list[list[RoleSpan]]] = {}
    for group in groups:
        grouped.setdefault(enclosing(paragraphs, group[0].start), []).append(group)
    found: list[Attribution] = []
    for number in sorted(grouped):
        cues, sources = by_paragraph.get(number, ([], []))
        pieces = [piece for group in grouped[number] for piece in group]
        cues = [cue for cue in cues if not _inside(cue, pieces)]
        sources = [source for source in sources if not _inside(source, pieces)]
        found.extend(_link_paragraph(text, grouped[number], cues, sources))
    found.sort(key=lambda item: item.content)
    found = [_with_byline(text, paragraphs, item) for item in found]
    return inherit_sources(text, paragraphs, found, by_paragraph)


def split_tails(
    text: str, regions: Sequence[QuoteRegion], spans: Sequence[RoleSpan]
) -> list[RoleSpan]:
    """Cut a quote's content at its closing mark where an attributing clause follows.

    The tagger at times runs on from a quote into "the president said"; the clause is then read by
    rules, unless the tagger has found its cue and source as well.
    """
    starts = {region.start: region for region in regions}
    order = [region.start for region in regions]
    cues = [other.start for other in spans if other.role == "cue"]
    result: list[RoleSpan] = []
    for span in spans:
        region = starts.get(span.start) or starts.get(span.start + 1)
        cut = (
            span.role == "content"
            and region is not None
            and region.closed
            and region.end + 3 < span.end
            and text[region.inner_end - 1] in ",?!"
            and is_quotation(text, region)
        )
        if not cut or region is None:
            result.append(span)
            continue
        clause = clause_after(text, region.end, min(len(text), span.end + 120))
        if clause is None or clause.cue[0] > span.end + 2:
            result.append(span)
            continue
        result.append(RoleSpan("content", span.start, region.end, span.score, span.joins))
        if clause.source is not None:
            result.append(RoleSpan("source", *clause.source, 0.6))
        near = bisect_left(cues, clause.cue[0] - 12)
        if near == len(cues) or cues[near] >= clause.cue[1]:
            result.append(RoleSpan("cue", *clause.cue, 0.6))
        following = bisect_left(order, region.end)
        resumed = regions[following] if following < len(regions) else None
        if resumed is not None and resumed.end <= span.end:
            result.append(RoleSpan("content", resumed.start, span.end, span.score, True))
    result.sort(key=lambda span: (span.start, span.end))
    return result


def _with_byline(text: str, paragraphs: Sequence[Range], item: Attribution) -> Attribution:
    """Give a quote that a dash and a name follow that name as its source."""
    end = item.content[-1][1]
    if text[item.content[0][0]] not in _OPENING:
        return item
    name = byline_after(text, end, paragraphs[enclosing(paragraphs, end - 1)][1])
    return replace(item, source=name, cue=None, score=0.9) if name else item


def _inside(span: RoleSpan, pieces: Sequence[RoleSpan]) -> bool:
    """Whether a span lies within one of the sorted pieces."""
    near = bisect_left(pieces, span.start + 1, key=_start) - 1
    return near >= 0 and span.end <= pieces[near].end


def _start(span: RoleSpan) -> int:
    return span.start


def _near(spans: Sequence[RoleSpan], anchor: RoleSpan) -> range:
    """Indices of the spans next to an anchor, so that a huge paragraph stays cheap."""
    middle = bisect_left(spans, anchor.start, key=_start)
    return range(max(0, middle - _NEIGHBOURS), min(len(spans), middle + _NEIGHBOURS))


def _gap(left: RoleSpan, right: RoleSpan) -> Range:
    """The range between two spans, in either order."""
    if left.start <= right.start:
        return left.end, max(left.end, right.start)
    return right.end, max(right.end, left.start)


def _distance(text: str, one: RoleSpan, other: RoleSpan, contents: Sequence[RoleSpan]) -> float:
    """Characters between two spans, plus penalties for what lies between them."""
    start, end = _gap(one, other)
    cost = float(end - start)
    for span in contents[bisect_left(contents, start, key=_start) :]:
        if span.end > end:
            break
        if span is not one and span is not other:
            cost += _CROSS_CONTENT - 0.8 * (span.end - span.start)
    if _SENTENCE_BREAK.search(text, max(0, start - 2), min(len(text), end + 2)):
        cost += _CROSS_SENTENCE
    return cost


def _link_paragraph(
    text: str,
    groups: Sequence[list[RoleSpan]],
    cues: Sequence[RoleSpan],
    sources: Sequence[RoleSpan],
) -> list[Attribution]:
    """Link the contents of one paragraph to its cues, cheapest pairs first, then to sources."""
    pieces = [piece for group in groups for piece in group]
    pairs: list[tuple[float, int, int]] = []
    for g, group in enumerate(groups):
        for c in sorted({c for piece in group for c in _near(cues, piece)}):
            cue = cues[c]
            cost = min(_distance(text, piece, cue, pieces) for piece in group)
            if cue.start > group[0].start and text[group[0].start] not in _OPENING:
                cost += _AFTER_INDIRECT
            pairs.append((cost, g, c))
    chosen: dict[int, tuple[int, float]] = {}
    used: set[int] = set()
    for cost, g, c in sorted(pairs):
        if g in chosen or c in used:
            continue
        chosen[g] = (c, cost)
        used.add(c)
    for cost, g, c in sorted(pairs):
        if g not in chosen or cost + _USED_CUE < chosen[g][1]:
            chosen[g] = (c, cost + _USED_CUE)
    found: list[Attribution] = []
    for g, group in enumerate(groups):
        content = tuple((piece.start, piece.end) for piece in group)
        score = min(piece.score for piece in group)
        if g not in chosen:
            near = _nearest_source(text, group[0], sources, pieces, cues)
            source = (near.start, near.end) if near else None
            found.append(Attribution(content, source, None, 0.8 * score))
            continue
        cue = cues[chosen[g][0]]
        near = _nearest_source(text, cue, sources, pieces, cues)
        source = (near.start, near.end) if near else None
        if near is not None:
            score = min(score, near.score)
        found.append(Attribution(content, source, (cue.start, cue.end), score))
    return found


def _nearest_source(
    text: str,
    anchor: RoleSpan,
    sources: Sequence[RoleSpan],
    contents: Sequence[RoleSpan],
    cues: Sequence[RoleSpan],
) -> RoleSpan | None:
    """The source with the least distance to a cue."""
    best: tuple[float, RoleSpan] | None = None
    for index in _near(sources, anchor):
        source = sources[index]
        cost = _distance(text, anchor, source, contents)
        start, end = _gap(anchor, source)
        for cue in cues[bisect_left(cues, start, key=_start) :]:
            if cue.start >= end:
                break
            cost += _CROSS_CUE * (cue is not anchor and cue.end <= end)
        if cost < _MISSING and (best is None or cost < best[0]):
            best = (cost, source)
    return best[1] if best else None


def inherit_sources(
    text: str,
    paragraphs: Sequence[Range],
    found: Sequence[Attribution],
    by_paragraph: dict[int, tuple[list[RoleSpan], list[RoleSpan]]],
) -> list[Attribution]:
    """Quotes without a source of their own: from the words that lead in, or the quote before."""
    result: list[Attribution] = []
    for item in found:
        start = item.content[0][0]
        number = enclosing(paragraphs, start)
        quoted = text[start] in _OPENING
        led = number > 0 and text[slice(*paragraphs[number - 1])].endswith(":")
        if item.source is None and (quoted or led):
            prior = result[-1] if result else None
            cues, sources = by_paragraph.get(number - 1, ([], []))
            if led and sources and item.cue is None:
                cue = (cues[-1].start, cues[-1].end) if cues else None
                source = (sources[-1].start, sources[-1].end)
                item = replace(item, source=source, cue=cue, score=item.score * 0.8, inherited=True)
            elif quoted and prior is not None and prior.source and item.cue is None:
                near = enclosing(paragraphs, prior.content[-1][0]) >= number - 1
                if near:
                    item = replace(
                        item,
                        source=prior.source,
                        cue=prior.cue,
                        score=prior.score * 0.6,
                        inherited=True,
                    )
        result.append(item)
    return result


def is_plausible(text: str, item: Attribution, regions: Sequence[QuoteRegion]) -> bool:
    """Drop unsure paraphrase, and quoted fragments that nothing attributes (titles, scare quotes).

    ``regions`` must be sorted.
    """
    start, end = item.content[0]
    quoted = text[start] in _OPENING
    if item.score < MINIMUM_SCORE and not quoted:
        return False
    attributed = item.cue is not None or item.source is not None
    near = bisect_left(regions, start - 1, key=lambda region: region.start)
    for region in regions[near : near + 2]:
        if region.start <= start + 1 and region.end >= end - 1:
            single_word = len(text[start:end].split()) == 1 and text[end - 2] not in ",.!?"
            return is_quotation(text, region) or (attributed and not single_word)
    return attributed
