"""Which words moved an answer: each is left out in turn, and the answer is asked for again.

Occlusion (Zeiler and Fergus 2014; "leave one out" in Li et al. 2016, "Understanding Neural Networks
through Representation Erasure"). It needs no gradient and no further package, works with every kind
of checkpoint, and its weights are differences of the answer itself. How faithful it is beside
gradients, integrated gradients and a random order is what ``configs/eval/explanations.yaml``
measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stance.labels import Sentiment, Stance
from stance.model.calibration import FloatArray
from stance.model.pairs import MASK, statement_place
from stance.model.scorer import Rows
from stance.schema import Explanation, Head, Influence, Part, Span

Range = tuple[int, int]
ROWS = 16  # that are explained together; memory holds their variants

_WORD = re.compile(r"\w+(?:[.,’'\-‐‑]\w+)*")
# Behind a final mark and what closes it. A short capitalised word before a full stop is taken for
# an abbreviation ("Mr.", "Sen.", "U.S.").
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?…]+[\"”’')\]]*\s+|\n+"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or sentence: the text that it stands in, and ``[start, end)`` there, as read."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as the model reads it, with the statement masked in its context.

    Attributes:
        texts: what it reads of each part; no context where it reads none.
        speaker: who is named, or None.
        words: the words of the statement, the target and the context, in this order.
        sentences: those of the context.
    """

    texts: dict[Part, str]
    speaker: str | None
    words: tuple[Piece, ...]
    sentences: tuple[Piece, ...]
    _given: str = field(default="", repr=False)
    _place: Range = (0, 0)

    @classmethod
    def of(cls, statement: str, target: str, context: str | None, speaker: str | None) -> ReadRow:
        """Mask the statement in its context and find all words."""
        given = context or ""
        place = statement_place(statement, given) or (len(given), len(given))
        mask = MASK if place[0] < place[1] else ""
        texts: dict[Part, str] = {
            "statement": statement,
            "target": target,
            "context": f"{given[: place[0]]}{mask}{given[place[1] :]}",
        }
        words = [
            Piece(part, found.start(), found.end())
            for part, text in texts.items()
            for found in _WORD.finditer(text)
        ]
        return cls(texts, speaker, tuple(words), tuple(_sentences(texts["context"])), given, place)

    def without(self, pieces: Iterable[Piece], filler: str = "") -> tuple[str, str, str]:
        """Statement, target and context without these words, or with a filler in their place."""
        ranges: dict[Part, list[Range]] = {part: [] for part in self.texts}
        for piece in pieces:
            ranges[piece.part].append((piece.start, piece.end))
        said, target, context = (
            _cut(self.texts[part], sorted(ranges[part]), filler) for part in self.texts
        )
        return said, target, context

    def span(self, piece: Piece) -> Span:
        """Where a piece stands in the text as it was given."""
        if piece.part != "context":
            return Span.of(self.texts[piece.part], piece.start, piece.end)
        begin, stop = self._place
        grown = (stop - begin) - (len(MASK) if stop > begin else 0)

        def given(at: int) -> int:
            return at if at <= begin else at + grown

        return Span.of(self._given, given(piece.start), given(piece.end))


def _sentences(context: str) -> Iterable[Piece]:
    """The sentences that hold a word."""
    start = 0
    for end in [*(found.end() for found in _SENTENCE_END.finditer(context)), len(context)]:
        body = context[start:end]
        first = start + len(body) - len(body.lstrip())
        last = start + len(body.rstrip())
        if _WORD.search(body):
            yield Piece("context", first, last)
        start = end


def _cut(text: str, ranges: Iterable[Range], filler: str) -> str:
    """A text without some ranges, of which a mask stays; a gap closes up."""
    kept, at = [], 0
    for start, end in ranges:
        kept.append(text[at:start])
        stays = MASK if MASK in text[start:end] else filler
        kept.append(stays)
        at = end + (not stays and text[end : end + 1].isspace())
    kept.append(text[at:])
    return "".join(kept).strip()


def explain_rows(
    rows: Rows,
    judge: Callable[[Rows], FloatArray],
    *,
    head: Head,
    reads_context: bool,
    readable: Callable[[str], bool],
) -> list[Explanation]:
    """Leave out each word and each sentence of the context in turn.

    Args:
        rows: what is explained.
        judge: the probabilities ``[n, 3]`` of a head, in canonical label order.
        head: that it gives.
        reads_context: whether it reads contexts.
        readable: whether it can judge toward a target; words of a target that it cannot do without
            are not left out.
    """
    labels: list[Stance | Sentiment] = [*Stance] if head == "stance" else [*Sentiment]
    read, asked = [], []
    for given in zip(rows.statements, rows.targets, rows.contexts, rows.speakers, strict=True):
        statement, target, context, speaker = given
        row = ReadRow.of(statement, target, context if reads_context else None, speaker)
        pieces = [
            piece
            for piece in (*row.words, *row.sentences)
            if piece.part != "target" or readable(row.without([piece])[1])
        ]
        read.append((row, pieces))
        asked.append((*row.without(()), speaker))
        asked += [(*row.without([piece]), speaker) for piece in pieces]
    said, targets, contexts, speakers = map(list, zip(*asked, strict=True))
    shares = judge(Rows(said, targets, contexts, speakers, masked=True))
    made, at = [], 0
    for row, pieces in read:
        own = shares[at : at + 1 + len(pieces)]
        best = int(own[0].argmax())
        moved = [
            Influence(piece.part, row.span(piece), float(own[0, best] - other))
            for piece, other in zip(pieces, own[1:, best], strict=True)
        ]
        sentences = len(row.sentences)
        made.append(
            Explanation(
                row.texts["target"],
                head,
                labels[best],
                float(own[0, best]),
                tuple(moved[: len(moved) - sentences]),
                tuple(moved[len(moved) - sentences :]),
            )
        )
        at += len(own)
    return made
