"""Several systems on the same rows: the measures of each, each two compared, and power."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from stance.evaluation import metrics
from stance.evaluation.comparison import Comparison, compare_answers, corrected, pairs_of
from stance.evaluation.label_scoring import brier_scores
from stance.evaluation.measures import measure_labels
from stance.evaluation.metrics import LabelArray
from stance.evaluation.power import Power, power_of
from stance.evaluation.predictions import Answer, ScoredRow
from stance.evaluation.resampling import bootstrap_mean
from stance.evaluation.results import SystemScores
from stance.evaluation.row_arrays import CLASSES, draws_of, indices, probabilities_of
from stance.evaluation.run_facts import ScoringSettings
from stance.labels import Stance

BRIER, LOG_LOSS = "Brier score", "log loss"
SMALLEST = 1e-12  # a probability of 0 for what is right would be an infinite loss


def answers_by_system(
    rows: Sequence[ScoredRow], settings: ScoringSettings
) -> dict[str, dict[int, Answer]]:
    """What each system says of the rows that it answered, by their position."""
    lead = {at: Answer(row.stance, row.stance_probabilities) for at, row in enumerate(rows)}
    found: dict[str, dict[int, Answer]] = {settings.system: lead}
    for name in dict.fromkeys(name for row in rows for name in row.others):
        found[name] = {at: row.others[name] for at, row in enumerate(rows) if name in row.others}
    return found


def score_systems(rows: Sequence[ScoredRow], settings: ScoringSettings) -> tuple[SystemScores, ...]:
    """Measure each system on the rows that it answered.

    Args:
        rows: each with a gold stance, at least one.
        settings: of the scoring.
    """
    return tuple(
        _score_system(name, [rows[at] for at in answers], list(answers.values()), settings)
        for name, answers in answers_by_system(rows, settings).items()
    )


def _score_system(
    name: str, rows: Sequence[ScoredRow], answers: Sequence[Answer], settings: ScoringSettings
) -> SystemScores:
    gold = indices(Stance, [row.gold.stance for row in rows])
    predicted = indices(Stance, [answer.stance for answer in answers])
    draws = draws_of(rows, settings)
    measured = measure_labels(gold, predicted, **draws)
    probabilities = probabilities_of([answer.probabilities for answer in answers])
    ece = aurc = None
    if probabilities is None:
        measured |= {BRIER: None, LOG_LOSS: None}
    else:
        right = probabilities[np.arange(len(gold)), gold]
        losses = -np.log(np.maximum(right, SMALLEST))
        measured |= {
            BRIER: bootstrap_mean(brier_scores(probabilities, gold), **draws),
            LOG_LOSS: bootstrap_mean(losses, **draws),
        }
        ece = metrics.expected_calibration_error(probabilities.astype(np.float32), gold)
        aurc = metrics.area_under_risk_coverage(probabilities.max(axis=1), gold == predicted)
    classes = metrics.class_scores(gold, predicted, CLASSES)
    return SystemScores(
        system=name,
        n=len(gold),
        measures=measured,
        classes=dict(zip(map(str, Stance), classes, strict=True)),
        ece=ece,
        aurc=aurc,
    )


def compare_systems(rows: Sequence[ScoredRow], settings: ScoringSettings) -> tuple[Comparison, ...]:
    """Compare each two systems on the rows that both answered, corrected for their number."""
    systems = answers_by_system(rows, settings)
    found = []
    for first, second in pairs_of(systems):
        shared = sorted(systems[first].keys() & systems[second].keys())
        if shared:
            found.append(
                compare_answers(
                    first,
                    second,
                    indices(Stance, [rows[at].gold.stance for at in shared]),
                    (_chosen(systems[first], shared), _chosen(systems[second], shared)),
                    **draws_of([rows[at] for at in shared], settings),
                )
            )
    return corrected(found)


def _chosen(answers: Mapping[int, Answer], places: Sequence[int]) -> LabelArray:
    return indices(Stance, [answers[at].stance for at in places])


def power_of_rows(correct: npt.NDArray[np.bool_], clusters: Sequence[Hashable]) -> Power:
    """What these rows can show, with the clusters that they come in.

    Args:
        correct: ``[n]`` whether the evaluated system is right.
        clusters: of each row.
    """
    share = float(np.mean(correct))
    sums: dict[Hashable, float] = {}
    for cluster, right in zip(clusters, correct, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + float(right) - share
    count = len(sums)
    total = sum(value**2 for value in sums.values())
    error = (total * count / (count - 1)) ** 0.5 / len(correct) if count > 1 else 0.0
    return power_of(len(correct), share, error)
