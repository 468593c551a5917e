"""Comparisons of systems against statsmodels and by hand, and what rows can show."""

from __future__ import annotations

import numpy as np
import pytest

from stance.evaluation.comparison import compare_answers, corrected, holm, mcnemar_exact
from stance.evaluation.power import detectable_difference, power_of, rows_needed

GOLD = np.tile([0, 1, 2], 40)


@pytest.mark.parametrize(("one", "other"), [(0, 0), (3, 3), (1, 9), (12, 5), (700, 600)])
def test_mcnemar_agrees_with_statsmodels(one: int, other: int) -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    expected = tables.mcnemar([[50, one], [other, 20]], exact=True).pvalue if one + other else 1.0
    assert mcnemar_exact(one, other) == pytest.approx(min(1.0, expected))


def test_mcnemar_by_hand() -> None:
    assert mcnemar_exact(0, 5) == pytest.approx(2 / 32)
    assert mcnemar_exact(1, 4) == pytest.approx(2 * 6 / 32)


@pytest.mark.parametrize(
    "values", [[0.04], [0.01, 0.04, 0.03], [0.5, 0.6, 0.01, 0.01], [1.0, 0.0, 0.2]]
)
def test_holm_agrees_with_statsmodels(values: list[float]) -> None:
    tests = pytest.importorskip("statsmodels.stats.multitest")
    assert holm(values) == pytest.approx(list(tests.multipletests(values, method="holm")[1]))


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def answers(wrong: int, seed: int) -> np.ndarray:
    found = GOLD.copy()
    places = np.random.default_rng(seed).choice(len(GOLD), wrong, replace=False)
    found[places] = (found[places] + 1) % 3
    return found


def test_a_clear_difference_is_told_from_noise() -> None:
    found = compare_answers("a", "b", GOLD, (answers(10, 1), answers(50, 2)), resamples=500)
    assert found.p < 0.01 and found.mcnemar < 0.01
    assert found.macro_f1.low > 0 and found.accuracy.value == pytest.approx(40 / 120)
    assert found.only_first - found.only_second == 40
    assert found.verdict == "a is better than b, by more than noise"
    turned = compare_answers("b", "a", GOLD, (answers(50, 2), answers(10, 1)), resamples=500)
    assert turned.macro_f1.value == -found.macro_f1.value
    assert turned.verdict == "a is better than b, by more than noise"


def test_equal_systems_do_not_differ() -> None:
    same = answers(20, 3)
    found = compare_answers("a", "b", GOLD, (same, same), resamples=200)
    assert (found.p, found.mcnemar, found.macro_f1.value) == (1.0, 1.0, 0.0)
    assert found.verdict == "no difference on any of these rows"


def test_clusters_keep_a_repeated_error_from_counting_as_many() -> None:
    """One article of 40 rows that one system has wrong is one error, not 40."""
    worse = GOLD.copy()
    worse[:40] = (worse[:40] + 1) % 3
    articles = [0] * 40 + list(range(1, 81))
    alone = compare_answers("a", "b", GOLD, (GOLD, worse), resamples=500)
    together = compare_answers("a", "b", GOLD, (GOLD, worse), clusters=articles, resamples=500)
    assert alone.p < 0.01
    assert together.p > 0.3 and together.verdict.startswith("no more than noise")


def test_few_clusters_tell_nothing() -> None:
    found = compare_answers(
        "a",
        "b",
        GOLD,
        (GOLD, answers(60, 4)),
        clusters=[n % 4 for n in range(120)],
        unit="group",
        resamples=100,
    )
    assert found.verdict == "4 groups are too few to tell a difference from noise"


def test_several_comparisons_are_corrected_together() -> None:
    pairs = [
        compare_answers("a", name, GOLD, (answers(10, 1), answers(wrong, 5)), resamples=200)
        for name, wrong in (("b", 12), ("c", 60), ("d", 11))
    ]
    found = corrected(pairs)
    assert [item.p_holm for item in found] == pytest.approx(holm([item.p for item in pairs]))
    assert [item.mcnemar for item in found] == [item.mcnemar for item in pairs]
    assert all(item.mcnemar_holm >= item.mcnemar for item in found)


def test_rows_needed_by_hand() -> None:
    """(1.95996 sqrt(.2) + .84162 sqrt(.2 - .01))^2 / .01 = (.87652 + .36685)^2 / .01 = 154.6."""
    assert rows_needed(0.1, 0.2) == 155
    assert detectable_difference(155, 0.2) == pytest.approx(0.1, abs=5e-4)
    assert detectable_difference(3, 0.1) is None


def test_power_holds_in_simulation() -> None:
    rng = np.random.default_rng(1)
    draws = rng.multinomial(rows_needed(0.1, 0.2), [0.15, 0.05, 0.8], size=2000)
    found = np.mean([mcnemar_exact(int(a), int(b)) < 0.05 for a, b, _ in draws])
    assert 0.72 < found < 0.88  # the exact test is a little careful


def test_clusters_leave_fewer_rows() -> None:
    alone = power_of(100, 0.8, (0.8 * 0.2 / 99) ** 0.5)
    assert (alone.rows, alone.effective) == (100, 100)
    doubled = power_of(100, 0.8, (4 * 0.8 * 0.2 / 99) ** 0.5)
    assert doubled.effective == 25
    assert doubled.needed["10 %"] == 4 * 155
    assert power_of(1, 1.0, 0.0).detectable == {"10 %": None, "20 %": None, "30 %": None}
