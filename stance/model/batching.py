"""How rows are put into forward passes: each distinct row once, like lengths together."""

from __future__ import annotations

from collections.abc import Sequence

from stance.model.scorer import Rows

CPU_TOKENS = 2048  # more gains nothing there, and no longer fits into the processor's cache
GPU_TOKENS = 32768


def distinct(rows: Rows) -> tuple[Rows, list[int]]:
    """Each (statement, target, context, speaker) once, in the order of first appearance.

    Returns:
        The distinct rows, and for each given row the position of its like among them.
    """
    numbers: dict[tuple[str, str, str | None, str | None], int] = {}
    first: list[int] = []
    places: list[int] = []
    keys = zip(rows.statements, rows.targets, rows.contexts, rows.speakers, strict=True)
    for row, key in enumerate(keys):
        number = numbers.setdefault(key, len(first))
        if number == len(first):
            first.append(row)
        places.append(number)
    return rows.take(first), places


def token_batches(lengths: Sequence[int], budget: int, most: int | None = None) -> list[list[int]]:
    """Positions of the rows of each forward pass, the longest rows first.

    Args:
        lengths: tokens of each row.
        budget: tokens of a pass with its padding, at most; a longer row has one of its own.
        most: rows of a pass, at most; None leaves it to the budget.
    """
    batches: list[list[int]] = []
    room = 0
    for row in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if not batches or len(batches[-1]) == room:
            batches.append([])
            room = max(1, budget // max(1, lengths[row]))
            room = room if most is None else min(room, most)
        batches[-1].append(row)
    return batches
