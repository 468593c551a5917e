from __future__ import annotations

from pathlib import Path

import pytest

from stance.config import WEIGHTS_DIR, load_yaml_dataclass
from stance.errors import ConfigError
from stance.model.scorer import ModelConfig, read_model_config


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: bundled\nchekpoint: small\n", "chekpoint.*did you mean 'checkpoint'"),
        ("kind: zero-shot\n", "sequence-classification"),
        ("max_length: long\n", "max_length must be a whole number or null"),
        ("max_length: true\n", "max_length must be a whole number or null"),
        ("labels: [a]\n", "must be a mapping"),
    ],
)
def test_wrong_values(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_yaml_dataclass(path, ModelConfig)


def test_paths_count_from_the_file_and_other_names_do_not(tmp_path: Path) -> None:
    path = tmp_path / "model.yaml"
    for folder in ("mine", "small"):
        (tmp_path / folder).mkdir()
    (tmp_path / "targets.yaml").write_text("targets: {}", encoding="utf-8")
    path.write_text("kind: nli\ncheckpoint: mine\ntargets: targets.yaml\n", encoding="utf-8")
    config = read_model_config(path)
    assert Path(config.checkpoint) == tmp_path / "mine"
    assert config.targets is not None and Path(config.targets) == tmp_path / "targets.yaml"
    for name in ("somebody/else", str(tmp_path / "absolute")):
        path.write_text(f"kind: nli\ncheckpoint: {name}\n", encoding="utf-8")
        assert read_model_config(path).checkpoint == name
    path.write_text("checkpoint: small\n", encoding="utf-8")
    assert read_model_config(path).adapter == WEIGHTS_DIR / "small"


def test_arguments_replace_what_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "model.yaml"
    path.write_text("kind: nli\ncheckpoint: a/b\nrevision: one\ndevice: cuda\n", encoding="utf-8")
    config = read_model_config(path, revision="two", device="cpu")
    assert (config.kind, config.checkpoint) == ("nli", "a/b")
    assert (config.revision, config.device) == ("two", "cpu")


def test_default_is_base() -> None:
    assert read_model_config("default") == read_model_config("base") == ModelConfig()
