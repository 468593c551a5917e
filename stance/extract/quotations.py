"""Records of attributions; what counts as a quotation; contents fitted to quotation marks.

``Attribution`` is what both the rules and the trained tagger's linked spans end in, so that the
later stages see one kind of record.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stance.extract.document import Document
from stance.extract.parameters import (
    CAPITALISED_TITLE_WORDS,
    FILLED_SHARE,
    LED_IN_QUOTE,
    LIST_REACH,
    MARK_SLACK,
    SCORE_STATED,
    SINGLE_QUOTE_WORDS,
    SOURCE_COMPLETION,
    WORK_TITLE_REACH,
    WORK_TITLE_WORDS,
)
from stance.extract.quote_marks import QuoteRegion, region_start
from stance.extract.segmentation import Range

_LEAD_ENDS = (",", ":", "—", "–", "-")
_DETERMINERS = frozenset("the a an this these those another one".split())
_AFTER_RELATIVE = re.compile(
    r"(?:who|whom|which|that) "
    r"(?=[^\W\d_a-z]|(?:the|an?|his|her|its|their|he|she|it|they|some|many) )"
)
_OPENS = re.compile(r"(?:Should|If|Unless|When|Once|Did|Does|Has|Have|Had|Will|Would|Could) ")
"""Before a source they begin its clause."""
_LIST_JOINT = re.compile(r",? (?:and )?(?:the )?")
_LIST = re.compile(r"(?:^|[.!?:] |\n)((?:[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*){0,4}, )+)$")
_ENDS_LIST = re.compile(r"(?:the )?[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*){0,3} and ")
_NOUN_PHRASE = re.compile(r"(?: [\w’'-]+){1,3}(?=[ ,:]|$)")
_TITLE_CUE = re.compile(
    r"\b(?:titled|entitled|called|book|novel|film|movie|song|album|show|series|magazine|"
    r"documentary|play|column|headlined|dubbed|nicknamed)[ ,:]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attributed content with its evidence, in code points of the text.

    Attributes:
        content: the pieces, enclosing quotation marks included.
        source: the words that name who says it here, or None.
        cue: the words that attribute it, or None.
        score: in [0, 1], how sure the link between content and source is.
        inherited: True where source is taken over from an earlier statement.
        verbatim: True where the form of the line tells that these are the speaker's own words.
        confidence: in [0, 1], the probability that this is a statement at all.
    """

    content: tuple[Range, ...]
    source: Range | None = None
    cue: Range | None = None
    score: float = SCORE_STATED
    inherited: bool = False
    verbatim: bool = False
    confidence: float = 1.0

    @property
    def clause(self) -> Range | None:
        """From the first to the last of source and cue; None where one of them is lacking."""
        if self.source is None or self.cue is None:
            return None
        return (min(self.source[0], self.cue[0]), max(self.source[1], self.cue[1]))


Role = Literal["source", "cue", "content"]


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """One tagged span, in code points of the text; ``joins`` marks a further content piece."""

    role: Role
    start: int
    end: int
    score: float = 1.0
    joins: bool = False


def may_continue(document: Document, region: QuoteRegion) -> bool:
    """Whether an unclosed region can go on in the next paragraph: it begins like a sentence."""
    body = document.text[region.inner_start : region.inner_end].lstrip("[(… .\u00a0")
    return not region.closed and body[:1].isupper() and body[-1:] in set(".!?…,:;—")


def is_quotation(document: Document, region: QuoteRegion) -> bool:
    """Whether a region can be a statement, not a scare quote or the title of a work."""
    text = document.text
    inner = text[region.inner_start : region.inner_end].strip()
    words = re.findall(r"\w+(?:['’]\w+)*", inner)
    if not words:
        return False
    ends = inner[-1] in ".,!?…—"
    if _TITLE_CUE.search(text[max(0, region.start - WORK_TITLE_REACH) : region.start]):
        return ends and len(words) > WORK_TITLE_WORDS
    if len(words) == 1:
        return ends and inner[-1] in "!?." and inner[0].isupper()
    titled = sum(word[0].isupper() for word in words)
    if len(words) < CAPITALISED_TITLE_WORDS and titled >= len(words) - 1 and not ends:
        return False
    if region.single and not ends and len(words) < SINGLE_QUOTE_WORDS:
        return False
    return len(words) >= 2


def complete_sources(document: Document, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Lengthen sources that stop at a determiner ("this" of "this finding").

    A relative pronoun before a source belongs to the content ("people who | the mayor | says").
    """
    text = document.text
    result: list[RoleSpan] = []
    spans = [_with_list_before(text, span) for span in _joined_lists(text, spans)]
    for number, span in enumerate(spans):
        if span.role == "source" and text[span.start : span.end].lower() in _DETERMINERS:
            limit = spans[number + 1].start if number + 1 < len(spans) else len(text)
            rest = _NOUN_PHRASE.match(text, span.end, min(limit, span.end + SOURCE_COMPLETION))
            if rest is None:
                continue
            span = replace(span, end=rest.end())
        relative = None
        if span.role == "source":
            relative = _AFTER_RELATIVE.match(text, span.start) or _OPENS.match(text, span.start)
        if relative is not None and relative.end() < span.end:
            span = replace(span, start=relative.end())
        result.append(span)
    return result


def _with_list_before(text: str, span: RoleSpan) -> RoleSpan:
    """A source that ends a list of names with the names before it ("Norway, | Ghana and Fiji")."""
    if span.role != "source" or not _ENDS_LIST.match(text, span.start, span.end):
        return span
    before = _LIST.search(text, max(0, span.start - LIST_REACH), span.start)
    return replace(span, start=before.start(1)) if before else span


def _joined_lists(text: str, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Sources that only a comma or an "and" parts, before one cue, as one list."""
    result: list[RoleSpan] = []
    for span in spans:
        last = result[-1] if result else None
        if last is not None and last.role == span.role == "source":
            if _LIST_JOINT.fullmatch(text, last.end, span.start) and text[span.start].isupper():
                result[-1] = replace(last, end=span.end, score=max(last.score, span.score))
                continue
        result.append(span)
    return result


def fit_to_marks(document: Document, contents: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Widen contents to the quotation marks they mostly fill, and join what one pair encloses."""
    fitted: list[RoleSpan] = []
    waiting = sorted(contents, key=lambda span: span.start)
    index = 0
    for region in document.quote_regions:
        while index < len(waiting) and waiting[index].start < region.end:
            fitted.append(waiting[index])
            index += 1
        touching = len(fitted)
        while touching and fitted[touching - 1].end > region.start:
            touching -= 1
        inside = fitted[touching:]
        covered = sum(min(span.end, region.end) - max(span.start, region.start) for span in inside)
        if not inside or covered < FILLED_SHARE * (region.end - region.start):
            continue
        whole = RoleSpan(
            "content",
            min(inside[0].start, region.start),
            max(inside[-1].end, region.end),
            max(span.score for span in inside),
            inside[0].joins,
        )
        fitted[touching:] = [whole]
    return split_leads(document, fitted + waiting[index:])


def split_leads(document: Document, contents: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Part a whole quoted sentence from the words before it ("... of the bill, “We lost.”").

    Only after a comma, colon or dash, and where the quote ends the content.
    """
    text, regions = document.text, document.quote_regions
    result: list[RoleSpan] = []
    for span in contents:
        near = bisect_left(regions, span.end, key=region_start) - 1
        region = regions[near] if near >= 0 else None
        if region is None or region.start <= span.start + 1 or region.end < span.end - 1:
            result.append(span)
            continue
        lead = text[span.start : region.start].rstrip()
        whole = text[region.inner_end - 1] in ",.!?" and is_quotation(document, region)
        if lead[-1:] not in _LEAD_ENDS or not whole or region.end - region.start < LED_IN_QUOTE:
            result.append(span)
            continue
        stop = span.start + len(lead.rstrip("".join(_LEAD_ENDS) + " "))
        if stop > span.start:
            result.append(replace(span, end=stop))
        result.append(RoleSpan("content", region.start, max(span.end, region.end), span.score))
    return result


def join_pieces(document: Document, contents: Sequence[RoleSpan]) -> list[list[RoleSpan]]:
    """Group the pieces of one statement: interrupted quotes and quotes over paragraphs."""
    paragraphs = document.paragraphs
    starts = {region.start: region for region in document.quote_regions}
    unclosed = {region.end for region in document.quote_regions if may_continue(document, region)}
    groups: list[list[RoleSpan]] = []
    for span in contents:
        if groups:
            last = groups[-1][-1]
            here, there = document.paragraph_at(span.start), document.paragraph_at(last.start)
            continued = (
                here == there + 1
                and last.end in unclosed
                and last.end >= paragraphs[there][1]
                and span.start == paragraphs[here][0]
                and span.start in starts
            )
            alike = _quoted(span, starts) == _quoted(last, starts)
            joins = span.joins and here == there and alike
            if (joins and not _is_parted(document, last, span, starts)) or continued:
                groups[-1].append(span)
                continue
        groups.append([span])
    return groups


def by_passage(
    document: Document, groups: Iterable[list[RoleSpan]]
) -> list[tuple[int, int, list[list[RoleSpan]]]]:
    """Contents by the paragraphs that hold them: first, last, and contents in reading order.

    Paragraphs that one quotation joins are one passage: its clause stands in any of them.

    Args:
        document: the document.
        groups: the pieces of each content.
    """
    found: list[tuple[int, int, list[list[RoleSpan]]]] = []
    for group in sorted(groups, key=lambda pieces: pieces[0].start):
        first = document.paragraph_at(group[0].start)
        last = document.paragraph_at(group[-1].start)
        if found and first <= found[-1][1]:
            begun, until, held = found[-1]
            held.append(group)
            found[-1] = (begun, max(until, last), held)
        else:
            found.append((first, last, [group]))
    return found


def _is_parted(
    document: Document, last: RoleSpan, span: RoleSpan, starts: Mapping[int, QuoteRegion]
) -> bool:
    """Whether two pieces are two statements: other words, or a question put between quotes."""
    if _quoted(span, starts):
        return "?" in document.text[last.end : span.start]
    near = document.sentence_at(last.start)
    return last.end <= near[1] <= span.start and span.start not in starts


def _quoted(span: RoleSpan, starts: Mapping[int, QuoteRegion]) -> bool:
    """Whether a piece begins with the opening mark of a quote that it reaches the end of."""
    region = starts.get(span.start)
    return region is not None and span.end <= region.end + MARK_SLACK
