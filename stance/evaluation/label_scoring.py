"""Scores of any label of three classes: by class, calibration, risk and coverage, baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from stance.evaluation import metrics
from stance.evaluation.metrics import FloatArray, LabelArray
from stance.evaluation.resampling import (
    accuracy_of_confusion,
    bootstrap_interval,
    bootstrap_mean,
    paired_difference,
)
from stance.evaluation.results import BaselineScore, CalibrationScores, LabelScores
from stance.evaluation.row_arrays import CLASSES, Draws
from stance.model import softmax

_CURVE_POINTS = 200


def score_labels(
    draws: Draws,
    gold: LabelArray,
    predicted: LabelArray,
    probabilities: FloatArray | None,
    *,
    names: Sequence[str],
    temperatures: npt.NDArray[np.float64] | None,
    baselines: Mapping[str, LabelArray],
) -> LabelScores:
    """Score the predictions of some rows.

    Args:
        draws: how intervals are drawn.
        gold: ``[n]`` label indices, n > 0.
        predicted: ``[n]`` label indices.
        probabilities: ``[n, 3]``, or None where the system gives none.
        names: of the classes.
        temperatures: ``[n]``, that the logits were divided by, or None where unknown.
        baselines: ``[n]`` label indices by name.
    """
    curve: list[tuple[float, float]] = []
    if probabilities is not None:
        coverage, risk, _ = metrics.risk_coverage(probabilities.max(axis=1), gold == predicted)
        step = np.unique(np.linspace(0, len(coverage) - 1, _CURVE_POINTS).astype(int))
        curve = [(float(coverage[i]), float(risk[i])) for i in step]
    classes = metrics.class_scores(gold, predicted, CLASSES)
    confusion = metrics.confusion_matrix(gold, predicted, CLASSES)
    return LabelScores(
        n=len(gold),
        labels=tuple(names),
        accuracy=bootstrap_interval(gold, predicted, statistic=accuracy_of_confusion, **draws),
        macro_f1=bootstrap_interval(gold, predicted, **draws),
        brier=None
        if probabilities is None
        else bootstrap_mean(brier_scores(probabilities, gold), **draws),
        absent=tuple(names[c] for c in metrics.absent_classes(gold, CLASSES)),
        classes=dict(zip(names, classes, strict=True)),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        risk_coverage=tuple(curve),
        aurc=None
        if probabilities is None
        else metrics.area_under_risk_coverage(probabilities.max(axis=1), gold == predicted),
        calibration=None
        if probabilities is None
        else _score_calibration(probabilities, gold, temperatures),
        baselines={
            name: score_baseline(draws, gold, predicted, answers)
            for name, answers in baselines.items()
        },
    )


def brier_scores(probabilities: FloatArray, gold: LabelArray) -> FloatArray:
    """Brier score ``[n]`` of each row, in [0, 2]."""
    return np.asarray(np.sum((probabilities - np.eye(CLASSES)[gold]) ** 2, axis=1))


def _score_calibration(
    probabilities: FloatArray, gold: LabelArray, temperatures: npt.NDArray[np.float64] | None
) -> CalibrationScores:
    """Of the stored probabilities and, with the temperatures ``[n]`` known, before them."""
    after = np.asarray(probabilities, np.float32)
    scores = CalibrationScores(
        temperatures=None if temperatures is None else tuple(sorted(set(temperatures.tolist()))),
        ece_after=metrics.expected_calibration_error(after, gold),
        brier_after=metrics.brier_score(after, gold),
        bins_after=tuple(metrics.reliability_bins(after, gold)),
    )
    if temperatures is None:
        return scores
    # log p + constant = logits / T, and the constant drops out of the softmax.
    before = softmax(np.log(np.maximum(probabilities, 1e-30)) * temperatures[:, None])
    return CalibrationScores(
        temperatures=scores.temperatures,
        ece_after=scores.ece_after,
        brier_after=scores.brier_after,
        bins_after=scores.bins_after,
        ece_before=metrics.expected_calibration_error(before, gold),
        brier_before=metrics.brier_score(before, gold),
        bins_before=tuple(metrics.reliability_bins(before, gold)),
    )


def score_baseline(
    draws: Draws, gold: LabelArray, model: LabelArray, baseline: LabelArray
) -> BaselineScore:
    """Score a baseline, and what the model is better by."""
    difference = paired_difference(gold, model, baseline, **draws)
    return BaselineScore(
        accuracy=metrics.accuracy(gold, baseline),
        macro_f1=bootstrap_interval(gold, baseline, **draws),
        model_minus_baseline=difference.interval,
        not_better=difference.not_better,
    )
