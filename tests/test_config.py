from __future__ import annotations

import re
from pathlib import Path

import pytest

from stance.config import load_yaml_dataclass
from stance.errors import ConfigError
from stance.model.scorers import ModelConfig
from stance.model.targets import load_targets
from stance.training.trainer import TrainConfig

ROOT = Path(__file__).resolve().parent.parent


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    path = _write(tmp_path, "kind: bundled\nchekpoint: small\n")
    with pytest.raises(ConfigError, match=r"chekpoint.*did you mean 'checkpoint'"):
        load_yaml_dataclass(path, ModelConfig)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: zero-shot\n", "sequence-classification"),
        ("max_length: long\n", "max_length must be int"),
        ("max_length: true\n", "max_length must be int"),
        ("labels: [a]\n", "must be a mapping"),
        ("- a\n", "must hold a mapping"),
        ("a: [\n", "not valid YAML"),
    ],
)
def test_wrong_values(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_yaml_dataclass(_write(tmp_path, text), ModelConfig)


def test_missing_file() -> None:
    with pytest.raises(ConfigError, match=r"no-such\.yaml"):
        load_yaml_dataclass("no-such.yaml", ModelConfig)


def test_nested_unknown_key(tmp_path: Path) -> None:
    path = _write(tmp_path, "task: stance\nname: x\nmixture:\n  neutrals: 0.5\n")
    with pytest.raises(ConfigError, match="did you mean 'neutral'"):
        load_yaml_dataclass(path, TrainConfig)


RECIPES = sorted((ROOT / "configs" / "train").glob("m*.yaml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_shipped_recipes_load_and_chain(path: Path) -> None:
    config = load_yaml_dataclass(path, TrainConfig)
    assert config.task == "stance"
    names = {f"out/train/{recipe.stem}" for recipe in RECIPES}
    assert {re.sub(r"-\d+$", "", start) for start in config.start_from} <= names
    assert config.distil is None or config.distil.teacher in names


def test_targets_by_name_alias_and_default() -> None:
    book = load_targets()
    assert book.hypotheses("Foreign Interference") == book.hypotheses("foreign intervention")
    assert "a carbon tax" in book.hypotheses("a carbon tax")[0]


def test_unknown_target_without_default(tmp_path: Path) -> None:
    path = _write(tmp_path, "targets:\n  zoos: {favor: Zoos are good., against: Zoos are bad.}\n")
    with pytest.raises(ConfigError, match=r"unknown target 'zoo'.*nearest is 'zoos'"):
        load_targets(path).hypotheses("zoo")
