"""The simulation of the intervals of evaluations: it draws what it says, and is printed."""

from __future__ import annotations

import numpy as np
import pytest

from eval.bootstrap_coverage import (
    BRIER,
    COLUMNS,
    DIFFERENCE,
    draw_rows,
    intervals,
    main,
    simulate,
    truths,
)
from eval.coverage import World


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_the_truth_is_what_many_rows_come_to(share: float) -> None:
    world = World(200_000, 4_000, share)
    drawn = draw_rows(world, np.random.default_rng(0))
    assert len(set(drawn.articles)) == 4_000
    found = intervals(drawn)
    expected = truths(world)
    assert set(found) == set(expected) == set(COLUMNS)
    for name, value in found.items():
        assert value.value == pytest.approx(expected[name], abs=0.01), name
        assert value.unit == "row" and value.clusters == 4_000
    assert 0 < expected[DIFFERENCE] < 0.2 and 0 < expected[BRIER] < 2


def test_a_simulation_is_the_same_again() -> None:
    world = World(60, 20, 0.3)
    first = simulate(world, replicates=20, seed=5)
    assert first == simulate(world, replicates=20, seed=5)
    assert all(0.5 < held <= 1 for held in first.values())


@pytest.mark.slow
def test_the_printed_grid_is_as_good_as_the_page_says(capsys) -> None:
    with capsys.disabled():
        for world, held in main(["--replicates", "2000", "--seed", "20000"]):
            least = {20: 0.86, 40: 0.895}.get(world.articles, 0.92)
            assert all(least <= share <= 0.97 for share in held.values()), (world, held)
