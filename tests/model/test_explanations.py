"""Which words moved an answer, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from stance.errors import DataError
from stance.labels import Sentiment, Stance
from stance.model import ReadRow, StanceClassifier
from stance.model.calibration import Calibration
from stance.model.scorer import Rows, Scores
from stance.schema import CheckpointInfo, Explanation, Influence, Span

WORTH = {"never": -2.0, "not": -1.0, "welcome": 2.0, "refused": -0.5, "Danger": -1.0}


class WordScorer:
    """Adds up what words are worth, wherever they are read; a target of "x" cannot be read."""

    def __init__(self, kind: str = "bundled") -> None:
        read = kind == "bundled"
        self.info = CheckpointInfo(kind, "fake", "cpu", reads_context=read, sha256="f" * 64)
        self.calibration = Calibration(stance_temperature=1.0)
        self.seen: list[tuple[str, str, str | None, str | None]] = []

    def score(
        self, rows: Rows, *, batch_size: int | None, on_rows: Callable[[int], object]
    ) -> Scores:
        listed = list(zip(rows.statements, rows.targets, rows.contexts, rows.speakers, strict=True))
        self.seen += listed
        sums = [
            sum(WORTH.get(w, 0) for w in re.findall(r"\w+", f"{s} {t} {c or ''}"))
            for s, t, c, _ in listed
        ]
        stance = np.array([[-s, 0.0, s] for s in sums], np.float32)
        zeros = np.zeros(len(rows), np.int64)
        sentiment = stance if self.info.kind == "bundled" else None
        return Scores(stance, sentiment, zeros, zeros, np.zeros(len(rows), bool))

    def target_problem(self, target: str) -> str | None:
        return "unreadable" if target == "x" else None


def found(explanation: Explanation, part: str) -> list[str]:
    return [word.span.text for word in explanation.words if word.part == part]


def test_weights_are_what_the_answer_loses_without_a_word() -> None:
    scorer = WordScorer()
    explanation = StanceClassifier(scorer).explain_one("They are not welcome, never!", "the deal")
    assert explanation.label is Stance.AGAINST
    p = {s: np.exp(-s) / (np.exp(-s) + 1 + np.exp(s)) for s in (-1, 0, -3, 1)}
    assert explanation.probability == pytest.approx(p[-1], abs=1e-6)
    weights = {word.span.text: word.weight for word in explanation.words}
    assert weights == pytest.approx(
        {
            **dict.fromkeys(("They", "are", "the", "deal"), 0.0),
            "not": p[-1] - p[0],
            "never": p[-1] - p[1],
            "welcome": p[-1] - p[-3],
        },
        abs=1e-6,
    )
    strongest = [word.span.text for word in explanation.strongest()]
    assert strongest == ["never", "not", "welcome"]
    assert [w.weight > 0 for w in explanation.strongest()] == [True, True, False]
    assert explanation.strongest(1) == explanation.strongest()[:1]
    assert explanation.sentences == () and explanation.sentence is None
    assert ("They are not welcome, !", "the deal", "", None) in scorer.seen


CONTEXTS = {
    "before": ("🌉 Mr. Lee refused. “We said “not us” then,” he said.", "not us"),
    "long": ("\n  He said it is\n“not us”. Danger lurks, e.g. in the U.S. army!\n", "not us"),
    "masked": ("He refused: “[...]”, again.", "not us"),
    "absent": ("Lee refused. Danger!", "not us"),
    "own words": ("not us", "not us"),
    "twice": ("not us, not us", "not us"),
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_offsets_are_those_of_the_texts_as_given(name: str) -> None:
    context, statement = CONTEXTS[name]
    explanation = StanceClassifier(WordScorer()).explain_one(statement, "a deal", context)
    texts = {"statement": statement, "target": "a deal", "context": context}
    for item in (*explanation.words, *explanation.sentences):
        span = item.span
        assert texts[item.part][span.start : span.end] == span.text
    assert found(explanation, "statement") == ["not", "us"]


def test_the_statement_within_its_context_is_no_word_of_it() -> None:
    context = "🌉 Mr. Lee refused. “Not us, not us”, he said. Danger!"
    scorer = WordScorer()
    explanation = StanceClassifier(scorer).explain_one("not us", "a deal", context, speaker="Lee")
    words = found(explanation, "context")
    assert words == ["Mr", "Lee", "refused", "not", "us", "he", "said", "Danger"]
    assert {speaker for *_, speaker in scorer.seen} == {"Lee"}
    sentences = [item.span.text for item in explanation.sentences]
    assert sentences == ["🌉 Mr. Lee refused.", "“Not us, not us”, he said.", "Danger!"]
    # A sentence that holds the statement leaves its mask behind.
    assert "🌉 Mr. Lee refused. [...] Danger!" in {c for *_, c, _ in scorer.seen}
    best = explanation.sentence
    assert best is not None and best.weight > 0


def test_a_shorter_statement_is_not_masked_elsewhere_in_the_context(classifier) -> None:
    context = "A deal is a deal, they said. It was late."
    explanation = classifier.explain_one("no deal", "troops", context)
    row = ReadRow.of("no deal", "troops", context, None)
    by_hand = classifier.probabilities(
        Rows(["no deal", "deal"], ["troops"] * 2, [row.texts["context"]] * 2, [None] * 2, True)
    )
    label = list(Stance).index(explanation.label)
    assert row.texts["context"] == context
    assert explanation.words[0].span == Span("no", 0, 2)
    assert explanation.words[0].weight == pytest.approx(
        by_hand[0, label] - by_hand[1, label], abs=1e-4
    )
    whole = classifier.predict_one("no deal", "troops", context)
    assert explanation.probability == pytest.approx(whole.confidence, abs=1e-4)


def test_the_sentiment_has_its_own_explanation(classifier) -> None:
    text = "We are delighted with the talks."
    explanation = classifier.explain_one(text, "the talks", head="sentiment")
    assert explanation.label is Sentiment.POSITIVE
    assert explanation.strongest(1)[0].span.text == "delighted"
    with pytest.raises(DataError, match="no sentiment: explain its stance"):
        StanceClassifier(WordScorer("nli")).explain_one("not us", "a deal", head="sentiment")


def test_words_that_a_target_needs_and_unread_contexts_are_not_tried() -> None:
    hub = StanceClassifier(WordScorer("nli"))
    explanation = hub.explain_one("not us", "x y", "Danger!")
    assert found(explanation, "target") == ["x"]  # "x" alone cannot be judged
    assert found(explanation, "context") == []
    assert explanation.sentences == ()


def test_rows_keep_their_order_and_none_give_none() -> None:
    classifier = StanceClassifier(WordScorer())
    statements = [f"number {n} is {'not' if n % 3 else 'never'} it" for n in range(40)]
    explained = classifier.explain(statements, "a deal", progress=False)
    assert [found(item, "statement")[1] for item in explained] == [str(n) for n in range(40)]
    assert explained[3] == classifier.explain_one(statements[3], "a deal")
    assert classifier.explain([], "a deal") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a", ""], "b"), "row 1: statement is empty"),
        ((["a"], "x"), "row 0: unreadable"),
        (("a", "b"), "statements is one string"),
    ],
)
def test_bad_input_is_named(arguments: tuple[object, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        StanceClassifier(WordScorer()).explain(*arguments)  # type: ignore[arg-type]


def test_records() -> None:
    word = Influence("statement", Span("no", 0, 2), 0.25)
    explanation = Explanation("a deal", "stance", Stance.AGAINST, 0.8, (word,), ())
    assert explanation.to_record() == {
        "target": "a deal",
        "head": "stance",
        "label": "against",
        "probability": 0.8,
        "words": [
            {"part": "statement", "span": {"text": "no", "start": 0, "end": 2}, "weight": 0.25}
        ],
        "sentences": [],
    }
    with pytest.raises(DataError, match="label is"):
        Explanation("a deal", "sentiment", Stance.AGAINST, 0.8, (), ())
