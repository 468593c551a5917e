"""Which words moved an answer: each is left out in turn, and the answer is asked for again.

Occlusion (Zeiler and Fergus 2014; "leave one out" in Li et al. 2016, "Understanding Neural Networks
through Representation Erasure"). It needs no gradient and no further package, works with every kind
of checkpoint, and its weights are differences of the answer itself. How faithful it is beside
gradients, integrated gradients and a random order is what ``configs/eval/explanations.yaml``
measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Trial:
    """A question about a row: what is the answer without this piece, or of the whole row?"""

    row: ReadRow
    without: Piece | None = None


@dataclass(frozen=True, slots=True)
class WordTrials:
    """Rows that are to be explained, and what is asked of each.

    Attributes:
        asked: of each row in turn: the row whole, then without each word and without each
            sentence of its context.
    """

    asked: tuple[Trial, ...]

    @classmethod
    def of(cls, rows: Rows, *, reads_context: bool, readable: Callable[[str], bool]) -> WordTrials:
        """Leave out each word and each sentence of the context in turn.

        Args:
            rows: what is explained.
            reads_context: whether the checkpoint reads contexts.
            readable: whether it can judge toward a target; words of a target that it cannot do
                without are not left out.
        """
        asked: list[Trial] = []
        for given in zip(rows.statements, rows.targets, rows.contexts, rows.speakers, strict=True):
            statement, target, context, speaker = given
            row = ReadRow.of(statement, target, context if reads_context else None, speaker)
            asked.append(Trial(row))
            asked += [
                Trial(row, piece)
                for piece in (*row.words, *row.sentences)
                if piece.part != "target" or readable(row.without([piece])[1])
            ]
        return cls(tuple(asked))

    def explanations(self, shares: FloatArray, head: Head) -> list[Explanation]:
        """One explanation a row.

        Args:
            shares: probabilities ``[n, 3]`` of all that is asked, in canonical label order.
            head: which answer they are of.
        """
        labels: list[Stance | Sentiment] = [*Stance] if head == "stance" else [*Sentiment]
        starts = [at for at, trial in enumerate(self.asked) if trial.without is None]
        made = []
        for start, end in zip(starts, [*starts[1:], len(self.asked)], strict=True):
            row, own = self.asked[start].row, shares[start:end]
            best = int(own[0].argmax())
            moved = [
                Influence(trial.without.part, row.span(trial.without), float(own[0, best] - other))
                for trial, other in zip(self.asked[start + 1 : end], own[1:, best], strict=True)
                if trial.without is not None
            ]
            words = len(moved) - len(row.sentences)
            made.append(
                Explanation(
                    row.texts["target"],
                    head,
                    labels[best],
                    float(own[0, best]),
                    tuple(moved[:words]),
                    tuple(moved[words:]),
                )
            )
        return made


def trial_rows(trials: Sequence[Trial]) -> Rows:
    """What the model is to read."""
    read = [trial.row.without([trial.without] if trial.without else ()) for trial in trials]
    said, targets, contexts = map(list, zip(*read, strict=True))
    return Rows(said, targets, contexts, [trial.row.speaker for trial in trials], masked=True)
