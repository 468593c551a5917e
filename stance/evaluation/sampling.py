"""Which scored statements to label, and with what probability each was drawn.

Fixed-size draws: simple random, stratified, and systematic with probability proportional to size
(Madow 1949), in a random order. Each row's probability is exact, so that ``stance estimate`` can
undo an uneven draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from stance.errors import DataError
from stance.evaluation.scored import ScoredStatement, ScoredTable, listed
from stance.labels import Stance

SampleDesign = Literal["random", "stratified", "uncertain", "disagreement"]
FloatArray = npt.NDArray[np.float64]
_EVEN = 0.2  # of the labels are spread evenly, so that no statement is out of reach
ARTICLE_CORRELATION = 0.1  # of two statements of one article, for the number of labels needed


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement to label: its position in the table, and the probability of drawing it."""

    position: int
    probability: float


def draw_sample(
    table: ScoredTable,
    size: int,
    *,
    design: SampleDesign = "random",
    by: Sequence[str] = (),
    other: ScoredTable | None = None,
    seed: int = 13,
) -> list[Drawn]:
    """Draw statements to label, in a random order.

    ``random``: each with the same probability. ``stratified``: as many of each predicted stance,
    target and group. ``uncertain``: mostly those whose prediction is unsure. ``disagreement``:
    mostly those that two checkpoints judge differently. A fifth of the draws of the last two is
    spread evenly.

    Args:
        table: scored statements.
        size: how many to draw.
        design: how.
        by: columns of the groups, for ``stratified``.
        other: the same statements scored by another checkpoint, for ``disagreement``.
        seed: the same seed draws the same statements.

    Raises:
        DataError: more are asked for than there are, fewer than there are strata, a column is not
            there, or the other table has other statements.
    """
    rows = len(table.rows)
    if design not in get_args(SampleDesign):
        raise DataError(f"design is {design!r}: use one of {', '.join(get_args(SampleDesign))}")
    if not 1 <= size <= rows:
        raise DataError(f"{size} statements cannot be drawn: {table.file} has {rows}")
    if by and design != "stratified":
        raise DataError(f"groups are for a stratified draw, and this one is {design}")
    if (other is not None) != (design == "disagreement"):
        raise DataError("a second scored table and the design 'disagreement' go together")
    rng = np.random.default_rng(seed)
    if design == "stratified":
        drawn = _stratified(table, size, by, rng)
    elif design == "random":
        chosen = rng.choice(rows, size, replace=False)
        drawn = [Drawn(int(position), size / rows) for position in chosen]
    else:
        weights = _doubt(table) if other is None else _distance(table, other)
        drawn = _systematic(inclusion(weights, size), rng)
    order = rng.permutation(len(drawn))
    return [drawn[i] for i in order]


def _stratified(
    table: ScoredTable, size: int, by: Sequence[str], rng: np.random.Generator
) -> list[Drawn]:
    for column in by:
        if column not in table.columns:
            raise DataError(
                f"{table.file} has no column {column!r} to draw by; it has {listed(table.columns)}"
            )
    strata: dict[tuple[str, ...], list[int]] = {}
    for position, row in enumerate(table.rows):
        key = (row.target, str(row.stance), *(str(row.cells.get(column)) for column in by))
        strata.setdefault(key, []).append(position)
    if len(strata) > size:
        raise DataError(
            f"{size} labels are too few for {len(strata)} strata of target, predicted stance"
            f"{''.join(f', {column}' for column in by)}: draw at least that many, or leave out "
            "groups"
        )
    sizes = share_out(size, [len(rows) for rows in strata.values()])
    return [
        Drawn(int(position), count / len(rows))
        for rows, count in zip(strata.values(), sizes, strict=True)
        for position in rng.choice(rows, count, replace=False)
    ]


def share_out(size: int, limits: Sequence[int]) -> list[int]:
    """Split a number as evenly as limits allow; the larger strata get what is left over."""
    given = [0] * len(limits)
    order = sorted(range(len(limits)), key=lambda i: -limits[i])
    left = min(size, sum(limits))
    while left:
        open_ = [i for i in order if given[i] < limits[i]]
        each = max(1, left // len(open_))
        for i in open_:
            more = min(each, limits[i] - given[i], left)
            given[i] += more
            left -= more
    return given


def _doubt(table: ScoredTable) -> FloatArray:
    """Standard deviation of the label, if the probabilities are right: what is best to draw by."""
    chances = np.array([row.probabilities for row in table.rows])
    return np.asarray(np.sqrt((chances * (1.0 - chances)).sum(axis=1)))


def _distance(table: ScoredTable, other: ScoredTable) -> FloatArray:
    """Total variation distance of the probabilities of two checkpoints, in [0, 1]."""
    known = {(row.id, row.target): row for row in other.rows}
    found = []
    for row in table.rows:
        match = known.get((row.id, row.target))
        if match is None or match.statement != row.statement:
            raise DataError(
                f"{other.file} has no row {row.id!r} toward {row.target!r} with the statement of "
                f"{table.file}: score the same table with both checkpoints"
            )
        pairs = zip(row.probabilities, match.probabilities, strict=True)
        found.append(0.5 * sum(abs(one - two) for one, two in pairs))
    return np.array(found)


def inclusion(weights: FloatArray, size: int) -> FloatArray:
    """Probabilities ``[n]`` of being drawn that sum to ``size``, mostly in proportion to weights.

    Args:
        weights: ``[n]``, 0 or more.
        size: of the sample.
    """
    even = np.full(len(weights), 1.0 / len(weights))
    total = weights.sum()
    wanted = even if total <= 0 else _EVEN * even + (1.0 - _EVEN) * weights / total
    chances = np.zeros(len(weights))
    certain = np.zeros(len(weights), bool)
    while True:  # what would be above 1 is 1, and the others share the rest
        left = size - int(certain.sum())
        rest = wanted[~certain].sum()
        chances[~certain] = left * wanted[~certain] / rest if left else 0.0
        chances[certain] = 1.0
        above = (chances > 1.0) & ~certain
        if not above.any():
            return chances
        certain |= above


def _systematic(chances: FloatArray, rng: np.random.Generator) -> list[Drawn]:
    order = rng.permutation(len(chances))
    ends = np.cumsum(chances[order])
    ends[-1] = round(float(ends[-1]))
    marks = rng.random() + np.arange(int(ends[-1]))
    chosen = order[np.searchsorted(ends, marks, side="right")]
    return [Drawn(int(i), float(min(1.0, chances[i]))) for i in chosen]


@dataclass(frozen=True, slots=True)
class LabelsNeeded:
    """How many labels drawn at random an interval of a given width needs.

    Attributes:
        half_width: in shares: 0.05 is plus or minus five percentage points.
        alone: with the labels alone, or None where the articles are too few for it.
        corrected: with the correction, if the probabilities are right, or None likewise.
        articles: that the statements come from, or None where no column names them.
    """

    half_width: float
    alone: int | None
    corrected: int | None
    articles: int | None


def labels_needed(
    rows: Sequence[ScoredStatement],
    half_width: float,
    *,
    articles: int | None = None,
    level: float = 0.95,
) -> LabelsNeeded:
    """Labels that the interval of each of the three shares needs to be at most so wide.

    The variance of a label around its probability is what the correction leaves. Several labels of
    one article count less, as if any two were correlated with 0.1 (design effect; Kish 1965).

    Args:
        rows: scored statements toward one target.
        half_width: of the interval, in [0.0001, 0.5).
        articles: that they come from; None takes them as independent.
        level: nominal coverage.

    Raises:
        DataError: the width or the level is out of range.
        MissingExtraError: SciPy is not installed.
    """
    from stance.evaluation.prevalence.intervals import normal_quantile

    if not 1e-4 <= half_width < 0.5:
        raise DataError(
            f"half width is {half_width}: give a share from 0.0001 to below 0.5, such as 0.05"
        )
    chances = np.array([row.probabilities for row in rows])
    share = chances.mean(axis=0)
    allowed = (half_width / normal_quantile(level)) ** 2
    left = allowed - chances.var(axis=0) / len(rows)
    residual = (chances * (1.0 - chances)).mean(axis=0)
    alone = float((share * (1.0 - share)).max() / allowed)
    corrected = None if (left <= 0).any() else float((residual / left).max())
    return LabelsNeeded(
        half_width,
        _with_articles(alone, articles),
        None if corrected is None else _with_articles(corrected, articles),
        articles,
    )


def _with_articles(independent: float, articles: int | None) -> int | None:
    """Solve n = independent * (1 + (n / articles - 1) * correlation) where n is above articles."""
    if articles is None or independent <= articles:
        return max(2, math.ceil(independent))
    rest = 1.0 - independent * ARTICLE_CORRELATION / articles
    if rest <= 0:
        return None
    return math.ceil(independent * (1.0 - ARTICLE_CORRELATION) / rest)


def deal(
    drawn: Sequence[Drawn], coders: Sequence[str], overlap: int, *, seed: int = 13
) -> dict[str, list[Drawn]]:
    """Give the statements to coders: some to all of them, the others in turn.

    Args:
        drawn: in the order of drawing.
        coders: their names.
        overlap: how many all of them get.
        seed: of the order in which each sees them.

    Raises:
        DataError: the overlap is larger than the sample.
    """
    if not 0 <= overlap <= len(drawn):
        raise DataError(f"an overlap of {overlap} cannot be had: {len(drawn)} are drawn")
    shared, own = drawn[:overlap], drawn[overlap:]
    rng = np.random.default_rng(seed)
    dealt = {}
    for number, coder in enumerate(coders):
        mine = [*shared, *own[number :: len(coders)]]
        dealt[coder] = [mine[i] for i in rng.permutation(len(mine))]
    return dealt


def predicted_counts(table: ScoredTable, drawn: Sequence[Drawn]) -> dict[str, int]:
    """How many of the drawn statements are predicted to be of each stance."""
    found = [table.rows[item.position].stance for item in drawn]
    return {str(label): found.count(label) for label in Stance}
