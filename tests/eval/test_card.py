"""Evaluation runs stated in a model card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from eval.card import store
from stance.config import WEIGHTS_DIR
from stance.errors import DataError
from stance.training.model_card import write_model_card


def _run(folder: Path, sha256: str, macro_f1: float) -> Path:
    """The stored results of a stance run with one set, as ``python -m eval`` writes them."""
    scores: dict[str, Any] = {
        "macro_f1": {"value": macro_f1, "low": 0.4, "high": 0.9},
        "accuracy": {"value": 0.72},
        "calibration": {"ece_before": 0.2, "ece_after": 0.05},
        "baselines": {"majority": {"macro_f1": {"value": 0.21}}},
    }
    results = {
        "format": 1,
        "run": {
            "name": "dev",
            "task": "stance",
            "commit": "abc",
            "created": "2026-01-02T00:00:00Z",
            "data": {},
            "checkpoint": {"sha256": sha256, "requested": folder.name},
            "scoring": {"level": 0.9},
        },
        "sets": [
            {
                "set": "harbour",
                "source": "",
                "n": 77,
                "stance": scores,
                "context": {"n": 8, "macro_f1_with": 0.6, "macro_f1_without": {"value": 0.3}},
            }
        ],
    }
    folder.mkdir()
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")
    return folder


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    for name in ("adapter.json", "results.json"):
        shutil.copy(WEIGHTS_DIR / "small" / name, folder / name)
    return folder


def test_the_card_states_the_run_and_the_spread_over_seeds(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    one = _run(tmp_path / "one", sha256, 0.70)
    other = _run(tmp_path / "other", "of another seed", 0.80)
    card = store(adapter, [one], [one, other]).read_text(encoding="utf-8")
    assert (
        "| harbour | 77 | 0.700 [0.400, 0.900] | 0.720 | 0.200 / 0.050 | 8: 0.600 / 0.300 |" in card
    )
    assert "with its 90 % bootstrap interval" in card
    assert "| harbour | 0.210 |  |  |  |" in card
    assert "| harbour | stance | 0.750 | 0.071 |" in card
    assert "seeds of one stage (one, other)" in card


def test_a_run_of_another_adapter_is_refused(adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="measured another adapter"):
        store(adapter, [_run(tmp_path / "one", "other", 0.7)], [])


def test_runs_of_other_tasks_are_refused(adapter: Path, tmp_path: Path) -> None:
    other = _run(tmp_path / "one", "x", 0.7)
    content = json.loads((other / "results.json").read_text())
    for task, runs, seeds in (("attribution", [other], []), ("behaviour", [], [other])):
        content["run"]["task"] = task
        (other / "results.json").write_text(json.dumps(content))
        with pytest.raises(DataError, match=f"a run of task {task}"):
            store(adapter, runs, seeds)


def test_a_card_never_states_the_runs_of_other_weights(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    store(adapter, [_run(tmp_path / "one", sha256, 0.7)], [])
    facts = json.loads((adapter / "adapter.json").read_text())
    (adapter / "adapter.json").write_text(json.dumps({**facts, "sha256": "0" * 64}))
    assert "harbour" not in write_model_card(adapter).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["small", "base"])
def test_the_bundled_cards_are_what_their_facts_give(name: str, tmp_path: Path) -> None:
    copy = tmp_path / name
    shutil.copytree(WEIGHTS_DIR / name, copy)
    shipped = (WEIGHTS_DIR / name / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert write_model_card(copy).read_text(encoding="utf-8") == shipped
