"""Stored rows as arrays, and the clusters that they are drawn in."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypedDict

import numpy as np

from stance.evaluation.metrics import FloatArray, LabelArray
from stance.evaluation.predictions import ScoredRow
from stance.evaluation.resampling import choose_clusters
from stance.evaluation.run_facts import ScoringSettings
from stance.labels import AnyLabel, Stance

CLASSES = 3
NEUTRAL = list(Stance).index(Stance.NEUTRAL)
SIDES = tuple(at for at in range(CLASSES) if at != NEUTRAL)


def indices(kind: type[AnyLabel], labels: Sequence[AnyLabel | None]) -> LabelArray:
    """Column indices ``[n]`` of the labels that are there."""
    order = list(kind)
    return np.array([order.index(label) for label in labels if label is not None], dtype=np.int64)


def probabilities_of(values: Sequence[tuple[float, ...] | None]) -> FloatArray | None:
    """Probabilities ``[n, 3]``, or None where a row has none."""
    given = [value for value in values if value is not None]
    return np.array(given) if given and len(given) == len(values) else None


class Draws(TypedDict):
    """What every interval of some rows shares, so that all are drawn in the same clusters."""

    clusters: list[Hashable]
    unit: str
    resamples: int
    level: float
    seed: int


def draws_of(rows: Sequence[ScoredRow], settings: ScoringSettings) -> Draws:
    """Clusters of some rows, and how they are drawn, as the functions of ``resampling`` take it."""
    clusters, unit = choose_clusters([r.gold.group for r in rows], [r.gold.text for r in rows])
    return {
        "clusters": clusters,
        "unit": unit,
        "resamples": settings.bootstrap,
        "level": settings.level,
        "seed": settings.seed,
    }
