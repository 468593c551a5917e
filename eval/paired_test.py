"""Are today's labels worse than yesterday's? A paired test."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from stance.evaluation.metrics import LabelArray, confusion_matrix, macro_of_confusion

_ROUNDING = 1e-12


def p_worse(
    gold: LabelArray,
    before: LabelArray,
    now: LabelArray,
    *,
    clusters: Sequence[Hashable],
    classes: int = 3,
    resamples: int = 10_000,
    seed: int = 13,
) -> float:
    """One-sided p that macro F1 fell by so much, or more, by chance alone.

    Approximate randomisation (Noreen 1989; for F1 Yeh 2000): if the change made no difference, the
    two labels of a row could as well stand the other way round. They change places in whole
    clusters (articles), each with probability 1/2, ``resamples`` times.

    Args:
        gold: ``[n]`` label indices, n > 0.
        before: ``[n]`` predicted before the change.
        now: ``[n]`` predicted after it.
        clusters: for each row what it changes places with.
        classes: number of classes.
        resamples: how often places are changed.
        seed: the same seed gives the same p.

    Returns:
        In (0, 1]; 1 where nothing changed.
    """
    ids: dict[Hashable, int] = {}
    of_row = np.array([ids.setdefault(cluster, len(ids)) for cluster in clusters])
    totals = [confusion_matrix(gold, labels, classes).ravel() for labels in (before, now)]
    moved = np.zeros((len(ids), classes * classes))  # what a cluster takes from now to before
    np.add.at(moved, (of_row, gold * classes + before), 1.0)
    np.add.at(moved, (of_row, gold * classes + now), -1.0)
    moved = moved[np.abs(moved).any(axis=1)]
    swapped = np.random.default_rng(seed).integers(0, 2, (resamples, len(moved))) @ moved

    def macro(counts: np.typing.NDArray[np.number]) -> np.typing.NDArray[np.float64]:
        return macro_of_confusion(counts.reshape(-1, classes, classes))

    seen = float((macro(totals[1]) - macro(totals[0]))[0])
    drawn = macro(totals[1] + swapped) - macro(totals[0] - swapped)
    return float((1 + np.sum(drawn <= seen + _ROUNDING)) / (1 + resamples))
