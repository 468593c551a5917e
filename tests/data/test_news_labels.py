"""The stand-off labels of news: well formed, and as their card counts them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stance.model.targets import TargetBook
from stance.training.target_wordings import collect_wordings

NEWS = Path(__file__).resolve().parent.parent.parent / "configs" / "train" / "news"
FILES = ("us.jsonl", "world.jsonl", "intervention.jsonl")
LONGEST_TARGET = 160  # characters: a target, no passage of an article


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (NEWS / name).read_text(encoding="utf-8").splitlines()]


def labels(name: str) -> list[tuple[str, int]]:
    return [
        (stance, sure)
        for row in rows(name)
        for labelled in row["stance"].values()
        for stance, sure in labelled.values()
    ]


@pytest.mark.parametrize("name", FILES)
def test_labels_name_statements_by_number(name: str) -> None:
    found = rows(name)
    assert len({row["article"] for row in found}) == len(found)
    for row in found:
        assert row.keys() <= {"article", "sentiment", "stance"} and row["stance"]
        for target, labelled in row["stance"].items():
            assert target == target.strip() and 0 < len(target) <= LONGEST_TARGET
            assert labelled and all(number.isdecimal() for number in labelled)
        assert set(row.get("sentiment", {}).values()) <= {"positive", "negative", "neutral"}
    assert {stance for stance, _ in labels(name)} == {"favor", "against", "neutral"}
    assert {sure for _, sure in labels(name)} == {1, 2, 3}


def test_no_wording_is_the_target_and_its_opposite() -> None:
    found = collect_wordings(TargetBook(), NEWS / "wordings.jsonl")
    for target, wording in found.items():
        same = {target, *(words.casefold() for words in wording.same)}
        assert not same & {words.casefold() for words in wording.opposed}, target


def test_the_card_counts_the_files() -> None:
    card = (NEWS / "DATA_CARD.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z]+\.jsonl)` \| ([\d,]+)", card, re.MULTILINE))
    assert {name: int(told.pop(name).replace(",", "")) for name in FILES} == {
        name: len(labels(name)) for name in FILES
    }
    worded = rows("wordings.jsonl")
    assert int(told["wordings.jsonl"].replace(",", "")) == len(worded)
    assert f"{sum(len(row.get('same', [])) for row in worded):,} rewordings" in card
    assert f"{sum(len(row.get('opposed', [])) for row in worded):,} opposites" in card
    every = [label for name in FILES for label in labels(name)]
    stances, sure = Counter(label for label, _ in every), Counter(sure for _, sure in every)
    shares = {name: f"{100 * count / len(every):.0f} %" for name, count in stances.items()}
    assert "Neutral {neutral}, favor {favor}, against {against}.".format(**shares) in card
    assert f"{100 * sure[3] / len(every):.0f} % are sure (3)" in card
