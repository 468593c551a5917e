"""Closed forms of corrected shares agree with other libraries and with sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from stance.errors import DataError
from stance.evaluation.prevalence import (
    difference_interval,
    estimate_shares,
    share_interval,
    sum_rows,
)

FAVOR, AGAINST = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)


def world(rows: int, labelled: int, seed: int, right: float = 0.7):
    """One-hot gold, soft predictions that are right that often, and who has a label."""
    rng = np.random.default_rng(seed)
    gold = rng.choice(3, rows, p=(0.3, 0.5, 0.2))
    said = np.where(rng.random(rows) < right, gold, rng.integers(0, 3, rows))
    proxy = 0.8 * np.eye(3)[said] + 0.2 * rng.dirichlet((1, 1, 1), rows)
    drawn = np.zeros(rows, bool)
    drawn[rng.choice(rows, labelled, replace=False)] = True
    return proxy, np.eye(3)[gold], drawn


def independent(rows: int) -> np.ndarray:
    return np.arange(rows)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lam", [None, 0.0, 0.3, 1.0])
@pytest.mark.parametrize("columns", [slice(0, 1), slice(0, 3)])
def test_equal_probabilities_are_prediction_powered_inference(seed, lam, columns) -> None:
    ppi_py = pytest.importorskip("ppi_py")
    proxy, gold, drawn = world(400 + 50 * seed, 40 + 60 * seed, seed)
    y, f, rest = (gold[drawn], proxy[drawn], proxy[~drawn])
    y, f, rest = y[:, columns], f[:, columns], rest[:, columns]
    sums = sum_rows(proxy[:, columns], gold[:, columns], drawn, independent(len(drawn)))
    ours = estimate_shares(sums, power=lam)
    value = np.ravel(ppi_py.ppi_mean_pointestimate(y, f, rest, lam=lam))
    assert np.abs(ours.value - value).max() < 1e-10
    for level in (0.9, 0.95):
        theirs = ppi_py.ppi_mean_ci(y, f, rest, alpha=1 - level, lam=lam)
        low, high = share_interval(ours, method="normal", level=level)
        assert np.abs(low - np.clip(theirs[0], 0, 1)).max() < 1e-10
        assert np.abs(high - np.clip(theirs[1], 0, 1)).max() < 1e-10


@pytest.mark.parametrize("seed", range(3))
def test_known_probabilities_are_design_based_supervised_learning(seed) -> None:
    """Egami et al.: the mean of f + drawn / p * (y - f), where 1 / p sums to the statements."""
    proxy, gold, _ = world(600, 1, seed)
    strata = proxy.argmax(axis=1)
    drawn, probabilities = np.zeros(600, bool), np.zeros(600)
    rng = np.random.default_rng(seed)
    for stratum in range(3):
        rows = np.flatnonzero(strata == stratum)
        drawn[rng.choice(rows, 30, replace=False)] = True
        probabilities[rows] = 30 / len(rows)
    sums = sum_rows(proxy, gold, drawn, independent(600), probabilities=probabilities)
    ours = estimate_shares(sums, power=1.0)
    pseudo = proxy + (drawn / probabilities)[:, None] * (gold - proxy)
    assert np.abs(ours.value - pseudo.mean(axis=0)).max() < 1e-10
    tuned = estimate_shares(sums)
    assert 0 < float(tuned.power) < 1
    assert tuned.variance.sum() <= ours.variance.sum()


def test_clusters_are_summed_as_statsmodels_does() -> None:
    """The labels alone are a regression on a constant with cluster-robust errors."""
    api = pytest.importorskip("statsmodels.api")
    proxy, gold, drawn = world(300, 120, 5)
    clusters = np.random.default_rng(5).integers(0, 25, 300)
    alone = estimate_shares(sum_rows(proxy, gold, drawn, clusters), power=0.0)
    for k in range(3):
        fit = api.OLS(gold[drawn, k], np.ones(120)).fit(
            cov_type="cluster",
            cov_kwds={"groups": clusters[drawn], "use_correction": False},
        )
        assert alone.value[k] == pytest.approx(fit.params[0], abs=1e-12)
        assert alone.plain_variance[k] == pytest.approx(fit.bse[0] ** 2, abs=1e-12)


def test_an_example_by_hand() -> None:
    """Of eight statements four are called favor; of four labelled two are, one of them missed."""
    proxy = np.array([FAVOR, FAVOR, AGAINST, AGAINST] * 2)
    gold = np.array([FAVOR, AGAINST, AGAINST, FAVOR] * 2)
    drawn = np.array([True] * 3 + [False] * 5)
    sums = sum_rows(proxy, gold, drawn, independent(8))
    full = estimate_shares(sums, power=1.0)
    # Two of the five others are called favor; of the three labelled, 1/3 is and 2/3 are called so.
    assert full.value[2] == pytest.approx(2 / 5 + 1 / 3 - 2 / 3)
    half = estimate_shares(sums, power=0.5)
    assert half.value[2] == pytest.approx(0.5 * 2 / 5 + 1 / 3 - 0.5 * 2 / 3)
    # Variance of f among the five is 6/25, of y - f among the three 2/9.
    assert full.plain_variance[2] == pytest.approx(6 / 25 / 5 + 2 / 9 / 3)
    assert float(full.clusters) == 3 and float(full.labels) == 3


@pytest.mark.parametrize("probabilities", [None, "known"])
@pytest.mark.parametrize("clusters", [7, 60, 300])
def test_shares_sum_to_one_whatever_the_design(probabilities, clusters) -> None:
    proxy, gold, drawn = world(300, 80, clusters)
    ids = np.random.default_rng(1).integers(0, clusters, 300)
    chances = None if probabilities is None else np.random.default_rng(2).uniform(0.1, 1, 300)
    found = estimate_shares(sum_rows(proxy, gold, drawn, ids, probabilities=chances))
    assert found.value.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.abs(found.influence.sum(axis=0)).max() < 1e-12


def test_useless_and_perfect_predictions() -> None:
    proxy, gold, drawn = world(2000, 200, 3, right=0.0)
    shuffled = estimate_shares(sum_rows(proxy, gold, drawn, independent(2000)))
    alone = estimate_shares(sum_rows(proxy, gold, drawn, independent(2000)), power=0.0)
    assert float(shuffled.power) < 0.1
    assert shuffled.value == pytest.approx(alone.value, abs=0.01)
    perfect = estimate_shares(sum_rows(gold, gold, drawn, independent(2000)))
    assert (alone.plain_variance / perfect.plain_variance > 5).all()
    assert perfect.value == pytest.approx(gold.mean(axis=0), abs=0.01)


def test_constant_predictions_and_labels_for_all_leave_the_labels_alone() -> None:
    proxy, gold, drawn = world(100, 40, 4)
    constant = np.tile([0.2, 0.5, 0.3], (100, 1))
    for some, who in ((constant, drawn), (proxy, np.ones(100, bool))):
        sums = sum_rows(some, gold, who, independent(100))
        assert estimate_shares(sums).value == pytest.approx(gold[who].mean(axis=0))


def test_wilson_intervals_of_independent_labels() -> None:
    """With many labels they are those of statsmodels; with no case seen they stay open above."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    gold = np.eye(3)[np.repeat([0, 1, 2], [100, 3000, 900])]
    drawn = np.ones(4000, bool)
    drawn[-1] = False
    found = estimate_shares(sum_rows(gold, gold, drawn, independent(4000)), power=0.0)
    low, high = share_interval(found)
    for k, count in enumerate((100, 3000, 899)):
        theirs = proportion.proportion_confint(count, 3999, method="wilson")
        assert (low[k], high[k]) == pytest.approx(theirs, abs=1e-4)
    none = np.eye(3)[np.ones(60, int)]
    drawn = np.arange(60) < 40
    found = estimate_shares(sum_rows(none, none, drawn, independent(60)))
    low, high = share_interval(found)
    assert low[0] == 0 and high[0] == pytest.approx(0.093, abs=0.003)  # t with 39 df, 40 labels
    assert high[1] == 1 and low[1] == pytest.approx(1 - 0.093, abs=0.003)


@pytest.mark.parametrize("method", ["wilson", "t", "normal", "bootstrap"])
def test_intervals_hold_the_estimate_and_widen_with_clusters(method) -> None:
    rng = np.random.default_rng(0)
    clusters = np.repeat(np.arange(30), 20)
    kind = rng.choice(3, 30)
    gold = np.eye(3)[np.where(rng.random(600) < 0.6, kind[clusters], rng.integers(0, 3, 600))]
    drawn = rng.random(600) < 0.4
    widths = []
    for ids in (independent(600), clusters):
        found = estimate_shares(sum_rows(gold, gold, drawn, ids), power=0.0)
        low, high = share_interval(found, method=method)
        assert ((low < found.value) & (found.value < high)).all()
        wide_low, wide_high = share_interval(found, method=method, level=0.99)
        assert ((wide_low < low) & (high < wide_high)).all()
        widths.append(high - low)
    assert (widths[1] > 1.5 * widths[0]).all()


@pytest.mark.parametrize("method", ["wilson", "t", "normal", "bootstrap"])
def test_a_difference_within_the_same_articles_is_surer(method) -> None:
    """Both groups stand in the same articles, which move both alike."""
    rng = np.random.default_rng(1)
    clusters = np.repeat(np.arange(40), 20)
    level = rng.random(40)
    gold = np.eye(3)[2 * (rng.random(800) < level[clusters])]
    drawn = np.ones(800, bool)
    side = np.arange(800) % 2 == 0
    parts = [
        estimate_shares(sum_rows(gold[s], gold[s], drawn[s], clusters[s], count=40), power=0.0)
        for s in (side, ~side)
    ]
    low, high = difference_interval(*parts, method=method)
    difference = parts[0].value - parts[1].value
    assert ((low <= difference) & (difference <= high)).all()
    apart = [
        estimate_shares(sum_rows(gold[s], gold[s], drawn[s], ids, count=80), power=0.0)
        for s, ids in ((side, clusters[side]), (~side, clusters[~side] + 40))
    ]
    wide = difference_interval(*apart, method=method)
    assert (high - low)[2] < 0.6 * (wide[1] - wide[0])[2]
    turned = difference_interval(parts[1], parts[0], method=method)
    assert turned[0] == pytest.approx(-high, abs=0.02)


def test_bad_input_is_named() -> None:
    proxy, gold, drawn = world(20, 5, 1)
    with pytest.raises(DataError, match="no statement has a label"):
        sum_rows(proxy, gold, np.zeros(20, bool), independent(20))
    for wrong in (0.0, 1.5, float("nan")):
        with pytest.raises(DataError, match=r"not in \(0, 1\]"):
            sum_rows(proxy, gold, drawn, independent(20), probabilities=np.full(20, wrong))
    found = estimate_shares(sum_rows(proxy, gold, drawn, independent(20)))
    with pytest.raises(DataError, match="level is 95"):
        share_interval(found, level=95)
    with pytest.raises(DataError, match="use one of wilson"):
        share_interval(found, method="exact")  # type: ignore[arg-type]
