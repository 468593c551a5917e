from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.bench.__main__ import ways_of
from eval.bench.texts import news_items, own_items
from stance.errors import DataError

ROOT = Path(__file__).resolve().parents[2]


def test_own_statements_differ_in_length_and_are_the_same_each_time() -> None:
    items = own_items(200, seed=1)
    assert items == own_items(200, seed=1) != own_items(200, seed=2)
    assert len({*items}) == 200
    words = [len(item.statement.split()) for item in items]
    assert min(words) * 4 < max(words)
    assert all(item.statement in item.context for item in items)


def test_news_is_drawn_from_the_development_files(tmp_path) -> None:
    rows = [
        {
            "article": "a1",
            "n": n,
            "text": f"They must leave {n} towns",
            "context": f"Ada Berg said they must leave {n} towns.",
            "speaker": "Ada Berg",
            "target": "the troops",
            "stance": "against",
            "sentiment": "negative",
            "sure": 3,
        }
        for n in range(1, 7)
    ]
    file = tmp_path / "news_stance_dev.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    items = news_items(tmp_path, 4, seed=1)
    assert len({item.statement for item in items}) == 4
    assert {item.target for item in items} == {"the troops"}
    with pytest.raises(DataError, match="hold 6 different rows"):
        news_items(tmp_path, 7, seed=1)


def test_the_pipelines_are_measured_once_for_the_models_of_a_backbone() -> None:
    ways = ways_of(["base", "small"])
    kinds = [way.kind for way in ways]
    assert kinds[:2] == ["zero-shot pipeline", "text-classification pipeline"]
    assert set(kinds[2:]) == {"stance"}
    assert {way.model for way in ways[2:]} == {"base", "small"}
    assert {way.precision for way in ways[2:]} >= {"fp32"}
    with pytest.raises(DataError, match="no bundled model large: small, base"):
        ways_of(["base", "large"])


@pytest.mark.slow
def test_a_small_run_ends_with_both_tables() -> None:
    few = ["--statements", "8", "--pipeline-statements", "4", "--rounds", "1", "--model", "small"]
    command = [sys.executable, "-m", "eval.bench", *few]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert [run.stdout.count(title) for title in ("without context", "with context")] == [1, 1]
    assert run.stdout.count("| stance, small, fp32") == 2
