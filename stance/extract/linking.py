"""From tagged spans to attributions: which cue and source belong to which content.

Clear rules over distances. Quotation marks decide how far a direct quote reaches, so that a tagger
that stops early or late does not cut it.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.document import Document
from stance.extract.layout import with_line_form
from stance.extract.lexicon import lexicon
from stance.extract.parameters import (
    AFTER_INDIRECT,
    CONTENT_LENGTH_DISCOUNT,
    CROSS_CONTENT,
    CROSS_CUE,
    CROSS_SENTENCE,
    CROSSED_CONTENTS,
    FACTOR_LED_IN,
    FACTOR_NO_CUE,
    FACTOR_QUOTE_BEFORE,
    FARTHEST_SOURCE,
    LEAST_ADDED_QUOTE_WORDS,
    NEIGHBOURS,
    OWN_CONTENT_REACH,
    SCORE_ADDED_QUOTE,
    USED_CUE,
)
from stance.extract.quotations import (
    Attribution,
    RoleSpan,
    by_passage,
    complete_sources,
    fit_to_marks,
    is_quotation,
    join_pieces,
)
from stance.extract.quote_marks import BEGINS_QUOTE, region_start
from stance.extract.segmentation import Range
from stance.extract.subjects import of_subject
from stance.extract.tails import split_tails, without_names

_GESTURES = frozenset("pointed points signalled signaled signals hinted hints".split())
"""Without "out" or "that" these tell what hands do."""
_SAYS_NAUGHT = re.compile(r" (?:nothing|no more|little|not a word|no such thing)\b", re.IGNORECASE)

RolesByParagraph = dict[int, tuple[list[RoleSpan], list[RoleSpan]]]
"""Cues and sources of a paragraph, by its position."""


def link_spans(document: Document, spans: Sequence[RoleSpan]) -> list[Attribution]:
    """Link tagged spans into attributions, in reading order."""
    spans = without_names(document, spans)
    spans = split_tails(document, complete_sources(document, spans))
    contents = _unbroken(document.text, [span for span in spans if span.role == "content"])
    contents = fit_to_marks(document, contents)
    by_paragraph: RolesByParagraph = {}
    for span in spans:
        if span.role != "content":
            cues, sources = by_paragraph.setdefault(document.paragraph_at(span.start), ([], []))
            (cues if span.role == "cue" else sources).append(span)
    found: list[Attribution] = []
    for first, last, groups in by_passage(document, join_pieces(document, contents)):
        roles = [by_paragraph.get(number, ([], [])) for number in range(first, last + 1)]
        pieces = [piece for group in groups for piece in group]
        cues = [cue for own, _ in roles for cue in own if not _inside(cue, pieces)]
        sources = [source for _, own in roles for source in own if not _inside(source, pieces)]
        found.extend(_link_passage(document, groups, cues, sources))
    found.sort(key=lambda item: item.content)
    found = [of_subject(document, with_line_form(document, item)) for item in found]
    return inherit_sources(document, found, by_paragraph)


def _inside(span: RoleSpan, pieces: Sequence[RoleSpan]) -> bool:
    """Whether a span lies within one of the sorted pieces."""
    near = bisect_left(pieces, span.start + 1, key=_start) - 1
    return near >= 0 and span.end <= pieces[near].end


def _start(span: RoleSpan) -> int:
    return span.start


def _near(spans: Sequence[RoleSpan], anchor: RoleSpan) -> range:
    """Indices of the spans next to an anchor, so that a huge paragraph stays cheap."""
    middle = bisect_left(spans, anchor.start, key=_start)
    return range(max(0, middle - NEIGHBOURS), min(len(spans), middle + NEIGHBOURS))


def _gap(left: RoleSpan, right: RoleSpan) -> Range:
    """The range between two spans, in either order."""
    if left.start <= right.start:
        return left.end, max(left.end, right.start)
    return right.end, max(right.end, left.start)


def _distance(
    document: Document, one: RoleSpan, other: RoleSpan, contents: Sequence[RoleSpan]
) -> float:
    """Characters between two spans, plus penalties for what lies between them.

    Infinite where more than ``CROSSED_CONTENTS`` contents do.
    """
    start, end = _gap(one, other)
    cost = float(end - start)
    first = bisect_left(contents, start, key=_start)
    for number in range(first, len(contents)):
        span = contents[number]
        if span.end > end:
            break
        if number - first > CROSSED_CONTENTS:
            return math.inf
        if span is not one and span is not other:
            cost += CROSS_CONTENT - CONTENT_LENGTH_DISCOUNT * (span.end - span.start)
    if document.is_broken(start - 2, end + 2):
        cost += CROSS_SENTENCE
    return cost


def _link_passage(
    document: Document,
    groups: Sequence[list[RoleSpan]],
    cues: Sequence[RoleSpan],
    sources: Sequence[RoleSpan],
) -> list[Attribution]:
    """Link the contents of a passage to its cues, then to the sources nearest to these."""
    pieces = [piece for group in groups for piece in group]
    chosen = _choose_cues(document, groups, cues, pieces)
    found: list[Attribution] = []
    for number, group in enumerate(groups):
        content = tuple((piece.start, piece.end) for piece in group)
        score = _mean_score(group)
        cue = chosen.get(number)
        if cue is not None and _acts_on(document, group[-1], cue, pieces):
            cue = None
        near = _nearest_source(document, cue or group[0], sources, pieces, cues)
        if cue is None and near is not None and _parts_sentences(document, group[-1], near):
            near = None
        source = (near.start, near.end) if near else None
        if cue is None:
            found.append(Attribution(content, source, None, FACTOR_NO_CUE * score))
            continue
        if near is not None:
            score = min(score, near.score)
        found.append(Attribution(content, source, (cue.start, cue.end), score))
    return found


def _unbroken(text: str, contents: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Contents that only a space parts within a sentence as one."""
    result: list[RoleSpan] = []
    for span in contents:
        last = result[-1] if result else None
        if last is not None and text[last.end : span.start] == " ":
            if text[last.end - 1].isalnum() and text[span.start].islower():
                score = _mean_score([last, span])
                result[-1] = replace(last, end=span.end, score=score)
                continue
        result.append(span)
    return result


def _mean_score(group: Sequence[RoleSpan]) -> float:
    """The score of a content: of its pieces, each by its length."""
    total = sum(piece.end - piece.start for piece in group)
    return sum(piece.score * (piece.end - piece.start) for piece in group) / max(1, total)


def _acts_on(
    document: Document, content: RoleSpan, cue: RoleSpan, pieces: Sequence[RoleSpan]
) -> bool:
    """Whether a cue behind a whole quote tells what someone did next ("Her deputy nodded.").

    A verb of saying attributes a quote before its sentence only where it says nothing else: no
    content of its own follows it ("“We lost.” Ada Berg said the count was slow.").
    """
    if not _parts_sentences(document, content, cue):
        return False
    known, text = lexicon(), document.text
    words = text[cue.start : cue.end].lower().split()
    verbs = [known.reporting_forms.get(word) for word in words]
    gesture = words[0] in _GESTURES and not {"out", "that"} & {*words}
    questions = known.question_verbs if text[content.end - 2] == "?" else frozenset[str]()
    told = any(verb in known.clause_verbs | questions for verb in verbs) and not gesture
    if not told or _SAYS_NAUGHT.match(text, cue.end) is not None:
        return True
    near = bisect_left(pieces, cue.end, key=_start)
    own = near < len(pieces) and pieces[near].start - cue.end <= OWN_CONTENT_REACH
    return own and not document.is_broken(cue.end, pieces[near].start + 1)


def _parts_sentences(document: Document, content: RoleSpan, source: RoleSpan) -> bool:
    """Whether a source begins the sentence behind a content: what it does there is no saying."""
    return source.start >= content.end and document.is_broken(content.end - 2, source.start + 1)


def _choose_cues(
    document: Document,
    groups: Sequence[list[RoleSpan]],
    cues: Sequence[RoleSpan],
    pieces: Sequence[RoleSpan],
) -> dict[int, RoleSpan]:
    """A cue for every content, by its number: cheapest pairs first, and none twice if it can be.

    A content without a cue of its own shares one where that is cheaper by ``USED_CUE``.
    """
    pairs: list[tuple[float, int, int]] = []
    for g, group in enumerate(groups):
        quoted = document.text[group[0].start] in BEGINS_QUOTE
        costs: dict[int, float] = {}
        for piece in group:
            for c in _near(cues, piece):
                costs[c] = min(_distance(document, piece, cues[c], pieces), costs.get(c, math.inf))
        for c, cost in costs.items():
            if group[0].end <= cues[c].start and cues[c].end <= group[-1].start:
                cost = 0.0  # it parts the pieces of the content
            elif cues[c].start > group[0].start and not quoted:
                cost += AFTER_INDIRECT
            if cost < math.inf:
                pairs.append((cost, g, c))
    pairs.sort()
    chosen: dict[int, tuple[float, int]] = {}
    used: set[int] = set()
    for cost, g, c in pairs:
        if g not in chosen and c not in used:
            chosen[g] = (cost, c)
            used.add(c)
    for cost, g, c in pairs:
        if g not in chosen or cost + USED_CUE < chosen[g][0]:
            chosen[g] = (cost + USED_CUE, c)
    return {g: cues[c] for g, (_, c) in chosen.items()}


def _nearest_source(
    document: Document,
    anchor: RoleSpan,
    sources: Sequence[RoleSpan],
    contents: Sequence[RoleSpan],
    cues: Sequence[RoleSpan],
) -> RoleSpan | None:
    """The source with the least distance to a cue."""
    best: tuple[float, RoleSpan] | None = None
    for index in _near(sources, anchor):
        source = sources[index]
        cost = _distance(document, anchor, source, contents)
        start, end = _gap(anchor, source)
        for number in range(bisect_left(cues, start, key=_start), len(cues)):
            cue = cues[number]
            if cue.start >= end or cost >= FARTHEST_SOURCE:
                break
            cost += CROSS_CUE * (cue is not anchor and cue.end <= end)
        if cost < FARTHEST_SOURCE and (best is None or cost < best[0]):
            best = (cost, source)
    return best[1] if best else None


def inherit_sources(
    document: Document, found: Sequence[Attribution], by_paragraph: RolesByParagraph
) -> list[Attribution]:
    """Quotes without a source of their own: from the words that lead in, or the quote before."""
    result: list[Attribution] = []
    for item in found:
        if item.source is None and item.cue is None:
            item = _inherited(document, item, result[-1] if result else None, by_paragraph)
        result.append(item)
    return result


def _inherited(
    document: Document,
    item: Attribution,
    prior: Attribution | None,
    by_paragraph: RolesByParagraph,
) -> Attribution:
    """One statement with the source that leads in to it, else that of the quote before."""
    text, paragraphs = document.text, document.paragraphs
    start = item.content[0][0]
    number = document.paragraph_at(start)
    cues, sources = by_paragraph.get(number - 1, ([], []))
    led = number > 0 and text[slice(*paragraphs[number - 1])].endswith(":")
    if led and sources:
        cue = (cues[-1].start, cues[-1].end) if cues else None
        source = (sources[-1].start, sources[-1].end)
        score = item.score * FACTOR_LED_IN
        return replace(item, source=source, cue=cue, score=score, inherited=True)
    quoted = text[start] in BEGINS_QUOTE
    if quoted and prior is not None and prior.source:
        if document.paragraph_at(prior.content[-1][0]) >= number - 1:
            score = prior.score * FACTOR_QUOTE_BEFORE
            return replace(item, source=prior.source, cue=prior.cue, score=score, inherited=True)
    return item


def is_plausible(document: Document, item: Attribution) -> bool:
    """Whether a link is kept: no title or scare quote without a source."""
    text, regions = document.text, document.quote_regions
    start, end = item.content[0]
    attributed = item.cue is not None or item.source is not None
    near = bisect_left(regions, start - 1, key=region_start)
    for region in regions[near : near + 2]:
        if region.start <= start + 1 and region.end >= end - 1:
            single_word = len(text[start:end].split()) == 1 and text[end - 2] not in ",.!?"
            return is_quotation(document, region) or (attributed and not single_word)
    return attributed


def with_missed_quotes(
    document: Document, found: Sequence[Attribution], rules: Sequence[Attribution]
) -> list[Attribution]:
    """Add whole quoted sentences that rules attribute and the tagger passed over."""
    text = document.text
    taken = sorted(piece for item in found for piece in item.content)
    added: list[Attribution] = []
    for item in rules:
        if item.source is None or item.inherited:
            continue
        start, end = item.content[0]
        near = bisect_left(taken, (end, 0)) - 1
        free = near < 0 or taken[near][1] <= start
        led_in = item.source[0] > end or text[max(0, start - 3) : start].rstrip()[-1:] in (",", ":")
        long = len(text[start:end].split()) > LEAST_ADDED_QUOTE_WORDS
        if free and led_in and text[end - 2] in ",.!?" and long:
            added.append(replace(item, score=SCORE_ADDED_QUOTE))
    return sorted([*found, *added], key=lambda item: item.content)
