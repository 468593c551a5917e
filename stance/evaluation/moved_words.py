"""The words that moved a predicted stance: found with a classifier, kept with the predictions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast, runtime_checkable

from stance.errors import DataError
from stance.evaluation.labelled_sets import LabelledRow
from stance.labels import Stance
from stance.report import Piece, cut_words
from stance.schema import Explanation, Influence, Part, Span
from stance.untrusted import parse_json


@dataclass(frozen=True, slots=True)
class MovingWords:
    """What a report says of why a row got its stance.

    Attributes:
        label: the most probable stance, also where the classifier abstained.
        words: that moved it, the strongest first.
        sentence: of the context, that moved it most, or None.
    """

    label: Stance
    words: tuple[Influence, ...] = ()
    sentence: Influence | None = None

    @classmethod
    def of(cls, explanation: Explanation) -> MovingWords:
        """What is shown of an explanation, with weights as the file holds them."""
        sentence = explanation.sentence
        return cls(
            Stance(explanation.label),
            tuple(map(_as_stored, explanation.strongest())),
            None if sentence is None else _as_stored(sentence),
        )

    def cut(self, part: Part, text: str) -> list[Piece]:
        """A text of the row in pieces, each with its weight, 0 where it did not move the stance."""
        return cut_words(part, text, self.words)


@runtime_checkable
class Explaining(Protocol):
    """What explaining needs of ``stance.StanceClassifier``."""

    def explain(
        self,
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str | None] | None = None,
        /,
        *,
        speakers: Sequence[str | None] | None = None,
        batch_size: int = 32,
    ) -> list[Explanation]:
        """The words that moved each answer."""


def explain_labelled(
    rows: Sequence[LabelledRow], classifier: Explaining, batch_size: int
) -> list[MovingWords]:
    """The words that moved the stance of each row."""
    if not rows:
        return []
    found = classifier.explain(
        [row.text for row in rows],
        [row.target for row in rows],
        [row.context or None for row in rows],
        speakers=[row.speaker for row in rows],
        batch_size=batch_size,
    )
    return [MovingWords.of(explanation) for explanation in found]


def _as_stored(item: Influence) -> Influence:
    return Influence(item.part, item.span, round(item.weight, 6))


def moved_cell(moved: MovingWords | None) -> str | None:
    """The cell of a stored prediction: label, and ``[part, start, end, weight]`` of each word."""
    if moved is None:
        return None
    told: dict[str, object] = {
        "label": moved.label.value,
        "words": [_places(w) for w in moved.words],
    }
    if moved.sentence is not None:
        told["sentence"] = _places(moved.sentence)
    return json.dumps(told, ensure_ascii=False)


def _places(item: Influence) -> list[object]:
    return [item.part, item.span.start, item.span.end, item.weight]


def read_moved(cell: str, texts: Mapping[Part, str], where: str) -> MovingWords | None:
    """Read what :func:`moved_cell` gave; None of an empty cell.

    Args:
        cell: the cell.
        texts: of the row, that the places are in.
        where: what a complaint begins with: file, row and field.

    Raises:
        DataError: it is damaged, or a place is not in the row's text.
    """
    if not cell:
        return None
    try:
        told = cast(dict[str, Any], parse_json(cell))
        words = tuple(_influence(item, texts) for item in told["words"])
        sentence = _influence(told["sentence"], texts) if "sentence" in told else None
        return MovingWords(Stance(told["label"]), words, sentence)
    except (ValueError, TypeError, KeyError):
        raise DataError(
            f"{where} does not say which words of this row moved its stance: run the evaluation "
            "again"
        ) from None


def _influence(item: object, texts: Mapping[Part, str]) -> Influence:
    """Raises: ValueError, TypeError or KeyError where it is none of these texts."""
    part, start, end, weight = cast("list[Any]", item)  # ValueError unless there are four
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(texts[part])):
        raise ValueError("no such place")
    if not (isinstance(weight, float) and -1 <= weight <= 1):
        raise ValueError("no such weight")
    return Influence(part, Span.of(texts[part], start, end), weight)
