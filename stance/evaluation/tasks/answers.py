"""Labelled rows -> what classifiers, stored predictions and baselines say of each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Protocol

from stance.errors import DataError
from stance.evaluation.baselines import (
    LabelT,
    WordBaselines,
    cross_validated,
    majority,
    sentiment_as_stance,
    vader_sentiments,
    why_not_cross_validated,
)
from stance.evaluation.labelled_sets import LabelledRow, LabelledSet
from stance.evaluation.predictions import Answer, ScoredRow, as_stored
from stance.evaluation.resampling import choose_clusters
from stance.evaluation.stored_answers import StoredAnswers
from stance.labels import Sentiment, Stance
from stance.model import Calibration
from stance.schema import CheckpointInfo, Prediction

_NO_VADER = "vaderSentiment is not installed: pip install 'newsstance[eval]'"


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
class OtherCheckpoint:
    """A checkpoint beside the evaluated one.

    Attributes:
        name: in the report.
        classifier: loaded.
    """

    name: str
    classifier: Classifier


OtherSystem = OtherCheckpoint | StoredAnswers


def predict_set(
    part: LabelledSet,
    lead: Classifier | StoredAnswers,
    words: WordBaselines | None = None,
    *,
    others: Sequence[OtherSystem] = (),
    batch_size: int = 32,
    ablation: bool = True,
    baselines: bool = True,
    seed: int = 13,
) -> list[ScoredRow]:
    """Predict the rows of a set, with baselines and the systems beside.

    Args:
        part: the set.
        lead: a loaded classifier, or stored predictions of every row.
        words: the trained TF-IDF baseline, or None.
        others: systems beside it.
        batch_size: pairs in one forward pass.
        ablation: also predict the rows whose context the model read without it.
        baselines: also answer with the baselines.
        seed: of the cross-validated ones.

    Raises:
        DataError: a classifier returned another number of predictions than it was asked for, or
            stored predictions lack rows that they must have.
    """
    rows = part.rows
    full: list[Prediction] = []
    if isinstance(lead, StoredAnswers):
        made = _stored(lead, part)
    else:
        full = _predict(lead, rows, batch_size, with_context=True)
        read = [i for i, prediction in enumerate(full) if ablation and prediction.used_context]
        some = _predict(lead, [rows[i] for i in read], batch_size, with_context=False)
        bare = dict(zip(read, some, strict=True))
        made = [_scored(part.name, row, full[i], bare.get(i)) for i, row in enumerate(rows)]
    by_stance = _stance_baselines(rows, full, words, seed) if baselines else {}
    by_sentiment = _sentiment_baselines(rows, words) if baselines else {}
    beside = {other.name: _answers(other, rows, batch_size) for other in others}
    return [
        replace(
            row,
            stance_baselines={name: labels[i] for name, labels in by_stance.items()},
            sentiment_baselines={name: labels[i] for name, labels in by_sentiment.items()},
            others={name: found[i] for name, found in beside.items() if i in found},
        )
        for i, row in enumerate(made)
    ]


def _stored(lead: StoredAnswers, part: LabelledSet) -> list[ScoredRow]:
    found = lead.answers(part.rows)
    if len(found) < len(part.rows):
        lacking = next(row for at, row in enumerate(part.rows) if at not in found)
        raise DataError(
            f"{lead.file} says something of {len(found)} of {len(part.rows)} rows, and nothing of "
            f"{lacking.id!r}: the first system must answer every row. Evaluate a checkpoint first "
            "(--checkpoint), with this beside it"
        )
    return [
        ScoredRow(part.name, row, found[at].stance, found[at].probabilities)
        for at, row in enumerate(part.rows)
    ]


def _answers(
    system: OtherSystem, rows: Sequence[LabelledRow], batch_size: int
) -> dict[int, Answer]:
    if isinstance(system, StoredAnswers):
        return system.answers(rows)
    found = _predict(system.classifier, rows, batch_size, with_context=True)
    return {
        at: Answer(answered_stance(item), _in_order(item.stance_probabilities, Stance))
        for at, item in enumerate(found)
    }


def _scored(
    name: str, row: LabelledRow, prediction: Prediction, alone: Prediction | None
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
    rows: Sequence[LabelledRow],
    predictions: Sequence[Prediction],
    words: WordBaselines | None,
    seed: int,
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
    if predicted and len(predicted) == len(rows):
        found["sentiment"] = sentiment_as_stance(predicted)
    if len(gold) == len(rows):
        found["gold-sentiment"] = sentiment_as_stance(gold)
    texts, targets = [row.text for row in rows], [row.target for row in rows]
    if find_spec("vaderSentiment") is not None:
        found["vader"] = sentiment_as_stance(vader_sentiments(texts))
    if words is not None:
        found["tfidf"] = words.stances(texts, targets)
    clusters = _fold_clusters(rows)
    if not why_not_cross_validated(stances, clusters):
        found |= cross_validated(texts, targets, stances, clusters, seed=seed)
    return found


def _fold_clusters(rows: Sequence[LabelledRow]) -> list[Hashable]:
    """What stays in one fold: articles where every row has one, else rows of the same text."""
    groups = [row.group for row in rows]
    if all(groups) and len(set(groups)) > 1:
        return list(groups)
    return choose_clusters(groups, [row.text for row in rows])[0]


def missing_baselines(sets: Sequence[LabelledSet]) -> dict[str, str]:
    """The baselines that some set does not get, and why."""
    missing = {} if find_spec("vaderSentiment") is not None else {"baseline VADER": _NO_VADER}
    for part in sets:
        stances = [row.stance for row in part.rows if row.stance is not None]
        if len(stances) < len(part.rows):
            continue
        why = why_not_cross_validated(stances, _fold_clusters(part.rows))
        if why:
            missing[f"cross-validated baselines of {part.name}"] = why
    return missing


def _sentiment_baselines(
    rows: Sequence[LabelledRow], words: WordBaselines | None
) -> dict[str, list[Sentiment]]:
    """Sentiment by every baseline, for all rows; those without a label are not scored."""
    labelled = [(row.sentiment, row.source) for row in rows if row.sentiment is not None]
    if not labelled:
        return {}
    labels, sources = map(list, zip(*labelled, strict=True))
    found = {"majority": _majority_by_source(labels, sources, [row.source for row in rows])}
    if find_spec("vaderSentiment") is not None:
        found["vader"] = vader_sentiments([row.text for row in rows])
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
