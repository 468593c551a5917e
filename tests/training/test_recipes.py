from __future__ import annotations

import re
from pathlib import Path

import pytest

from stance.config import load_yaml_dataclass
from stance.errors import ConfigError
from stance.training.trainer import TrainConfig

ROOT = Path(__file__).resolve().parents[2]
RECIPES = sorted((ROOT / "configs" / "train").glob("m*.yaml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_shipped_recipes_load_and_chain(path: Path) -> None:
    config = load_yaml_dataclass(path, TrainConfig)
    assert config.task == "stance"
    names = {f"out/train/{recipe.stem}" for recipe in RECIPES}
    assert {re.sub(r"-\d+$", "", start) for start in config.start_from} <= names
    assert config.distil is None or config.distil.teacher in names


def test_nested_unknown_key(tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("task: stance\nname: x\nmixture:\n  neutrals: 0.5\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'neutral'"):
        load_yaml_dataclass(path, TrainConfig)
