"""Baselines that a stance model has to beat.

``majority`` always answers the most frequent gold label of the evaluated set, the best that a
constant answer can do there. ``sentiment`` reads the model's own tone as stance, and
``gold-sentiment`` the annotated tone: a model no better than it reads tone and calls it stance.
``tfidf`` is a logistic regression on the words of statement and target, trained on the public and
own statements that the models are trained on, whole; it reads no context.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from stance.errors import DataError
from stance.labels import Sentiment, Stance
from stance.training.mixture import MixtureConfig, build_mixture
from stance.training.sources import TrainingPair

LabelT = TypeVar("LabelT", bound=Enum)

_AS_STANCE = {
    Sentiment.POSITIVE: Stance.FAVOR,
    Sentiment.NEUTRAL: Stance.NEUTRAL,
    Sentiment.NEGATIVE: Stance.AGAINST,
}


def majority(gold: Sequence[LabelT]) -> list[LabelT]:
    """The most frequent label, for every row; of two equally frequent the first in label order."""
    if not gold:
        return []
    counts = Counter(gold)
    order = list(type(gold[0]))
    best = max(counts, key=lambda label: (counts[label], -order.index(label)))
    return [best] * len(gold)


def sentiment_as_stance(sentiments: Sequence[Sentiment]) -> list[Stance]:
    """Positive tone taken for favor, negative for against."""
    return [_AS_STANCE[sentiment] for sentiment in sentiments]


class WordRegression:
    """TF-IDF words of the statement and of the target -> logistic regression.

    Words of the statement are one- and two-grams; those of the target are their own columns.
    """

    def __init__(self, *, max_features: int = 50_000, seed: int = 13) -> None:
        self.max_features = max_features
        self.seed = seed
        self._statements: Any = None
        self._targets: Any = None
        self._model: Any = None

    def fit(
        self, statements: Sequence[str], targets: Sequence[str], labels: Sequence[str]
    ) -> WordRegression:
        """Train on pairs.

        Raises:
            DataError: the lists differ in length, or fewer than two labels occur.
        """
        if not len(statements) == len(targets) == len(labels):
            raise DataError(
                f"{len(statements)} statements, {len(targets)} targets and {len(labels)} labels: "
                "give one of each a row"
            )
        if len(set(labels)) < 2:
            raise DataError(f"the TF-IDF baseline needs two labels, got {sorted(set(labels))}")
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        options: dict[str, Any] = {"sublinear_tf": True, "token_pattern": r"(?u)\b\w+\b"}
        self._statements = TfidfVectorizer(
            ngram_range=(1, 2), max_features=self.max_features, **options
        )
        self._targets = TfidfVectorizer(max_features=self.max_features, **options)
        self._statements.fit(statements)
        self._targets.fit(targets)
        self._model = LogisticRegression(
            max_iter=300, class_weight="balanced", random_state=self.seed
        )
        self._model.fit(self._features(statements, targets), list(labels))
        return self

    def predict(self, statements: Sequence[str], targets: Sequence[str]) -> list[str]:
        """Label names, in input order.

        Raises:
            DataError: :meth:`fit` was not called.
        """
        if self._model is None:
            raise DataError("the TF-IDF baseline is not trained: call fit first")
        if not len(statements):
            return []
        return [str(label) for label in self._model.predict(self._features(statements, targets))]

    def _features(self, statements: Sequence[str], targets: Sequence[str]) -> Any:
        from scipy.sparse import hstack

        parts = [self._statements.transform(statements), self._targets.transform(targets)]
        return hstack(parts).tocsr()


def training_pairs(data_dir: Path, statements_dir: Path, seed: int) -> list[TrainingPair]:
    """All public and own training pairs, in the mixture's default settings, for the baseline.

    Raises:
        DataError: a training file is missing or a row is bad.
    """
    return build_mixture(data_dir, statements_dir, MixtureConfig(), seed)


def fit_stance_words(pairs: Sequence[TrainingPair], seed: int) -> WordRegression:
    """Train the word baseline for stance on the pairs that have a stance."""
    labelled = [(p.statement, p.target, str(p.stance)) for p in pairs if p.stance is not None]
    statements, targets, labels = map(list, zip(*labelled, strict=True)) if labelled else ([],) * 3
    return WordRegression(seed=seed).fit(statements, targets, labels)


def fit_tone_words(pairs: Sequence[TrainingPair], seed: int) -> WordRegression:
    """Train the word baseline for tone; it sees no target. A statement counts once."""
    labelled = {p.statement: str(p.sentiment) for p in pairs if p.sentiment is not None}
    return WordRegression(seed=seed).fit(
        list(labelled), ["tone"] * len(labelled), list(labelled.values())
    )
