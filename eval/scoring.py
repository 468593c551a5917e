"""Stored predictions -> results: the numbers of a report, as plain JSON values. No model."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eval import metrics
from eval.metrics import FloatArray, LabelArray
from eval.predictions import SENTIMENTS, STANCES, ScoredItem
from eval.resampling import (
    accuracy_of_confusion,
    bootstrap_interval,
    bootstrap_mean,
    choose_clusters,
    paired_difference,
)
from stance.labels import Sentiment, Stance
from stance.model.calibration import Calibration, softmax
from stance.model.pairs import carve_context

_CLASSES = 3
_CURVE_POINTS = 200


@dataclass(frozen=True, slots=True)
class ScoringConfig:
    """How predictions are scored.

    Attributes:
        bootstrap: resamples of every interval.
        level: nominal coverage of the intervals, in (0, 1).
        seed: of the resampling.
        stance_temperature: what the stance logits were divided by, or None where unknown.
        context_temperature: the same for rows with a context, or None where it is no other.
        sentiment_temperature: the same for tone.
        coverage: nominal coverage of the conformal prediction sets, or None.
        set_threshold: lowest probability of a label in such a set, or None.
    """

    bootstrap: int = 1000
    level: float = 0.95
    seed: int = 13
    stance_temperature: float | None = None
    context_temperature: float | None = None
    sentiment_temperature: float | None = None
    coverage: float | None = None
    set_threshold: float | None = None


def _stance_index(labels: Sequence[Stance]) -> LabelArray:
    return np.array([STANCES.index(label) for label in labels], dtype=np.int64)


def _tone_index(labels: Sequence[Sentiment]) -> LabelArray:
    return np.array([SENTIMENTS.index(label) for label in labels], dtype=np.int64)


def score_rows(rows: Sequence[ScoredItem], config: ScoringConfig) -> list[dict[str, Any]]:
    """One result for each set, and for each source where a set has several.

    Returns:
        Blocks in order of first appearance, each with ``set``, ``source``, ``n``, ``truncated``,
        and where the gold labels exist ``stance``, ``sentiment``, ``agreement``, ``context``.
    """
    blocks: dict[tuple[str, str], list[ScoredItem]] = {}
    for row in rows:
        blocks.setdefault((row.set, row.gold.source), []).append(row)
    return [score_block(name, source, part, config) for (name, source), part in blocks.items()]


def score_block(
    name: str, source: str, rows: Sequence[ScoredItem], config: ScoringConfig
) -> dict[str, Any]:
    """Score the rows of one set or source; see :func:`score_rows`."""
    block: dict[str, Any] = {
        "set": name,
        "source": source,
        "n": len(rows),
        "truncated": sum(row.truncated for row in rows),
    }
    with_stance = [row for row in rows if row.gold.stance is not None]
    if with_stance:
        block["stance"] = _score_stance(with_stance, config)
        if any(row.bare_stance for row in with_stance):
            block["context"] = _score_context(with_stance, config)
    with_tone = [row for row in rows if row.gold.sentiment is not None]
    if with_tone and all(row.sentiment is not None for row in with_tone):
        block["sentiment"] = _score_tone(with_tone, config)
    elif with_tone:
        block["sentiment_not_run"] = "the checkpoint predicts no sentiment"
    agreement = _score_agreement(rows)
    if agreement:
        block["agreement"] = agreement
    return block


def _clusters(rows: Sequence[ScoredItem]) -> tuple[list[Hashable], str]:
    return choose_clusters([r.gold.group for r in rows], [r.gold.text for r in rows])


def _score_stance(rows: Sequence[ScoredItem], config: ScoringConfig) -> dict[str, Any]:
    gold = _stance_index([row.gold.stance for row in rows if row.gold.stance is not None])
    predicted = _stance_index([row.stance for row in rows])
    probabilities = np.array([row.stance_probabilities for row in rows])
    names = [str(label) for label in STANCES]
    scores = _score_labels(rows, gold, predicted, probabilities, names, config)
    scores["mean_f1_favor_against"] = metrics.mean_f1(gold, predicted, _CLASSES, (0, 2))
    heat = config.stance_temperature
    heats = None
    if heat is not None:
        fitted = Calibration(heat, context_temperature=config.context_temperature)
        around = [bool(carve_context(row.gold.text, row.gold.context)) for row in rows]
        heats = fitted.stance_temperatures(around)
    scores["calibration"] = _score_calibration(probabilities, gold, heats)
    scores["several_targets"] = _score_several_targets(rows)
    scores["conformal"] = _score_sets(probabilities, gold, config)
    scores["baselines"] = {
        name: _score_baseline(
            rows, gold, predicted, _stance_index([r.stance_baselines[name] for r in rows]), config
        )
        for name in rows[0].stance_baselines
        if all(name in row.stance_baselines for row in rows)
    }
    return scores


def _score_tone(rows: Sequence[ScoredItem], config: ScoringConfig) -> dict[str, Any]:
    gold = _tone_index([row.gold.sentiment for row in rows if row.gold.sentiment is not None])
    predicted = _tone_index([row.sentiment for row in rows if row.sentiment is not None])
    probabilities = np.array([row.sentiment_probabilities for row in rows])
    names = [str(label) for label in SENTIMENTS]
    scores = _score_labels(rows, gold, predicted, probabilities, names, config)
    heat = config.sentiment_temperature
    heats = None if heat is None else np.full(len(rows), heat)
    scores["calibration"] = _score_calibration(probabilities, gold, heats)
    scores["baselines"] = {
        name: _score_baseline(
            rows, gold, predicted, _tone_index([r.tone_baselines[name] for r in rows]), config
        )
        for name in rows[0].tone_baselines
        if all(name in row.tone_baselines for row in rows)
    }
    return scores


def _score_labels(
    rows: Sequence[ScoredItem],
    gold: LabelArray,
    predicted: LabelArray,
    probabilities: FloatArray,
    names: Sequence[str],
    config: ScoringConfig,
) -> dict[str, Any]:
    clusters, unit = _clusters(rows)
    shared: dict[str, Any] = {
        "clusters": clusters,
        "unit": unit,
        "resamples": config.bootstrap,
        "level": config.level,
        "seed": config.seed,
    }
    onehot = np.eye(_CLASSES)[gold]
    brier = np.sum((probabilities - onehot) ** 2, axis=1)
    correct = gold == predicted
    confidence = probabilities.max(axis=1)
    coverage, risk, _ = metrics.risk_coverage(confidence, correct)
    step = np.unique(np.linspace(0, len(coverage) - 1, _CURVE_POINTS).astype(int))
    macro = bootstrap_interval(gold, predicted, **shared)
    hits = bootstrap_interval(gold, predicted, statistic=accuracy_of_confusion, **shared)
    return {
        "n": len(rows),
        "labels": list(names),
        "accuracy": asdict(hits),
        "macro_f1": asdict(macro),
        "brier": asdict(bootstrap_mean(brier, **shared)),
        "absent": [names[c] for c in metrics.absent_classes(gold, _CLASSES)],
        "classes": {
            name: asdict(score)
            for name, score in zip(
                names, metrics.class_scores(gold, predicted, _CLASSES), strict=True
            )
        },
        "confusion": metrics.confusion_matrix(gold, predicted, _CLASSES).tolist(),
        "risk_coverage": [[float(coverage[i]), float(risk[i])] for i in step],
        "aurc": metrics.area_under_risk_coverage(confidence, correct),
    }


def _score_calibration(
    probabilities: FloatArray, gold: LabelArray, temperatures: npt.NDArray[np.float64] | None
) -> dict[str, Any]:
    """ECE and Brier of the stored probabilities and, with the temperatures known, before them."""
    after = np.asarray(probabilities, np.float32)
    scores: dict[str, Any] = {
        "temperatures": None if temperatures is None else sorted(set(temperatures.tolist())),
        "ece_after": metrics.expected_calibration_error(after, gold),
        "brier_after": metrics.brier_score(after, gold),
        "bins_after": [asdict(b) for b in metrics.reliability_bins(after, gold)],
        "ece_before": None,
        "brier_before": None,
        "bins_before": [],
    }
    if temperatures is not None:
        # log p + constant = logits / T, and the constant drops out of the softmax.
        logits = np.log(np.maximum(probabilities, 1e-30)) * temperatures[:, None]
        before = softmax(logits)
        scores["ece_before"] = metrics.expected_calibration_error(before, gold)
        scores["brier_before"] = metrics.brier_score(before, gold)
        scores["bins_before"] = [asdict(b) for b in metrics.reliability_bins(before, gold)]
    return scores


def _score_several_targets(rows: Sequence[ScoredItem]) -> dict[str, float] | None:
    """Share of the statements judged against several targets that are right for all of them."""
    right: dict[tuple[str, str, str | None], dict[str, bool]] = {}
    for row in rows:
        gold = row.gold
        found = right.setdefault((gold.text, gold.context, gold.speaker), {})
        found[gold.target] = found.get(gold.target, True) and gold.stance is row.stance
    several = [found.values() for found in right.values() if len(found) > 1]
    if not several:
        return None
    return {"n": float(len(several)), "all_right": float(np.mean([all(f) for f in several]))}


def _score_sets(
    probabilities: FloatArray, gold: LabelArray, config: ScoringConfig
) -> dict[str, float] | None:
    if config.coverage is None or config.set_threshold is None:
        return None
    members = probabilities >= config.set_threshold
    return {
        "nominal": config.coverage,
        "observed": float(members[np.arange(len(gold)), gold].mean()),
        "mean_size": float(members.sum(axis=1).mean()),
    }


def _score_baseline(
    rows: Sequence[ScoredItem],
    gold: LabelArray,
    model: LabelArray,
    baseline: LabelArray,
    config: ScoringConfig,
) -> dict[str, Any]:
    clusters, unit = _clusters(rows)
    shared: dict[str, Any] = {
        "clusters": clusters,
        "unit": unit,
        "resamples": config.bootstrap,
        "level": config.level,
        "seed": config.seed,
    }
    difference = paired_difference(gold, model, baseline, **shared)
    return {
        "accuracy": metrics.accuracy(gold, baseline),
        "macro_f1": asdict(bootstrap_interval(gold, baseline, **shared)),
        "model_minus_baseline": asdict(difference.interval),
        "not_better": difference.not_better,
    }


def _score_context(rows: Sequence[ScoredItem], config: ScoringConfig) -> dict[str, Any]:
    """With against without context, on the rows that have one."""
    tried = [row for row in rows if row.bare_stance is not None]
    gold = _stance_index([row.gold.stance for row in tried if row.gold.stance is not None])
    bare = _stance_index([row.bare_stance for row in tried if row.bare_stance is not None])
    full = _stance_index([row.stance for row in tried])
    scores = _score_baseline(tried, gold, full, bare, config)
    neutral = gold == STANCES.index(Stance.NEUTRAL)
    leak = None
    if neutral.any():
        silent = neutral & (bare == STANCES.index(Stance.NEUTRAL))
        leaked = silent & (full != STANCES.index(Stance.NEUTRAL))
        leak = {"n": int(silent.sum()), "moved": int(leaked.sum())}
    return {
        "n": len(tried),
        "macro_f1_with": metrics.macro_f1(gold, full, _CLASSES),
        "macro_f1_without": scores["macro_f1"],
        "with_minus_without": scores["model_minus_baseline"],
        "changed": int(np.sum(full != bare)),
        "changed_to_right": int(np.sum((full != bare) & (full == gold))),
        "changed_to_wrong": int(np.sum((full != bare) & (bare == gold))),
        "neutral_leak": leak,
    }


def _score_agreement(rows: Sequence[ScoredItem]) -> dict[str, Any]:
    """How far stance follows tone: in the predictions, and in gold where both are labelled."""
    predicted = [row for row in rows if row.sentiment is not None and row.gold.stance is not None]
    if not predicted:
        return {}
    both = [row for row in predicted if row.gold.sentiment is not None]
    chosen = both or predicted
    found: dict[str, Any] = {
        "predicted": metrics.agreement(
            _stance_index([row.stance for row in chosen]),
            _tone_index([row.sentiment for row in chosen if row.sentiment is not None]),
        )
    }
    if both:
        found["gold"] = metrics.agreement(
            _stance_index([row.gold.stance for row in both if row.gold.stance is not None]),
            _tone_index([row.gold.sentiment for row in both if row.gold.sentiment is not None]),
        )
    return found
