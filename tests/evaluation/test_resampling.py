from __future__ import annotations

import numpy as np
import pytest

from stance.errors import DataError
from stance.evaluation.metrics import macro_f1
from stance.evaluation.resampling import (
    accuracy_of_confusion,
    bootstrap_interval,
    bootstrap_mean,
    choose_clusters,
    paired_difference,
)


def noisy(n: int, right: float, seed: int = 0):
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, 3, n)
    return gold, np.where(rng.random(n) < right, gold, (gold + 1) % 3)


def test_value_inside_and_reproducible() -> None:
    gold, predicted = noisy(300, 0.8)
    found = bootstrap_interval(gold, predicted)
    assert found.value == pytest.approx(macro_f1(gold, predicted, 3))
    assert found.low < found.value < found.high
    assert found == bootstrap_interval(gold, predicted)
    assert found != bootstrap_interval(gold, predicted, seed=1)


def test_as_a_plain_bootstrap() -> None:
    gold, predicted = noisy(200, 0.7)
    rng = np.random.default_rng(5)
    draws = rng.integers(0, 200, (2000, 200))
    plain = [macro_f1(gold[d], predicted[d], 3) for d in draws]
    found = bootstrap_interval(gold, predicted, resamples=2000)
    assert found.low == pytest.approx(np.percentile(plain, 2.5), abs=0.012)
    assert found.high == pytest.approx(np.percentile(plain, 97.5), abs=0.012)


def test_clusters_of_copies_widen_the_interval() -> None:
    gold, predicted = noisy(60, 0.7)
    many, same = np.repeat(gold, 5), np.repeat(predicted, 5)
    rows = bootstrap_interval(many, same)
    clustered = bootstrap_interval(many, same, clusters=list(np.repeat(np.arange(60), 5)))
    once = bootstrap_interval(gold, predicted)
    assert clustered.high - clustered.low > 1.7 * (rows.high - rows.low)
    assert (clustered.low, clustered.high) == pytest.approx((once.low, once.high))
    assert clustered.clusters == 60


def test_one_row_and_perfect() -> None:
    one = np.array([1])
    found = bootstrap_interval(one, one, statistic=accuracy_of_confusion)
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


def test_mean() -> None:
    values = np.arange(100) / 100
    found = bootstrap_mean(values)
    assert found.value == pytest.approx(0.495)
    assert found.low < 0.495 < found.high


def test_paired_difference_is_narrower_than_its_parts() -> None:
    gold, first = noisy(300, 0.8)
    second = first.copy()
    second[:15] = (gold[:15] + 2) % 3
    found = paired_difference(gold, first, second)
    alone = bootstrap_interval(gold, first)
    assert found.interval.value > 0
    assert found.interval.high - found.interval.low < alone.high - alone.low
    same = paired_difference(gold, first, first)
    assert same.interval.value == 0.0
    assert same.not_better == 1.0


def test_choice_of_clusters() -> None:
    texts = [f"t{i}" for i in range(20)]
    groups: list[str | None] = [f"g{i // 2}" for i in range(20)]
    assert choose_clusters(groups, texts)[1] == "group"
    assert choose_clusters(["one"] * 20, texts)[1] == "row"
    assert choose_clusters([None, *groups[1:]], texts)[1] == "row"
    clusters, unit = choose_clusters(["one"] * 20, ["same", "same", *texts[2:]])
    assert unit == "text"
    assert clusters[0] == clusters[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"resamples": 0}, "resamples is 0"),
        ({"level": 1.0}, "level is 1.0"),
        ({"clusters": [1]}, "1 clusters for 2 rows"),
    ],
)
def test_bad_settings(options, message) -> None:
    with pytest.raises(DataError, match=message):
        bootstrap_interval(np.array([0, 1]), np.array([0, 1]), **options)


def test_no_rows() -> None:
    empty = np.zeros(0, dtype=np.int64)
    with pytest.raises(DataError, match="at least one row"):
        bootstrap_interval(empty, empty)
