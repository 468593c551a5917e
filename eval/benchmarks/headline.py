"""The measures that benchmarks rank by, of confusion counts by target ``[..., targets, k, k]``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from stance.evaluation.metrics import f1_of_confusion, macro_of_confusion
from stance.evaluation.resampling import accuracy_of_confusion

Counts = npt.NDArray[np.number]
Values = npt.NDArray[np.float64]
HeadlineName = Literal["F_avg", "F_avg by target", "macro F1", "accuracy", "F1 of favor"]
SIDES = [0, 2]  # against and favor


def _all(counts: Counts) -> Counts:
    summed: Counts = counts.sum(axis=-3)
    return summed


def f_avg(counts: Counts) -> Values:
    """Mean F1 of favor and against over all rows (SemEval-2016 task 6)."""
    mean: Values = f1_of_confusion(_all(counts))[..., SIDES].mean(axis=-1)
    return mean


def f_avg_by_target(counts: Counts) -> Values:
    """The same for each target, and their mean (P-Stance)."""
    mean: Values = f1_of_confusion(counts)[..., SIDES].mean(axis=(-2, -1))
    return mean


def f1_of_favor(counts: Counts) -> Values:
    """F1 of favor (Perspectrum: of support)."""
    f1: Values = f1_of_confusion(_all(counts))[..., 2]
    return f1


HEADLINES: dict[HeadlineName, Callable[[Counts], Values]] = {
    "F_avg": f_avg,
    "F_avg by target": f_avg_by_target,
    "macro F1": lambda counts: macro_of_confusion(_all(counts)),
    "accuracy": lambda counts: accuracy_of_confusion(_all(counts)),
    "F1 of favor": f1_of_favor,
}
