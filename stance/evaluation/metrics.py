"""Scores of label arrays and probability arrays. Pure functions; NumPy only.

Labels are column indices in canonical order (``stance.labels``). Classes that are absent from gold
are left out of the macro average (they have no recall) and named by :func:`absent_classes`, though
predicting one still costs precision elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.errors import DataError
from stance.model import ECE_BINS, brier_score, expected_calibration_error

__all__ = [
    "Agreement",
    "ClassScores",
    "ReliabilityBin",
    "absent_classes",
    "accuracy",
    "agreement",
    "area_under_risk_coverage",
    "brier_score",
    "class_scores",
    "cohen_kappa",
    "confusion_matrix",
    "expected_calibration_error",
    "f1_of_confusion",
    "macro_f1",
    "macro_of_confusion",
    "mean_f1",
    "reliability_bins",
    "risk_coverage",
]

LabelArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Precision, recall and F1 of one class; 0 where undefined.

    Attributes:
        precision: share of the rows predicted as the class that are of it.
        recall: share of the class's rows that were found.
        f1: their harmonic mean.
        support: gold rows of the class.
        predicted: rows predicted as the class.
    """

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bar of a reliability diagram: rows whose confidence lies in ``[low, high)``."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far stance follows sentiment.

    Attributes:
        n: rows compared.
        share: of the rows with the same sign, in [0, 1].
        kappa: Cohen's kappa, in [-1, 1].
        opposed: share of the rows where one is positive and the other negative, in [0, 1].
    """

    n: int
    share: float
    kappa: float
    opposed: float


def confusion_matrix(gold: LabelArray, predicted: LabelArray, classes: int) -> LabelArray:
    """Counts ``[classes, classes]``: gold by row, predicted by column.

    Raises:
        DataError: the arrays differ in length or hold an index outside ``[0, classes)``.
    """
    if len(gold) != len(predicted):
        raise DataError(f"{len(predicted)} predictions for {len(gold)} gold labels")
    both = np.concatenate([gold, predicted]).astype(np.int64)
    if len(both) and (both.min() < 0 or both.max() >= classes):
        raise DataError(f"label index outside [0, {classes}): {both.min()} to {both.max()}")
    flat = np.bincount(
        np.asarray(gold, np.int64) * classes + np.asarray(predicted, np.int64),
        minlength=classes * classes,
    )
    return flat.reshape(classes, classes).astype(np.int64)


def f1_of_confusion(confusion: npt.NDArray[np.number]) -> FloatArray:
    """F1 of every class of confusion matrices ``[..., k, k]``; 0 where undefined.

    Returns:
        ``[..., k]``.
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1).astype(np.float64)
    total = (confusion.sum(axis=-1) + confusion.sum(axis=-2)).astype(np.float64)
    f1: FloatArray = np.divide(2 * hits, total, out=np.zeros_like(hits), where=total > 0)
    return f1


def macro_of_confusion(confusion: npt.NDArray[np.number]) -> FloatArray:
    """Macro F1 of confusion matrices ``[..., k, k]`` over the classes present in gold.

    Returns:
        ``[...]``; 0 for a matrix without a row.
    """
    present = confusion.sum(axis=-1) > 0
    count = present.sum(axis=-1).astype(np.float64)
    total = np.where(present, f1_of_confusion(confusion), 0.0).sum(axis=-1)
    macro: FloatArray = np.divide(total, count, out=np.zeros_like(count), where=count > 0)
    return macro


def accuracy(gold: LabelArray, predicted: LabelArray) -> float:
    """Share of rows predicted right; 0 for no rows."""
    return float(np.mean(gold == predicted)) if len(gold) else 0.0


def class_scores(gold: LabelArray, predicted: LabelArray, classes: int) -> list[ClassScores]:
    """Precision, recall and F1 of every class, in column order."""
    confusion = confusion_matrix(gold, predicted, classes)
    f1 = f1_of_confusion(confusion)
    scores = []
    for c in range(classes):
        hits, support = int(confusion[c, c]), int(confusion[c].sum())
        found = int(confusion[:, c].sum())
        scores.append(
            ClassScores(
                precision=hits / found if found else 0.0,
                recall=hits / support if support else 0.0,
                f1=float(f1[c]),
                support=support,
                predicted=found,
            )
        )
    return scores


def absent_classes(gold: LabelArray, classes: int) -> list[int]:
    """Classes without a gold row: macro F1 leaves them out."""
    return sorted(set(range(classes)) - {int(g) for g in gold})


def macro_f1(gold: LabelArray, predicted: LabelArray, classes: int) -> float:
    """Mean F1 over the classes present in gold; 0 for no rows."""
    return float(macro_of_confusion(confusion_matrix(gold, predicted, classes)))


def mean_f1(gold: LabelArray, predicted: LabelArray, classes: int, columns: Sequence[int]) -> float:
    """Mean F1 of some classes: of favor and against it is the measure of SemEval-2016 task 6.

    A class of ``columns`` that is absent from gold counts 0, as in that task.
    """
    f1 = f1_of_confusion(confusion_matrix(gold, predicted, classes))
    return float(np.mean(f1[list(columns)]))


def reliability_bins(
    probabilities: npt.NDArray[np.floating], gold: LabelArray, bins: int = ECE_BINS
) -> list[ReliabilityBin]:
    """Confidence and accuracy of equal-width confidence bins; empty bins are left out."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == gold
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    found = []
    for b in range(bins):
        inside = index == b
        if inside.any():
            found.append(
                ReliabilityBin(
                    low=b / bins,
                    high=(b + 1) / bins,
                    n=int(inside.sum()),
                    confidence=float(confidence[inside].mean()),
                    accuracy=float(correct[inside].mean()),
                )
            )
    return found


def risk_coverage(
    confidence: npt.NDArray[np.floating], correct: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Error rate among the rows that are kept when the least confident ones are left out.

    Rows of one confidence are kept or left out together, so the curve does not depend on row order.

    Returns:
        Ascending coverage in (0, 1], the risk (error rate) at it, and the lowest confidence kept.
    """
    if not len(confidence):
        empty = np.zeros(0)
        return empty, empty, empty
    order = np.argsort(-confidence, kind="stable")
    ordered = np.asarray(confidence, np.float64)[order]
    errors = np.cumsum(~np.asarray(correct, bool)[order])
    last = np.append(ordered[1:] != ordered[:-1], True)
    kept = np.arange(1, len(ordered) + 1)[last]
    return kept / len(ordered), errors[last] / kept, ordered[last]


def area_under_risk_coverage(
    confidence: npt.NDArray[np.floating], correct: npt.NDArray[np.bool_]
) -> float:
    """Mean risk over all coverages (Geifman et al. 2019, AURC): lower is better, 0 is best."""
    coverage, risk, _ = risk_coverage(confidence, correct)
    if not len(coverage):
        return 0.0
    return float(np.sum(np.diff(coverage, prepend=0.0) * risk))


def cohen_kappa(first: LabelArray, second: LabelArray, classes: int) -> float:
    """Chance-corrected agreement in [-1, 1]; 1 where both are one constant label."""
    if not len(first):
        return 0.0
    table = confusion_matrix(first, second, classes) / len(first)
    expected = float(table.sum(axis=1) @ table.sum(axis=0))
    observed = float(np.trace(table))
    return 1.0 if expected >= 1.0 else (observed - expected) / (1.0 - expected)


def agreement(stance: LabelArray, sentiment: LabelArray) -> Agreement:
    """How far stance follows sentiment, for ``[n]`` indices of each.

    Both orders run from negative to positive, so index = index means agreement.
    """
    if not len(stance):
        return Agreement(n=0, share=0.0, kappa=0.0, opposed=0.0)
    return Agreement(
        n=len(stance),
        share=float(np.mean(stance == sentiment)),
        kappa=cohen_kappa(stance, sentiment, 3),
        opposed=float(np.mean(np.abs(stance - sentiment) == 2)),
    )
