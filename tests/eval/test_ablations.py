from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from eval.ablations import CONFIG, AblationsConfig, Variant, changed, main
from stance.config import load_yaml_dataclass
from stance.errors import ConfigError
from stance.training import load_recipe

RECIPE = CONFIG.parent / load_yaml_dataclass(CONFIG, AblationsConfig).recipe


def test_a_variant_differs_in_what_it_names_alone() -> None:
    recipe = load_recipe(RECIPE)
    before = recipe.stages[0].mixture
    fewer = changed(recipe, Variant(shares={"own": 0.0}, replies=0))
    assert fewer.stages[0].mixture.shares == {**before.shares, "own": 0.0}
    assert (fewer.stages[0].mixture.replies, fewer.layers) == (0, (0, 1, 2, 3, 4, 5))
    small = changed(recipe, Variant(max_context=0, backbone="small"))
    assert (small.backbone, small.layers, small.max_context) == ("small", None, 0)
    assert small.stages == recipe.stages
    assert changed(recipe, Variant()) == recipe


def test_the_variants_name_sources_that_the_recipe_has() -> None:
    names = {source.name for source in load_recipe(RECIPE).sources} | {"*"}
    config = load_yaml_dataclass(CONFIG, AblationsConfig)
    assert len(config.variants) == 7
    for variant in config.variants.values():
        assert variant.shares.keys() <= names


def test_one_checkpoint_alone_is_refused() -> None:
    with pytest.raises(ConfigError, match="variants: give two or more"):
        AblationsConfig(recipe="a.yaml", evaluation="b.yaml", variants={"all": Variant()})


def test_every_variant_is_trained_and_then_all_are_evaluated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained, asked = [], []

    def run(recipe, home, output, **_):
        trained.append((output.name, recipe.max_context))
        return output / "stages" / "1-short"

    def evaluate(request):
        asked.append(request)
        raise ConfigError("far enough")

    monkeypatch.setattr("eval.ablations.train_stages", run)
    monkeypatch.setattr("eval.ablations.evaluate", evaluate)
    news = CONFIG.parent / "news.yaml"
    config = tmp_path / "ablations.yaml"
    config.write_text(
        f"recipe: {RECIPE}\nevaluation: {news}\nbeside: [base]\n"
        "variants: {everything: {}, no context: {max_context: 0}}\n",
        encoding="utf-8",
    )
    app = typer.Typer()
    app.command()(main)
    given = ["--data", str(tmp_path), "--config", str(config), "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 2
    assert "far enough" in result.output
    assert trained == [("everything", 96), ("no-context", 0)]
    out = tmp_path / "out"
    assert asked[0].checkpoints == (
        f"everything={out / 'everything' / 'stages' / '1-short'}",
        f"no context={out / 'no-context' / 'stages' / '1-short'}",
        "base",
    )
    assert asked[0].config == news and not asked[0].overwrite
