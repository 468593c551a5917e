"""Stored predictions -> scores. No model."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from stance.evaluation import metrics
from stance.evaluation.metrics import FloatArray, LabelArray
from stance.evaluation.predictions import ScoredRow
from stance.evaluation.resampling import (
    accuracy_of_confusion,
    bootstrap_interval,
    bootstrap_mean,
    choose_clusters,
    paired_difference,
)
from stance.evaluation.results import (
    BaselineScore,
    CalibrationScores,
    ConformalScores,
    ContextScores,
    LabelScores,
    Mistake,
    SetResult,
    SeveralTargets,
    SignAgreement,
    StanceScores,
)
from stance.evaluation.run_facts import ScoringSettings
from stance.labels import AnyLabel, Sentiment, Stance
from stance.model import Calibration, softmax

MAX_ERRORS = 300
POOLED = "all sets"
CLASSES = 3
NEUTRAL = list(Stance).index(Stance.NEUTRAL)
_CURVE_POINTS = 200


def indices(kind: type[AnyLabel], labels: Sequence[AnyLabel | None]) -> LabelArray:
    """Column indices ``[n]`` of the labels that are there."""
    order = list(kind)
    return np.array([order.index(label) for label in labels if label is not None], dtype=np.int64)


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


def score_rows(rows: Sequence[ScoredRow], settings: ScoringSettings) -> tuple[SetResult, ...]:
    """One result for each set, and for each source where a set has several.

    Returns:
        Results in order of first appearance.
    """
    parts: dict[tuple[str, str], list[ScoredRow]] = {}
    for row in rows:
        parts.setdefault((row.set, row.gold.source), []).append(row)
    return tuple(score_set(n, source, part, settings) for (n, source), part in parts.items())


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
    wrong = [row for row in with_stance if row.gold.stance is not row.stance]
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
        errors=tuple(_mistake(row) for row in sorted(wrong, key=_gravity)[:MAX_ERRORS]),
        sentiment_errors=tuple(_mistake(row) for row in wrong_sentiment[:MAX_ERRORS]),
    )


def _gravity(row: ScoredRow) -> tuple[bool, float]:
    """Sorts errors: favor for against and back first, then by falling confidence."""
    neutral = Stance.NEUTRAL in (row.stance, row.gold.stance)
    return neutral, -max(row.stance_probabilities)


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
        confidence=round(max(row.stance_probabilities), 4),
        gold_sentiment=None if gold.sentiment is None else str(gold.sentiment),
        sentiment=None if row.sentiment is None else str(row.sentiment),
    )


def _score_stance(rows: Sequence[ScoredRow], settings: ScoringSettings) -> StanceScores:
    gold = indices(Stance, [row.gold.stance for row in rows])
    predicted = indices(Stance, [row.stance for row in rows])
    probabilities = np.array([row.stance_probabilities for row in rows])
    temperatures = None
    if settings.stance_temperature is not None:
        fitted = Calibration(
            settings.stance_temperature, context_temperature=settings.context_temperature
        )
        temperatures = fitted.stance_temperatures([row.used_context for row in rows])
    overall = _score_labels(
        draws_of(rows, settings),
        gold,
        predicted,
        probabilities,
        names=[str(label) for label in Stance],
        temperatures=temperatures,
        baselines=_common(Stance, [row.stance_baselines for row in rows]),
    )
    return StanceScores(
        overall=overall,
        mean_f1_favor_against=metrics.mean_f1(gold, predicted, CLASSES, (0, 2)),
        sided=int(np.sum(gold != NEUTRAL)),
        wrong_sides=int(np.sum(np.abs(gold - predicted) == 2)),
        neutral=int(np.sum(gold == NEUTRAL)),
        false_sides=int(np.sum((gold == NEUTRAL) & (predicted != NEUTRAL))),
        several_targets=_score_several_targets(rows),
        conformal=_score_sets(rows, probabilities, gold, settings),
    )


def _score_sentiment(rows: Sequence[ScoredRow], settings: ScoringSettings) -> LabelScores:
    temperature = settings.sentiment_temperature
    return _score_labels(
        draws_of(rows, settings),
        indices(Sentiment, [row.gold.sentiment for row in rows]),
        indices(Sentiment, [row.sentiment for row in rows]),
        np.array([row.sentiment_probabilities for row in rows]),
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


def _score_labels(
    draws: Draws,
    gold: LabelArray,
    predicted: LabelArray,
    probabilities: FloatArray,
    *,
    names: Sequence[str],
    temperatures: npt.NDArray[np.float64] | None,
    baselines: Mapping[str, LabelArray],
) -> LabelScores:
    brier = np.sum((probabilities - np.eye(CLASSES)[gold]) ** 2, axis=1)
    confidence, correct = probabilities.max(axis=1), gold == predicted
    coverage, risk, _ = metrics.risk_coverage(confidence, correct)
    step = np.unique(np.linspace(0, len(coverage) - 1, _CURVE_POINTS).astype(int))
    classes = metrics.class_scores(gold, predicted, CLASSES)
    confusion = metrics.confusion_matrix(gold, predicted, CLASSES)
    return LabelScores(
        n=len(gold),
        labels=tuple(names),
        accuracy=bootstrap_interval(gold, predicted, statistic=accuracy_of_confusion, **draws),
        macro_f1=bootstrap_interval(gold, predicted, **draws),
        brier=bootstrap_mean(brier, **draws),
        absent=tuple(names[c] for c in metrics.absent_classes(gold, CLASSES)),
        classes=dict(zip(names, classes, strict=True)),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        risk_coverage=tuple((float(coverage[i]), float(risk[i])) for i in step),
        aurc=metrics.area_under_risk_coverage(confidence, correct),
        calibration=_score_calibration(probabilities, gold, temperatures),
        baselines={
            name: _score_baseline(draws, gold, predicted, answers)
            for name, answers in baselines.items()
        },
    )


def _score_calibration(
    probabilities: FloatArray, gold: LabelArray, temperatures: npt.NDArray[np.float64] | None
) -> CalibrationScores:
    """Of the stored probabilities and, with the temperatures ``[n]`` known, before them."""
    after = np.asarray(probabilities, np.float32)
    scores = CalibrationScores(
        temperatures=None if temperatures is None else tuple(sorted(set(temperatures.tolist()))),
        ece_after=metrics.expected_calibration_error(after, gold),
        brier_after=metrics.brier_score(after, gold),
        bins_after=tuple(metrics.reliability_bins(after, gold)),
    )
    if temperatures is None:
        return scores
    # log p + constant = logits / T, and the constant drops out of the softmax.
    before = softmax(np.log(np.maximum(probabilities, 1e-30)) * temperatures[:, None])
    return CalibrationScores(
        temperatures=scores.temperatures,
        ece_after=scores.ece_after,
        brier_after=scores.brier_after,
        bins_after=scores.bins_after,
        ece_before=metrics.expected_calibration_error(before, gold),
        brier_before=metrics.brier_score(before, gold),
        bins_before=tuple(metrics.reliability_bins(before, gold)),
    )


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
    probabilities: FloatArray,
    gold: LabelArray,
    settings: ScoringSettings,
) -> ConformalScores | None:
    if settings.coverage is None or settings.set_threshold is None:
        return None
    members = probabilities >= settings.set_threshold
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


def _score_baseline(
    draws: Draws, gold: LabelArray, model: LabelArray, baseline: LabelArray
) -> BaselineScore:
    difference = paired_difference(gold, model, baseline, **draws)
    return BaselineScore(
        accuracy=metrics.accuracy(gold, baseline),
        macro_f1=bootstrap_interval(gold, baseline, **draws),
        model_minus_baseline=difference.interval,
        not_better=difference.not_better,
    )


def _score_context(rows: Sequence[ScoredRow], settings: ScoringSettings) -> ContextScores | None:
    """With against without context, on the rows whose context the model read."""
    tried = [row for row in rows if row.bare_stance is not None]
    if not tried:
        return None
    gold = indices(Stance, [row.gold.stance for row in tried])
    bare = indices(Stance, [row.bare_stance for row in tried])
    full = indices(Stance, [row.stance for row in tried])
    without = _score_baseline(draws_of(tried, settings), gold, full, bare)
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
