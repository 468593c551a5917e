from __future__ import annotations

import pytest

from eval.baselines import (
    WordRegression,
    fit_stance_words,
    fit_tone_words,
    majority,
    sentiment_as_stance,
)
from stance.errors import DataError
from stance.labels import Sentiment, Stance
from stance.training.sources import TrainingPair


def test_majority() -> None:
    gold = [Stance.FAVOR, Stance.AGAINST, Stance.FAVOR]
    assert majority(gold) == [Stance.FAVOR] * 3
    assert majority([Stance.FAVOR, Stance.AGAINST]) == [Stance.AGAINST] * 2
    assert majority([]) == []


def test_sentiment_as_stance() -> None:
    assert sentiment_as_stance(list(Sentiment)) == list(Stance)


def test_words_learn_words() -> None:
    pairs = [
        TrainingPair(text, "zoos", stance, tone, "made-up")
        for _ in range(5)
        for text, stance, tone in (
            ("we need them and want them", Stance.FAVOR, Sentiment.POSITIVE),
            ("they are cruel and must go", Stance.AGAINST, Sentiment.NEGATIVE),
            ("the meeting is on monday", Stance.NEUTRAL, Sentiment.NEUTRAL),
        )
    ] + [TrainingPair("no stance here", "zoos", None, None, "made-up")]
    model = fit_stance_words(pairs, seed=0)
    assert model.predict(["cruel, must go", "we want them"], ["zoos", "zoos"]) == [
        "against",
        "favor",
    ]
    assert model.predict([], []) == []
    tone = fit_tone_words(
        [
            TrainingPair("good good", "x", None, Sentiment.POSITIVE, "s"),
            TrainingPair("bad bad", "x", None, Sentiment.NEGATIVE, "s"),
        ],
        seed=0,
    )
    assert tone.predict(["bad"], ["tone"]) == ["negative"]


def test_bad_use() -> None:
    with pytest.raises(DataError, match="not trained"):
        WordRegression().predict(["a"], ["b"])
    with pytest.raises(DataError, match="give one of each"):
        WordRegression().fit(["a"], ["b", "c"], ["favor"])
    with pytest.raises(DataError, match="two labels"):
        fit_stance_words([], seed=0)
