"""Calibration of a trained model: fitted where it can be, kept where it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from stance.labels import Sentiment, Stance
from stance.model.calibration import Calibration
from stance.training.calibrate import calibrate
from stance.training.distillation import correct_logits
from stance.training.losses import IGNORED
from stance.training.records import TrainingPair

STANCES = list(Stance)


def _rows(
    count: int, sharpness: float, seed: int = 0
) -> tuple[list[TrainingPair], np.ndarray, list[bool]]:
    """Pairs, logits that are right in seven cases of ten and overconfident, and contexts."""
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, 3, count)
    said = np.where(rng.random(count) < 0.7, gold, (gold + 1) % 3)
    logits = np.zeros((count, 6), dtype=np.float32)
    logits[np.arange(count), said] = sharpness
    pairs = [
        TrainingPair(f"s{i}", "t", STANCES[g], list(Sentiment)[g], group=f"g{i // 3}")
        for i, g in enumerate(gold)
    ]
    logits[:, 3:] = logits[:, :3]
    return pairs, logits, [i % 2 == 0 for i in range(count)]


def test_overconfidence_is_taken_out() -> None:
    fit = calibrate(*_rows(600, 6.0))
    assert fit.notes == ()
    # 70 % right: log(.7 / .15) = 1.54, and 6 / 1.54 = 3.9.
    assert fit.calibration.stance_temperature == pytest.approx(3.9, rel=0.25)
    assert fit.calibration.sentiment_temperature == pytest.approx(3.9, rel=0.25)
    assert fit.calibration.quality is not None and fit.calibration.quality.ece_before > 0.2
    assert fit.held_out_error is not None and fit.held_out_error < 0.06
    assert len(fit.calibration.conformal_scores) == 600


def test_pairs_with_a_context_have_their_own_temperature() -> None:
    pairs, logits, context = _rows(400, 2.0)
    logits[np.array(context), :3] *= 4
    fit = calibrate(pairs, logits, context).calibration
    assert fit.context_temperature == pytest.approx(4 * fit.stance_temperature, rel=0.4)
    assert calibrate(pairs, logits, [False] * 400).calibration.context_temperature is None


def test_a_class_that_is_said_too_often_gets_a_bias_where_that_helps() -> None:
    pairs, logits, context = _rows(600, 3.0)
    rng = np.random.default_rng(5)
    logits[:, :3] += rng.normal(0, 1, (600, 3))
    logits[:, 1] += 2.5  # neutral
    biased = calibrate(pairs, logits, context, bias="likelihood")
    assert not any(calibrate(pairs, logits, context).calibration.stance_bias)
    assert biased.calibration.stance_bias[1] < -0.5
    assert biased.held_out_error is not None and biased.held_out_error < 0.08
    few = np.flatnonzero(np.arange(600) < 40)
    short = calibrate(
        [pairs[i] for i in few], logits[few], [context[i] for i in few], bias="likelihood"
    )
    assert short.held_out_error is None  # the halves are too small to tell
    assert short.calibration.stance_bias == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("count", [0, 1, 29])
def test_too_few_rows_keep_the_start(count: int) -> None:
    start = Calibration(stance_temperature=1.5, conformal_scores=(0.1, 0.2))
    fit = calibrate(*_rows(count, 6.0), start)
    assert fit.calibration == start
    assert len(fit.notes) == 2 and all("start is kept" in note for note in fit.notes)
    assert "no calibration" in calibrate(*_rows(count, 6.0)).notes[0]


def test_rows_without_sentiment_keep_its_temperature() -> None:
    pairs, logits, context = _rows(100, 6.0)
    pairs = [TrainingPair(p.statement, p.target, p.stance, group=p.group) for p in pairs]
    fit = calibrate(pairs, logits, context, Calibration(sentiment_temperature=1.7))
    assert fit.calibration.sentiment_temperature == 1.7
    assert fit.calibration.stance_temperature > 2
    assert [note.split(":")[0] for note in fit.notes] == ["Sentiment"]


def test_soft_labels_that_contradict_a_label_are_corrected() -> None:
    logits = np.array([[3.0, 1.0, 0.0]] * 3, dtype=np.float32)
    correct_logits(logits, np.array([2, 0, IGNORED]))
    assert logits.tolist() == [[0.0, 1.0, 3.0], [3.0, 1.0, 0.0], [3.0, 1.0, 0.0]]
