"""What became of each statement of an article, and the counts that follow from it.

A prediction matches a gold statement when they share half of the word tokens of the shorter and a
third of those of the longer. Matching is one to one, best Dice coefficient first; gold statements
that careful readers may differ on (``optional``) take what the others leave. A prediction that is
then still alone is set aside where it shares half of the shorter with an optional one: such
statements count neither as found nor as false.

Where the file names canonical speakers, the speaker is right by the rules of ``names``; where it
does not, the heads of the two mentions must match, and without a gold mention nothing is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from stance.evaluation.metrics import FloatArray
from stance.evaluation.resampling import Statistic
from stance.evaluation.tasks.attribution.articles import MODALITIES, Attributed, MarkedArticle
from stance.evaluation.tasks.attribution.measures import (
    Counts,
    Words,
    head_match,
    match,
    precision,
    share,
)
from stance.evaluation.tasks.attribution.names import right_speakers
from stance.model import ECE_BINS

Fate = Literal["found", "false", "missed", "aside"]
SURE = 0.9
NOT_LISTED = "not listed"
_SPEAKER = "speaker right, of the statements found"
_SURE_OF_FOUND = "speaker wrong above a confidence of .9, of the statements found"
_SURE_OF_SURE = "speaker wrong above a confidence of .9, of those above it"
_ECE = "ECE of the speaker's confidence, where one is given"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gold statement, a predicted one, or both where they match.

    Attributes:
        fate: ``found`` or ``missed`` gold, a ``false`` prediction, or what counts as neither.
        gold: the gold statement, or None.
        found: the predicted one, or None.
        speaker_right: of matched statements; None where it is not judged.
    """

    fate: Fate
    gold: Attributed | None
    found: Attributed | None
    speaker_right: bool | None = None


def judge(article: MarkedArticle, found: Sequence[Attributed]) -> list[Outcome]:
    """The outcomes of an article, in reading order."""
    words = Words(article.text)
    gold = [item for item in article.attributions if item.content]
    left = [words.of(item.content) for item in gold]
    right = [words.of(item.content) for item in found]
    pairs = _pair(left, right, [not item.optional for item in gold])
    outcomes = [
        Outcome(
            "aside" if gold[i].optional else "found",
            gold[i],
            found[j],
            _right(article, gold[i], found[j], words),
        )
        for i, j in pairs
    ]
    matched, paired = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, item in enumerate(gold):
        if i not in matched:
            outcomes.append(Outcome("aside" if item.optional else "missed", item, None))
    optional = [left[i] for i, item in enumerate(gold) if item.optional]
    for j, item in enumerate(found):
        if j not in paired:
            spared = any(_half(len(other & right[j]), other, right[j]) for other in optional)
            outcomes.append(Outcome("aside" if spared else "false", None, item))
    return sorted(outcomes, key=_place)


def _place(outcome: Outcome) -> tuple[int, int]:
    item = outcome.gold or outcome.found
    return item.content[0] if item is not None and item.content else (0, 0)


def _pair(
    gold: Sequence[frozenset[int]], found: Sequence[frozenset[int]], required: Sequence[bool]
) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for wanted in (True, False):
        rows = [i for i, asked in enumerate(required) if asked is wanted]
        free = [j for j in range(len(found)) if j not in {j for _, j in pairs}]
        new = match([gold[i] for i in rows], [found[j] for j in free], _shares)
        pairs += [(rows[a], free[b]) for a, b in new]
    return pairs


def _shares(common: int, a: int, b: int) -> bool:
    return 2 * common >= min(a, b) and 3 * common >= max(a, b)


def _half(common: int, a: frozenset[int], b: frozenset[int]) -> bool:
    return common > 0 and 2 * common >= min(len(a), len(b))


def _right(
    article: MarkedArticle, gold: Attributed, found: Attributed, words: Words
) -> bool | None:
    if article.speakers is not None:
        return right_speakers(gold.speakers, found.speakers, article.speakers)
    return head_match(article.text, gold, found, words) if gold.source else None


def outcome_counts(outcomes: Sequence[Outcome]) -> Counts:
    """Counts of every measure of canonical speakers for one article."""
    fates = [outcome.fate for outcome in outcomes]
    hits, false, missed = (float(fates.count(fate)) for fate in ("found", "false", "missed"))
    matched = [o for o in outcomes if o.fate == "found" and o.found is not None]
    named = [
        (o.found.confidence, bool(o.speaker_right)) for o in matched if o.found and o.found.speakers
    ]
    right = float(sum(bool(o.speaker_right) for o in matched))
    sure = [ok for confidence, ok in named if confidence > SURE]
    wrong = float(sure.count(False))
    return {
        "statements, F1": (hits, hits + false, hits + missed),
        "statements, precision": (hits, hits + false),
        "statements, recall": (hits, hits + missed),
        _SPEAKER: (right, hits),
        _SURE_OF_FOUND: (wrong, hits),
        _SURE_OF_SURE: (wrong, float(len(sure))),
        _ECE: _bins(named),
    }


def _bins(named: Sequence[tuple[float, bool]]) -> tuple[float, ...]:
    """Rows, summed confidence and right ones of each confidence bin."""
    table = np.zeros((3, ECE_BINS))
    for confidence, ok in named:
        column = min(int(confidence * ECE_BINS), ECE_BINS - 1)
        table[:, column] += (1.0, confidence, float(ok))
    return tuple(table.ravel().tolist())


def calibration_error(counts: npt.NDArray[np.number]) -> FloatArray:
    """Expected calibration error of summed counts ``[..., 3 * bins]``: see :func:`_bins`."""
    rows, confidence, right = np.split(np.asarray(counts, np.float64), 3, axis=-1)
    return share(np.abs(confidence - right).sum(axis=-1), rows.sum(axis=-1))


STATISTICS: dict[str, Statistic] = {
    "statements, precision": precision,
    "statements, recall": precision,
    _SPEAKER: precision,
    _SURE_OF_FOUND: precision,
    _SURE_OF_SURE: precision,
    _ECE: calibration_error,
}
"""How the counts of these measures become a value, where that is not F1."""


def modality_confusion(outcomes: Sequence[Outcome]) -> tuple[tuple[int, ...], ...] | None:
    """Gold modality by row, predicted one by column, and last the gold that is not listed.

    Optional gold is counted too: what a statement's modality is, it does not leave open.

    Returns:
        One row for each of ``MODALITIES``; None where gold or predictions give no modality.
    """
    table = np.zeros((len(MODALITIES), len(MODALITIES) + 1), dtype=np.int64)
    for outcome in outcomes:
        if outcome.gold is None or outcome.gold.modality is None:
            continue
        column = len(MODALITIES)
        if outcome.found is not None:
            if outcome.found.modality is None:
                return None
            column = MODALITIES.index(outcome.found.modality)
        table[MODALITIES.index(outcome.gold.modality), column] += 1
    return tuple(map(tuple, table.tolist())) if table[:, :-1].any() else None
