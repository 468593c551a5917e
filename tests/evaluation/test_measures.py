"""Measures against scikit-learn and by hand; what is not defined is None, not a number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stance.evaluation.measures import MEASURES, alpha_of_confusion, measure_labels
from stance.evaluation.metrics import confusion_matrix

GOLD = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 2])
FOUND = np.array([0, 2, 1, 1, 1, 0, 2, 2, 2, 0])
SIDED = "mean F1 of favor and against"


def measured(gold: np.ndarray, predicted: np.ndarray) -> dict[str, float | None]:
    found = measure_labels(gold, predicted, resamples=50)
    return {name: None if value is None else value.value for name, value in found.items()}


@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_scikit_learn(seed: int) -> None:
    sk = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, 3, 60)
    predicted = np.where(rng.random(60) < 0.6, gold, rng.integers(0, 3, 60))
    found = measured(gold, predicted)
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(gold, predicted))
    assert found["macro F1"] == pytest.approx(sk.f1_score(gold, predicted, average="macro"))
    assert found["MCC"] == pytest.approx(sk.matthews_corrcoef(gold, predicted))
    assert found["kappa"] == pytest.approx(sk.cohen_kappa_score(gold, predicted))
    sided = sk.f1_score(gold, predicted, labels=[0, 2], average="macro")
    assert found["mean F1 of favor and against"] == pytest.approx(sided)


def test_sides_by_hand() -> None:
    found = measured(GOLD, FOUND)
    assert found["wrong sides"] == pytest.approx(2 / 6)  # one favor for against, one back
    assert found["false sides"] == pytest.approx(2 / 4)


def test_alpha_by_hand() -> None:
    """Two coders, four statements: one pair of eight values differs.

    Coincidences: against-against 2, neutral-neutral 4, against-neutral 1 and 1; margins 3 and 5.
    1 - 7 * 2 / (2 * 3 * 5) = 1 - 14 / 30.
    """
    table = confusion_matrix(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 3)
    assert float(alpha_of_confusion(table)) == pytest.approx(1 - 14 / 30)


@pytest.mark.parametrize(
    ("gold", "predicted", "undefined"),
    [
        ([0, 1, 2], [1, 1, 1], {"MCC"}),
        ([1, 1, 1], [1, 1, 1], {"MCC", "kappa", "alpha", "wrong sides", SIDED}),
        ([1, 1, 1], [0, 1, 2], {"MCC", "wrong sides", SIDED}),
        ([1, 2, 2], [0, 2, 2], {SIDED}),
        ([0, 2, 0], [0, 2, 2], {"false sides"}),
        ([2], [2], {"MCC", "kappa", "alpha", "false sides", SIDED}),
        ([2], [0], {"MCC", "false sides", SIDED}),
    ],
)
def test_what_is_not_defined_is_said(
    gold: list[int], predicted: list[int], undefined: set[str]
) -> None:
    found = measured(np.array(gold), np.array(predicted))
    assert {name for name, value in found.items() if value is None} == undefined
    assert all(value is None or math.isfinite(value) for value in found.values())


def test_resamples_without_a_class_are_left_out_of_its_interval() -> None:
    gold = np.array([1] * 20 + [0])
    found = measure_labels(gold, np.array([1] * 19 + [2, 2]), resamples=200)
    wrong = found["wrong sides"]
    assert wrong is not None and (wrong.low, wrong.high) == (1.0, 1.0)


def test_all_measures_take_many_tables_at_once() -> None:
    tables = np.stack([confusion_matrix(GOLD, FOUND, 3), confusion_matrix(FOUND, GOLD, 3)])
    for statistic in MEASURES.values():
        both = statistic(tables)
        assert both.shape == (2,)
        assert both[0] == pytest.approx(float(statistic(tables[0])))
