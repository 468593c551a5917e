"""What a step sees, and what its loss counts."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from stance.training.batches import plan_rows
from stance.training.losses import IGNORED, soft_label_loss, weighted_cross_entropy

LENGTHS = [(7 * i) % 60 + 3 for i in range(205)]


@pytest.mark.parametrize("epochs", [1.0, 2.0, 0.5, 1.5])
def test_an_epoch_sees_every_row_once(epochs: float) -> None:
    steps = plan_rows(LENGTHS, batch_size=8, epochs=epochs, seed=1)
    seen = [row for step in steps for row in step]
    whole = math.floor(epochs)
    for row in range(len(LENGTHS)):
        assert seen.count(row) - whole in ((0,) if epochs == whole else (0, 1))
    assert len(seen) == pytest.approx(epochs * len(LENGTHS), abs=8)
    assert steps == plan_rows(LENGTHS, batch_size=8, epochs=epochs, seed=1)
    assert steps != plan_rows(LENGTHS, batch_size=8, epochs=epochs, seed=2)


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    short, long = (plan_rows(LENGTHS, batch_size=8, epochs=e, seed=1) for e in (1.0, 3.0))
    assert long[: len(short)] == short
    assert long[len(short) : 2 * len(short)] != short


def test_rows_of_a_batch_are_of_like_length() -> None:
    steps = plan_rows(LENGTHS, batch_size=8, epochs=1.0, seed=1)
    spread = [max(LENGTHS[r] for r in step) - min(LENGTHS[r] for r in step) for step in steps]
    assert max(spread) <= 6


def test_weights_and_missing_labels() -> None:
    logits = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 3.0]])
    labels = torch.tensor([0, IGNORED, 1])
    weights = torch.tensor([1.0, 1.0, 0.5])
    each = F.cross_entropy(logits[[0, 2]], labels[[0, 2]], reduction="none")
    expected = (each[0] + 0.5 * each[1]) / 3
    torch.testing.assert_close(weighted_cross_entropy(logits, labels, weights), expected)
    nothing = weighted_cross_entropy(logits, torch.full((3,), IGNORED), weights)
    assert float(nothing) == 0.0


def test_a_student_that_agrees_loses_nothing() -> None:
    logits = torch.tensor([[2.0, 0.0, -1.0], [0.0, 1.0, 0.5]])
    assert float(soft_label_loss(logits, logits + 3.0, 2.0)) == pytest.approx(0.0, abs=1e-6)
    assert float(soft_label_loss(logits, -logits, 2.0)) > 0.5
