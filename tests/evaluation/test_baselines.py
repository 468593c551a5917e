from __future__ import annotations

from typing import NamedTuple

import pytest

from stance.errors import DataError
from stance.evaluation.baselines import (
    WordRegression,
    fit_sentiment_words,
    fit_stance_words,
    majority,
    sentiment_as_stance,
)
from stance.labels import Sentiment, Stance


class Pair(NamedTuple):
    statement: str
    target: str
    stance: Stance | None
    sentiment: Sentiment | None


def test_majority() -> None:
    gold = [Stance.FAVOR, Stance.AGAINST, Stance.FAVOR]
    assert majority(gold) == [Stance.FAVOR] * 3
    assert majority([Stance.FAVOR, Stance.AGAINST]) == [Stance.AGAINST] * 2
    assert majority([]) == []


def test_sentiment_as_stance() -> None:
    assert sentiment_as_stance(list(Sentiment)) == list(Stance)


def test_words_learn_words() -> None:
    pairs = [
        Pair(text, "zoos", stance, sentiment)
        for _ in range(5)
        for text, stance, sentiment in (
            ("we need them and want them", Stance.FAVOR, Sentiment.POSITIVE),
            ("they are cruel and must go", Stance.AGAINST, Sentiment.NEGATIVE),
            ("the meeting is on monday", Stance.NEUTRAL, Sentiment.NEUTRAL),
        )
    ] + [Pair("no stance here", "zoos", None, None)]
    model = fit_stance_words(pairs, seed=0)
    assert model.predict(["cruel, must go", "we want them"], ["zoos", "zoos"]) == [
        "against",
        "favor",
    ]
    assert model.predict([], []) == []
    words = fit_sentiment_words(
        [
            Pair("good good", "x", None, Sentiment.POSITIVE),
            Pair("bad bad", "x", None, Sentiment.NEGATIVE),
        ],
        seed=0,
    )
    assert words.predict(["bad"], ["sentiment"]) == ["negative"]


def test_bad_use() -> None:
    with pytest.raises(DataError, match="not trained"):
        WordRegression().predict(["a"], ["b"])
    with pytest.raises(DataError, match="give one of each"):
        WordRegression().fit(["a"], ["b", "c"], ["favor"])
    with pytest.raises(DataError, match="two labels"):
        fit_stance_words([], seed=0)
