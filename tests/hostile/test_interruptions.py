"""Every command that writes, killed at random, run twice at once, and on a full disk.

What was there stays whole until the new output is; the next run ends as if nothing had happened.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.hostile.forked import Command, Ended, assert_stopped, interrupted

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="of POSIX"),
]
STANCES = ("favor", "against", "neutral")
# Name -> arguments and, beside the inputs, what it writes. @ is the folder of outputs.
COMMANDS: dict[str, str] = {
    "score csv": "score in.csv --target-column target -o @/o.csv --overwrite",
    "score jsonl": "score in.csv --target-column target -o @/o.jsonl.gz --overwrite",
    "score parquet": "score in.csv --target-column target -o @/o.parquet --overwrite",
    "analyze csv": "analyze articles -t plan --extractor rules -o @/o.csv --overwrite",
    "analyze json": "analyze articles -t plan --extractor rules -o @/o.json -f json --overwrite",
    "analyze pages": "analyze articles -t plan --extractor rules -o @/p -f html --overwrite",
    "estimate": "estimate scored.csv labels.csv -o @ --overwrite",
    "sample": "sample scored.csv -n 20 --coder ana --coder ben -o @/s.json --overwrite",
    "agree": "agree labels.csv other.csv -o @/joined.csv --overwrite",
    "evaluate": "evaluate labels.csv -o @ --overwrite",
    "speakers": "speakers analysed.csv -o @/speakers.csv --overwrite",
}
# One that comes after the same evaluation replaces it, and says so.
REPLACED = ("estimate", "evaluate")
# How the run that comes second says why it ends.
SAID = ("another run", "exist", "holds", "appeared during the run")
# What differs between two runs of the same.
TIMES = ("manifest.json", "results.json", "report.md", "report.html", "MODEL_CARD.md", "run.json")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, classifier) -> Path:
    """A folder with an input for each command."""
    folder = tmp_path_factory.mktemp("inputs")
    rows = [f"{i},We {('welcome', 'reject')[i % 2]} plan {i}.,plan {i % 3}" for i in range(60)]
    (folder / "in.csv").write_text("\n".join(["id,statement,target", *rows]) + "\n")
    for name, shift in (("labels", 0), ("other", 1)):
        labelled = [
            f"{row},{STANCES[(i + shift * (i % 5 == 0)) % 3]}" for i, row in enumerate(rows)
        ]
        (folder / f"{name}.csv").write_text(
            "\n".join(["id,statement,target,stance", *labelled]) + "\n"
        )
    (folder / "articles").mkdir()
    for i in range(8):
        text = f"“We reject plan {i},” said Ada Berg, the mayor. “We welcome it,” Bo Dahl said.\n"
        (folder / "articles" / f"{i}.txt").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stance.load", lambda *_, **__: classifier, raising=False)
        for line in (
            "score in.csv --target-column target -o scored.csv",
            "analyze articles -t plan --extractor rules -o analysed.csv",
        ):
            done = start(folder, line, folder).ended()
            assert done.code == 0, done.printed
    return folder


def start(folder: Path, line: str, outputs: Path, *, file_limit: int | None = None) -> Command:
    """Start a command line in a folder of inputs."""
    return Command(words(line, outputs), folder, file_limit=file_limit)


def words(line: str, outputs: Path) -> list[str]:
    return line.replace("@", str(outputs)).split(" ")


def state(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lasting(files: dict[str, bytes]) -> dict[str, bytes | None]:
    """Files without what runs leave for the next one, and without the content that holds times."""
    return {
        name: None if name.endswith(TIMES) else content
        for name, content in files.items()
        if not Path(name).name.startswith(".stance-") and ".parts" not in name
    }


@pytest.fixture(scope="module")
def whole(inputs: Path, tmp_path_factory, classifier) -> Callable[[str], tuple[float, dict]]:
    """How long a command takes undisturbed, and what it writes; each is run once."""
    made: dict[str, tuple[float, dict[str, bytes | None]]] = {}

    def run(name: str) -> tuple[float, dict[str, bytes | None]]:
        if name not in made:
            outputs = tmp_path_factory.mktemp("whole") / "out"
            outputs.mkdir()
            done = start(inputs, COMMANDS[name], outputs).ended()
            assert done.code == 0, done.printed
            made[name] = done.seconds, lasting(state(outputs))
        return made[name]

    return run


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch, classifier) -> None:
    monkeypatch.setattr("stance.load", lambda *_, **__: classifier, raising=False)


def assert_whole(
    outputs: Path, expected: dict[str, bytes | None], before: dict[str, bytes]
) -> None:
    """Each file is as it was before, or the whole new one."""
    for name, content in lasting(state(outputs)).items():
        assert name in expected, name
        if content is not None and content != before.get(name):
            assert content == expected[name], f"{name} is neither the old one nor the new one"


def assert_said(done: Ended) -> None:
    assert "Traceback" not in done.printed, done.printed


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_loses_nothing_and_the_next_run_ends_it(
    name: str, seed: int, inputs: Path, whole, tmp_path: Path
) -> None:
    random = Random(f"{name}{seed}")
    seconds, expected = whole(name)
    outputs = tmp_path / "out"
    outputs.mkdir()
    given = state(inputs)
    before: dict[str, bytes] = {}
    if seed % 2:  # an earlier output is there
        assert start(inputs, COMMANDS[name], outputs).ended().code == 0
        before = state(outputs)
    done, number = interrupted(words(COMMANDS[name], outputs), inputs, seconds, random)
    assert_stopped(done, number)
    for file in before:
        assert (outputs / file).is_file(), f"{file} is lost"
    assert_whole(outputs, expected, before)
    again = start(inputs, COMMANDS[name], outputs).ended()
    assert again.code == 0, again.printed
    assert state(outputs).keys() == expected.keys(), "nothing is left"
    assert lasting(state(outputs)) == expected
    assert state(inputs) == given


@pytest.mark.parametrize("name", COMMANDS)
def test_of_two_at_once_one_wins_and_the_other_says_so(
    name: str, inputs: Path, whole, tmp_path: Path
) -> None:
    _, expected = whole(name)
    for number in range(2):
        outputs = tmp_path / f"out{number}"
        outputs.mkdir()
        line = COMMANDS[name].replace(" --overwrite", "")
        pair = [start(inputs, line, outputs) for _ in range(2)]
        ended = [command.ended() for command in pair]
        codes = sorted(done.code for done in ended)
        assert codes == [0, 2] or (codes == [0, 0] and name in REPLACED), ended
        for done in ended:
            assert_said(done)
            if done.code == 2:
                assert any(word in done.printed for word in SAID)
        assert state(outputs).keys() == expected.keys()
        assert lasting(state(outputs)) == expected


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_loses_nothing(
    name: str, seed: int, inputs: Path, whole, tmp_path: Path
) -> None:
    share = Random(f"{name}{seed}").uniform(0.01, 0.95)
    _, expected = whole(name)
    outputs = tmp_path / "out"
    outputs.mkdir()
    assert start(inputs, COMMANDS[name], outputs).ended().code == 0
    before = state(outputs)
    largest = max(map(len, before.values()))
    done = start(inputs, COMMANDS[name], outputs, file_limit=int(largest * share)).ended()
    assert done.code in (1, 2), done
    assert_said(done)
    assert "cannot write" in done.printed or "File too large" in done.printed, done.printed
    for file in before:
        assert (outputs / file).is_file(), f"{file} is lost"
    assert_whole(outputs, expected, before)
    assert start(inputs, COMMANDS[name], outputs).ended().code == 0
    assert lasting(state(outputs)) == expected
