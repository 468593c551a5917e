"""Config and checkpoint -> stored predictions. Scores and reports are made from what is stored."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from eval import baselines
from eval.handset import GoldItem
from eval.predictions import STANCE_BASELINES, ScoredItem
from eval.provenance import code_facts, config_hash, file_sha256
from eval.scoring import ScoringConfig
from eval.sets import EvalConfig, LoadedSet, find_in
from stance.errors import CalibrationError, DataError
from stance.labels import Sentiment, Stance
from stance.schema import CheckpointInfo, Prediction

logger = logging.getLogger(__name__)
Progress = Callable[[str], None]
STATEMENTS_DIR = Path(__file__).resolve().parent.parent / "configs" / "train" / "statements"


class Classifier(Protocol):
    """What the harness needs of ``stance.StanceClassifier``."""

    @property
    def info(self) -> CheckpointInfo:
        """What is known of the checkpoint."""

    def predict(
        self,
        statements: Sequence[str],
        targets: str | Sequence[str],
        contexts: Sequence[str | None] | None = None,
        *,
        speakers: Sequence[str | None] | None = None,
        batch_size: int = 32,
        progress: bool | None = None,
    ) -> list[Prediction]:
        """Stance and tone of each statement, in order."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: rows to store, and what is known of how they came about."""

    rows: list[ScoredItem]
    facts: dict[str, Any]


def run(
    config: EvalConfig,
    sets: Sequence[LoadedSet],
    classifier: Classifier,
    *,
    name: str,
    data: Sequence[Path] = (),
    not_run: dict[str, str] | None = None,
    say: Progress = logger.info,
) -> Run:
    """Predict every set with the classifier and the baselines.

    Args:
        config: the evaluation's settings.
        sets: as read by :func:`load_sets`.
        classifier: a loaded classifier.
        name: of the evaluation, for the report.
        data: folders that may hold the training files of the TF-IDF baseline.
        not_run: sets that were left out, and why.
        say: told what is going on.

    Raises:
        DataError: the classifier returned another number of predictions than it was asked for.
    """
    begun = time.perf_counter()
    facts = {"name": name, **run_facts(config, sets, classifier), "not_run": dict(not_run or {})}
    words, why = _train_words(config, data, say)
    if why:
        facts["not_run"]["baseline tfidf"] = why
    ablation = config.context_ablation
    if ablation and not classifier.info.reads_context:
        ablation = False
        facts["not_run"]["with and without context"] = "the checkpoint reads no context"
    rows: list[ScoredItem] = []
    for loaded in sets:
        say(f"{loaded.config.name}: {len(loaded.items)} rows")
        rows += _predict_set(loaded, classifier, words, config.batch_size, ablation)
    facts["seconds"] = round(time.perf_counter() - begun, 1)
    return Run(rows, facts)


def run_facts(
    config: EvalConfig, sets: Sequence[LoadedSet], classifier: Classifier
) -> dict[str, Any]:
    """What a result carries: config and its hash, code version, checkpoint, seed, data hashes."""
    info = classifier.info
    calibration = getattr(classifier, "calibration", None)
    threshold = None
    if calibration is not None and config.coverage is not None:
        try:
            threshold = float(calibration.threshold(config.coverage))
        except CalibrationError as error:
            logger.info("no conformal sets: %s", error)
    stance_heat = getattr(calibration, "stance_temperature", None)
    tone_heat = getattr(calibration, "sentiment_temperature", None)
    scoring = ScoringConfig(
        bootstrap=config.bootstrap,
        level=config.level,
        seed=config.seed,
        stance_temperature=stance_heat,
        context_temperature=getattr(calibration, "context_temperature", None),
        sentiment_temperature=tone_heat,
        coverage=None if threshold is None else config.coverage,
        set_threshold=threshold,
    )
    return {
        "task": "stance",
        "config_hash": config_hash(config),
        "seed": config.seed,
        "checkpoint": {
            "requested": Path(config.checkpoint).name,
            "kind": info.kind,
            "name": Path(info.name).name,
            "sha256": info.sha256,
            "device": info.device,
        },
        "data": {s.config.name: {"file": s.file.name, **file_sha256(s.file)} for s in sets},
        "scoring": scoring,
        **code_facts(),
    }


def _train_words(
    config: EvalConfig, data: Sequence[Path], say: Progress
) -> tuple[tuple[baselines.WordRegression, baselines.WordRegression] | None, str]:
    folders = [path for path in data if path.is_dir()]
    if not folders:
        return None, "give the folder of the training files with --data"
    try:
        home = find_in(folders, "stance_train").parent
        pairs = baselines.training_pairs(home, STATEMENTS_DIR, config.seed)
    except DataError as error:
        return None, str(error)
    say(f"training the TF-IDF baseline on {len(pairs)} pairs")
    stance = baselines.fit_stance_words(pairs, config.seed)
    return (stance, baselines.fit_tone_words(pairs, config.seed)), ""


def _predict_set(
    loaded: LoadedSet,
    classifier: Classifier,
    words: tuple[baselines.WordRegression, baselines.WordRegression] | None,
    batch_size: int,
    ablation: bool,
) -> list[ScoredItem]:
    items = loaded.items
    full = _predict(classifier, items, batch_size, with_context=True)
    bare: dict[int, Prediction] = {}
    if ablation:
        at = [i for i, item in enumerate(items) if item.context]
        some = _predict(classifier, [items[i] for i in at], batch_size, with_context=False)
        bare = dict(zip(at, some, strict=True))
    stance_by, tone_by = _baselines(items, full, words)
    rows = []
    for i, (item, prediction) in enumerate(zip(items, full, strict=True)):
        alone = bare.get(i)
        rows.append(
            ScoredItem(
                set=loaded.config.name,
                gold=item,
                stance=forced_stance(prediction),
                stance_probabilities=_column_values(prediction.stance_probabilities, Stance),
                sentiment=prediction.sentiment,
                sentiment_probabilities=None
                if prediction.sentiment_probabilities is None
                else _column_values(prediction.sentiment_probabilities, Sentiment),
                truncated=prediction.truncated,
                bare_stance=None if alone is None else forced_stance(alone),
                bare_probabilities=None
                if alone is None
                else _column_values(alone.stance_probabilities, Stance),
                stance_baselines={name: labels[i] for name, labels in stance_by.items()},
                tone_baselines={name: labels[i] for name, labels in tone_by.items()},
            )
        )
    return rows


def _predict(
    classifier: Classifier, items: Sequence[GoldItem], batch_size: int, *, with_context: bool
) -> list[Prediction]:
    if not items:
        return []
    predictions = classifier.predict(
        [item.text for item in items],
        [item.target for item in items],
        [item.context or None for item in items] if with_context else None,
        speakers=[item.speaker for item in items],
        batch_size=batch_size,
    )
    if len(predictions) != len(items):
        raise DataError(f"{len(predictions)} predictions for {len(items)} rows")
    return predictions


def forced_stance(prediction: Prediction) -> Stance:
    """The most probable stance, also where the classifier abstained."""
    if prediction.stance is not None:
        return prediction.stance
    return max(Stance, key=lambda label: prediction.stance_probabilities[str(label)])


def _column_values(
    probabilities: dict[str, float], kind: type[Stance] | type[Sentiment]
) -> tuple[float, ...]:
    return tuple(float(probabilities[str(label)]) for label in kind)


def _baselines(
    items: Sequence[GoldItem],
    predictions: Sequence[Prediction],
    words: tuple[baselines.WordRegression, baselines.WordRegression] | None,
) -> tuple[dict[str, list[Stance]], dict[str, list[Sentiment]]]:
    """Labels of every baseline that can answer all rows; majority within each source."""
    stance_by: dict[str, list[Stance]] = {}
    tone_by: dict[str, list[Sentiment]] = {}
    stances = [item.stance for item in items if item.stance is not None]
    toned = [item for item in items if item.sentiment is not None]
    tones = [item.sentiment for item in toned if item.sentiment is not None]
    predicted = [p.sentiment for p in predictions if p.sentiment is not None]
    texts, targets = [item.text for item in items], [item.target for item in items]
    sources = [item.source for item in items]
    if len(stances) == len(items):
        stance_by["majority"] = _majority_by_source(stances, sources, sources)
        if len(predicted) == len(items):
            stance_by["sentiment"] = baselines.sentiment_as_stance(predicted)
        if len(tones) == len(items):
            stance_by["gold-sentiment"] = baselines.sentiment_as_stance(tones)
        if words:
            stance_by["tfidf"] = [Stance(label) for label in words[0].predict(texts, targets)]
    if tones:  # rows without a tone label are not scored for it
        tone_by["majority"] = _majority_by_source(tones, [item.source for item in toned], sources)
        if words:
            tone = words[1].predict(texts, ["tone"] * len(texts))
            tone_by["tfidf"] = [Sentiment(label) for label in tone]
    unknown = set(stance_by) - set(STANCE_BASELINES)
    if unknown:
        raise DataError(f"no column for the baselines {sorted(unknown)}")
    return stance_by, tone_by


def _majority_by_source(
    labels: Sequence[baselines.LabelT], labelled: Sequence[str], sources: Sequence[str]
) -> list[baselines.LabelT]:
    """The most frequent label of each row's source, or of all where its source has none."""
    best = {}
    for source in set(labelled):
        own = [label for label, s in zip(labels, labelled, strict=True) if s == source]
        best[source] = baselines.majority(own)[0]
    overall = baselines.majority(labels)[0]
    return [best.get(source, overall) for source in sources]
