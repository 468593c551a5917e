"""Quotation marks of plain text: which mark opens, which closes, what stands between them.

Directed, straight, doubled and single marks, typed right or wrong. No function raises on any
string, and all run in time linear in its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from stance.extract.parameters import CLAUSE_AT_END_REACH, SINGLE_QUOTE_REACH
from stance.extract.segmentation import Range

OPENING = "“«„‟"
CLOSING = "”»"
STRAIGHT = '"＂'
BEGINS_QUOTE = "“\"‘'«`"
"""What an article's quotations begin with; a content that begins so is quoted."""

ENDS_QUOTE = "”\"’'»"
"""What they end with."""

_MARK = re.compile(r"``|''|’’|‘‘|\"\"(?=\w)|(?<=\S)\"\"|[“”«»„‟\"＂]")
_SINGLE_OPEN = re.compile(r"(?<![\w'’‘`´])['‘‚](?![\s'’‘])")
_SINGLE_CLOSE = re.compile(r"(?<=[^\s\w])['’](?!\w)|(?<=\w)['’](?!\w)")
_SENTENCE_BREAK = re.compile(r"[.!?…]\s+(?=[A-Z])")
_LED = r"(?:(?<=[,!?])|(?<=[,!?]['’]))"
"""Behind what leads on to a clause, and a mark of another kind than the quote began with."""
_CLAUSE_BEHIND = re.compile(
    _LED + r"( )(?:said|says|added|asked|replied)(?:(?: [a-z]+){0,4},? [A-Z][\w’'-]+[^.!?\n]*"
    r"|(?: (?:the|an?|his|her|their|one|another)(?: [\w’'-]+){1,6}(?=\.\s*\Z)))[.]"
)
_CLAUSE_AT_END = re.compile(
    _LED + r"( )(?:[A-Z]|(?:the|an?|his|her|he|she|they|one|another)\b|[a-z-]+ [A-Z])"
    r"[^.!?“”\"\n]{0,80}? ?"
    r"(?:said|says|added|asked|replied|told [^.!?“”\"\n]{2,40})\.\s*\Z"
)
_ELISION = re.compile(r"['’](?:\d0s|\d\d\b|em\b|tis\b|twas\b|til\b|cause\b|n\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuoteRegion:
    """A stretch between quotation marks within one paragraph.

    Attributes:
        start: offset of the opening mark, equal to ``inner_start`` where it is missing.
        inner_start: first code point after the opening mark.
        inner_end: one past the last code point before the closing mark.
        end: one past the closing mark, equal to ``inner_end`` where it is missing.
        closed: False where the paragraph ends before a closing mark came.
        single: True for single marks.
    """

    start: int
    inner_start: int
    inner_end: int
    end: int
    closed: bool = True
    single: bool = False


def quote_regions(text: str, paragraphs: Sequence[Range]) -> list[QuoteRegion]:
    """Pair the quotation marks of every paragraph on its own.

    Directed marks pair by direction; straight marks by the characters beside them and by what is
    open. Single marks count only where no double quote encloses them and a fitting close exists.
    Regions of one paragraph do not overlap; a mark left open runs to the paragraph's end.
    """
    regions: list[QuoteRegion] = []
    for start, end in paragraphs:
        double = _double_regions(text, start, end)
        regions.extend(double)
        gaps: list[Range] = []
        left = start
        for region in double:
            gaps.append((left, region.start))
            left = region.end
        gaps.append((left, end))
        for gap in gaps:
            regions.extend(single_regions(text, *gap))
    return sorted(regions, key=lambda region: region.start)


def _double_regions(text: str, start: int, end: int) -> list[QuoteRegion]:
    """Pair the double marks of one paragraph."""
    breaks: list[Range] | None = None  # of its sentences, looked for when first needed
    regions: list[QuoteRegion] = []
    opened: Range | None = None
    for match in _MARK.finditer(text, start, end):
        left, right = match.span()
        opens = _opens(text, left, right, start, end, opened is not None)
        if opens is None:
            continue
        if opens:
            if opened is not None:
                regions.append(_unclosed(text, opened, left, before_mark=True))
            opened = (left, right)
        elif opened is not None:
            if left > opened[1]:
                regions.append(QuoteRegion(opened[0], opened[1], left, right))
            opened = None
        else:
            if breaks is None:
                breaks = [found.span() for found in _SENTENCE_BREAK.finditer(text, start, end)]
            regions += _unopened(text, regions[-1].end if regions else start, left, right, breaks)
    if opened is not None and opened[1] < end:
        regions.append(_unclosed(text, opened, end))
    return regions


def _unopened(
    text: str, floor: int, left: int, right: int, breaks: Sequence[Range]
) -> list[QuoteRegion]:
    """A region whose opening mark is missing: the sentence that a lone closing mark ends, if any.

    Only marks beside punctuation tell it ("We circle,” he said").
    """
    if text[left] not in CLOSING + STRAIGHT or left <= floor:
        return []
    if text[left - 1] not in ",.!?…" and text[right : right + 1] != ",":
        return []
    last = bisect_left(breaks, left, key=_range_end) - 1
    begin = breaks[last][1] if last >= 0 and breaks[last][0] >= floor else floor
    begin += len(text[begin:left]) - len(text[begin:left].lstrip())
    whole = text[begin].isupper() and len(text[begin:left].split(None, 1)) > 1
    return [QuoteRegion(begin, begin, left, right)] if whole else []


def _range_end(span: Range) -> int:
    return span[1]


def _unclosed(text: str, opened: Range, limit: int, *, before_mark: bool = False) -> QuoteRegion:
    """A region whose closing mark is missing: up to ``limit``, without trailing space.

    A clause such as ", said Ada Berg" is not the speaker's: the mark was forgotten before it. The
    same holds of ", Ada Berg said." where the next quote opens behind it.
    """
    clause = _CLAUSE_BEHIND.search(text, opened[1], limit)
    stop = clause.start(1) if clause else None
    if clause is None and before_mark:
        last = max(opened[1], limit - CLAUSE_AT_END_REACH)
        clause = _CLAUSE_AT_END.search(text[last:limit])
        stop = last + clause.start(1) if clause else None
    if stop is not None:
        single = text[stop - 2] in "'’" and stop - 2 > opened[1]  # "“It is over', said Ada Berg."
        return QuoteRegion(opened[0], opened[1], stop - 2 * single, stop)
    body = text[opened[1] : limit]
    stop = opened[1] + len(body.rstrip())
    return QuoteRegion(opened[0], opened[1], stop, stop, closed=False)


def _opens(text: str, left: int, right: int, start: int, end: int, inside: bool) -> bool | None:
    """Whether the mark at ``[left, right)`` opens (True) or closes (False); None: no quote mark."""
    mark = text[left]
    before = text[left - 1] if left > start else " "
    after = text[right] if right < end else " "
    fits_open = (before.isspace() or before in "([{—–-/:…“‘'\"") and not after.isspace()
    fits_close = not before.isspace() and not after.isalnum()
    if mark in OPENING + "`" or (mark == "‘" and right - left == 2):
        # An opening mark typed where a closing one belongs.
        return not (inside and fits_close and not fits_open)
    if mark in CLOSING or (mark == "’" and right - left == 2):
        return bool(not inside and fits_open and not fits_close)
    if mark in STRAIGHT and before.isdigit() and not inside:
        return None  # inches: 5'10"
    if fits_open and not fits_close:
        # A quotation mark within an open quote, before a word: the close was forgotten.
        return True
    if fits_close and not fits_open:
        return False
    return not inside


def single_regions(text: str, start: int, end: int) -> list[QuoteRegion]:
    """Pair single marks in ``text[start:end]``, leaving apostrophes alone."""
    regions: list[QuoteRegion] = []
    position = start
    while (match := _SINGLE_OPEN.search(text, position, end)) is not None:
        position = match.end()
        if _ELISION.match(text, match.start()):
            continue
        close = _single_close(text, match.end(), min(end, match.end() + SINGLE_QUOTE_REACH))
        if close is not None:
            regions.append(
                QuoteRegion(match.start(), match.end(), close, close + 1, single=True),
            )
            position = close + 1
    return regions


def _single_close(text: str, start: int, end: int) -> int | None:
    """Offset of the mark closing a single quote opened before ``start``, or None.

    A mark after punctuation closes for sure; one after a plural "s" closes only where none
    better follows before the next opening mark.
    """
    following = _SINGLE_OPEN.search(text, start, end)
    limit = following.start() if following else end
    candidate: int | None = None
    for match in _SINGLE_CLOSE.finditer(text, start, limit):
        position = match.start()
        if text[position - 1] not in "sS":
            return position
        if candidate is None:
            candidate = position
    return candidate


def quote_state(text: str, regions: Sequence[QuoteRegion]) -> bytearray:
    """Mark every code point: 0 outside, 1 opening mark, 2 inside, 3 closing mark."""
    state = bytearray(len(text))
    for region in regions:
        state[region.start : region.inner_start] = b"\x01" * (region.inner_start - region.start)
        state[region.inner_start : region.inner_end] = b"\x02" * (
            region.inner_end - region.inner_start
        )
        state[region.inner_end : region.end] = b"\x03" * (region.end - region.inner_end)
    return state


def touching(regions: Sequence[QuoteRegion], start: int, end: int) -> list[QuoteRegion]:
    """The regions that overlap ``[start, end)``; they are sorted and do not overlap."""
    low = max(0, bisect_left(regions, start, key=region_start) - 1)
    high = bisect_left(regions, end, key=region_start)
    return [region for region in regions[low:high] if region.end > start]


def region_start(region: QuoteRegion) -> int:
    """Offset of a region's opening mark, to search sorted regions by."""
    return region.start
