"""Measures of a confusion matrix, for all resamples at once; NaN where a measure is not defined.

Each takes confusion matrices ``[..., 3, 3]`` (gold by row, predicted by column; against, neutral,
favor) and gives ``[...]``. Since they are functions of counts, one draw of clusters gives the
interval of each (:func:`stance.evaluation.resampling.bootstrap_interval`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from stance.evaluation.agreement import alpha_of_coincidences, kappa_of_counts
from stance.evaluation.metrics import (
    FloatArray,
    LabelArray,
    f1_of_confusion,
    macro_of_confusion,
)
from stance.evaluation.resampling import (
    Interval,
    Statistic,
    accuracy_of_confusion,
    bootstrap_interval,
)

_AGAINST, _NEUTRAL, _FAVOR = range(3)
Confusion = npt.NDArray[np.number]


def sided_f1_of_confusion(confusion: Confusion) -> FloatArray:
    """Mean F1 of favor and against, the measure of SemEval-2016 task 6 (Mohammad et al. 2016).

    NaN where gold lacks one of the two.
    """
    f1, sides = f1_of_confusion(confusion), [_AGAINST, _FAVOR]
    gold = np.asarray(confusion).sum(axis=-1)
    both = (gold[..., sides] > 0).all(axis=-1)
    return np.where(both, f1[..., sides].mean(axis=-1), np.nan)


def mcc_of_confusion(confusion: Confusion) -> FloatArray:
    """Matthews' correlation of several classes (Gorodkin 2004), in [-1, 1].

    NaN where gold or the predictions are constant: nothing correlates with a constant.
    """
    matrix = np.asarray(confusion, np.float64)
    gold, predicted = matrix.sum(axis=-1), matrix.sum(axis=-2)
    total, hits = matrix.sum(axis=(-2, -1)), np.trace(matrix, axis1=-2, axis2=-1)
    spread = (total**2 - (predicted**2).sum(axis=-1)) * (total**2 - (gold**2).sum(axis=-1))
    top = hits * total - (gold * predicted).sum(axis=-1)
    return _ratio(top, np.sqrt(spread))


def kappa_of_confusion(confusion: Confusion) -> FloatArray:
    """Cohen's kappa of gold and predictions; NaN where both are one label throughout."""
    matrix = np.asarray(confusion, np.float64)
    return kappa_of_counts(matrix.reshape(-1, 9)).reshape(matrix.shape[:-2])


def alpha_of_confusion(confusion: Confusion) -> FloatArray:
    """Krippendorff's alpha (nominal) of gold and predictions as two coders; NaN for one label."""
    matrix = np.asarray(confusion, np.float64)
    both = matrix + np.swapaxes(matrix, -2, -1)
    return alpha_of_coincidences(both.reshape(-1, 9)).reshape(matrix.shape[:-2])


def wrong_sides_of_confusion(confusion: Confusion) -> FloatArray:
    """Share of the rows of gold favor or against that got the opposite; NaN without such rows."""
    matrix = np.asarray(confusion, np.float64)
    wrong = matrix[..., _AGAINST, _FAVOR] + matrix[..., _FAVOR, _AGAINST]
    sided = matrix[..., _AGAINST, :].sum(axis=-1) + matrix[..., _FAVOR, :].sum(axis=-1)
    return _ratio(wrong, sided)


def false_sides_of_confusion(confusion: Confusion) -> FloatArray:
    """Share of the rows of gold neutral that got a side; NaN without such rows."""
    matrix = np.asarray(confusion, np.float64)
    neutral = matrix[..., _NEUTRAL, :].sum(axis=-1)
    return _ratio(neutral - matrix[..., _NEUTRAL, _NEUTRAL], neutral)


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    top, bottom = np.asarray(top, np.float64), np.asarray(bottom, np.float64)
    found = np.full(np.broadcast(top, bottom).shape, np.nan)
    return np.asarray(np.divide(top, bottom, out=found, where=bottom > 0))


MEASURES: Mapping[str, Statistic] = {
    "accuracy": accuracy_of_confusion,
    "macro F1": macro_of_confusion,
    "mean F1 of favor and against": sided_f1_of_confusion,
    "MCC": mcc_of_confusion,
    "kappa": kappa_of_confusion,
    "alpha": alpha_of_confusion,
    "wrong sides": wrong_sides_of_confusion,
    "false sides": false_sides_of_confusion,
}


def measure_labels(
    gold: LabelArray,
    predicted: LabelArray,
    *,
    clusters: Sequence[Hashable] | None = None,
    unit: str = "row",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 13,
) -> dict[str, Interval | None]:
    """Every measure of :data:`MEASURES` with its interval, from the same draws of clusters.

    Args:
        gold: ``[n]`` indices of stances in canonical order, n > 0.
        predicted: ``[n]`` such indices.
        clusters: see :func:`bootstrap_interval`, also for what follows.
        unit: name of a cluster.
        resamples: bootstrap samples; those in which a measure is not defined are left out of its
            interval.
        level: nominal coverage.
        seed: of the draws.

    Returns:
        By name; None where a measure is not defined for these rows.

    Raises:
        DataError: no rows, or lengths differ.
    """
    found: dict[str, Interval | None] = {}
    for name, statistic in MEASURES.items():
        interval = bootstrap_interval(
            gold,
            predicted,
            statistic=statistic,
            clusters=clusters,
            unit=unit,
            resamples=resamples,
            level=level,
            seed=seed,
        )
        found[name] = None if np.isnan(interval.value) else interval
    return found
