"""Bootstrap intervals, clustered: rows of one article (or of one text) are drawn together.

Percentile bootstrap (Efron and Tibshirani 1993). A statistic of a confusion matrix is computed for
all resamples at once, from the confusion counts of each cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stance.errors import DataError
from stance.evaluation.metrics import FloatArray, LabelArray, macro_of_confusion

MIN_CLUSTERS = 10
Statistic = Callable[[npt.NDArray[np.number]], npt.NDArray[np.float64]]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its bootstrap interval.

    Attributes:
        value: the statistic of all rows.
        low: lower end of the percentile interval.
        high: upper end.
        level: nominal coverage, in (0, 1).
        clusters: units drawn with replacement.
        unit: what a unit is: ``group``, ``text`` or ``row``.
    """

    value: float
    low: float
    high: float
    level: float
    clusters: int
    unit: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired comparison of two predictions of the same rows.

    Attributes:
        interval: of the difference first - second.
        not_better: share of resamples in which the first is not better than the second.
        p: two-sided, from the share of resamples on the other side of 0 (Efron and Tibshirani 1993,
            ch. 15); at least 2 / (resamples + 1).
        error: standard error: standard deviation over the resamples.
    """

    interval: Interval
    not_better: float
    p: float
    error: float


def accuracy_of_confusion(confusion: npt.NDArray[np.number]) -> npt.NDArray[np.float64]:
    """Accuracy of confusion matrices ``[..., k, k]``."""
    total = confusion.sum(axis=(-2, -1)).astype(np.float64)
    hits = np.trace(confusion, axis1=-2, axis2=-1).astype(np.float64)
    share: FloatArray = np.divide(hits, total, out=np.zeros_like(total), where=total > 0)
    return share


def choose_clusters(
    groups: Sequence[str | None], texts: Sequence[str]
) -> tuple[list[Hashable], str]:
    """What to draw together, and its name.

    Groups (articles, topics) where every row has one and there are at least ten; otherwise rows of
    the same text, which is one row each where no text repeats.
    """
    if all(groups) and len(set(groups)) >= MIN_CLUSTERS:
        return list(groups), "group"
    if len(set(texts)) < len(texts):
        return list(texts), "text"
    return list(range(len(texts))), "row"


def _cluster_ids(clusters: Sequence[Hashable] | None, n: int) -> tuple[Counts, int]:
    if clusters is None:
        return np.arange(n, dtype=np.int64), n
    if len(clusters) != n:
        raise DataError(f"{len(clusters)} clusters for {n} rows")
    known: dict[Hashable, int] = {}
    ids = np.array([known.setdefault(c, len(known)) for c in clusters], dtype=np.int64)
    return ids, len(known)


@lru_cache(maxsize=2)  # the intervals of one report share their draws
def _draws(clusters: int, resamples: int, seed: int) -> npt.NDArray[np.float64]:
    """How often each cluster is drawn: ``[resamples, clusters]``."""
    if resamples < 1:
        raise DataError(f"bootstrap resamples is {resamples}: give 1 or more")
    rng = np.random.default_rng(seed)
    share = np.full(clusters, 1.0 / clusters)
    return rng.multinomial(clusters, share, size=resamples).astype(np.float64)


def _counts(
    gold: LabelArray, predicted: LabelArray, ids: Counts, clusters: int, classes: int
) -> npt.NDArray[np.float64]:
    """Confusion counts of each cluster, flat: ``[clusters, classes * classes]``."""
    if len(gold) != len(predicted):
        raise DataError(f"{len(predicted)} predictions for {len(gold)} gold labels")
    table = np.zeros((clusters, classes * classes))
    np.add.at(table, (ids, np.asarray(gold) * classes + np.asarray(predicted)), 1.0)
    return table


def _interval(
    value: float, samples: npt.NDArray[np.float64], level: float, clusters: int, unit: str
) -> Interval:
    if not 0 < level < 1:
        raise DataError(f"interval level is {level}: give a number between 0 and 1")
    tail = 50.0 * (1.0 - level)
    defined = samples[~np.isnan(samples)]  # a resample may lack what a measure divides by
    low, high = np.percentile(defined, [tail, 100.0 - tail]) if len(defined) else (value, value)
    return Interval(value, float(low), float(high), level, clusters, unit)


def bootstrap_interval(
    gold: LabelArray,
    predicted: LabelArray,
    *,
    classes: int = 3,
    statistic: Statistic = macro_of_confusion,
    clusters: Sequence[Hashable] | None = None,
    unit: str = "row",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 13,
) -> Interval:
    """Interval of a statistic of the confusion matrix (macro F1 unless told otherwise).

    Args:
        gold: ``[n]`` label indices, n > 0.
        predicted: ``[n]`` label indices.
        classes: number of classes.
        statistic: maps confusion matrices ``[..., k, k]`` to values ``[...]``.
        clusters: for each row the cluster it is drawn with; None draws rows one by one.
        unit: name of a cluster, for the report.
        resamples: bootstrap samples.
        level: nominal coverage.
        seed: the same seed gives the same interval.

    Raises:
        DataError: no rows, lengths differ, or a setting is out of range.
    """
    if not len(gold):
        raise DataError("a bootstrap interval needs at least one row")
    ids, count = _cluster_ids(clusters, len(gold))
    table = _counts(gold, predicted, ids, count, classes)

    def of_counts(counts: npt.NDArray[np.number]) -> npt.NDArray[np.float64]:
        return statistic(counts.reshape(-1, classes, classes))

    return bootstrap_counts(
        table, of_counts, unit=unit, resamples=resamples, level=level, seed=seed
    )


def bootstrap_counts(
    table: npt.NDArray[np.floating],
    statistic: Statistic,
    *,
    unit: str,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 13,
) -> Interval:
    """Interval of a statistic of summed counts.

    Args:
        table: counts ``[clusters, k]``; the rows of a resample are summed.
        statistic: maps sums ``[n, k]`` to values ``[n]``.
        unit: name of a cluster.
        resamples: bootstrap samples.
        level: nominal coverage.
        seed: the same seed gives the same interval.

    Raises:
        DataError: there is no cluster, or a setting is out of range.
    """
    if not len(table):
        raise DataError("a bootstrap interval needs at least one row")
    samples = statistic(_draws(len(table), resamples, seed) @ table)
    value = float(statistic(table.sum(axis=0, keepdims=True))[0])
    return _interval(value, samples, level, len(table), unit)


def bootstrap_mean(
    values: npt.NDArray[np.floating],
    *,
    clusters: Sequence[Hashable] | None = None,
    unit: str = "row",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 13,
) -> Interval:
    """Interval of a mean over rows, such as the Brier score; see :func:`bootstrap_interval`."""
    if not len(values):
        raise DataError("a bootstrap interval needs at least one row")
    ids, count = _cluster_ids(clusters, len(values))
    sums = np.bincount(ids, weights=np.asarray(values, np.float64), minlength=count)
    sizes = np.bincount(ids, minlength=count).astype(np.float64)
    draws = _draws(count, resamples, seed)
    samples = (draws @ sums) / (draws @ sizes)
    return _interval(float(np.mean(values)), samples, level, count, unit)


def paired_difference(
    gold: LabelArray,
    first: LabelArray,
    second: LabelArray,
    *,
    classes: int = 3,
    statistic: Statistic = macro_of_confusion,
    clusters: Sequence[Hashable] | None = None,
    unit: str = "row",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 13,
) -> Difference:
    """Compare two predictions on the same resamples; see :func:`bootstrap_interval`."""
    if not len(gold):
        raise DataError("a bootstrap interval needs at least one row")
    ids, count = _cluster_ids(clusters, len(gold))
    draws = _draws(count, resamples, seed)
    shape = (-1, classes, classes)
    tables = [_counts(gold, p, ids, count, classes) for p in (first, second)]
    samples = [statistic((draws @ table).reshape(shape)) for table in tables]
    totals = [float(statistic(table.sum(axis=0).reshape(classes, classes))) for table in tables]
    delta = samples[0] - samples[1]
    interval = _interval(totals[0] - totals[1], delta, level, count, unit)
    fewer = min(int(np.sum(delta <= 0)), int(np.sum(delta >= 0)))
    return Difference(
        interval,
        not_better=float(np.mean(delta <= 0)),
        p=min(1.0, 2 * (fewer + 1) / (resamples + 1)),
        error=float(np.std(delta, ddof=1)) if resamples > 1 else 0.0,
    )
