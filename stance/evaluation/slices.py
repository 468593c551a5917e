"""Scores of the rows that are alike in one respect: one outlet, one kind of statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stance.evaluation import metrics
from stance.evaluation.predictions import ScoredRow
from stance.evaluation.resampling import bootstrap_interval
from stance.evaluation.results import SliceScores
from stance.evaluation.row_arrays import CLASSES, NEUTRAL, draws_of, indices, probabilities_of
from stance.evaluation.run_facts import ScoringSettings
from stance.labels import Stance

MOST = 30  # values of one respect


def score_slices(rows: Sequence[ScoredRow], settings: ScoringSettings) -> tuple[SliceScores, ...]:
    """Score every slice of the rows that have a gold stance, over all sets.

    A respect in which all rows are alike is left out; of more than :data:`MOST` values the rarest
    are one slice.

    Returns:
        By respect in order of first appearance, and within it by falling number of rows.
    """
    parts: dict[str, dict[str, list[ScoredRow]]] = {}
    for row in rows:
        for by, value in row.gold.slices.items() if row.gold.stance is not None else ():
            parts.setdefault(by, {}).setdefault(value, []).append(row)
    return tuple(
        _score(by, value, own, settings)
        for by, values in parts.items()
        for value, own in _most_frequent(values)
        if len(values) > 1
    )


def _most_frequent(values: Mapping[str, list[ScoredRow]]) -> list[tuple[str, list[ScoredRow]]]:
    ordered = sorted(values.items(), key=lambda item: (-len(item[1]), item[0]))
    if len(ordered) <= MOST:
        return ordered
    rest = [row for _, own in ordered[MOST - 1 :] for row in own]
    return [*ordered[: MOST - 1], (f"{len(ordered) - MOST + 1} others", rest)]


def _score(
    by: str, value: str, rows: Sequence[ScoredRow], settings: ScoringSettings
) -> SliceScores:
    gold = indices(Stance, [row.gold.stance for row in rows])
    predicted = indices(Stance, [row.stance for row in rows])
    bare = indices(Stance, [row.bare_stance or row.stance for row in rows])
    tried = any(row.bare_stance is not None for row in rows)
    draws = draws_of(rows, settings)
    probabilities = probabilities_of([row.stance_probabilities for row in rows])
    return SliceScores(
        by=by,
        value=value,
        n=len(rows),
        macro_f1=bootstrap_interval(gold, predicted, **draws),
        without_context=bootstrap_interval(gold, bare, **draws) if tried else None,
        accuracy=metrics.accuracy(gold, predicted),
        neutral_f1=metrics.macro_f1(gold, np.full_like(gold, NEUTRAL), CLASSES),
        sided=int(np.sum(gold != NEUTRAL)),
        wrong_sides=int(np.sum(np.abs(gold - predicted) == 2)),
        neutral=int(np.sum(gold == NEUTRAL)),
        false_sides=int(np.sum((gold == NEUTRAL) & (predicted != NEUTRAL))),
        ece=None
        if probabilities is None
        else metrics.expected_calibration_error(probabilities, gold),
    )
