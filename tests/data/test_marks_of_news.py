"""The marks of news articles: well formed, without a word, and as their card counts them."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from stance.evaluation.tasks.attribution.articles import KINDS, MODALITIES, SPEAKER_KINDS

TRAIN = Path(__file__).resolve().parent.parent.parent / "configs" / "train"
MARKS = TRAIN / "attributions" / "news"
FILES = ("world.jsonl", "world_held_out.jsonl")
PARTS = ("source", "cue", "content")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (MARKS / name).read_text(encoding="utf-8").splitlines()]


def is_place(span: object, row: dict[str, Any]) -> bool:
    match span:
        case [int(start), int(end)]:
            return 0 <= start < end <= row["characters"]
    return False


@pytest.mark.parametrize("name", FILES)
def test_rows_hold_places_numbers_and_choices_alone(name: str) -> None:
    for row in rows(name):
        assert row.keys() == {"article", "characters", "speakers", "attributions"}
        for speaker in row["speakers"]:
            assert speaker.keys() <= {"name", "kind", "role", "affiliation"}
            assert speaker["kind"] in SPEAKER_KINDS
            assert all(is_place(speaker[key], row) for key in speaker.keys() - {"kind"})
        for item in row["attributions"]:
            assert item.keys() <= {*PARTS, "speakers", "kind", "modality", "optional"}
            assert all(is_place(span, row) for part in PARTS for span in item.get(part, []))
            assert item["content"] == sorted(item["content"]) and item["content"]
            pieces = item["content"]
            assert all(one[1] <= two[0] for one, two in pairwise(pieces))
            assert set(item["speakers"]) <= set(range(len(row["speakers"])))
            assert item.get("kind", "direct") in KINDS
            assert item.get("modality", "asserted") in MODALITIES


def test_no_article_is_both_trained_on_and_held_out() -> None:
    trained, held = ([row["article"] for row in rows(name)] for name in FILES)
    assert len({*trained, *held}) == len(trained) + len(held)
    recipe = yaml.safe_load((TRAIN / "attribution.yaml").read_text(encoding="utf-8"))
    named = [source.get("labels", "") for source in recipe["sources"]]
    assert "attributions/news/world.jsonl" in named
    assert not any("held_out" in name or "*" in name for name in named)


def test_the_card_counts_the_files() -> None:
    card = (MARKS / "DATA_CARD.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+\.jsonl)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|", card, re.M)
    assert {name: [int(cell.replace(",", "")) for cell in cells] for name, *cells in told} == {
        name: [
            len(rows(name)),
            sum(len(row["attributions"]) for row in rows(name)),
            sum(item.get("optional", False) for row in rows(name) for item in row["attributions"]),
        ]
        for name in FILES
    }
