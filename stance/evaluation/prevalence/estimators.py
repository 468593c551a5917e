"""Shares of labels in scored statements, corrected by a labelled sample. Closed forms; NumPy only.

With the one-hot gold labels ``y`` and the predictions ``f`` (one-hot, or probabilities),

    share(power) = power * sum_i v_i f_i + sum_i a_i (y_i - power * f_i),

where the weights ``v`` of the predictions and ``a`` of the labelled statements each sum to 1.
A power of 0 counts the labels alone. Two choices of weights are offered:

- Labels drawn with equal probability: ``v`` is even over the unlabelled and ``a`` over the labelled
  statements. That is prediction-powered inference with a tuned power (PPI++; Angelopoulos, Duchi
  and Zrnic 2023, "PPI++: Efficient Prediction-Powered Inference"), whose one power for a vector of
  means makes the trace of their covariance least. One power for the classes keeps their sum 1.
- Known probabilities ``p`` of being drawn: ``v`` is even over all statements and ``a`` goes by
  ``1 / p``: design-based supervised learning (Egami, Hinck, Stewart and Wei 2023, "Using Imperfect
  Surrogates for Downstream Inference"), with weights that sum to 1 (Hajek) and the same power.

Variances sum each cluster's influence, so that statements of one article may depend on each other.
All that is needed of the rows are sums by cluster, which is what makes a simulation cheap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.errors import DataError

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClusterSums:
    """Sums over the statements of each cluster; ``...`` are replicates of a simulation, or nothing.

    Attributes:
        label_weight: ``[..., c]``, sum of a.
        gold: ``[..., c, k]``, sum of a y.
        labelled_proxy: ``[..., c, k]``, sum of a f.
        proxy_weight: ``[..., c]``, sum of v.
        proxy: ``[..., c, k]``, sum of v f.
        product: ``[..., k]``, sum of a y f over all statements.
        variance: ``[..., k]``, variance of f over all statements.
        scale: ``[...]``, what the regression coefficient of y on f is times to be the best power.
        labels: ``[...]``, effective number of labels, 1 / sum of a squared (Kish).
    """

    label_weight: FloatArray
    gold: FloatArray
    labelled_proxy: FloatArray
    proxy_weight: FloatArray
    proxy: FloatArray
    product: FloatArray
    variance: FloatArray
    scale: FloatArray
    labels: FloatArray


@dataclass(frozen=True, slots=True)
class ShareEstimate:
    """Estimated shares of ``k`` classes.

    Attributes:
        value: ``[..., k]``; it may lie a little outside of [0, 1].
        influence: ``[..., c, k]``, what each cluster adds to the error; it sums to 0.
        power: ``[...]``, in [0, 1]: how far the predictions are trusted.
        clusters: ``[...]``, effective number of labelled clusters: 1 / sum of squared shares of
            the label weight, which is their number where all weigh the same (after Carter,
            Schnepel and Steigerwald 2017, "Asymptotic Behavior of a t-Test Robust to Cluster
            Heterogeneity").
        labels: ``[...]``, effective number of labels.
    """

    value: FloatArray
    influence: FloatArray
    power: FloatArray
    clusters: FloatArray
    labels: FloatArray

    @property
    def plain_variance(self) -> FloatArray:
        """Sum of squared influences ``[..., k]``, as for many clusters."""
        variance: FloatArray = (self.influence**2).sum(axis=-2)
        return variance

    @property
    def variance(self) -> FloatArray:
        """The same, times c / (c - 1) of the effective number of clusters; infinite for one."""
        extra = np.maximum(self.clusters - 1.0, 1e-300)
        return self.plain_variance * (self.clusters / extra)[..., None]


def sum_rows(
    proxy: FloatArray,
    gold: FloatArray,
    labelled: BoolArray,
    clusters: IndexArray,
    *,
    probabilities: FloatArray | None = None,
    count: int | None = None,
) -> ClusterSums:
    """The sums of rows.

    Args:
        proxy: ``[n, k]``, predictions.
        gold: ``[n, k]``, one-hot labels; rows without a label are not read.
        labelled: ``[n]``, which rows have a label.
        clusters: ``[n]``, numbers from 0.
        probabilities: ``[n]``, of being drawn for labelling, in (0, 1]; those of the labelled are
            read. None where all were equal.
        count: number of clusters; None is the highest number plus 1.

    Raises:
        DataError: no row has a label, or a probability of one is not in (0, 1].
    """
    if not labelled.any():
        raise DataError("no statement has a label: label a sample first")
    size = int(clusters.max()) + 1 if count is None else count
    total, drawn = len(labelled), int(labelled.sum())
    if probabilities is None:
        given, weight = ~labelled, labelled / drawn
        shown = given / max(1, total - drawn)
        scale = (total - drawn) / total
    else:
        chosen = probabilities[labelled]
        if not ((chosen > 0) & (chosen <= 1)).all():
            raise DataError("a probability of being drawn is not in (0, 1]")
        weight = np.zeros(total)
        weight[labelled] = (1.0 / chosen) / (1.0 / chosen).sum()
        shown, scale = np.full(total, 1.0 / total), 1.0
    said = np.where(labelled[:, None], gold, 0.0)
    ddof = min(1, total - 1)
    return ClusterSums(
        label_weight=_by_cluster(weight[:, None], clusters, size)[:, 0],
        gold=_by_cluster(weight[:, None] * said, clusters, size),
        labelled_proxy=_by_cluster(weight[:, None] * proxy, clusters, size),
        proxy_weight=_by_cluster(shown[:, None], clusters, size)[:, 0],
        proxy=_by_cluster(shown[:, None] * proxy, clusters, size),
        product=(weight[:, None] * said * proxy).sum(axis=0),
        variance=proxy.var(axis=0, ddof=ddof),
        scale=np.asarray(scale, np.float64),
        labels=np.asarray(1.0 / (weight**2).sum()),
    )


def _by_cluster(values: FloatArray, clusters: IndexArray, size: int) -> FloatArray:
    sums = np.zeros((size, values.shape[1]))
    for k, column in enumerate(values.T):
        sums[:, k] = np.bincount(clusters, column, size)
    return sums


def best_power(sums: ClusterSums) -> FloatArray:
    """The power ``[...]`` in [0, 1] with the least variance, summed over the classes."""
    mean_gold, mean_proxy = sums.gold.sum(axis=-2), sums.labelled_proxy.sum(axis=-2)
    covariance = (sums.product - mean_gold * mean_proxy).sum(axis=-1)
    variance = sums.variance.sum(axis=-1)
    slope = np.divide(covariance, variance, out=np.zeros_like(covariance), where=variance > 0)
    power: FloatArray = np.clip(slope * sums.scale, 0.0, 1.0)
    return power


def estimate_shares(sums: ClusterSums, *, power: float | None = None) -> ShareEstimate:
    """Shares of the classes.

    Args:
        sums: of the rows.
        power: how far the predictions are trusted; 0 counts the labels alone, 1 is the correction
            without tuning, None takes the best.
    """
    if power is None:
        chosen = best_power(sums)
    else:
        chosen = np.full(sums.scale.shape, float(power))
    by_class, by_cluster = chosen[..., None], chosen[..., None, None]
    mean_proxy = sums.proxy.sum(axis=-2)
    mean_error = sums.gold.sum(axis=-2) - by_class * sums.labelled_proxy.sum(axis=-2)
    influence = by_cluster * (
        sums.proxy - sums.proxy_weight[..., None] * mean_proxy[..., None, :]
    ) + (
        sums.gold
        - by_cluster * sums.labelled_proxy
        - sums.label_weight[..., None] * mean_error[..., None, :]
    )
    return ShareEstimate(
        value=by_class * mean_proxy + mean_error,
        influence=influence,
        power=chosen,
        clusters=1.0 / (sums.label_weight**2).sum(axis=-1),
        labels=sums.labels,
    )


def counted_shares(labels: FloatArray, clusters: IndexArray, count: int) -> ShareEstimate:
    """Shares of predicted labels ``[n, k]``, as if they were right."""
    size = len(labels)
    even = np.full(size, 1.0 / size)
    weight = _by_cluster(even[:, None], clusters, count)[:, 0]
    value = labels.mean(axis=0)
    sums = _by_cluster(even[:, None] * labels, clusters, count)
    return ShareEstimate(
        value=value,
        influence=sums - weight[:, None] * value,
        power=np.asarray(1.0),
        clusters=np.asarray(1.0 / (weight**2).sum()),
        labels=np.asarray(float(size)),
    )
