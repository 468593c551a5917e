"""Calibration of a trained model on pairs that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stance.errors import CalibrationError
from stance.evaluation.metrics import LabelArray
from stance.model import Calibration, expected_calibration_error
from stance.training.calibration_fit import (
    Bias,
    fit_calibration,
    fit_temperature,
    log_loss,
)
from stance.training.losses import IGNORED
from stance.training.pair_batches import FloatArray, sentiment_columns, stance_columns
from stance.training.records import TrainingPair
from stance.training.sources import split_by_group


@dataclass(frozen=True, slots=True)
class CalibrationFit:
    """A calibration, and how it was come by.

    Attributes:
        calibration: to be used.
        notes: what was not fitted and why, in plain sentences.
        held_out_error: expected calibration error of stance, each half of the groups being scaled
            by what was fitted on the other; None where the halves are too small.
    """

    calibration: Calibration
    notes: tuple[str, ...]
    held_out_error: float | None


def calibrate(
    pairs: Sequence[TrainingPair],
    logits: FloatArray,
    used_context: Sequence[bool],
    start: Calibration | None = None,
    *,
    bias: Bias | None = None,
) -> CalibrationFit:
    """Fit temperatures and conformal scores; what cannot be fitted is taken from the start.

    Args:
        pairs: held out from training.
        logits: float32 ``[n, 6]``, stance before sentiment.
        used_context: of which pairs a context was read.
        start: the calibration of the adapter that was trained further; None is uncalibrated.
        bias: of stance, see :func:`~stance.training.calibration_fit.fit_calibration`. That of the
            ``likelihood`` is given where it lowers the log loss of each half of the groups, scaled
            by what was fitted on the other. It tells how common the classes are, so it serves pairs
            like those that will be judged, not a model for every text.
    """
    fitted = start or Calibration()
    notes, held_out = [], None
    gold = stance_columns(pairs)
    rows = np.flatnonzero(gold != IGNORED)
    context = np.asarray(used_context, bool)[rows]
    try:
        some = [pairs[int(row)] for row in rows]
        choices = [None, bias] if bias == "likelihood" else [bias]
        ways = {
            way: _held_out(some, logits[rows, :3], gold[rows], context, bias=way) for way in choices
        }
        losses = {way: log_loss(p, gold[rows]) for way, p in ways.items() if p is not None}
        best = min(losses, key=losses.__getitem__, default=choices[0])
        stance = _fit_stance(logits[rows, :3], gold[rows], context, bias=best)
        fitted = replace(stance, sentiment_temperature=fitted.sentiment_temperature)
        chosen = ways[best]
        held_out = None if chosen is None else expected_calibration_error(chosen, gold[rows])
    except CalibrationError as error:
        notes.append(f"Stance: {error}; {_kept(start)}.")
    sentiment = sentiment_columns(pairs)
    rows = np.flatnonzero(sentiment != IGNORED)
    try:
        temperature = fit_temperature(logits[rows, 3:], sentiment[rows])
        fitted = replace(fitted, sentiment_temperature=temperature)
    except CalibrationError as error:
        notes.append(f"Sentiment: {error}; {_kept(start)}.")
    return CalibrationFit(fitted, tuple(notes), held_out)


def _kept(start: Calibration | None) -> str:
    return "no calibration" if start is None else "the calibration of the start is kept"


def _fit_stance(
    logits: FloatArray, gold: LabelArray, context: npt.NDArray[np.bool_], *, bias: Bias | None
) -> Calibration:
    """The stance part of a calibration; that of sentiment means nothing in it.

    Raises:
        CalibrationError: too few rows, or a class without a row.
    """
    return fit_calibration(logits, gold, logits, gold, context.tolist(), bias=bias)


def _held_out(
    pairs: Sequence[TrainingPair],
    logits: FloatArray,
    gold: LabelArray,
    context: npt.NDArray[np.bool_],
    *,
    bias: Bias | None,
) -> FloatArray | None:
    """Probabilities of each half of the groups, scaled by the other; None for too few rows."""
    numbered = [replace(pair, source=str(i)) for i, pair in enumerate(pairs)]
    halves = [[int(p.source) for p in half] for half in split_by_group(numbered, 0.5, seed=0)]
    out = np.zeros_like(logits)
    for rows, others in (halves, halves[::-1]):
        try:
            scale = _fit_stance(logits[others], gold[others], context[others], bias=bias)
        except CalibrationError:
            return None
        out[rows] = scale.stance_probabilities(logits[rows], context[rows])
    return out
