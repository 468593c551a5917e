"""A bundled model and a backbone of one name are two things."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from stance.checkpoint.adapter import AdapterInfo, write_adapter
from stance.checkpoint.backbone import FoundBackbone
from stance.checkpoint.bundled_models import BUNDLED, download_name, needed_backbones
from stance.checkpoint.registry import BACKBONES
from stance.cli import app


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bundled adapters that all stand on the backbone ``base``, but for the tagger."""
    for name, backbone in (("small", "base"), ("base", "base"), ("attribution", "small")):
        labels = ("against", "neutral", "favor")
        task = "attribution" if name == "attribution" else "stance"
        info = AdapterInfo(task, name, backbone, 1, 1.0, labels)
        write_adapter(tmp_path / name, info, {"head.weight": torch.ones(1)})
    monkeypatch.setattr("stance.checkpoint.bundled_models.WEIGHTS_DIR", tmp_path)
    return tmp_path


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def download(name: str, **_: object) -> FoundBackbone:
        names.append(name)
        return FoundBackbone(BACKBONES[name], Path("there"), "cache")

    monkeypatch.setattr("stance.checkpoint.backbone.download_backbone", download)
    monkeypatch.setattr("stance.checkpoint.download_backbone", download, raising=False)
    return names


def test_a_model_needs_its_own_backbone_and_that_of_the_tagger(weights: Path) -> None:
    assert needed_backbones("small") == ("base", "small")
    assert needed_backbones("all") == tuple(BACKBONES)
    assert (download_name("base"), download_name("small")) == ("small", "small")
    info = AdapterInfo("attribution", "attribution", "base", 1, 1.0, ("O", "B"))
    write_adapter(weights / "attribution", info, {"head.weight": torch.ones(1)})
    assert needed_backbones("base") == ("base",)
    assert download_name("small") == "all"  # no model needs that backbone any more


@pytest.mark.parametrize("models", [["small"], ["base"], ["small", "base"], ["all"]])
def test_download_fetches_each_backbone_once(
    weights: Path, fetched: list[str], models: list[str]
) -> None:
    done = CliRunner().invoke(app, ["download", *models])
    assert done.exit_code == 0, done.output
    assert sorted(fetched) == ["base", "small"]
    assert BACKBONES["base"].sha256 in done.stdout


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_model_has_its_backbones(name: str) -> None:
    assert set(needed_backbones(name)) <= set(BACKBONES)
