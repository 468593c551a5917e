"""Logits -> calibrated probabilities, prediction sets and abstention. No torch.

Temperature scaling after Guo et al. 2017 ("On Calibration of Modern Neural Networks"); prediction
sets by split conformal prediction with the score 1 - p(label) (Sadinle et al. 2019).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.errors import CalibrationError, MissingExtraError

FloatArray = npt.NDArray[np.float32]
LabelArray = npt.NDArray[np.int64]
MIN_ROWS = 30
ECE_BINS = 10


def softmax(
    logits: npt.NDArray[np.floating], temperature: float | npt.NDArray[np.floating] = 1.0
) -> FloatArray:
    """Probabilities ``[n, k]`` of logits ``[n, k]`` over a temperature > 0: one, or ``[n]``."""
    scaled = np.asarray(logits, dtype=np.float64) / np.reshape(temperature, (-1, 1))
    scaled -= scaled.max(axis=1, keepdims=True)
    weights = np.exp(scaled)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


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
        chosen = softmax(logits, math.exp(log_temperature))[np.arange(len(gold)), gold]
        return float(-np.mean(np.log(np.maximum(chosen, 1e-12))))

    found = minimize_scalar(loss, bounds=(math.log(0.05), math.log(20.0)), method="bounded")
    return float(math.exp(found.x))


def expected_calibration_error(
    probabilities: FloatArray, gold: LabelArray, bins: int = ECE_BINS
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, in [0, 1]."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == gold
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            gap += inside.mean() * abs(confidence[inside].mean() - correct[inside].mean())
    return float(gap)


def brier_score(probabilities: FloatArray, gold: LabelArray) -> float:
    """Mean squared distance to the one-hot gold, summed over classes: in [0, 2]."""
    onehot = np.eye(probabilities.shape[1])[gold]
    return float(np.mean(np.sum((probabilities - onehot) ** 2, axis=1)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns a checkpoint's logits into probabilities.

    Attributes:
        stance_temperature: divides stance logits.
        sentiment_temperature: divides sentiment logits.
        conformal_scores: ascending ``1 - p(gold)`` of the calibration rows.
        facts: n, and ECE and Brier before and after, for the model card.
        context_temperature: divides stance logits where a context was read, which is harder to
            be right about; None uses ``stance_temperature``.
    """

    stance_temperature: float = 1.0
    sentiment_temperature: float = 1.0
    conformal_scores: tuple[float, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)
    context_temperature: float | None = None

    def stance_temperatures(
        self, with_context: Sequence[bool] | npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """The temperature ``[n]`` of each row, given which rows have a context."""
        around = self.context_temperature or self.stance_temperature
        return np.where(np.asarray(with_context, bool), around, self.stance_temperature)

    def threshold(self, coverage: float) -> float:
        """Smallest probability a label needs to be in the set at this coverage.

        Args:
            coverage: share of statements whose set should hold the gold label, in (0, 1).

        Raises:
            CalibrationError: coverage out of range, or too few calibration rows for it.
        """
        n = len(self.conformal_scores)
        if not 0 < coverage < 1:
            raise CalibrationError(f"coverage is {coverage}: give a number between 0 and 1")
        # With this many of n scores below it, a new one is as well with the chosen probability;
        # the tiny step keeps 100 * 0.55 from being counted as 56.
        rank = math.ceil((n + 1) * coverage - 1e-9)
        if rank > n:
            raise CalibrationError(
                f"coverage {coverage} needs more than the checkpoint's {n} calibration rows"
            )
        return 1.0 - sorted(self.conformal_scores)[rank - 1]

    def save(self, path: Path) -> None:
        """Write as JSON."""
        content = {
            "stance_temperature": self.stance_temperature,
            "sentiment_temperature": self.sentiment_temperature,
            "context_temperature": self.context_temperature,
            "facts": self.facts,
            "conformal_scores": [round(s, 6) for s in self.conformal_scores],
        }
        path.write_text(json.dumps(content) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read what :meth:`save` wrote.

        Raises:
            CalibrationError: the file is missing or not of this form.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            around = content.get("context_temperature")
            return cls(
                stance_temperature=float(content["stance_temperature"]),
                sentiment_temperature=float(content["sentiment_temperature"]),
                context_temperature=None if around is None else float(around),
                conformal_scores=tuple(float(s) for s in content["conformal_scores"]),
                facts={str(k): float(v) for k, v in content["facts"].items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CalibrationError(f"cannot read calibration {path}: {error}") from error


def fit_calibration(
    stance_logits: npt.NDArray[np.floating],
    stance_gold: LabelArray,
    sentiment_logits: npt.NDArray[np.floating],
    sentiment_gold: LabelArray,
    with_context: Sequence[bool] | None = None,
) -> Calibration:
    """Fit the temperatures and the conformal scores on held-out rows.

    Args:
        stance_logits: ``[n, 3]``, with ``stance_gold`` ``[n]``.
        stance_gold: column indices.
        sentiment_logits: ``[m, 3]``, with ``sentiment_gold`` ``[m]``.
        sentiment_gold: column indices.
        with_context: which of the n rows have a context; a temperature of their own is fitted
            for them where either kind has 30 rows and every class. None fits one for all.

    Raises:
        CalibrationError: too few rows, or a class without a row.
    """
    around = np.zeros(len(stance_gold), bool) if with_context is None else np.array(with_context)
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
    before = softmax(stance_logits)
    after = softmax(stance_logits, fitted.stance_temperatures(around))
    scores = np.sort(1.0 - after[np.arange(len(stance_gold)), stance_gold])
    return replace(
        fitted,
        conformal_scores=tuple(float(s) for s in scores),
        facts={
            "n": float(len(stance_gold)),
            "ece_before": expected_calibration_error(before, stance_gold),
            "ece_after": expected_calibration_error(after, stance_gold),
            "brier_before": brier_score(before, stance_gold),
            "brier_after": brier_score(after, stance_gold),
        },
    )
