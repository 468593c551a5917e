"""The simulation of intervals: it computes what rows would give, and the stored grid is its own."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from eval.coverage import (
    World,
    main,
    shares_of,
    simulate_cell,
    sums_of_counts,
    sums_of_design,
)
from stance.evaluation.prevalence import sum_rows
from stance.evaluation.prevalence.coverage import GRID, NEAR, SOUND, nearest_cell, stored_cells


@pytest.mark.parametrize("design", ["equal", "known"])
def test_sums_of_counts_are_those_of_the_rows(design: str) -> None:
    rng = np.random.default_rng(0)
    labelled = rng.integers(0, 5, (1, 6, 3, 3)).astype(float)
    unlabelled = rng.integers(1, 9, (1, 6, 3)).astype(float)
    chances = np.array([0.2, 0.5, 1.0])
    rows = []
    for cluster, gold, said in np.ndindex(6, 3, 3):
        rows += [(cluster, gold, said, True)] * int(labelled[0, cluster, gold, said])
    for cluster, said in np.ndindex(6, 3):
        rows += [(cluster, 0, said, False)] * int(unlabelled[0, cluster, said])
    cluster, gold, said, drawn = (np.array(column) for column in zip(*rows, strict=True))
    known = design == "known"
    by_rows = sum_rows(
        np.eye(3)[said],
        np.eye(3)[gold],
        drawn,
        cluster,
        probabilities=chances[said] if known else None,
    )
    if known:
        by_counts = sums_of_design(labelled, unlabelled, chances[None])
    else:
        by_counts = sums_of_counts(labelled, unlabelled)
    for field in dataclasses.fields(by_rows):
        one, other = getattr(by_rows, field.name), getattr(by_counts, field.name)[0]
        assert np.allclose(one, other, atol=1e-12), field.name


def test_a_cell_is_the_same_again_and_naive_intervals_fail() -> None:
    world = World(200, 40, 0.2)
    held, gain = simulate_cell(world, replicates=200, seed=3)
    assert (held, gain) == simulate_cell(world, replicates=200, seed=3)
    assert held["naive"] < 0.93 < held["corrected"]
    assert gain > 1
    assert shares_of(world).sum() == pytest.approx(1.0)


def test_the_stored_grid_is_whole_and_sound_where_it_has_to_be() -> None:
    cells = stored_cells()
    assert len(cells) == len(GRID["labels"]) * len(GRID["clusters"]) * len(GRID["share"])
    sound = [c for c in cells if all(getattr(c, key) >= least for key, least in SOUND.items())]
    assert len(sound) == 27
    for cell in sound:
        for name in ("corrected", "labelled only", "by design", "difference"):
            assert NEAR[0] <= cell.coverage[name] <= NEAR[1], (cell, name)


def test_the_nearest_cell_is_rather_the_harder_one() -> None:
    def key(*case: float) -> tuple[float, ...]:
        cell = nearest_cell(*case)
        return cell.labels, cell.clusters, cell.share

    assert key(250, 60, 0.12) == (200, 40, 0.1)
    assert key(20, 3, 0.9) == (50, 10, 0.1)
    assert key(9999, 9999, 0.45) == (1000, 200, 0.5)
    assert key(199, 39, 0.0) == (100, 20, 0.02)


@pytest.mark.slow
def test_the_grid_is_printed_and_repeats_the_stored_one(tmp_path, capsys) -> None:
    """2,000 replicates of each cell; two such runs differ by at most four standard errors."""
    output = tmp_path / "grid.json"
    with capsys.disabled():
        main(["--replicates", "2000", "--seed", "20000", "--output", str(output)])
    fresh = json.loads(output.read_text(encoding="utf-8"))
    assert fresh["replicates"] == 2000
    for cell, stored in zip(fresh["cells"], stored_cells(), strict=True):
        assert (cell["labels"], cell["clusters"], cell["share"]) == (
            stored.labels,
            stored.clusters,
            stored.share,
        )
        for name, held in cell["coverage"].items():
            share = (held + stored.coverage[name]) / 2
            error = (max(share * (1 - share), 0.002) * 2 / 2000) ** 0.5
            assert abs(held - stored.coverage[name]) < 4.5 * error, (cell, name)
