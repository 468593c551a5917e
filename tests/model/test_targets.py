from __future__ import annotations

from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.model.targets import load_targets


def test_targets_by_name_alias_and_default() -> None:
    book = load_targets()
    assert book.hypotheses("Foreign Interference") == book.hypotheses("foreign intervention")
    assert "a carbon tax" in book.hypotheses("a carbon tax")[0]


def test_unknown_target_without_default(tmp_path: Path) -> None:
    path = tmp_path / "targets.yaml"
    path.write_text("targets:\n  zoos: {favor: Zoos are good., against: Zoos are bad.}\n")
    with pytest.raises(ConfigError, match=r"unknown target 'zoo'.*nearest is 'zoos'"):
        load_targets(path).hypotheses("zoo")
