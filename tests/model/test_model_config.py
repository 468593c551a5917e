from __future__ import annotations

from pathlib import Path

import pytest

from stance.config import load_yaml_dataclass
from stance.errors import ConfigError
from stance.model.scorer import ModelConfig


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
