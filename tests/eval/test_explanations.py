"""Deletion and insertion curves of a model whose words are known."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from eval.explanations import ExplanationsConfig, evaluate_explanations
from eval.sets import SetConfig, load_own
from stance.errors import ConfigError
from stance.evaluation import LabelledRow, LabelledSet
from stance.labels import Stance
from stance.model import Calibration, Rows, Scores, StanceClassifier
from stance.schema import CheckpointInfo

WORTH = {"no": -2.0, "never": -1.0, "maybe": 0.5}


class Words:
    """Adds up what words are worth, also those of a context."""

    info = CheckpointInfo("bundled", "fake", "cpu", reads_context=True, sha256="f" * 64)
    calibration = Calibration()

    def score(self, rows: Rows, *, batch_size, on_rows) -> Scores:
        texts = [f"{s} {c or ''}" for s, c in zip(rows.statements, rows.contexts, strict=True)]
        worth = [sum(WORTH.get(w, 0.0) for w in re.findall(r"\w+", text)) for text in texts]
        logits = np.array([[-w, 0.0, w] for w in worth], np.float32)
        zeros = np.zeros(len(worth), np.int64)
        return Scores(logits, None, zeros, zeros, zeros.astype(bool))

    def target_problem(self, target: str) -> None:
        return None


class BackToFront:
    """Gives the words that matter least the most weight."""

    mask = "[MASK]"

    def __init__(self, checkpoint: str, path: int) -> None:
        self.asked = checkpoint, path

    def read_words(self, row):
        return [word for word in row.words if word.part != "target"]

    def weights(self, row, words, label):
        said = [row.texts[word.part][word.start : word.end] for word in words]
        return {"back to front": [WORTH.get(word, 0.0) for word in said]}


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("eval.explanations.Gradients", BackToFront)
    rows = [
        LabelledRow(f"r{n}", f"no we shall never go {n} maybe", "a trip", Stance.AGAINST)
        for n in range(6)
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    results = evaluate_explanations(
        ExplanationsConfig(bootstrap=50),
        [LabelledSet("rows", tuple(rows), file)],
        StanceClassifier(Words()),
        tmp_path / "out",
        name="rows",
        overwrite=False,
        say=lambda message: None,
    )
    return {measure.name: measure for measure in results.measures}


def test_what_names_the_right_words_beats_chance_both_ways(measured) -> None:
    assert {measure.n for measure in measured.values()} == {3}
    for how in ("left out", "masked"):
        values = {
            (measure, way): measured[f"{measure}, words {how}: {way}"].value.value
            for measure in ("deletion", "insertion")
            for way in ("one word left out", "one word masked", "back to front", "random order")
        }
        for way in ("one word left out", "one word masked"):
            assert values["deletion", way] < values["deletion", "random order"]
            assert values["insertion", way] > values["insertion", "random order"]
        assert values["deletion", "back to front"] > values["deletion", "random order"]
        assert values["insertion", "back to front"] < values["insertion", "random order"]
    best = measured["deletion, words left out: one word left out"]
    assert best.difference is not None and best.difference.high < 0


def test_areas_are_those_worked_out_by_hand(measured) -> None:
    # Seven words, taken out 0, 2, 4, 5, 7 at a time: "no" and "never" first, "maybe" last.
    p = {s: np.exp(-s) / (np.exp(-s) + 1 + np.exp(s)) for s in (-2.5, 0.5, 0.0)}
    curve = [p[-2.5], p[0.5], p[0.5], p[0.5], p[0.0]]
    area = np.mean([(a + b) / 2 for a, b in pairwise(curve)])
    found = measured["deletion, words left out: one word left out"].value.value
    assert found == pytest.approx(area, abs=1e-6)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"checkpoint": "mine"}, "use default, small or base"),
        ({"rows": 0}, "rows is 0: give 1 or more"),
    ],
)
def test_settings_out_of_range_are_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ExplanationsConfig(**given)  # type: ignore[arg-type]


def test_only_sets_of_the_checkout_are_measured(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'sets' is empty"):
        load_own((), tmp_path / "a.yaml")
    with pytest.raises(ConfigError, match="set news is news: use labelled ones"):
        load_own((SetConfig("news", "news_stance_dev", "news"),), tmp_path / "a.yaml")


@pytest.mark.slow
def test_gradients_know_the_words_that_decide() -> None:
    from eval.gradients import Gradients
    from stance.model import ReadRow

    gradients = Gradients("small", 16)
    context = "He was asked about troops. " * 30
    row = ReadRow.of("We will never accept foreign troops.", "foreign troops", context, None)
    words = gradients.read_words(row)
    assert 6 < len(words) < len(row.words) - 2  # the context is longer than what is read
    for way in gradients.weights(row, words, Stance.AGAINST).values():
        assert len(way) == len(words)
    alone = ReadRow.of("We will never accept foreign troops.", "foreign troops", None, None)
    (plain, path) = gradients.weights(alone, alone.words[:6], Stance.AGAINST).values()
    assert len(plain) == 6
    assert int(np.argmax(path)) == 2  # "never"
    assert 0.6 < sum(path) < 1  # from all words masked, which leaves the answer open
