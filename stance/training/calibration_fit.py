"""Fitting a calibration on held-out rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from stance.errors import CalibrationError, MissingExtraError
from stance.evaluation.metrics import LabelArray, macro_f1
from stance.labels import Stance
from stance.model import (
    Calibration,
    CalibrationQuality,
    brier_score,
    expected_calibration_error,
    softmax,
)
from stance.training.pair_batches import FloatArray

Bias = Literal["likelihood", "macro F1"]
MIN_ROWS = 30
MIN_SHIFT_ROWS = 500
"""Fewer rows tell more of chance than of where macro F1 is highest."""
_SHIFTS = [round(step / 10, 1) for step in range(-10, 11)]


def fit_temperature(logits: npt.NDArray[np.floating], gold: LabelArray) -> float:
    """Temperature that minimises the negative log-likelihood.

    Args:
        logits: ``[n, k]``, held-out rows only.
        gold: ``[n]`` column indices.

    Returns:
        A temperature in [0.05, 20]; 1 leaves the logits unchanged.

    Raises:
        CalibrationError: fewer than 30 rows, a class without a row, or a logit that is no number.
        MissingExtraError: SciPy is not installed.
    """
    try:
        from scipy.optimize import minimize_scalar
    except ImportError as error:
        raise MissingExtraError(
            "fitting a calibration needs SciPy: pip install 'newsstance[train]'"
        ) from error
    if not np.isfinite(logits).all():
        raise CalibrationError("calibration logits are not all numbers: the model is damaged")
    if len(gold) < MIN_ROWS:
        raise CalibrationError(f"calibration needs at least {MIN_ROWS} rows, got {len(gold)}")
    absent = set(range(logits.shape[1])) - set(gold.tolist())
    if absent:
        raise CalibrationError(f"calibration rows lack label column(s) {sorted(absent)}")

    def loss(log_temperature: float) -> float:
        return log_loss(softmax(logits, math.exp(log_temperature)), gold)

    found = minimize_scalar(loss, bounds=(math.log(0.05), math.log(20.0)), method="bounded")
    return float(math.exp(found.x))


def fit_calibration(
    stance_logits: npt.NDArray[np.floating],
    stance_gold: LabelArray,
    sentiment_logits: npt.NDArray[np.floating],
    sentiment_gold: LabelArray,
    used_context: Sequence[bool] | None = None,
    *,
    bias: Bias | None = None,
) -> Calibration:
    """Fit the temperatures and the conformal scores on held-out rows.

    Args:
        stance_logits: ``[n, 3]``, with ``stance_gold`` ``[n]``.
        stance_gold: column indices.
        sentiment_logits: ``[m, 3]``, with ``sentiment_gold`` ``[m]``.
        sentiment_gold: column indices.
        used_context: of which of the n rows a context was read; a temperature of their own is
            fitted for them where either kind has 30 rows and every class. None fits one for all.
        bias: also fit a bias of the classes of stance. ``likelihood`` gives each class the one that
            makes the gold labels likeliest. ``macro F1`` shifts neutral against both sides to where
            the rows' macro F1 is highest: a model that is unsure says neutral, the commonest class,
            more often than annotators do. It costs a little calibration.

    Raises:
        CalibrationError: too few rows, or a class without a row.
    """
    given = [False] * len(stance_gold) if used_context is None else used_context
    around = np.array(given, dtype=bool)
    apart = all(
        some.sum() >= MIN_ROWS and len(set(stance_gold[some])) == stance_logits.shape[1]
        for some in (around, ~around)
    )
    plain = ~around if apart else np.ones_like(around)
    fitted = Calibration(
        stance_temperature=fit_temperature(stance_logits[plain], stance_gold[plain]),
        sentiment_temperature=fit_temperature(sentiment_logits, sentiment_gold),
        context_temperature=fit_temperature(stance_logits[around], stance_gold[around])
        if apart
        else None,
    )
    if bias == "likelihood":
        fitted = _fit_bias(fitted, stance_logits, stance_gold, around)
    elif bias == "macro F1" and len(stance_gold) >= MIN_SHIFT_ROWS:
        fitted = _fit_shift(fitted, stance_logits, stance_gold, around)
    before = softmax(stance_logits)
    after = fitted.stance_probabilities(stance_logits, around)
    scores = 1.0 - after[np.arange(len(stance_gold)), stance_gold]
    return replace(
        fitted,
        conformal_scores=ascending(scores),
        conformal_by_stance={
            str(label): ascending(scores[stance_gold == column])
            for column, label in enumerate(Stance)
            if np.sum(stance_gold == column) >= MIN_ROWS
        },
        quality=CalibrationQuality(
            n=len(stance_gold),
            ece_before=expected_calibration_error(before, stance_gold),
            ece_after=expected_calibration_error(after, stance_gold),
            brier_before=brier_score(before, stance_gold),
            brier_after=brier_score(after, stance_gold),
        ),
    )


def ascending(scores: npt.NDArray[np.floating] | Sequence[float]) -> tuple[float, ...]:
    """Conformal scores in the order, and within the range, that a calibration holds them in."""
    return tuple(sorted(min(1.0, max(0.0, float(score))) for score in scores))


def log_loss(probabilities: FloatArray, gold: LabelArray) -> float:
    """Mean negative log-likelihood of the gold labels, 0 or more."""
    chosen = probabilities[np.arange(len(gold)), gold]
    return float(-np.mean(np.log(np.maximum(chosen, 1e-12))))


def _fit_bias(
    start: Calibration,
    logits: npt.NDArray[np.floating],
    gold: LabelArray,
    around: npt.NDArray[np.bool_],
) -> Calibration:
    """Fit the stance temperatures again, together with a bias for each class that sums to 0."""
    from scipy.optimize import minimize

    apart = start.context_temperature is not None

    def at(values: npt.NDArray[np.float64]) -> Calibration:
        against, favor, *logs = (float(value) for value in values)
        neutral = -(against + favor)
        return replace(
            start,
            stance_bias=(against, neutral, favor),
            stance_temperature=math.exp(logs[0]),
            context_temperature=math.exp(logs[1]) if apart else None,
        )

    def loss(values: npt.NDArray[np.float64]) -> float:
        return log_loss(at(values).stance_probabilities(logits, around), gold)

    logs = [math.log(start.stance_temperature)]
    if start.context_temperature is not None:
        logs.append(math.log(start.context_temperature))
    bounds = [(-3.0, 3.0)] * 2 + [(math.log(0.05), math.log(20.0))] * len(logs)
    found = minimize(loss, [0.0, 0.0, *logs], bounds=bounds, method="Powell")
    return at(found.x)


def _fit_shift(
    start: Calibration,
    logits: npt.NDArray[np.floating],
    gold: LabelArray,
    around: npt.NDArray[np.bool_],
) -> Calibration:
    """Shift neutral to the highest macro F1; of equal ones the smallest shift."""
    neutral = list(Stance).index(Stance.NEUTRAL)

    def shifted(shift: float) -> Calibration:
        bias = [round(-shift / len(Stance), 6)] * len(Stance)
        bias[neutral] *= 1 - len(Stance)
        return replace(start, stance_bias=tuple(bias))

    def score(shift: float) -> tuple[float, float]:
        found = shifted(shift).stance_probabilities(logits, around).argmax(axis=1)
        return macro_f1(gold, found, len(Stance)), -abs(shift)

    return shifted(max(_SHIFTS, key=score))
