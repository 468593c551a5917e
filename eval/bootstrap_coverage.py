"""``python -m eval.bootstrap_coverage``: how often the intervals of evaluations hold the truth.

Articles are drawn, each with its own mix of stances and its own error rates of two classifiers.
Nothing of a real data set is used. The intervals are those of `stance evaluate` and, since alpha
and kappa take gold and a classifier as two coders, of `stance agree`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from eval.coverage import World, shares_of
from stance.evaluation.measures import MEASURES
from stance.evaluation.metrics import LabelArray, macro_of_confusion
from stance.evaluation.resampling import (
    Interval,
    bootstrap_interval,
    bootstrap_mean,
    paired_difference,
)

SENSITIVITY = (0.75, 0.65)  # share of each class that the two classifiers find, on average
SURE = 0.7  # the probability that they give to their answer
_MANY = 1e9  # rows; alpha depends on how many there are
GRID = ((100, 20), (200, 40), (500, 100), (1000, 200))  # rows and articles
SHARES = (0.1, 0.3)
BRIER, DIFFERENCE = "Brier score", "difference of macro F1"
COLUMNS = (*MEASURES, BRIER, DIFFERENCE)
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows: gold, the answers of both classifiers, and the article of each."""

    gold: LabelArray
    answers: tuple[LabelArray, LabelArray]
    articles: list[int]


def confusion_of(world: World, sensitivity: float) -> FloatArray:
    """What a classifier answers, by gold; errors go to the others by their shares."""
    share = shares_of(world)
    rows = np.tile(share, (3, 1))
    np.fill_diagonal(rows, 0.0)
    rows *= (1.0 - sensitivity) / rows.sum(axis=1, keepdims=True)
    np.fill_diagonal(rows, sensitivity)
    return rows


def draw_rows(world: World, rng: np.random.Generator) -> Drawn:
    """Articles of unequal length, with shares and error rates that go by the Dirichlet law."""
    size = (1.0 - world.correlation) / world.correlation

    def around(mean: FloatArray) -> FloatArray:
        drawn = rng.gamma(size * np.broadcast_to(mean, (world.articles, *mean.shape))) + 1e-300
        return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))

    lengths = rng.gamma(4.0, size=world.articles)
    article = rng.choice(world.articles, world.labels, p=lengths / lengths.sum())
    gold = _choose(around(shares_of(world))[article], rng)
    first, second = (
        _choose(around(confusion_of(world, share))[article, gold], rng) for share in SENSITIVITY
    )
    return Drawn(gold, (first, second), article.tolist())


def _choose(chances: FloatArray, rng: np.random.Generator) -> LabelArray:
    ends = np.cumsum(chances, axis=1)
    ends[:, -1] = 1.0
    return np.asarray((rng.random(len(chances))[:, None] > ends).sum(axis=1), np.int64)


def truths(world: World) -> dict[str, float]:
    """The measures of very many rows."""
    tables = [
        _MANY * shares_of(world)[:, None] * confusion_of(world, share) for share in SENSITIVITY
    ]
    found = {name: float(statistic(tables[0])) for name, statistic in MEASURES.items()}
    right = found["accuracy"]
    wrong = (1.0 - SURE) / 2
    found[BRIER] = right * _loss(SURE) + (1.0 - right) * _loss(wrong)
    one, other = (float(macro_of_confusion(table)) for table in tables)
    return {**found, DIFFERENCE: one - other}


def _loss(gold: float) -> float:
    """Brier score of a row whose gold label has this probability: ``SURE`` or half of the rest."""
    rest = (1.0 - SURE) / 2
    others = (rest, rest) if gold == SURE else (SURE, rest)
    return (1.0 - gold) ** 2 + sum(share**2 for share in others)


def intervals(drawn: Drawn) -> dict[str, Interval]:
    """The intervals of one draw, as a report has them."""
    gold, first = drawn.gold, drawn.answers[0]
    found = {
        name: bootstrap_interval(gold, first, statistic=statistic, clusters=drawn.articles)
        for name, statistic in MEASURES.items()
    }
    losses = np.where(gold == first, _loss(SURE), _loss((1.0 - SURE) / 2))
    found[BRIER] = bootstrap_mean(losses, clusters=drawn.articles)
    compared = paired_difference(gold, *drawn.answers, clusters=drawn.articles)
    return {**found, DIFFERENCE: compared.interval}


def simulate(world: World, *, replicates: int, seed: int) -> dict[str, float]:
    """Share of the replicates whose interval held the truth, by measure.

    Args:
        world: what is drawn.
        replicates: draws.
        seed: of them.
    """
    rng = np.random.default_rng((seed, world.labels, world.articles, round(100 * world.share)))
    truth = truths(world)
    held = dict.fromkeys(COLUMNS, 0)
    for _ in range(replicates):
        for name, value in intervals(draw_rows(world, rng)).items():
            held[name] += value.low <= truth[name] <= value.high
    return {name: count / replicates for name, count in held.items()}


def main(arguments: list[str] | None = None) -> list[tuple[World, Mapping[str, float]]]:
    """Print the grid, and give it."""
    parser = argparse.ArgumentParser(prog="python -m eval.bootstrap_coverage", description=__doc__)
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=13)
    given = parser.parse_args(arguments)
    sys.stdout.write(f"\n  rows articles share  {'  '.join(COLUMNS)}\n")
    found: list[tuple[World, Mapping[str, float]]] = []
    for (labels, articles), share in product(GRID, SHARES):
        world = World(labels, articles, share)
        held = simulate(world, replicates=given.replicates, seed=given.seed)
        shown = "  ".join(f"{held[name]:{len(name)}.1%}" for name in COLUMNS)
        sys.stdout.write(f"{labels:6} {articles:8} {share:5.0%}  {shown}\n")
        sys.stdout.flush()
        found.append((world, held))
    return found


if __name__ == "__main__":
    main()
