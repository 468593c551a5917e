"""Is one system better than another on the same rows, or is it noise?

The paired bootstrap draws the clusters (articles) of both systems together. McNemar's exact test
takes rows as independent, so where articles have several rows the bootstrap is the one to believe.
Of several comparisons the p values are corrected by Holm's method.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from stance.evaluation.metrics import LabelArray, macro_of_confusion
from stance.evaluation.power import detectable_of_error
from stance.evaluation.resampling import (
    MIN_CLUSTERS,
    Interval,
    accuracy_of_confusion,
    paired_difference,
)

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the rows that both answered.

    Attributes:
        first: a system.
        second: another.
        n: rows.
        macro_f1: difference first - second.
        accuracy: likewise.
        p: of the paired bootstrap of macro F1, two-sided: how easily such a difference, or a larger
            one, comes about where there is none.
        p_holm: the same, corrected for all comparisons that are reported together.
        only_first: rows that only the first has right.
        only_second: rows that only the second has right.
        mcnemar: p of the exact test of McNemar on these, two-sided.
        mcnemar_holm: corrected likewise.
        detectable: difference in macro F1 that such rows show in four of five samples.
    """

    first: str
    second: str
    n: int
    macro_f1: Interval
    accuracy: Interval
    p: float
    p_holm: float
    only_first: int
    only_second: int
    mcnemar: float
    mcnemar_holm: float
    detectable: float

    @property
    def verdict(self) -> str:
        """What follows, in one sentence."""
        if self.macro_f1.clusters < MIN_CLUSTERS:
            return (
                f"{self.macro_f1.clusters} {self.macro_f1.unit}s are too few to tell a difference "
                "from noise"
            )
        if not self.only_first and not self.only_second and not self.detectable:
            return "no difference on any of these rows"
        if self.p_holm >= ALPHA:
            return (
                "no more than noise: these rows would show a difference of "
                f"{self.detectable:.3f} in four of five samples"
            )
        better, other = self.first, self.second
        if self.macro_f1.value < 0:
            better, other = other, better
        return f"{better} is better than {other}, by more than noise"


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """P of McNemar's exact test (McNemar 1947), two-sided: 1 where the systems never differ.

    Args:
        only_first: rows that only the first system has right.
        only_second: rows that only the second has right.
    """
    n, few = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(n, k) for k in range(few + 1))
    return min(1.0, float(Fraction(2 * tail, 2**n)))  # whole numbers: exact however many


def holm(values: Sequence[float]) -> list[float]:
    """P values corrected for their number (Holm 1979), in the order given."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    corrected, highest = [0.0] * len(values), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - rank) * values[at]))
        corrected[at] = highest
    return corrected


def compare_answers(
    first: str,
    second: str,
    gold: LabelArray,
    answers: tuple[LabelArray, LabelArray],
    *,
    clusters: Sequence[Hashable] | None = None,
    unit: str = "row",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 13,
) -> Comparison:
    """Compare two systems on the same rows.

    Args:
        first: name of a system, and
        second: of another.
        gold: ``[n]`` indices of stances, n > 0.
        answers: of the first and of the second, ``[n]`` each.
        clusters: see :func:`stance.evaluation.bootstrap_interval`, also for what follows.
        unit: name of a cluster.
        resamples: bootstrap samples.
        level: nominal coverage of the intervals.
        seed: of the draws.

    Raises:
        DataError: no rows, or lengths differ.
    """
    one, other = answers
    only_first = int(np.sum((one == gold) & (other != gold)))
    only_second = int(np.sum((one != gold) & (other == gold)))
    macro_f1, right = (
        paired_difference(
            gold,
            one,
            other,
            statistic=statistic,
            clusters=clusters,
            unit=unit,
            resamples=resamples,
            level=level,
            seed=seed,
        )
        for statistic in (macro_of_confusion, accuracy_of_confusion)
    )
    p = mcnemar = 1.0
    if not np.array_equal(one, other):
        p, mcnemar = macro_f1.p, mcnemar_exact(only_first, only_second)
    return Comparison(
        first=first,
        second=second,
        n=len(gold),
        macro_f1=macro_f1.interval,
        accuracy=right.interval,
        p=p,
        p_holm=p,
        only_first=only_first,
        only_second=only_second,
        mcnemar=mcnemar,
        mcnemar_holm=mcnemar,
        detectable=detectable_of_error(macro_f1.error),
    )


def corrected(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """The same comparisons with p values that are corrected for their number."""
    p = holm([item.p for item in comparisons])
    mcnemar = holm([item.mcnemar for item in comparisons])
    return tuple(
        replace(item, p_holm=p[at], mcnemar_holm=mcnemar[at]) for at, item in enumerate(comparisons)
    )


def pairs_of(names: Mapping[str, object]) -> list[tuple[str, str]]:
    """Each two systems, in their order."""
    return list(combinations(names, 2))
