"""``stance train`` on a table and on recipes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app

LAYERS = 6

pytest.importorskip("peft")
pytest.importorskip("accelerate")


@pytest.fixture
def table(tmp_path: Path, make_pairs) -> Path:
    path = tmp_path / "mine.csv"
    rows = [f"{p.statement},{p.target},{p.stance}" for p in make_pairs(60)]
    path.write_text("\n".join(["text,target,stance", *rows]), encoding="utf-8")
    return path


def test_a_table_gives_an_adapter(backbone, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "adapter"
    arguments = ["train", str(table), "-o", str(out), "--from-scratch", "--epochs", "1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "held out by" in done.output and "mine" in done.output
    results = json.loads((out / "results.json").read_text())
    assert results["start"] == "the bare backbone"
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    assert results["data"][0]["files"] == [{"file": "mine.csv", "sha256": digest}]
    assert f"- mine, train: `mine.csv` `{digest}`" in (out / "MODEL_CARD.md").read_text()


def test_a_recipe_gives_an_adapter(backbone, table: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(
        "name: mine\n"
        "sources: [{name: own, file: $DATA/mine.csv, hold_out: 0.3}]\n"
        "stages: [{name: only, optimisation: {precision: float32}}]\n"
    )
    out = tmp_path / "out"
    arguments = ["train", str(recipe), "--data", str(tmp_path), "-o", str(out), "--seed", "3"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert json.loads((out / "results.json").read_text())["seed"] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{recipe}", "--epochs", "3"], "--epochs is for pairs"),
        (["{folder}/nowhere.csv"], "does not exist"),
        (["{table}", "--start", "huge"], "cannot read huge/adapter.json"),
        (["{recipe}", "--start", "small"], "--start is for pairs"),
        (["{table}", "--epochs", "0"], "epochs is 0.0: give a number above 0"),
        (["{table}", "--learning-rate", "0"], "learning_rate is 0.0: give a number above 0"),
    ],
)
def test_mistakes_are_one_line(
    arguments: list[str], message: str, table: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "r.yaml"
    recipe.write_text("name: x\nsources: []\nstages: []\n")
    filled = [a.format(table=table, recipe=recipe, folder=tmp_path) for a in arguments]
    done = CliRunner().invoke(app, ["train", *filled, "-o", str(tmp_path / "o")])
    assert done.exit_code == 2
    assert message in done.output.replace("\n", " ")
