from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.config import WEIGHTS_DIR

ROOT = Path(__file__).resolve().parents[2]
runner = CliRunner()


def test_info() -> None:
    result = runner.invoke(app, ["info"])
    assert result.exit_code == 0
    assert "sha256" in result.output


def test_train_without_data(tmp_path: Path) -> None:
    recipe = str(ROOT / "configs" / "train" / "small.yaml")
    arguments = ["train", recipe, "--data", str(tmp_path), "-o", str(tmp_path / "o")]
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2
    assert "stance_train" in result.stderr


def test_help_names_every_command() -> None:
    result = runner.invoke(app, ["--help"])
    for command in ("analyze", "score", "train", "info", "download"):
        assert command in result.output


@pytest.mark.parametrize("command", ["analyze", "score"])
def test_help_of_a_command_names_its_options(command: str) -> None:
    result = runner.invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    for option in ("--target", "--output", "--format", "--checkpoint", "--device", "--overwrite"):
        assert option in result.output


def test_info_says_that_a_tagger_is_one() -> None:
    done = runner.invoke(app, ["info", "--checkpoint", str(WEIGHTS_DIR / "attribution")])
    assert done.exit_code == 0, done.stderr
    assert "a tagger, for `stance analyze --extractor`" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "{folder}/art.txt"], "art.txt is a file: the adapter needs a folder"),
        (["--data", "{folder}"], "--data is for recipes"),
        (["-o", "-"], "-o - is standard output"),
    ],
)
def test_train_refuses_what_it_would_ignore(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "art.txt").write_text("mine", encoding="utf-8")
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("statement,target,stance\nFine.,troops,favor\n", encoding="utf-8")
    filled = [argument.format(folder=tmp_path) for argument in arguments]
    result = runner.invoke(app, ["train", str(pairs), *filled])
    assert result.exit_code == 2
    assert message in result.stderr
    assert (tmp_path / "art.txt").read_text(encoding="utf-8") == "mine"
