"""``python -m eval.coverage``: how often the intervals of `stance estimate` hold the truth.

Articles are drawn, each with its own mix of stances and its own error rates of the classifier, and
of their statements some get a label. Nothing of a real data set is used. All replicates of a cell
of the grid are computed at once from counts by article.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stance.evaluation.prevalence.coverage import GRID, METHODS, Cell
from stance.evaluation.prevalence.estimators import (
    ClusterSums,
    FloatArray,
    ShareEstimate,
    estimate_shares,
)
from stance.evaluation.prevalence.intervals import difference_interval, share_interval

_SENSITIVITY = 0.75  # share of each class that the simulated classifier finds, on average
_CLASSES = 3
_UNLABELLED = 9  # statements without a label for each one with
_CHUNK = 500  # replicates at a time: 200 articles of them take 60 MB


@dataclass(frozen=True, slots=True)
class World:
    """What is drawn.

    Attributes:
        labels: labelled statements.
        articles: that the statements come from.
        share: of the class of interest.
        correlation: of two statements of one article, and likewise of the errors there, in [0, 1).
    """

    labels: int
    articles: int
    share: float
    correlation: float = 0.1


@dataclass(frozen=True, slots=True)
class _Articles:
    """For replicates ``r`` and articles ``c``: shares of statements, of classes, and of errors."""

    sizes: FloatArray  # [r, c]
    classes: FloatArray  # [r, c, k]
    confusion: FloatArray  # [r, c, k, k], gold by row


def shares_of(world: World) -> FloatArray:
    """The true shares: of the class of interest, and of the two others."""
    rest = 1.0 - world.share
    return np.array([world.share, 0.4 * rest, 0.6 * rest])


def draw_articles(world: World, replicates: int, rng: np.random.Generator) -> _Articles:
    """Articles of unequal length, with shares and error rates that go by the Dirichlet law."""
    shape = (replicates, world.articles)
    sizes = rng.gamma(4.0, size=shape)
    truth = shares_of(world)
    confusion = np.empty((_CLASSES, _CLASSES))
    for gold in range(_CLASSES):
        others = truth.copy()
        others[gold] = 0.0
        confusion[gold] = (1.0 - _SENSITIVITY) * others / others.sum()
        confusion[gold, gold] = _SENSITIVITY
    classes, errors = truth, confusion
    if world.correlation > 0:
        size = (1.0 - world.correlation) / world.correlation
        classes = _dirichlet(size * truth, shape, rng)
        errors = np.stack([_dirichlet(size * row, shape, rng) for row in confusion], axis=-2)
    return _Articles(
        sizes / sizes.sum(axis=1, keepdims=True),
        np.broadcast_to(classes, (*shape, _CLASSES)),
        np.broadcast_to(errors, (*shape, _CLASSES, _CLASSES)),
    )


def _dirichlet(alpha: FloatArray, shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    drawn = rng.gamma(alpha, size=(*shape, _CLASSES)) + 1e-300
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))


def _draw(articles: _Articles, statements: int, rng: np.random.Generator) -> FloatArray:
    """Counts ``[r, c, k, k]`` of statements: gold by row, predicted by column."""
    cells = articles.classes[..., None] * articles.confusion * articles.sizes[..., None, None]
    flat = cells.reshape(len(cells), -1)
    counts = rng.multinomial(statements, flat / flat.sum(axis=1, keepdims=True))
    return counts.reshape(cells.shape).astype(np.float64)


def sums_of_counts(labelled: FloatArray, unlabelled: FloatArray) -> ClusterSums:
    """Equal probabilities: what :func:`sum_rows` gives for rows with these counts.

    Args:
        labelled: ``[r, c, k, k]``, gold by row and predicted by column.
        unlabelled: ``[r, c, k]``, predicted.
    """
    drawn = labelled.sum(axis=(1, 2, 3))
    rest = unlabelled.sum(axis=(1, 2))
    a, v = 1.0 / drawn[:, None, None], 1.0 / rest[:, None, None]
    return ClusterSums(
        label_weight=labelled.sum(axis=(2, 3)) * a[..., 0],
        gold=labelled.sum(axis=3) * a,
        labelled_proxy=labelled.sum(axis=2) * a,
        proxy_weight=unlabelled.sum(axis=2) * v[..., 0],
        proxy=unlabelled * v,
        product=np.diagonal(labelled.sum(axis=1), axis1=1, axis2=2) * a[:, 0],
        variance=_variance(labelled.sum(axis=(1, 2)) + unlabelled.sum(axis=1)),
        scale=rest / (rest + drawn),
        labels=drawn,
    )


def sums_of_design(
    labelled: FloatArray, unlabelled: FloatArray, probabilities: FloatArray
) -> ClusterSums:
    """Known probabilities ``[r, k]`` by predicted class; see :func:`sums_of_counts`."""
    weights = labelled / probabilities[:, None, None, :]
    weights /= weights.sum(axis=(1, 2, 3), keepdims=True)
    every = labelled.sum(axis=2) + unlabelled
    total = every.sum(axis=(1, 2))
    squares = (1.0 / probabilities**2 * labelled.sum(axis=(1, 2))).sum(axis=1)
    whole = (labelled.sum(axis=(1, 2)) / probabilities).sum(axis=1)
    return ClusterSums(
        label_weight=weights.sum(axis=(2, 3)),
        gold=weights.sum(axis=3),
        labelled_proxy=weights.sum(axis=2),
        proxy_weight=every.sum(axis=2) / total[:, None],
        proxy=every / total[:, None, None],
        product=np.diagonal(weights.sum(axis=1), axis1=1, axis2=2).copy(),
        variance=_variance(every.sum(axis=1)),
        scale=np.ones_like(total),
        labels=whole**2 / squares,
    )


def _variance(counts: FloatArray) -> FloatArray:
    total = counts.sum(axis=-1, keepdims=True)
    share = counts / total
    return np.asarray(share * (1.0 - share) * total / (total - 1.0))


def _counted(counts: FloatArray) -> ShareEstimate:
    """Predicted labels ``[r, c, k]``, counted as if they were right."""
    total = counts.sum(axis=(1, 2))[:, None]
    weight, value = counts.sum(axis=2) / total, counts.sum(axis=1) / total
    influence = counts / total[..., None] - weight[..., None] * value[:, None]
    clusters = 1.0 / (weight**2).sum(axis=1)
    return ShareEstimate(value, influence, np.ones(len(counts)), clusters, total[:, 0])


def simulate_cell(world: World, *, replicates: int, seed: int) -> tuple[Mapping[str, float], float]:
    """Coverage of each of ``METHODS``, and the median effective gain in labels.

    Args:
        world: what is drawn.
        replicates: how often.
        seed: of everything drawn.
    """
    rng = np.random.default_rng(seed)
    held = dict.fromkeys(METHODS, 0.0)
    gains: list[float] = []
    for begin in range(0, replicates, _CHUNK):
        size = min(_CHUNK, replicates - begin)
        hits, gain = _replicates(world, size, rng)
        gains += gain.tolist()
        for name, hit in hits.items():
            held[name] += float(hit.sum())
    return {name: hit / replicates for name, hit in held.items()}, float(np.median(gains))


def _replicates(
    world: World, size: int, rng: np.random.Generator
) -> tuple[dict[str, FloatArray], FloatArray]:
    truth = shares_of(world)[0]
    articles = draw_articles(world, size, rng)
    labelled = _draw(articles, world.labels, rng)
    unlabelled = _draw(articles, world.labels * _UNLABELLED, rng).sum(axis=2)
    sums = sums_of_counts(labelled, unlabelled)
    corrected, alone = estimate_shares(sums), estimate_shares(sums, power=0.0)
    hits = {
        "corrected": _holds(share_interval(corrected), truth),
        "corrected, t": _holds(share_interval(corrected, method="t"), truth),
        "corrected, normal": _holds(share_interval(corrected, method="normal"), truth),
        "corrected, bootstrap": _holds(share_interval(corrected, method="bootstrap"), truth),
        "labelled only": _holds(share_interval(alone), truth),
    }
    naive = _counted(labelled.sum(axis=2) + unlabelled)
    hits["naive"] = _holds(share_interval(naive, method="wilson"), truth)
    hits["by design"] = _holds(share_interval(_by_design(world, articles, rng)), truth)
    other = sums_of_counts(
        _draw(articles, world.labels, rng),
        _draw(articles, world.labels * _UNLABELLED, rng).sum(axis=2),
    )
    hits["difference"] = _holds(difference_interval(corrected, estimate_shares(other)), 0.0)
    gain = np.divide(
        alone.plain_variance[:, 0],
        corrected.plain_variance[:, 0],
        out=np.ones(size),
        where=corrected.plain_variance[:, 0] > 0,
    )
    return hits, gain


def _by_design(world: World, articles: _Articles, rng: np.random.Generator) -> ShareEstimate:
    """As many labels of each predicted class: rare ones are drawn with a higher probability."""
    every = _draw(articles, world.labels * (1 + _UNLABELLED), rng)
    predicted = np.maximum(every.sum(axis=(1, 2)), 1.0)
    probabilities = np.minimum(1.0, world.labels / _CLASSES / predicted)
    drawn = rng.binomial(every.astype(np.int64), probabilities[:, None, None, :])
    labelled = drawn.astype(np.float64)
    rest = (every - labelled).sum(axis=2)
    return estimate_shares(sums_of_design(labelled, rest, probabilities))


def _holds(interval: tuple[FloatArray, FloatArray], truth: float) -> FloatArray:
    low, high = interval[0][:, 0], interval[1][:, 0]
    return np.asarray((low <= truth + 1e-12) & (truth <= high + 1e-12), np.float64)


def simulate_grid(
    *, replicates: int, seed: int, correlation: float, grid: Mapping[str, tuple[float, ...]] = GRID
) -> Iterator[Cell]:
    """Every cell of the grid in turn; the same seed gives the same numbers."""
    number = 0
    for labels in grid["labels"]:
        for articles in grid["clusters"]:
            for share in grid["share"]:
                number += 1
                world = World(int(labels), int(articles), share, correlation)
                held, gain = simulate_cell(world, replicates=replicates, seed=seed + number)
                yield Cell(int(labels), int(articles), share, gain, dict(held))


def main(arguments: list[str] | None = None) -> None:
    """Print the grid, and write it where asked for."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m eval.coverage")
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--correlation", type=float, default=0.1, help="within an article")
    parser.add_argument("--output", type=Path, help="also write the cells here, as JSON")
    given = parser.parse_args(arguments)
    print_ = sys.stdout.write
    print_("labels articles share   gain  " + "  ".join(METHODS) + "\n")
    cells = []
    for cell in simulate_grid(
        replicates=given.replicates, seed=given.seed, correlation=given.correlation
    ):
        cells.append(cell)
        shown = "  ".join(f"{cell.coverage[name]:{len(name)}.1%}" for name in METHODS)
        print_(f"{cell.labels:6} {cell.clusters:8} {cell.share:5.0%} {cell.gain:6.2f}  {shown}\n")
        sys.stdout.flush()
    if given.output is not None:
        content = {
            "replicates": given.replicates,
            "seed": given.seed,
            "correlation": given.correlation,
            "cells": [
                {
                    "labels": cell.labels,
                    "clusters": cell.clusters,
                    "share": cell.share,
                    "gain": round(cell.gain, 2),
                    "coverage": {k: round(v, 3) for k, v in cell.coverage.items()},
                }
                for cell in cells
            ],
        }
        given.output.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
