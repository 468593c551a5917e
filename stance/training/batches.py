"""The batches of a whole run, planned ahead, so that a run that is resumed goes on in the middle.

The trainer sees one pass over this list, whatever the number of epochs: what a step sees depends on
seed and step alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

import torch
from torch.utils.data import Dataset

Tensors = dict[str, torch.Tensor]
_BATCHES_SORTED = 50


class Plan(Dataset[Tensors]):
    """Steps in the order of training; an item is the tensors of one step.

    Args:
        make: one function a step, called when the step comes.
    """

    def __init__(self, make: Sequence[Callable[[], Tensors]]) -> None:
        self._make = make

    def __len__(self) -> int:
        return len(self._make)

    def __getitem__(self, index: int) -> Tensors:
        return self._make[index]()


def plan_rows(
    lengths: Sequence[int], *, batch_size: int, epochs: float, seed: int
) -> list[list[int]]:
    """Batches of rows of like length, in random order, over whole and broken epochs.

    Args:
        lengths: tokens of each row.
        batch_size: rows of a batch.
        epochs: passes over the rows; 0.5 sees half of them.
        seed: of the order.

    Returns:
        Row numbers, a list a step.
    """
    steps: list[list[int]] = []
    for epoch in range(math.ceil(epochs)):
        rng = random.Random(f"{seed}-{epoch}")
        order = list(range(len(lengths)))
        rng.shuffle(order)
        size = batch_size * _BATCHES_SORTED
        batches = []
        for begin in range(0, len(order), size):
            part = sorted(order[begin : begin + size], key=lambda row: lengths[row])
            batches += [part[i : i + batch_size] for i in range(0, len(part), batch_size)]
        rng.shuffle(batches)
        share = min(1.0, epochs - epoch)
        steps += batches[: math.ceil(share * len(batches))]
    return steps
