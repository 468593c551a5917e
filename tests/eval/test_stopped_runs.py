"""``python -m eval`` by signals, on a full disk and twice at once: nothing is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import pytest

from eval.__main__ import app
from tests.hostile.forked import Command, assert_stopped, interrupted

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="of POSIX"),
]
STANCES = ("favor", "against", "neutral")
FILES = {"predictions.csv", "results.json", "report.md", "report.html"}
COMMANDS = {
    "run": "mine.yaml -o @ --overwrite",
    "rebuild": "mine.yaml -o @ --rebuild",
}


@pytest.fixture
def home(tmp_path: Path, write_jsonl, monkeypatch, keyword_classifier) -> Path:
    """A folder with a config, its set and, in ``out``, an earlier run."""
    rows = [
        {
            "id": f"r{number}",
            "text": f"{('Come in', 'Get out', 'We will see')[number % 3]}, said {number}.",
            "target": "troops",
            "stance": STANCES[number // 2 % 3],
        }
        for number in range(120)
    ]
    write_jsonl("mine.jsonl", rows)
    (tmp_path / "mine.yaml").write_text(
        "task: stance\nsets: [{name: mine, path: mine.jsonl}]\nbootstrap: 60\n"
    )
    monkeypatch.setattr("stance.load", lambda name, **_: keyword_classifier, raising=False)
    done = start("run", tmp_path).ended()
    assert done.code == 0, done.printed
    return tmp_path


def start(name: str, home: Path, **more: int) -> Command:
    return Command(words(name), home, program=app, **more)


def words(name: str) -> list[str]:
    return COMMANDS[name].replace("@", "out").split()


def assert_whole(home: Path, before: dict[str, bytes]) -> None:
    """Nothing is lost or cut: labels and figures are those of before, pages end."""
    found = {path.name: path.read_bytes() for path in (home / "out").iterdir()}
    assert FILES <= found.keys()
    assert found["predictions.csv"] == before["predictions.csv"]
    stored, known = (json.loads(files["results.json"])["sets"] for files in (found, before))
    assert stored == known
    assert found["report.html"].rstrip().endswith(b"</html>")
    assert len(found["report.md"]) > len(before["report.md"]) * 0.9


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", COMMANDS)
def test_a_stopped_evaluation_loses_nothing(name: str, seed: int, home: Path) -> None:
    before = {path.name: path.read_bytes() for path in (home / "out").iterdir()}
    done, number = interrupted(words(name), home, 2.0, Random(f"{name}{seed}"), program=app)
    assert_stopped(done, number)
    assert_whole(home, before)
    again = start(name, home).ended()
    assert again.code == 0, again.printed
    assert {path.name for path in (home / "out").iterdir()} == FILES
    assert_whole(home, before)


@pytest.mark.parametrize("share", [0.01, 0.4, 0.9])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_loses_nothing(name: str, share: float, home: Path) -> None:
    before = {path.name: path.read_bytes() for path in (home / "out").iterdir()}
    largest = max(map(len, before.values()))
    done = start(name, home, file_limit=int(largest * share)).ended()
    assert done.code == 2, done
    assert "Traceback" not in done.printed
    assert "cannot write" in done.printed
    assert_whole(home, before)
    assert start(name, home).ended().code == 0
    assert {path.name for path in (home / "out").iterdir()} == FILES


@pytest.mark.parametrize("name", COMMANDS)
def test_of_two_at_once_one_wins(name: str, home: Path) -> None:
    before = {path.name: path.read_bytes() for path in (home / "out").iterdir()}
    ended = [command.ended() for command in [start(name, home) for _ in range(2)]]
    assert 0 in {done.code for done in ended}, ended
    for done in ended:
        assert done.code == 0 or (done.code == 2 and "another run is writing" in done.printed)
    assert_whole(home, before)
    assert {path.name for path in (home / "out").iterdir()} == FILES
