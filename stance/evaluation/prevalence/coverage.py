"""How often the intervals held the truth in a simulation: ``coverage.json``.

``python -m eval.coverage --output stance/evaluation/prevalence/coverage.json`` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GRID: Mapping[str, tuple[float, ...]] = {
    "labels": (50, 100, 200, 500, 1000),
    "clusters": (10, 20, 40, 100, 200),
    "share": (0.02, 0.05, 0.1, 0.2, 0.5),
}
METHODS = (
    "corrected",
    "corrected, t",
    "corrected, normal",
    "corrected, bootstrap",
    "labelled only",
    "by design",
    "difference",
    "naive",
)
NEAR = (0.93, 0.97)  # what a nominal 95 % may be
SOUND = {"labels": 200, "clusters": 40, "share": 0.1}  # from here on, it is
_FILE = Path(__file__).with_name("coverage.json")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid.

    Attributes:
        labels: labelled statements.
        clusters: articles.
        share: true share of the class.
        gain: median of the variance with labels alone over that of the corrected share.
        coverage: of each of ``METHODS``: share of the replicates whose 95 % interval held it.
    """

    labels: int
    clusters: int
    share: float
    gain: float
    coverage: dict[str, float]


@cache
def stored_cells() -> tuple[Cell, ...]:
    """The cells as they were simulated."""
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(Cell(**cell) for cell in content["cells"])


def nearest_cell(labels: int, clusters: int, share: float) -> Cell:
    """The cell that is most like a case, rather with fewer labels and clusters than it has.

    Args:
        labels: number of labels; fewer than the grid's least take that.
        clusters: number of clusters, likewise.
        share: of the class; one above a half is as hard as the rest to 1.
    """

    def below(name: str, value: float) -> float:
        return max((v for v in GRID[name] if v <= value), default=GRID[name][0])

    rare = min(share, 1.0 - share)
    nearest = min(GRID["share"], key=lambda value: abs(value - rare))
    wanted = (below("labels", labels), below("clusters", clusters), nearest)
    return next(c for c in stored_cells() if (c.labels, c.clusters, c.share) == wanted)
