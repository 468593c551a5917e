from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from stance.errors import DataError
from stance.evaluation import metrics


@pytest.fixture
def labels():
    rng = np.random.default_rng(3)
    gold = rng.integers(0, 3, 200)
    predicted = np.where(rng.random(200) < 0.6, gold, rng.integers(0, 3, 200))
    return gold, predicted


def test_as_sklearn(labels) -> None:
    gold, predicted = labels
    assert metrics.accuracy(gold, predicted) == pytest.approx(
        reference.accuracy_score(gold, predicted)
    )
    assert metrics.macro_f1(gold, predicted, 3) == pytest.approx(
        reference.f1_score(gold, predicted, average="macro")
    )
    np.testing.assert_array_equal(
        metrics.confusion_matrix(gold, predicted, 3), reference.confusion_matrix(gold, predicted)
    )
    expected = reference.precision_recall_fscore_support(gold, predicted)
    for c, score in enumerate(metrics.class_scores(gold, predicted, 3)):
        assert (score.precision, score.recall, score.f1, score.support) == pytest.approx(
            tuple(column[c] for column in expected)
        )
    assert metrics.mean_f1(gold, predicted, 3, (0, 2)) == pytest.approx(
        reference.f1_score(gold, predicted, labels=[0, 2], average="macro")
    )
    assert metrics.cohen_kappa(gold, predicted, 3) == pytest.approx(
        reference.cohen_kappa_score(gold, predicted)
    )


def test_absent_class_is_left_out_and_named() -> None:
    gold, predicted = np.array([0, 0, 2, 2]), np.array([0, 1, 2, 2])
    assert metrics.absent_classes(gold, 3) == [1]
    assert metrics.macro_f1(gold, predicted, 3) == pytest.approx(
        reference.f1_score(gold, predicted, labels=[0, 2], average="macro")
    )
    assert metrics.class_scores(gold, predicted, 3)[1].f1 == 0.0


def test_mean_f1_counts_an_absent_class_as_zero() -> None:
    assert metrics.mean_f1(np.array([2, 2]), np.array([2, 2]), 3, (0, 2)) == 0.5


def test_no_rows() -> None:
    empty = np.zeros(0, dtype=np.int64)
    assert metrics.accuracy(empty, empty) == 0.0
    assert metrics.macro_f1(empty, empty, 3) == 0.0
    assert metrics.agreement(empty, empty).n == 0


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [([0, 1], [0], "1 predictions for 2"), ([0, 3], [0, 1], "outside"), ([0], [-1], "outside")],
)
def test_bad_arrays(gold, predicted, message) -> None:
    with pytest.raises(DataError, match=message):
        metrics.confusion_matrix(np.array(gold), np.array(predicted), 3)


def test_brier_as_sklearn_for_two_classes() -> None:
    p = np.array([0.9, 0.2, 0.6])
    gold = np.array([1, 0, 0])
    both = np.stack([1 - p, p], axis=1)
    assert metrics.brier_score(both, gold) == pytest.approx(2 * reference.brier_score_loss(gold, p))


def test_reliability_bins_give_the_calibration_error() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet([1, 1, 1], 500).astype(np.float32)
    gold = rng.integers(0, 3, 500)
    bins = metrics.reliability_bins(probabilities, gold)
    assert sum(b.n for b in bins) == 500
    gap = sum(b.n / 500 * abs(b.confidence - b.accuracy) for b in bins)
    assert gap == pytest.approx(metrics.expected_calibration_error(probabilities, gold))


def test_risk_coverage() -> None:
    confidence = np.array([0.6, 0.9, 0.8, 0.7])
    correct = np.array([False, True, True, True])
    coverage, risk, threshold = metrics.risk_coverage(confidence, correct)
    np.testing.assert_allclose(coverage, [0.25, 0.5, 0.75, 1.0])
    np.testing.assert_allclose(risk, [0, 0, 0, 0.25])
    np.testing.assert_allclose(threshold, [0.9, 0.8, 0.7, 0.6])
    assert metrics.area_under_risk_coverage(confidence, correct) == pytest.approx(0.0625)


def test_risk_coverage_does_not_depend_on_the_order_of_ties() -> None:
    confidence = np.array([0.5, 0.5, 0.9])
    first = metrics.risk_coverage(confidence, np.array([True, False, True]))
    second = metrics.risk_coverage(confidence, np.array([False, True, True]))
    for left, right in zip(first, second, strict=True):
        np.testing.assert_allclose(left, right)


def test_agreement_of_stance_and_sentiment() -> None:
    found = metrics.agreement(np.array([0, 1, 2, 2]), np.array([0, 1, 2, 0]))
    assert found.share == 0.75
    assert found.opposed == 0.25
