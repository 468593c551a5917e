"""Paragraphs and sentence bounds of plain text; no model, offsets only.

Everything here returns half-open code-point ranges of the text it was given. No function raises on
any string, and all run in time linear in its length. Paragraphs and sentences longer than any of an
article are parted, which bounds what one of them may cost the stages that follow.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from stance.extract.lexicon import lexicon
from stance.extract.parameters import LONGEST_PARAGRAPH, LONGEST_SENTENCE, WRAPPED_LINE

Range = tuple[int, int]

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[\"”’'»)\]]*(?=\s)|[。！？]+[”」』]*")
_WORD_BEFORE = re.compile(r"[\w.’'-]+$")
_SENTENCE_BREAK = re.compile(r"[.!?][\"”’')]*\s+[\"“‘'(]*[A-Z]")
_LAST_WORD = re.compile(r"\w+$")
_LONGEST_SHORT_FORM = 12
_BLANK = re.compile(r"\s+")
_SPACE_BEFORE = re.compile(r".*\s", re.DOTALL)
_MARKS_OPENING = '“«„‟"＂'
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")  # U.S
_AFTER_DOTTED = frozenset("the he she it they in a but and we i on at".split())
"""Words that begin a sentence more often than they go on after "U.S."."""


def paragraph_ranges(text: str) -> list[Range]:
    """Split a text into paragraphs, without their surrounding white space.

    A blank line always separates. A single line break does too, unless the text is hard-wrapped:
    it has blank lines, and the line before the break has no final punctuation. A paragraph longer
    than ``LONGEST_PARAGRAPH`` is parted behind sentences.
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
        open_paragraph = len(stripped) <= WRAPPED_LINE and stripped[-1] not in ".!?…:\"”'’»"
    return [part for s, e in merged for part in _parted(text, s, e)]


def _parted(text: str, start: int, stop: int) -> list[Range]:
    """A paragraph in parts that are not too long; a short one as it is."""
    parts: list[Range] = []
    while stop - start > LONGEST_PARAGRAPH:
        limit = start + LONGEST_PARAGRAPH
        ends = [m.end() for m in _SENTENCE_END.finditer(text, limit - LONGEST_SENTENCE, limit)]
        cut = ends[-1] if ends else _before_a_word(text, start, limit)
        parts.append((start, start + len(text[start:cut].rstrip())))
        blank = _BLANK.match(text, cut, stop)
        start = blank.end() if blank else cut
    return [*parts, (start, stop)]


def _before_a_word(text: str, start: int, limit: int) -> int:
    """The last white space of ``[start, limit)``, behind it; the limit where there is none."""
    space = _SPACE_BEFORE.match(text, max(start, limit - LONGEST_SENTENCE), limit)
    return space.end() if space else limit


def sentence_ranges(text: str, start: int, stop: int) -> list[Range]:
    """Split ``text[start:stop]`` (one paragraph) into sentences, without surrounding space.

    One longer than ``LONGEST_SENTENCE`` is parted between words.
    """
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
        while left < right:
            limit = left + LONGEST_SENTENCE
            cut = right if right <= limit else _before_a_word(text, left, limit)
            body = text[left:cut]
            if body.strip():
                trimmed.append((left + len(body) - len(body.lstrip()), left + len(body.rstrip())))
            left = cut
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
        if word.lower() in lexicon().abbreviations:
            return word.lower() in lexicon().final_abbreviations and first.isupper()
        if _DOTTED.fullmatch(word):
            return first in _MARKS_OPENING or rest.split()[0].lower() in _AFTER_DOTTED
    return True


def enclosing(ranges: Sequence[Range], offset: int) -> int:
    """Index of the last range that starts at or before ``offset`` (0 where none does)."""
    return max(0, bisect_right(ranges, (offset, 1 << 62)) - 1)


def sentence_breaks(text: str) -> list[Range]:
    """From the mark that ends a sentence to the capital that begins the next; "Ms." ends none.

    A coarser look than :func:`sentence_ranges`, across paragraphs as well.
    """
    return [
        match.span()
        for match in _SENTENCE_BREAK.finditer(text)
        if text[match.start()] != "." or not _is_short_form(text, match.start())
    ]


def _is_short_form(text: str, end: int) -> bool:
    """Whether a known abbreviation or a single letter ends at a place."""
    word = _LAST_WORD.search(text, max(0, end - _LONGEST_SHORT_FORM), end)
    if word is None:
        return False
    return len(word.group()) == 1 or word.group().lower() in lexicon().abbreviations
