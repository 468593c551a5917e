"""``stance train`` by signals at random moments: the next run goes on, and nothing is left."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from safetensors.torch import load_file
from torch.testing import assert_close

from tests.hostile.forked import Command, assert_stopped, interrupted

pytest.importorskip("peft")
pytest.importorskip("accelerate")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="of POSIX"),
]
LAYERS = 6
# Name -> arguments; @ is the folder of the adapter.
COMMANDS = {
    "pairs": "train mine.csv -o @ --from-scratch --epochs 3",
    "recipe": "train mine.yaml --data . -o @ --seed 3",
}
RECIPE = """
name: mine
rank: 4
alpha: 8
sources: [{name: own, file: $DATA/mine.csv, hold_out: 0.3}]
stages:
  - {name: first, optimisation: {precision: float32, save_steps: 3}}
  - {name: last, seeds: [0, 1], optimisation: {precision: float32, save_steps: 3}}
"""
Whole = Callable[[str], tuple[float, Path]]


@pytest.fixture(scope="module")
def home(backbone: Path, make_pairs, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    rows = [f"{p.statement},{p.target},{p.stance}" for p in make_pairs(90)]
    (folder / "mine.csv").write_text("\n".join(["text,target,stance", *rows]), encoding="utf-8")
    (folder / "mine.yaml").write_text(RECIPE)
    import transformers.trainer  # noqa: F401  # before the forks, or each would take its seconds

    return folder


@pytest.fixture(scope="module")
def whole(home: Path, tmp_path_factory) -> Whole:
    """How long a command takes undisturbed, and the folder that it writes; each is run once."""
    made: dict[str, tuple[float, Path]] = {}

    def run(name: str) -> tuple[float, Path]:
        if name not in made:
            out = tmp_path_factory.mktemp("whole") / "out"
            done = Command(words(name, out), home).ended()
            assert done.code == 0, done.printed
            made[name] = done.seconds, out
        return made[name]

    return run


def words(name: str, out: Path) -> list[str]:
    return COMMANDS[name].replace("@", str(out)).split()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", COMMANDS)
def test_a_stopped_training_goes_on(
    name: str, seed: int, home: Path, whole: Whole, tmp_path: Path
) -> None:
    random = Random(f"{name}{seed}")
    seconds, expected = whole(name)
    out = tmp_path / "out"
    for _ in range(2):
        done, number = interrupted(words(name, out), home, seconds, random)
        assert_stopped(done, number)
    kept = list(out.rglob("trainer_state.json"))
    again = Command(words(name, out), home).ended()
    assert again.code == 0, again.printed
    assert files(out) == files(expected)
    if kept:
        assert "going on from" in again.printed or "is there already" in again.printed
    once, resumed = (load_file(folder / "adapter.safetensors") for folder in (expected, out))
    for tensor, value in once.items():
        assert_close(resumed[tensor], value, atol=1e-3, rtol=1e-2)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(
    name: str, share: float, home: Path, whole: Whole, tmp_path: Path
) -> None:
    _, expected = whole(name)
    largest = max(path.stat().st_size for path in expected.rglob("*") if path.is_file())
    out = tmp_path / "out"
    done = Command(words(name, out), home, file_limit=int(largest * share)).ended()
    assert done.code == 2, done.printed
    assert "Traceback" not in done.printed, done.printed
    assert "error: cannot write" in done.printed
    again = Command(words(name, out), home).ended()
    assert again.code == 0, again.printed
    assert files(out) == files(expected)


def test_of_two_trainings_at_once_one_says_that_it_leaves(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pair = [Command(words("pairs", out), home) for _ in range(2)]
    ended = [command.ended() for command in pair]
    assert sorted(done.code for done in ended) == [0, 2], ended
    assert "another run is writing" in next(done.printed for done in ended if done.code)
    assert (out / "adapter.json").is_file()
