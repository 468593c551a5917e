"""Intervals of estimated shares and of their differences, also for few labels and few clusters.

The degrees of freedom are those of the labelled clusters. Which form holds its level is simulated
by ``python -m eval.coverage``; the Wilson-like one does best and is the default.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from stance.errors import DataError, MissingExtraError
from stance.evaluation.prevalence.estimators import FloatArray, ShareEstimate

IntervalMethod = Literal["wilson", "t", "normal", "bootstrap"]
_RESAMPLES = 1000


def share_interval(
    estimate: ShareEstimate,
    *,
    method: IntervalMethod = "wilson",
    level: float = 0.95,
    seed: int = 13,
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper ends ``[..., k]``, in [0, 1].

    ``wilson`` is Wilson's interval with the number of statements that would have this variance
    if they were independent, and with the quantile of the t distribution (Kott and Carr 1997,
    "Developing an Estimation Strategy for a Pesticide Data Program"; Dean and Pagano 2015,
    "Evaluating Confidence Interval Methods for Binomial Proportions in Clustered Surveys"); where
    no variance was seen it takes the number of labels. ``t`` and ``normal`` are symmetric.
    ``bootstrap`` draws whole clusters (percentiles), the power being kept.

    Args:
        estimate: the shares.
        method: form of the interval.
        level: nominal coverage, in (0, 1).
        seed: of the bootstrap.

    Raises:
        DataError: the method is unknown, or the level out of range.
        MissingExtraError: SciPy is not installed.
    """
    if method not in get_args(IntervalMethod):
        raise DataError(f"interval is {method!r}: use one of {', '.join(get_args(IntervalMethod))}")
    if not 0 < level < 1:
        raise DataError(f"interval level is {level}: give a number between 0 and 1")
    if method == "bootstrap":
        return _bootstrap(estimate, level, seed)
    if method == "normal":
        half = normal_quantile(level) * np.sqrt(estimate.plain_variance)
    else:
        quantile = _quantile(estimate.clusters - 1.0, level)[..., None]
        if method == "wilson":
            return _wilson(estimate, quantile)
        half = quantile * np.sqrt(estimate.variance)
    return _within(estimate.value - half), _within(estimate.value + half)


def difference_interval(
    first: ShareEstimate,
    second: ShareEstimate,
    *,
    method: IntervalMethod = "wilson",
    level: float = 0.95,
    seed: int = 13,
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper ends ``[..., k]`` of first - second; both have the same clusters.

    Each side's own interval is joined to the other's by the square of its arms, less twice their
    product times the correlation that shared clusters give (Newcombe 1998, method 10; Zou and
    Donner 2008, "Construction of Confidence Limits about Effect Measures"). The bootstrap draws
    the clusters of both at once.

    Raises:
        DataError: as :func:`share_interval`.
        MissingExtraError: SciPy is not installed.
    """
    if method == "bootstrap":
        both = ShareEstimate(
            first.value - second.value,
            first.influence - second.influence,
            first.power,
            first.clusters,
            first.labels,
        )
        return _bootstrap(both, level, seed, lowest=-1.0)
    ends = [share_interval(side, method=method, level=level, seed=seed) for side in (first, second)]
    (low_1, high_1), (low_2, high_2) = ends
    value_1, value_2 = _within(first.value), _within(second.value)
    correlation = _correlation(first, second)
    difference = value_1 - value_2

    def arm(one: FloatArray, other: FloatArray) -> FloatArray:
        squared = one**2 + other**2 - 2 * correlation * one * other
        root: FloatArray = np.sqrt(np.maximum(squared, 0.0))
        return root

    return (
        difference - arm(value_1 - low_1, high_2 - value_2),
        difference + arm(high_1 - value_1, value_2 - low_2),
    )


def _correlation(first: ShareEstimate, second: ShareEstimate) -> FloatArray:
    shared = (first.influence * second.influence).sum(axis=-2)
    size = np.sqrt(first.plain_variance * second.plain_variance)
    correlation: FloatArray = np.divide(shared, size, out=np.zeros_like(shared), where=size > 0)
    return correlation


def _wilson(estimate: ShareEstimate, quantile: FloatArray) -> tuple[FloatArray, FloatArray]:
    share = _within(estimate.value)
    spread, variance = share * (1.0 - share), estimate.variance
    labels = np.broadcast_to(estimate.labels[..., None], share.shape)
    seen = (spread > 0) & (variance > 0)
    size = np.divide(spread, variance, out=np.array(labels, np.float64), where=seen)
    squared = quantile**2
    middle = (share + squared / (2 * size)) / (1 + squared / size)
    root = np.sqrt(spread / size + squared / (4 * size**2))
    half = quantile * root / (1 + squared / size)
    return _within(middle - half), _within(middle + half)


def _bootstrap(
    estimate: ShareEstimate, level: float, seed: int, lowest: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    count = estimate.influence.shape[-2]
    draws = np.random.default_rng(seed).multinomial(
        count, np.full(count, 1.0 / count), size=_RESAMPLES
    )
    errors = np.tensordot(draws.astype(np.float64), estimate.influence, axes=(1, -2))
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(estimate.value + errors, [tail, 100.0 - tail], axis=0)
    return np.clip(low, lowest, 1.0), np.clip(high, lowest, 1.0)


def _within(values: FloatArray) -> FloatArray:
    inside: FloatArray = np.clip(values, 0.0, 1.0)
    return inside


def normal_quantile(level: float) -> float:
    """What a standard error is times, for half the width of a normal interval.

    Raises:
        DataError: the level is out of range.
        MissingExtraError: SciPy is not installed.
    """
    if not 0 < level < 1:
        raise DataError(f"interval level is {level}: give a number between 0 and 1")
    return float(_quantile(np.asarray(np.inf), level))


def _quantile(degrees: FloatArray, level: float) -> FloatArray:
    """Two-sided quantile of the t distribution; infinite degrees give the normal one."""
    try:
        from scipy.stats import norm, t
    except ImportError as error:
        raise MissingExtraError(
            "intervals of shares need SciPy: pip install 'newsstance[eval]'"
        ) from error
    upper = 0.5 + level / 2
    found = np.where(np.isfinite(degrees), t.ppf(upper, np.maximum(degrees, 1e-3)), norm.ppf(upper))
    return np.asarray(found, np.float64)
