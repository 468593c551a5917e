"""The statements that are scored: of mixed lengths, each with a context."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.sets import load_config, load_sets
from stance.errors import DataError
from stance.jsonl import read_jsonl

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "configs" / "train" / "statements"
NEWS = ROOT / "configs" / "eval" / "news.yaml"
TARGETS = ("foreign intervention", "a carbon tax", "the new government", "national sovereignty")


@dataclass(frozen=True, slots=True)
class Item:
    """What is judged once: a statement toward a target, and the passage around it."""

    statement: str
    target: str
    context: str
    speaker: str | None = None


def news_items(folder: Path, count: int, seed: int) -> list[Item]:
    """Rows of the development files of labelled news, drawn without replacement.

    Raises:
        DataError: the folder has none of the files, or fewer rows.
    """
    sets, _ = load_sets(load_config(NEWS), NEWS, [folder])
    items = [
        Item(row.text, row.target, row.context or "", row.speaker)
        for part in sets
        for row in part.rows
    ]
    return _draw(list(dict.fromkeys(items)), count, seed)


def own_items(count: int, seed: int) -> list[Item]:
    """Statements made of one to four sentences of the project's own, within four others."""
    pool = [str(row["text"]) for file in sorted(OWN.glob("*.jsonl")) for _, row in read_jsonl(file)]
    draw = random.Random(seed)
    items: dict[Item, None] = {}
    for _ in range(20 * count):
        said, *around = draw.sample(pool, 5)
        said = " ".join([said, *draw.sample(pool, draw.choice((0, 0, 0, 1, 3)))])
        before, after = " ".join(around[:2]), " ".join(around[2:])
        items[Item(said, draw.choice(TARGETS), f"{before} “{said}” {after}")] = None
        if len(items) == count:
            break
    return list(items)


def _draw(items: Sequence[Item], count: int, seed: int) -> list[Item]:
    if len(items) < count:
        raise DataError(f"the files hold {len(items)} different rows: ask for {len(items)} or less")
    return random.Random(seed).sample(items, count)
