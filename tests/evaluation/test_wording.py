"""What a report says in words of very few rows, and of what is not defined."""

from __future__ import annotations

import numpy as np
import pytest

from stance.evaluation.comparison import compare_answers
from stance.evaluation.metrics import class_scores
from stance.evaluation.power import power_of
from stance.evaluation.wording import class_shares, counted, power_sentence


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (3923, "3,923 rows")]
)
def test_counts_agree_with_their_noun(count: int, said: str) -> None:
    assert counted(count, "row") == said
    assert power_sentence(power_of(1, 1.0, 0.0)).startswith("1 row can show no difference")


@pytest.mark.parametrize(
    ("gold", "predicted", "shares"),
    [
        ([0, 2], [0, 2], {0: "1.000 1.000 1.000", 1: "– – –", 2: "1.000 1.000 1.000"}),
        ([0, 2], [2, 2], {0: "– 0.000 0.000", 1: "– – –", 2: "0.500 1.000 0.667"}),
        ([2, 2], [1, 2], {0: "– – –", 1: "0.000 – –", 2: "1.000 0.500 0.667"}),
    ],
)
def test_shares_that_are_not_defined_are_no_numbers(gold, predicted, shares) -> None:
    found = class_scores(np.array(gold), np.array(predicted), 3)
    assert {c: " ".join(class_shares(scores)) for c, scores in enumerate(found)} == shares


def test_systems_that_answer_alike_are_not_told_from_noise() -> None:
    gold = np.array([0, 1, 2] * 5)
    for answer in (gold, np.ones(15, np.int64)):
        found = compare_answers("a", "b", gold, (answer, answer), resamples=50)
        assert found.verdict == "no difference on any of these rows"
    other = np.where(np.arange(15) < 2, 1, gold)
    assert "noise" in compare_answers("a", "b", gold, (gold, other), resamples=50).verdict
