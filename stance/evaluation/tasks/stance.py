"""Labelled sets and a classifier -> stored predictions, scores and a report."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from stance.config import check_range
from stance.errors import CalibrationError, ConfigError, DataError
from stance.evaluation.baselines import LabelT, WordBaselines, majority, sentiment_as_stance
from stance.evaluation.labelled_sets import LabelledRow, LabelledSet
from stance.evaluation.predictions import ScoredRow, as_stored
from stance.evaluation.provenance import Say, code_facts, config_hash, describe_file, guard_output
from stance.evaluation.report import write_report
from stance.evaluation.results import StanceResults
from stance.evaluation.run_facts import RunFacts, ScoringSettings
from stance.labels import Sentiment, Stance
from stance.model import Calibration
from stance.schema import CheckpointInfo, Prediction

logger = logging.getLogger(__name__)


class Classifier(Protocol):
    """What an evaluation needs of ``stance.StanceClassifier``."""

    @property
    def info(self) -> CheckpointInfo:
        """What is known of the checkpoint."""

    @property
    def calibration(self) -> Calibration:
        """What its logits were turned into probabilities with."""

    def predict(
        self,
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str | None] | None = None,
        /,
        *,
        speakers: Sequence[str | None] | None = None,
        batch_size: int = 32,
    ) -> list[Prediction]:
        """Stance and sentiment of each statement, in order."""


@dataclass(frozen=True, slots=True)
class StanceSettings:
    """Settings of a stance evaluation.

    Attributes:
        context_ablation: also predict the rows whose context the model read without it.
        bootstrap: resamples of every interval.
        level: nominal coverage of the intervals, in (0, 1).
        seed: of the resampling.
        batch_size: pairs in one forward pass.
        coverage: nominal coverage of the conformal sets that are checked; None for none.
        pooled: also score the rows of all sets together.
    """

    context_ablation: bool = True
    bootstrap: int = 1000
    level: float = 0.95
    seed: int = 13
    batch_size: int = 32
    coverage: float | None = 0.9
    pooled: bool = False

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range.
        """
        if self.bootstrap < 1 or self.batch_size < 1:
            raise ConfigError("bootstrap and batch_size must be 1 or more")
        for name, value in (("level", self.level), ("coverage", self.coverage)):
            if value is not None and not 0 < value < 1:
                raise ConfigError(f"{name} is {value}: give a number between 0 and 1")
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other


def evaluate_stance(
    settings: StanceSettings,
    sets: Sequence[LabelledSet],
    classifier: Classifier,
    folder: Path,
    *,
    name: str | None = None,
    requested: str | None = None,
    words: Callable[[], WordBaselines | None] = lambda: None,
    not_run: Mapping[str, str] | None = None,
    overwrite: bool = False,
    say: Say = logger.info,
) -> StanceResults:
    """Predict every set with the classifier and the baselines; write predictions and report.

    Args:
        settings: of the evaluation; what they hold tells this run from another in the folder.
        sets: what is evaluated; their names differ.
        classifier: a loaded classifier.
        folder: gets ``predictions.csv``, ``results.json``, ``report.md`` and ``report.html``.
        name: of the evaluation, for the report; None takes that of the first set.
        requested: the checkpoint as it was asked for; None takes its name.
        words: trains the TF-IDF baseline, or gives None where there is nothing to train it on; it
            is called when all else is known to be in order.
        not_run: what was left out, and why.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: there is no set, two have one name, the folder holds another run or cannot be
            written, or the classifier returned another number of predictions than it was asked for.
    """
    names = [part.name for part in sets]
    if not names or len(set(names)) < len(names):
        raise DataError(f"give one or more sets, each with a name of its own, not {names}")
    facts = stance_facts(
        settings,
        sets,
        classifier,
        name=name or names[0],
        requested=requested or classifier.info.name,
        not_run=not_run,
    )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    ablation = settings.context_ablation and classifier.info.reads_context
    begun = time.perf_counter()
    trained = words()
    rows: list[ScoredRow] = []
    for part in sets:
        say(f"{part.name}: {len(part.rows)} rows")
        rows += predict_set(
            part, classifier, trained, batch_size=settings.batch_size, ablation=ablation
        )
    facts = replace(facts, seconds=round(time.perf_counter() - begun, 1))
    return write_report(folder, rows, facts)


def stance_facts(
    settings: StanceSettings,
    sets: Sequence[LabelledSet],
    classifier: Classifier,
    *,
    name: str,
    requested: str,
    not_run: Mapping[str, str] | None = None,
) -> RunFacts:
    """What a result carries: settings and their hash, code, checkpoint, seed, data hashes."""
    left_out = dict(not_run or {})
    if settings.context_ablation and not classifier.info.reads_context:
        left_out["with and without context"] = "the checkpoint reads no context"
    return RunFacts(
        name=name,
        task="stance",
        config_hash=config_hash(settings),
        data={part.name: describe_file(part.file) for part in sets},
        about={part.name: part.about for part in sets if part.about},
        code=code_facts(),
        requested=Path(requested).name,
        checkpoint=without_folder(classifier.info),
        seed=settings.seed,
        scoring=_scoring(settings, classifier.calibration),
        not_run=left_out,
    )


def without_folder(info: CheckpointInfo) -> CheckpointInfo:
    """The facts of a checkpoint without the path of this machine."""
    return replace(info, name=Path(info.name).name)


def _scoring(settings: StanceSettings, calibration: Calibration) -> ScoringSettings:
    """How the rows will be scored, in numbers as ``results.json`` holds them."""
    threshold = None
    if settings.coverage is not None:
        try:
            threshold = round(float(calibration.threshold(settings.coverage)), 6)
        except CalibrationError as error:
            logger.info("no conformal sets: %s", error)
    around = calibration.context_temperature
    return ScoringSettings(
        bootstrap=settings.bootstrap,
        level=settings.level,
        seed=settings.seed,
        stance_temperature=None
        if any(calibration.stance_bias)
        else round(calibration.stance_temperature, 6),
        context_temperature=None if around is None else round(around, 6),
        sentiment_temperature=round(calibration.sentiment_temperature, 6),
        coverage=None if threshold is None else settings.coverage,
        set_threshold=threshold,
        pooled=settings.pooled,
    )


def predict_set(
    part: LabelledSet,
    classifier: Classifier,
    words: WordBaselines | None = None,
    *,
    batch_size: int = 32,
    ablation: bool = True,
) -> list[ScoredRow]:
    """Predict the rows of a set, with baselines.

    Args:
        part: the set.
        classifier: a loaded classifier.
        words: the trained TF-IDF baseline, or None.
        batch_size: pairs in one forward pass.
        ablation: also predict the rows whose context the model read without it.

    Raises:
        DataError: the classifier returned another number of predictions than it was asked for.
    """
    full = _predict(classifier, part.rows, batch_size, with_context=True)
    read = [i for i, prediction in enumerate(full) if ablation and prediction.used_context]
    some = _predict(classifier, [part.rows[i] for i in read], batch_size, with_context=False)
    bare = dict(zip(read, some, strict=True))
    by_stance = _stance_baselines(part.rows, full, words)
    by_sentiment = _sentiment_baselines(part.rows, words)
    return [
        _scored(
            part.name,
            row,
            full[i],
            bare.get(i),
            {name: labels[i] for name, labels in by_stance.items()},
            {name: labels[i] for name, labels in by_sentiment.items()},
        )
        for i, row in enumerate(part.rows)
    ]


def _scored(
    name: str,
    row: LabelledRow,
    prediction: Prediction,
    alone: Prediction | None,
    by_stance: dict[str, Stance],
    by_sentiment: dict[str, Sentiment],
) -> ScoredRow:
    sentiments = prediction.sentiment_probabilities
    return ScoredRow(
        set=name,
        gold=row,
        stance=answered_stance(prediction),
        stance_probabilities=_in_order(prediction.stance_probabilities, Stance),
        sentiment=prediction.sentiment,
        sentiment_probabilities=None if sentiments is None else _in_order(sentiments, Sentiment),
        abstained=prediction.abstained,
        truncated=prediction.truncated,
        used_context=prediction.used_context,
        bare_stance=None if alone is None else answered_stance(alone),
        bare_probabilities=None if alone is None else _in_order(alone.stance_probabilities, Stance),
        stance_baselines=by_stance,
        sentiment_baselines=by_sentiment,
    )


def _predict(
    classifier: Classifier, rows: Sequence[LabelledRow], batch_size: int, *, with_context: bool
) -> list[Prediction]:
    if not rows:
        return []
    predictions = classifier.predict(
        [row.text for row in rows],
        [row.target for row in rows],
        [row.context or None for row in rows] if with_context else None,
        speakers=[row.speaker for row in rows],
        batch_size=batch_size,
    )
    if len(predictions) != len(rows):
        raise DataError(f"{len(predictions)} predictions for {len(rows)} rows")
    return predictions


def answered_stance(prediction: Prediction) -> Stance:
    """The stance that is scored: an abstention counts as neutral."""
    return Stance.NEUTRAL if prediction.stance is None else prediction.stance


def _in_order(
    probabilities: Mapping[str, float], kind: type[Stance] | type[Sentiment]
) -> tuple[float, ...]:
    return tuple(as_stored(probabilities[str(label)]) for label in kind)


def _stance_baselines(
    rows: Sequence[LabelledRow], predictions: Sequence[Prediction], words: WordBaselines | None
) -> dict[str, list[Stance]]:
    """Stance by every baseline that can answer all rows; majority within each source."""
    stances = [row.stance for row in rows if row.stance is not None]
    if len(stances) < len(rows):
        return {}
    sources = [row.source for row in rows]
    found = {"majority": _majority_by_source(stances, sources, sources)}
    if Stance.NEUTRAL in stances:
        found["neutral"] = [Stance.NEUTRAL] * len(rows)
    predicted = [p.sentiment for p in predictions if p.sentiment is not None]
    gold = [row.sentiment for row in rows if row.sentiment is not None]
    if len(predicted) == len(rows):
        found["sentiment"] = sentiment_as_stance(predicted)
    if len(gold) == len(rows):
        found["gold-sentiment"] = sentiment_as_stance(gold)
    if words is not None:
        found["tfidf"] = words.stances([row.text for row in rows], [row.target for row in rows])
    return found


def _sentiment_baselines(
    rows: Sequence[LabelledRow], words: WordBaselines | None
) -> dict[str, list[Sentiment]]:
    """Sentiment by every baseline, for all rows; those without a label are not scored."""
    labelled = [(row.sentiment, row.source) for row in rows if row.sentiment is not None]
    if not labelled:
        return {}
    labels, sources = map(list, zip(*labelled, strict=True))
    found = {"majority": _majority_by_source(labels, sources, [row.source for row in rows])}
    if words is not None:
        found["tfidf"] = words.sentiments([row.text for row in rows])
    return found


def _majority_by_source(
    labels: Sequence[LabelT], labelled: Sequence[str], sources: Sequence[str]
) -> list[LabelT]:
    """The most frequent label of each row's source, or of all where its source has none."""
    best = {}
    for source in set(labelled):
        own = [label for label, s in zip(labels, labelled, strict=True) if s == source]
        best[source] = majority(own)[0]
    overall = majority(labels)[0]
    return [best.get(source, overall) for source in sources]
