"""Tagged spans put right before they are linked: quotes that run on, names taken for cues."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.clauses import clause_after
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import (
    CUE_SLACK,
    MARK_SLACK,
    SCORE_CLAUSE_IN_TAIL,
    TAIL_REACH,
    TAIL_SLACK,
)
from stance.extract.quotations import Attribution, RoleSpan, is_quotation
from stance.extract.quote_marks import QuoteRegion, region_start

_PARTICLES = frozenset("al ap ben bin bint de el ibn van von".split())
_WORD_BEFORE = re.compile(r"\w+$")


def with_nearer_clauses(
    document: Document, found: Sequence[Attribution], rules: Sequence[Attribution]
) -> list[Attribution]:
    """Quotes with the clause right behind their comma, where the tagger gave them a later source.

    "“We sleep here,” the farmer said. “We wait,” said Ada Berg.": the first is the farmer's.
    """
    clauses = {item.content[-1][1]: item for item in rules if item.source and not item.inherited}
    result: list[Attribution] = []
    for item in found:
        end = item.content[-1][1]
        clause = clauses.get(end)
        if clause is not None and item.source is None and item.cue is None:
            item = _with_clause(document, item, clause)
        if clause is not None and clause.source is not None and item.source is not None:
            between = document.text[clause.source[1] : item.source[0]]
            behind = end <= clause.source[0] < clause.source[1] <= item.source[0]
            if behind and document.text[end - 2] == "," and any(mark in between for mark in '“"«'):
                item = replace(item, source=clause.source, cue=clause.cue)
            elif _names_led_in(document.text, item, clause):
                item = replace(item, source=clause.source, cue=clause.cue)
        result.append(item)
    return result


def _names_led_in(text: str, item: Attribution, clause: Attribution) -> bool:
    """Whether the clause behind a quote names the noun that leads in to it.

    "Her brother disagreed: “It is over,” Mr. Lund said.": Lund is her brother.
    """
    source, named, cue = item.source, clause.source, clause.cue
    start, end = item.content[0][0], item.content[-1][1]
    if source is None or named is None or cue is None or len(item.content) > 1:
        return False
    led = source[1] < start and text[:start].rstrip().endswith(":") and text[end - 2] == ","
    ends = max(named[1], cue[1])
    stops = end < min(named[0], cue[0]) and re.match(r"[^.;:“”\"\n]{0,40}[.\n]|$", text[ends:])
    verb = lexicon().reporting_forms.get(text[slice(*item.cue)].split()[-1] if item.cue else "", "")
    noun = not any(word[0].isupper() for word in text[slice(*source)].split()[1:])
    name = any(word[0].isupper() for word in text[slice(*named)].split())
    return bool(led and stops and noun and name) and verb not in lexicon().clause_verbs


def _with_clause(document: Document, item: Attribution, clause: Attribution) -> Attribution:
    """A quote with the clause that goes on its sentence ("“Liars!” someone shouted")."""
    text, end = document.text, item.content[-1][1]
    goes_on = text[end - 2] in ",!?" and text[end : end + 1] == " " and text[end + 1].islower()
    if not goes_on or clause.source is None or clause.cue is None or clause.source[0] < end:
        return item
    return replace(item, source=clause.source, cue=clause.cue)


def without_names(document: Document, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Spans without the cues that are the rest of a name, and what follows one as if it spoke."""
    names = {
        span.end: span for span in spans if span.role == "cue" and _part_of_name(document, span)
    }
    return [
        span
        for span in spans
        if names.get(span.end) is not span
        and not (span.role == "content" and span.start - 1 in names)
    ]


def _part_of_name(document: Document, cue: RoleSpan) -> bool:
    """Whether a tagged cue is a capitalised word behind another: the rest of a name."""
    text = document.text
    word = text[cue.start : cue.end]
    before = _WORD_BEFORE.search(text, max(0, cue.start - 20), max(0, cue.start - 1))
    first = before.group() if before else ""
    if first[:1].isupper() and text[cue.start - 1] == "-":
        return True  # "Karim-Said"
    named = (first[:1].isupper() or first in _PARTICLES) and text[cue.start - 1] == " "
    return named and word[0].isupper() and " " not in word and not word.isupper()


def split_tails(document: Document, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Cut a quote's content at its closing mark where an attributing clause follows.

    The tagger at times runs on from a quote into "the president said"; the clause is then read by
    rules, unless the tagger has found its cue and source as well.
    """
    starts = {region.start: region for region in document.quote_regions}
    cues = [other.start for other in spans if other.role == "cue"]
    result: list[RoleSpan] = []
    for span in spans:
        region = starts.get(span.start) or starts.get(span.start + 1)
        if span.role == "content" and region is not None and _runs_on(document, span, region):
            result.extend(_without_tail(document, span, region, cues))
        else:
            result.append(span)
    result.sort(key=lambda span: (span.start, span.end))
    return result


def _runs_on(document: Document, span: RoleSpan, region: QuoteRegion) -> bool:
    """Whether a content that begins with a quote goes on behind it."""
    return (
        region.closed
        and region.end + TAIL_SLACK < span.end
        and document.text[region.inner_end - 1] in ",?!"
        and is_quotation(document, region)
    )


def _without_tail(
    document: Document, span: RoleSpan, region: QuoteRegion, cues: Sequence[int]
) -> list[RoleSpan]:
    """A content that runs on, parted into quote, clause and the quote that resumes it."""
    regions = document.quote_regions
    limit = min(len(document.text), span.end + TAIL_REACH)
    clause = clause_after(document, region.end, limit)
    if clause is None or clause.cue[0] > span.end + MARK_SLACK:
        return [span]
    result = [RoleSpan("content", span.start, region.end, span.score, span.joins)]
    if clause.source is not None:
        result.append(RoleSpan("source", *clause.source, SCORE_CLAUSE_IN_TAIL))
    near = bisect_left(cues, clause.cue[0] - CUE_SLACK)
    if near == len(cues) or cues[near] >= clause.cue[1]:
        result.append(RoleSpan("cue", *clause.cue, SCORE_CLAUSE_IN_TAIL))
    following = bisect_left(regions, region.end, key=region_start)
    resumed = regions[following] if following < len(regions) else None
    if resumed is not None and resumed.end <= span.end:
        another = document.text[resumed.inner_end - 1] in ",?!" and clause_after(
            document, resumed.end, min(len(document.text), resumed.end + TAIL_REACH)
        )
        result.append(RoleSpan("content", resumed.start, span.end, span.score, not another))
    return result
