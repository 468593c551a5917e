"""Fits to a few labels that stay near a checkpoint's own calibration, and which one to take."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stance.errors import CalibrationError
from stance.model import Calibration
from stance.training.pair_batches import FloatArray

LabelArray = npt.NDArray[np.int64]
ContextArray = npt.NDArray[np.bool_]
_FOLDS = 4
_ERRORS = 2.0  # of the gain: what counts as clear
_SPREAD = 0.5  # of the prior of log temperature and bias around the checkpoint's own


def split_folds(keys: Sequence[str], seed: int) -> list[LabelArray]:
    """Row numbers of four folds of about one size; rows of one key are in one fold.

    Raises:
        CalibrationError: there are fewer than four keys.
    """
    sizes: dict[str, int] = {}
    for key in keys:
        sizes[key] = sizes.get(key, 0) + 1
    if len(sizes) < _FOLDS:
        raise CalibrationError(
            f"the labels are of {len(sizes)} groups (articles): {_FOLDS} or more are needed to "
            "hold some out"
        )
    order = sorted(sizes)
    random.Random(seed).shuffle(order)
    order.sort(key=lambda key: -sizes[key])
    fold_of: dict[str, int] = {}
    filled = [0] * _FOLDS
    for key in order:
        fold_of[key] = filled.index(min(filled))
        filled[fold_of[key]] += sizes[key]
    numbers = np.array([fold_of[key] for key in keys])
    return [np.flatnonzero(numbers == fold) for fold in range(_FOLDS)]


def fit_toward(
    start: Calibration, logits: FloatArray, gold: LabelArray, context: ContextArray, *, bias: bool
) -> Calibration:
    """The most likely calibration, given that it is probably near the start.

    One factor of the temperatures and, with ``bias``, a shift of each class's bias have normal
    priors around 1 (on the log scale) and 0, so that any number of rows of any classes will do.

    Args:
        start: the calibration to begin from.
        logits: ``[n, 3]``.
        gold: ``[n]`` column indices.
        context: ``[n]``, of which rows a context was read.
        bias: also fit the bias.
    """
    from scipy.optimize import minimize

    def at(values: npt.NDArray[np.float64]) -> Calibration:
        factor = math.exp(float(values[0]))
        around = start.context_temperature
        shift = (0.0, 0.0, 0.0)
        if bias:
            shift = (float(values[1]), -float(values[1] + values[2]), float(values[2]))
        return replace(
            start,
            stance_temperature=start.stance_temperature * factor,
            context_temperature=None if around is None else around * factor,
            stance_bias=tuple(b + s for b, s in zip(start.stance_bias, shift, strict=True)),
        )

    def loss(values: npt.NDArray[np.float64]) -> float:
        found = at(values)
        losses = row_losses(found.stance_probabilities(logits, context), gold)
        moved = [values[0], *np.subtract(found.stance_bias, start.stance_bias)]
        return float(losses.sum() + sum(m**2 for m in moved) / (2 * _SPREAD**2))

    begin = np.zeros(3 if bias else 1)
    found = minimize(loss, begin, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-5})
    return at(found.x)


def row_losses(probabilities: FloatArray, gold: LabelArray) -> npt.NDArray[np.float64]:
    """Negative log-likelihood of each row's label."""
    chosen = probabilities[np.arange(len(gold)), gold].astype(np.float64)
    return np.asarray(-np.log(np.maximum(chosen, 1e-12)))


def mean_gain(
    base: FloatArray, other: FloatArray, gold: LabelArray, keys: Sequence[str]
) -> tuple[float, float]:
    """Mean decrease of the log loss, and its standard error over groups."""
    lower = row_losses(base, gold) - row_losses(other, gold)
    mean = float(lower.mean())
    _, group = np.unique(np.array(keys), return_inverse=True)
    sums = np.bincount(group, lower - mean)
    count = len(sums)
    return mean, float(np.sqrt((sums**2).sum() * count / (count - 1)) / len(gold))


def choose(found: Mapping[str, FloatArray], gold: LabelArray, keys: Sequence[str]) -> str:
    """The first way, or a later one that beats the choice so far by two standard errors.

    Args:
        found: held-out probabilities by way, the simplest first.
        gold: column indices.
        keys: of the groups.
    """
    names = list(found)
    chosen = names[0]
    for way in names[1:]:
        gain, error = mean_gain(found[chosen], found[way], gold, keys)
        if gain > _ERRORS * error:
            chosen = way
    return chosen
