"""Paragraphs, sentence bounds and quotation marks of plain text; no model, offsets only.

Everything here returns half-open code-point ranges of the text it was given. No function raises on
any string, and all run in time linear in its length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

Range = tuple[int, int]

OPENING = "“«„‟"
CLOSING = "”»"
STRAIGHT = '"＂'

_MARK = re.compile(r"``|''|’’|‘‘|[“”«»„‟\"＂]")
_SINGLE_OPEN = re.compile(r"(?<![\w'’‘`´])['‘‚](?![\s'’‘])")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[\"”’'»)\]]*(?=\s)|[。！？]+[”」』]*")
_WORD_BEFORE = re.compile(r"[\w.’'-]+$")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen col lt sgt capt cmdr adm maj rev hon st ave jr sr vs etc "
    "inc corp ltd co no jan feb mar apr jun jul aug sep sept oct nov dec pres amb atty dept "
    "fig al messrs mme sec supt det insp msgr fr bros mt ft".split()
)
_ELISION = re.compile(r"['’](?:\d0s|\d\d\b|em\b|tis\b|twas\b|til\b|cause\b|n\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuoteRegion:
    """A stretch between quotation marks within one paragraph.

    Attributes:
        start: offset of the opening mark.
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


def paragraph_ranges(text: str) -> list[Range]:
    """Split a text into paragraphs, without their surrounding white space.

    A blank line always separates. A single line break does too, unless the text is hard-wrapped:
    it has blank lines, and the line before the break has no final punctuation.
    """
    lines: list[Range] = []
    position = 0
    for match in _BREAK.finditer(text):
        lines.append((position, match.start()))
        position = match.end()
    lines.append((position, len(text)))
    has_blank = any(not text[s:e].strip() for s, e in lines[1:-1])
    merged: list[list[int]] = []
    open_paragraph = False
    for start, end in lines:
        body = text[start:end]
        stripped = body.strip()
        if not stripped:
            open_paragraph = False
            continue
        begin = start + len(body) - len(body.lstrip())
        stop = start + len(body.rstrip())
        if open_paragraph and (has_blank and stripped[0].islower()):
            merged[-1][1] = stop
        else:
            merged.append([begin, stop])
        open_paragraph = len(stripped) <= 120 and stripped[-1] not in ".!?…:\"”'’»"
    return [(s, e) for s, e in merged]


def sentence_ranges(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """Split ``text[start:end]`` (one paragraph) into sentences, without surrounding space."""
    stop = len(text) if end is None else end
    ranges: list[Range] = []
    begin = start
    for match in _SENTENCE_END.finditer(text, start, stop):
        if match.end() >= stop or not _ends_sentence(text, match, stop):
            continue
        ranges.append((begin, match.end()))
        begin = match.end()
    ranges.append((begin, stop))
    trimmed = []
    for left, right in ranges:
        body = text[left:right]
        if body.strip():
            trimmed.append(
                (left + len(body) - len(body.lstrip()), left + len(body.rstrip())),
            )
    return trimmed


def _ends_sentence(text: str, match: re.Match[str], stop: int) -> bool:
    """Whether the final punctuation of ``match`` ends a sentence."""
    rest = text[match.end() : min(stop, match.end() + 12)].lstrip()
    if not rest:
        return True
    first = rest[0]
    if first.islower():
        return False
    marks = match.group()
    if marks[0] == "." and len(marks) == 1:
        before = _WORD_BEFORE.search(text[max(0, match.start() - 20) : match.start()])
        word = before.group() if before else ""
        if len(word) == 1 and word.isupper() and word != "I":
            return False
        if word.lower() in _ABBREVIATIONS:
            return word.lower() in {"inc", "corp", "co", "etc", "jr", "sr"} and first.isupper()
        if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
            return first in OPENING + STRAIGHT or rest.split()[0].lower() in {
                "the", "he", "she", "it", "they", "in", "a", "but", "and", "we", "i", "on", "at",
            }  # fmt: skip
    return True


def quote_regions(text: str, paragraphs: Sequence[Range] | None = None) -> list[QuoteRegion]:
    """Pair the quotation marks of every paragraph on its own.

    Directed marks pair by direction; straight marks by the characters beside them and by what is
    open. Single marks count only where no double quote encloses them and a fitting close exists.
    Regions of one paragraph do not overlap; a mark left open runs to the paragraph's end.
    """
    regions: list[QuoteRegion] = []
    for start, end in paragraph_ranges(text) if paragraphs is None else paragraphs:
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
    regions: list[QuoteRegion] = []
    opened: Range | None = None
    for match in _MARK.finditer(text, start, end):
        left, right = match.span()
        opens = _opens(text, left, right, start, end, opened is not None)
        if opens is None:
            continue
        if opens:
            if opened is not None:
                regions.append(_unclosed(text, opened, left))
            opened = (left, right)
        elif opened is not None:
            if left > opened[1]:
                regions.append(QuoteRegion(opened[0], opened[1], left, right))
            opened = None
    if opened is not None and opened[1] < end:
        regions.append(_unclosed(text, opened, end))
    return regions


def _unclosed(text: str, opened: Range, limit: int) -> QuoteRegion:
    """A region whose closing mark is missing: up to ``limit``, without trailing space."""
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
        return False if inside else None
    return not inside


def single_regions(text: str, start: int, end: int) -> list[QuoteRegion]:
    """Pair single marks in ``text[start:end]``, leaving apostrophes alone."""
    regions: list[QuoteRegion] = []
    position = start
    while (match := _SINGLE_OPEN.search(text, position, end)) is not None:
        position = match.end()
        if _ELISION.match(text, match.start()):
            continue
        close = _single_close(text, match.end(), min(end, match.end() + 1500))
        if close is not None:
            regions.append(
                QuoteRegion(match.start(), match.end(), close, close + 1, single=True),
            )
            position = close + 1
    return regions


_SINGLE_CLOSE = re.compile(r"(?<=[^\s\w])['’](?!\w)|(?<=\w)['’](?!\w)")


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


def enclosing(ranges: Sequence[Range], offset: int) -> int:
    """Index of the last range that starts at or before ``offset`` (0 where none does)."""
    return max(0, bisect_right(ranges, (offset, 1 << 62)) - 1)


class _TextOfHtml(HTMLParser):
    """Collects the visible text of block elements."""

    _BLOCKS = frozenset(
        "p div br li ul ol h1 h2 h3 h4 h5 h6 tr td blockquote article section header footer "
        "figure figcaption main pre table title".split()
    )
    _HIDDEN = frozenset("script style noscript template svg head nav".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._hidden = 0  # </head> may be left out
        elif tag in self._HIDDEN:
            self._hidden += 1
        elif tag in self._BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in self._BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))


def html_to_text(source: str) -> str:
    """Visible text of an HTML page, one paragraph a line, entities decoded."""
    parser = _TextOfHtml()
    parser.feed(source)
    parser.close()
    paragraphs = (part.strip() for part in re.split(r"\n\n+", "".join(parser.parts)))
    return "\n\n".join(part for part in paragraphs if part)
