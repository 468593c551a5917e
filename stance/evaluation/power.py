"""Power: what difference so many rows can show, and how many rows a difference needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

POWER = 0.8
ALPHA = 0.05
APART = (0.1, 0.2, 0.3)
WANTED = (0.02, 0.05, 0.1)


@dataclass(frozen=True, slots=True)
class Power:
    """What rows can show of two systems that are compared on them.

    Attributes:
        rows: labelled rows.
        effective: rows of as many articles that would tell as much: what clusters leave of them.
        detectable: by the share of rows on which one system alone is right, the smallest difference
            in accuracy that is found in four of five samples; None where none is.
        needed: by a difference in accuracy, rows that find it in four of five samples, where one
            system alone is right on 20 % of them.
    """

    rows: int
    effective: int
    detectable: dict[str, float | None]
    needed: dict[str, int]


def _z(alpha: float, power: float) -> tuple[float, float]:
    normal = NormalDist()
    return normal.inv_cdf(1 - alpha / 2), normal.inv_cdf(power)


def detectable_of_error(error: float, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """The smallest difference that is found with this power, from its standard error.

    Source: Card et al. 2020, "With little power comes great responsibility", and any textbook:
    (z of alpha / 2 + z of the power) standard errors.
    """
    return sum(_z(alpha, power)) * error


def rows_needed(
    difference: float, apart: float, *, alpha: float = ALPHA, power: float = POWER
) -> int:
    """Rows of which McNemar's test finds a difference in accuracy with this power.

    Args:
        difference: in accuracy, above 0 and at most ``apart``.
        apart: share of the rows on which one of the two systems alone is right, in (0, 1].
        alpha: level of the two-sided test.
        power: wanted.

    Source: Connor 1987, "Sample size for testing differences in proportions for the paired-sample
    design".
    """
    one, other = _z(alpha, power)
    root = one * math.sqrt(apart) + other * math.sqrt(max(apart - difference**2, 0.0))
    return math.ceil((root / difference) ** 2)


def detectable_difference(
    rows: int, apart: float, *, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """The smallest difference in accuracy that so many rows find; see :func:`rows_needed`.

    Returns:
        In (0, apart], or None where even systems that differ in one direction only are not told
        apart.
    """
    if rows < 1 or rows_needed(apart, apart, alpha=alpha, power=power) > rows:
        return None
    low, high = 0.0, apart
    for _ in range(50):
        middle = (low + high) / 2
        if rows_needed(middle, apart, alpha=alpha, power=power) > rows:
            low = middle
        else:
            high = middle
    return high


def power_of(rows: int, accuracy: float, error: float) -> Power:
    """What rows can show.

    Args:
        rows: how many there are.
        accuracy: of the system that was measured on them.
        error: standard error of that accuracy, by clusters. What it exceeds that of independent
            rows tells how many of these the rows are worth (the design effect, Kish 1965).
    """
    variance = accuracy * (1 - accuracy) / max(1, rows - 1)
    worth = min(1.0, variance / error**2) if error > 0 and variance > 0 else 1.0
    effective = max(1, round(rows * worth))
    detectable = {_percent(apart): detectable_difference(effective, apart) for apart in APART}
    times = rows / effective
    needed = {_percent(gap): math.ceil(times * rows_needed(gap, APART[1])) for gap in WANTED}
    return Power(rows, effective, detectable, needed)


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
