"""Baselines that a stance model has to beat.

``majority`` always answers the most frequent gold label of the evaluated set, the best that a
constant answer can do there, and ``neutral`` always answers neutral. ``sentiment`` reads the
model's own sentiment as stance, and ``gold-sentiment`` the annotated one: a model no better than it
reads sentiment and calls it stance.
``vader`` takes the mood of the words by a lexicon (Hutto and Gilbert 2014) for stance.
``tfidf`` is a logistic regression on the words of statement and target; it reads no context, and
who evaluates gives the pairs that it is trained on. ``tfidf-cv`` is the same, trained on the other
evaluated rows, by cross-validation; so are ``statement-cv`` and ``target-cv``, which see the words
of one of both only: labels that these get right can be told without reading the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, TypeVar

from stance.errors import DataError, MissingExtraError
from stance.labels import Sentiment, Stance

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

LabelT = TypeVar("LabelT", bound=Enum)

_AS_STANCE = {
    Sentiment.POSITIVE: Stance.FAVOR,
    Sentiment.NEUTRAL: Stance.NEUTRAL,
    Sentiment.NEGATIVE: Stance.AGAINST,
}


class LabelledPair(Protocol):
    """A pair that a baseline can be trained on; None stands for a label that it lacks."""

    @property
    def statement(self) -> str:
        """The words that are judged."""

    @property
    def target(self) -> str:
        """What the stance is toward."""

    @property
    def stance(self) -> Stance | None:
        """Gold stance."""

    @property
    def sentiment(self) -> Sentiment | None:
        """Gold sentiment."""


def majority(gold: Sequence[LabelT]) -> list[LabelT]:
    """The most frequent label, for every row; of two equally frequent the first in label order."""
    if not gold:
        return []
    counts = Counter(gold)
    order = list(type(gold[0]))
    best = max(counts, key=lambda label: (counts[label], -order.index(label)))
    return [best] * len(gold)


def sentiment_as_stance(sentiments: Sequence[Sentiment]) -> list[Stance]:
    """Positive sentiment taken for favor, negative for against."""
    return [_AS_STANCE[sentiment] for sentiment in sentiments]


@dataclass(frozen=True, slots=True)
class _Fitted:
    statements: TfidfVectorizer
    targets: TfidfVectorizer
    model: LogisticRegression

    def features(self, statements: Sequence[str], targets: Sequence[str]) -> csr_matrix:
        from scipy.sparse import hstack

        parts = [self.statements.transform(statements), self.targets.transform(targets)]
        return hstack(parts).tocsr()


class WordRegression:
    """TF-IDF words of the statement and of the target -> logistic regression.

    Words of the statement are one- and two-grams; those of the target are their own columns.
    """

    def __init__(self, *, max_features: int = 50_000, seed: int = 13) -> None:
        self.max_features = max_features
        self.seed = seed
        self._fitted: _Fitted | None = None

    def fit(
        self, statements: Sequence[str], targets: Sequence[str], labels: Sequence[str]
    ) -> WordRegression:
        """Train on pairs.

        Raises:
            DataError: the lists differ in length, or fewer than two labels occur.
            MissingExtraError: scikit-learn is not installed.
        """
        if not len(statements) == len(targets) == len(labels):
            raise DataError(
                f"{len(statements)} statements, {len(targets)} targets and {len(labels)} labels: "
                "give one of each a row"
            )
        if len(set(labels)) < 2:
            raise DataError(f"the TF-IDF baseline needs two labels, got {sorted(set(labels))}")
        try:
            from sklearn.linear_model import LogisticRegression
        except ImportError as error:
            raise MissingExtraError(
                f"the TF-IDF baseline needs scikit-learn ({error}): pip install 'newsstance[eval]'"
            ) from error

        fitted = _Fitted(
            self._vectorizer(longest=2).fit(statements),
            self._vectorizer(longest=1).fit(targets),
            LogisticRegression(max_iter=300, class_weight="balanced", random_state=self.seed),
        )
        fitted.model.fit(fitted.features(statements, targets), list(labels))
        self._fitted = fitted
        return self

    def predict(self, statements: Sequence[str], targets: Sequence[str]) -> list[str]:
        """Label names, in input order.

        Raises:
            DataError: :meth:`fit` was not called.
        """
        if self._fitted is None:
            raise DataError("the TF-IDF baseline is not trained: call fit first")
        if not len(statements):
            return []
        features = self._fitted.features(statements, targets)
        return [str(label) for label in self._fitted.model.predict(features)]

    def _vectorizer(self, *, longest: int) -> TfidfVectorizer:
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TfidfVectorizer(
            ngram_range=(1, longest),
            max_features=self.max_features,
            sublinear_tf=True,
            token_pattern=r"(?u)\b\w+\b",
        )


@dataclass(frozen=True, slots=True)
class WordBaselines:
    """The trained TF-IDF baseline of each label.

    Attributes:
        stance: trained on the pairs that have a stance.
        sentiment: trained on the statements that have a sentiment; it sees no target.
    """

    stance: WordRegression
    sentiment: WordRegression

    @classmethod
    def fit(cls, pairs: Sequence[LabelledPair], *, seed: int) -> WordBaselines:
        """Train both.

        Raises:
            DataError: fewer than two stances or sentiments occur in the pairs.
        """
        return cls(fit_stance_words(pairs, seed), fit_sentiment_words(pairs, seed))

    def stances(self, statements: Sequence[str], targets: Sequence[str]) -> list[Stance]:
        """The stance of each pair."""
        return [Stance(label) for label in self.stance.predict(statements, targets)]

    def sentiments(self, statements: Sequence[str]) -> list[Sentiment]:
        """The sentiment of each statement."""
        found = self.sentiment.predict(statements, [_NO_TARGET] * len(statements))
        return [Sentiment(label) for label in found]


_NO_TARGET = "sentiment"


def fit_stance_words(pairs: Sequence[LabelledPair], seed: int) -> WordRegression:
    """Train the word baseline for stance on the pairs that have a stance."""
    labelled = [(p.statement, p.target, str(p.stance)) for p in pairs if p.stance is not None]
    statements, targets, labels = map(list, zip(*labelled, strict=True)) if labelled else ([],) * 3
    return WordRegression(seed=seed).fit(statements, targets, labels)


def fit_sentiment_words(pairs: Sequence[LabelledPair], seed: int) -> WordRegression:
    """Train the word baseline for sentiment; it sees no target. A statement counts once."""
    labelled = {p.statement: str(p.sentiment) for p in pairs if p.sentiment is not None}
    targets = [_NO_TARGET] * len(labelled)
    return WordRegression(seed=seed).fit(list(labelled), targets, list(labelled.values()))


FOLDS = 5
MIN_ROWS = 10
_VADER_BOUND = 0.05  # of the compound score, as its authors advise


def vader_sentiments(statements: Sequence[str]) -> list[Sentiment]:
    """The mood of each statement by VADER's lexicon and rules.

    Raises:
        MissingExtraError: the package is not installed.
    """
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError as error:
        raise MissingExtraError(
            f"VADER is not installed ({error}): pip install 'newsstance[eval]'"
        ) from error
    analyzer = SentimentIntensityAnalyzer()
    scores = [analyzer.polarity_scores(statement)["compound"] for statement in statements]
    return [
        Sentiment.POSITIVE
        if score >= _VADER_BOUND
        else Sentiment.NEGATIVE
        if score <= -_VADER_BOUND
        else Sentiment.NEUTRAL
        for score in scores
    ]


def cross_validated(
    statements: Sequence[str],
    targets: Sequence[str],
    stances: Sequence[Stance],
    clusters: Sequence[Hashable],
    *,
    seed: int = 13,
) -> dict[str, list[Stance]]:
    """The stance of each row by word regressions that were trained on other clusters' rows.

    Args:
        statements: ``[n]``.
        targets: ``[n]``.
        stances: ``[n]`` gold stances.
        clusters: ``[n]``, such as articles: rows of one stay in one fold.
        seed: of the regressions.

    Returns:
        By baseline: ``tfidf-cv``, ``statement-cv`` and ``target-cv``.

    Raises:
        DataError: there are too few rows; see :func:`why_not_cross_validated`.
        MissingExtraError: scikit-learn is not installed.
    """
    why = why_not_cross_validated(stances, clusters)
    if why:
        raise (MissingExtraError if find_spec("sklearn") is None else DataError)(why)
    from sklearn.model_selection import GroupKFold

    blank = [_NO_TARGET] * len(stances)
    inputs = {
        "tfidf-cv": (statements, targets),
        "statement-cv": (statements, blank),
        "target-cv": (blank, targets),
    }
    numbers = {cluster: at for at, cluster in enumerate(dict.fromkeys(clusters))}
    folds = GroupKFold(min(FOLDS, len(numbers)))
    splits = list(folds.split(blank, groups=[numbers[cluster] for cluster in clusters]))
    found = {name: list(stances) for name in inputs}
    for name, columns in inputs.items():
        for train, test in splits:
            known = [str(stances[at]) for at in train]
            labels = known[:1] * len(test)
            if len(set(known)) > 1:
                seen, unseen = (
                    [[column[at] for at in places] for column in columns]
                    for places in (train, test)
                )
                model = WordRegression(seed=seed).fit(seen[0], seen[1], known)
                labels = model.predict(unseen[0], unseen[1])
            for at, label in zip(test, labels, strict=True):
                found[name][at] = Stance(label)
    return found


def why_not_cross_validated(stances: Sequence[Stance], clusters: Sequence[Hashable]) -> str:
    """Why these rows allow no cross-validated baseline, or ``""``."""
    if find_spec("sklearn") is None:
        return "scikit-learn is not installed: pip install 'newsstance[eval]'"
    if len(stances) < MIN_ROWS:
        return f"it needs {MIN_ROWS} rows, and there are {len(stances)}"
    if len(set(clusters)) < 2:
        return "all rows are of one article"
    if len(set(stances)) < 2:
        return "the rows have one stance throughout"
    return ""
