"""An article cut into paragraphs and pieces, each knowing the statements that it belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from stance.schema import Span, Statement

_BLANK = re.compile(r"\r?\n\s*\n")
_BREAK = re.compile(r"\r?\n")


@dataclass(slots=True)
class Piece:
    """Characters of an article that all belong to the same statements, cues and mentions.

    Attributes:
        text: the characters.
        statements: numbers of the statements that hold them, from 0, the outermost first.
        cue_of: numbers of the statements whose cue they are part of.
        mention_of: numbers of the statements whose speaker they name.
        last_of: numbers of the statements of which this is the last piece.
    """

    text: str
    statements: list[int]
    cue_of: list[int]
    mention_of: list[int]
    last_of: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its pieces in order, and the line breaks after it."""

    pieces: list[Piece]
    gap: str


def cut_article(text: str, statements: Sequence[Statement]) -> list[Paragraph]:
    """Cut a text at its blank lines, else its line breaks, and at the ends of all that is marked.

    The texts of all pieces and gaps, joined, are the article.
    """
    starts: dict[int, set[tuple[str, int]]] = defaultdict(set)
    ends: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for number, statement in enumerate(statements):
        for what, span in _marked(statement):
            starts[span.start].add((what, number))
            ends[span.end].add((what, number))
    gap_pattern = _BLANK if _BLANK.search(text) else _BREAK
    gaps = {found.start(): found.end() for found in gap_pattern.finditer(text)}
    bounds = sorted({0, len(text), *starts, *ends, *gaps, *gaps.values()})
    paragraphs: list[Paragraph] = []
    pieces: list[Piece] = []
    last: dict[int, Piece] = {}
    held: set[tuple[str, int]] = set()
    gap, gap_end = "", 0
    for left, right in pairwise(bounds):
        held = held - ends[left] | starts[left]
        gap_end = gaps.get(left, gap_end)
        if left < gap_end:
            gap += text[left:right]
            continue
        if gap:
            paragraphs.append(Paragraph(pieces, gap))
            pieces, gap = [], ""
        holders = sorted(
            (n for what, n in held if what == "statement"),
            key=lambda n: (statements[n].start - statements[n].end, n),
        )
        piece = Piece(
            text[left:right],
            holders,
            sorted(n for what, n in held if what == "cue"),
            sorted(n for what, n in held if what == "mention"),
        )
        pieces.append(piece)
        last.update((number, piece) for number in holders)
    for number, piece in sorted(last.items()):
        piece.last_of.append(number)
    return [*paragraphs, Paragraph(pieces, gap)]


def _marked(statement: Statement) -> Iterator[tuple[str, Span]]:
    yield from (("statement", span) for span in statement.spans)
    if statement.cue:
        yield "cue", statement.cue
    if statement.speaker_mention:
        yield "mention", statement.speaker_mention
