"""Stored predictions -> scores. No model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from stance.evaluation import metrics
from stance.evaluation.label_scoring import score_baseline, score_labels
from stance.evaluation.metrics import FloatArray, LabelArray
from stance.evaluation.predictions import ScoredRow
from stance.evaluation.resampling import bootstrap_mean
from stance.evaluation.results import (
    ConformalScores,
    ContextScores,
    LabelScores,
    Mistake,
    SetResult,
    SeveralTargets,
    SignAgreement,
    StanceScores,
)
from stance.evaluation.row_arrays import (
    CLASSES,
    NEUTRAL,
    SIDES,
    draws_of,
    indices,
    probabilities_of,
)
from stance.evaluation.run_facts import ScoringSettings
from stance.evaluation.system_scoring import compare_systems, power_of_rows, score_systems
from stance.labels import AnyLabel, Sentiment, Stance
from stance.model import Calibration

MAX_ERRORS = 1000
POOLED = "all sets"


def score_rows(rows: Sequence[ScoredRow], settings: ScoringSettings) -> tuple[SetResult, ...]:
    """One result for each set, and for each source where a set has several.

    Returns:
        Results in order of first appearance.
    """
    parts = _by_source(rows).items()
    return tuple(score_set(n, source, part, settings) for (n, source), part in parts)


def _by_source(rows: Sequence[ScoredRow]) -> dict[tuple[str, str], list[ScoredRow]]:
    parts: dict[tuple[str, str], list[ScoredRow]] = {}
    for row in rows:
        parts.setdefault((row.set, row.gold.source), []).append(row)
    return parts


def shown_errors(rows: Sequence[ScoredRow]) -> list[ScoredRow]:
    """The rows whose wrong stance a report shows, of all sets and sources."""
    return [row for part in _by_source(rows).values() for row in _errors(part)[:MAX_ERRORS]]


def _errors(rows: Sequence[ScoredRow]) -> list[ScoredRow]:
    wrong = [row for row in rows if row.gold.stance not in (None, row.stance)]
    return sorted(wrong, key=_gravity)


def score_pooled(rows: Sequence[ScoredRow], settings: ScoringSettings) -> SetResult:
    """Score all rows together; the majority baseline answers by set. Errors are not repeated."""
    pooled = score_set(POOLED, "", rows, settings)
    return replace(pooled, errors=(), sentiment_errors=())


def score_set(
    name: str, source: str, rows: Sequence[ScoredRow], settings: ScoringSettings
) -> SetResult:
    """Score the rows of one set or source; see :func:`score_rows`."""
    with_stance = [row for row in rows if row.gold.stance is not None]
    with_sentiment = [row for row in rows if row.gold.sentiment is not None]
    answered = all(row.sentiment is not None for row in with_sentiment)
    wrong = _errors(with_stance)
    wrong_sentiment = [
        row for row in with_sentiment if row.sentiment not in (None, row.gold.sentiment)
    ]
    return SetResult(
        set=name,
        source=source,
        n=len(rows),
        truncated=sum(row.truncated for row in rows),
        abstained=sum(row.abstained for row in rows),
        stance=_score_stance(with_stance, settings) if with_stance else None,
        sentiment=_score_sentiment(with_sentiment, settings)
        if with_sentiment and answered
        else None,
        sentiment_not_run=None if answered else "the checkpoint predicts no sentiment",
        agreement=_score_agreement(rows),
        context=_score_context(with_stance, settings),
        n_errors=len(wrong),
        n_sentiment_errors=len(wrong_sentiment),
        errors=tuple(_mistake(row) for row in wrong[:MAX_ERRORS]),
        sentiment_errors=tuple(_mistake(row) for row in wrong_sentiment[:MAX_ERRORS]),
    )


def _gravity(row: ScoredRow) -> tuple[bool, float]:
    """Sorts errors: favor for against and back first, then by falling confidence."""
    neutral = Stance.NEUTRAL in (row.stance, row.gold.stance)
    return neutral, -max(row.stance_probabilities or (0.0,))


def _mistake(row: ScoredRow) -> Mistake:
    gold = row.gold
    return Mistake(
        id=gold.id,
        target=gold.target,
        text=gold.text,
        context=gold.context,
        speaker=gold.speaker,
        rationale=gold.rationale,
        gold=None if gold.stance is None else str(gold.stance),
        predicted=str(row.stance),
        probabilities={
            str(label): round(value, 4)
            for label, value in zip(Stance, row.stance_probabilities or (), strict=False)
        },
        gold_sentiment=None if gold.sentiment is None else str(gold.sentiment),
        sentiment=None if row.sentiment is None else str(row.sentiment),
        others={name: str(answer.stance) for name, answer in row.others.items()},
        moved=row.moved,
    )


def _score_stance(rows: Sequence[ScoredRow], settings: ScoringSettings) -> StanceScores:
    gold = indices(Stance, [row.gold.stance for row in rows])
    predicted = indices(Stance, [row.stance for row in rows])
    probabilities = probabilities_of([row.stance_probabilities for row in rows])
    temperatures = None
    if settings.stance_temperature is not None:
        fitted = Calibration(
            settings.stance_temperature, context_temperature=settings.context_temperature
        )
        temperatures = fitted.stance_temperatures([row.used_context for row in rows])
    draws = draws_of(rows, settings)
    overall = score_labels(
        draws,
        gold,
        predicted,
        probabilities,
        names=[str(label) for label in Stance],
        temperatures=temperatures,
        baselines=_common(Stance, [row.stance_baselines for row in rows]),
    )
    return StanceScores(
        overall=overall,
        mean_f1_favor_against=metrics.mean_f1(gold, predicted, CLASSES, SIDES)
        if set(SIDES) <= set(gold)
        else None,
        sided=int(np.sum(gold != NEUTRAL)),
        wrong_sides=int(np.sum(np.abs(gold - predicted) == 2)),
        neutral=int(np.sum(gold == NEUTRAL)),
        false_sides=int(np.sum((gold == NEUTRAL) & (predicted != NEUTRAL))),
        several_targets=_score_several_targets(rows),
        conformal=_score_sets(rows, probabilities, gold, settings),
        systems=score_systems(rows, settings),
        comparisons=compare_systems(rows, settings),
        power=power_of_rows(gold == predicted, draws["clusters"]),
    )


def _score_sentiment(rows: Sequence[ScoredRow], settings: ScoringSettings) -> LabelScores:
    temperature = settings.sentiment_temperature
    return score_labels(
        draws_of(rows, settings),
        indices(Sentiment, [row.gold.sentiment for row in rows]),
        indices(Sentiment, [row.sentiment for row in rows]),
        probabilities_of([row.sentiment_probabilities for row in rows]),
        names=[str(label) for label in Sentiment],
        temperatures=None if temperature is None else np.full(len(rows), temperature),
        baselines=_common(Sentiment, [row.sentiment_baselines for row in rows]),
    )


def _common(
    kind: type[AnyLabel], answers: Sequence[Mapping[str, AnyLabel]]
) -> dict[str, LabelArray]:
    """The answers ``[n]`` of the baselines that answered every row."""
    return {
        name: indices(kind, [row[name] for row in answers])
        for name in answers[0]
        if all(name in row for row in answers)
    }


def _score_several_targets(rows: Sequence[ScoredRow]) -> SeveralTargets | None:
    """Share of the statements judged against several targets that are right for all of them."""
    right: dict[tuple[str, str, str | None], dict[str, bool]] = {}
    for row in rows:
        gold = row.gold
        found = right.setdefault((gold.text, gold.context, gold.speaker), {})
        found[gold.target] = found.get(gold.target, True) and gold.stance is row.stance
    several = [found.values() for found in right.values() if len(found) > 1]
    if not several:
        return None
    return SeveralTargets(len(several), float(np.mean([all(f) for f in several])))


def _score_sets(
    rows: Sequence[ScoredRow],
    probabilities: FloatArray | None,
    gold: LabelArray,
    settings: ScoringSettings,
) -> ConformalScores | None:
    if probabilities is None or settings.coverage is None or settings.set_thresholds is None:
        return None
    members = probabilities >= np.array(settings.set_thresholds)
    held = members[np.arange(len(gold)), gold].astype(np.float64)
    return ConformalScores(
        nominal=settings.coverage,
        observed=bootstrap_mean(held, **draws_of(rows, settings)),
        mean_size=float(members.sum(axis=1).mean()),
        classes={
            str(label): bootstrap_mean(
                held[gold == c],
                **draws_of([row for row in rows if row.gold.stance is label], settings),
            )
            for c, label in enumerate(Stance)
            if np.any(gold == c)
        },
    )


def _score_context(rows: Sequence[ScoredRow], settings: ScoringSettings) -> ContextScores | None:
    """With against without context, on the rows whose context the model read."""
    tried = [row for row in rows if row.bare_stance is not None]
    if not tried:
        return None
    gold = indices(Stance, [row.gold.stance for row in tried])
    bare = indices(Stance, [row.bare_stance for row in tried])
    full = indices(Stance, [row.stance for row in tried])
    without = score_baseline(draws_of(tried, settings), gold, full, bare)
    silent = (gold == NEUTRAL) & (bare == NEUTRAL)
    return ContextScores(
        n=len(tried),
        macro_f1_with=metrics.macro_f1(gold, full, CLASSES),
        macro_f1_without=without.macro_f1,
        with_minus_without=without.model_minus_baseline,
        changed=int(np.sum(full != bare)),
        changed_to_right=int(np.sum((full != bare) & (full == gold))),
        changed_to_wrong=int(np.sum((full != bare) & (bare == gold))),
        neutral=int(silent.sum()),
        neutral_moved=int(np.sum(silent & (full != NEUTRAL))),
    )


def _score_agreement(rows: Sequence[ScoredRow]) -> SignAgreement | None:
    """How far stance follows sentiment, where both are predicted and labelled if any row is."""
    predicted = [row for row in rows if row.sentiment is not None and row.gold.stance is not None]
    if not predicted:
        return None
    both = [row for row in predicted if row.gold.sentiment is not None]
    chosen = both or predicted
    found = metrics.agreement(
        indices(Stance, [row.stance for row in chosen]),
        indices(Sentiment, [row.sentiment for row in chosen]),
    )
    gold = metrics.agreement(
        indices(Stance, [row.gold.stance for row in both]),
        indices(Sentiment, [row.gold.sentiment for row in both]),
    )
    return SignAgreement(found, gold if both else None)
