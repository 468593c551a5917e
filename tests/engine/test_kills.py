"""Scorers that are killed, filled up and doubled: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stance.engine import analyze_many
from stance.engine.parts import errors_of
from stance.errors import DataError
from stance.extract.extractor import RuleExtractor

posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX")
SCRIPT = Path(__file__).with_name("slow_scorer.py")


def table(path: Path, rows: int = 60) -> Path:
    """Statements of which each seventh is empty."""
    text = "".join(f'{i},"{"Fine, " * (i % 7)}",{i % 3}\n' for i in range(rows))
    path.write_text("id,statement,n\n" + text, encoding="utf-8")
    return path


def begin(source: Path, output: Path, seconds: float, *more: str) -> subprocess.Popen[bytes]:
    """Start another process that scores slowly."""
    command = [sys.executable, str(SCRIPT), str(source), str(output), str(seconds), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def scores(process: subprocess.Popen[bytes]) -> bool:
    """Wait until it scores; False where it ends without."""
    assert process.stdout is not None
    return process.stdout.readline().strip() == b"scoring"


def begun(process: subprocess.Popen[bytes]) -> None:
    """Wait until it scores."""
    assert scores(process), process.communicate()


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@posix
def test_another_run_on_the_same_output_is_refused_before_any_work(tmp_path, score, fake) -> None:
    source, output = table(tmp_path / "in.csv"), tmp_path / "o.csv"
    process = begin(source, output, 0.2)
    try:
        begun(process)
        process.send_signal(signal.SIGSTOP)  # or it might end before this one asks
        with pytest.raises(DataError, match="another run is writing"):
            score(source, output)
        assert not fake.calls
    finally:
        process.send_signal(signal.SIGCONT)
        _, err = process.communicate()
    assert process.returncode == 0, err
    assert len(output.read_text().splitlines()) == 61


@posix
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_full_disk_loses_nothing(tmp_path: Path, suffix: str, score) -> None:
    source, output = table(tmp_path / "in.csv", 200), tmp_path / f"o.{suffix}"
    limit = {"csv": "9000", "parquet": "20000"}[suffix]  # parts fit, the whole does not
    process = begin(source, output, 0, "--file-limit", limit)
    _, err = process.communicate()
    assert process.returncode == 2 and b"cannot write" in err, err
    assert b"200 of 200 rows are done and kept" in err and not output.exists()
    report = score(source, output, part_rows=5)
    assert report.counts.written == 200
    score(source, tmp_path / f"whole.{suffix}", part_rows=5)
    assert output.read_bytes() == (tmp_path / f"whole.{suffix}").read_bytes()


def kill_until_done(source: Path, output: Path, seed: int, kills: int) -> None:
    """Kill the scorer at random moments, then let it end."""
    chance = random.Random(seed)
    for _ in range(kills):
        process = begin(source, output, 0.02)
        if not scores(process):  # the run before was killed when all its rows were done
            process.communicate()
            break
        time.sleep(chance.random() * 0.5)
        process.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        process.communicate()
        if process.returncode == 0:
            break
    process = begin(source, output, 0.0)
    _, err = process.communicate()
    assert process.returncode == 0 or b"exists" in err, err


def folder_of_articles(path: Path) -> Path:
    """640 articles, which are 20 parts; each seventh is empty."""
    path.mkdir()
    for number in range(640):
        text = f"“We welcome plan {number},” said Mayor Ann Lee." if number % 7 else " "
        (path / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return path


def same_rows(one: Path, other: Path) -> bool:
    if one.suffix == ".parquet":
        return pq.read_table(one).equals(pq.read_table(other))
    return one.read_bytes() == other.read_bytes()


@posix
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_killed_scorer_goes_on(tmp_path: Path, suffix: str, score) -> None:
    source, output = table(tmp_path / "in.csv", 120), tmp_path / f"o.{suffix}"
    score(source, tmp_path / f"whole.{suffix}", part_rows=5)
    kill_until_done(source, output, 1, 2)
    assert same_rows(output, tmp_path / f"whole.{suffix}")
    assert not [name for name in visible(tmp_path) if name.startswith(".") or "parts" in name]


@posix
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "csv.gz"])
def test_a_scorer_killed_many_times_goes_on(tmp_path: Path, suffix: str, seed: int, score) -> None:
    source, output = table(tmp_path / "in.csv", 300), tmp_path / f"o.{suffix}"
    score(source, tmp_path / f"whole.{suffix}", part_rows=5)
    kill_until_done(source, output, seed, 5)
    assert same_rows(output, tmp_path / f"whole.{suffix}")
    assert errors_of(output).read_text() == errors_of(tmp_path / f"whole.{suffix}").read_text()
    assert not [name for name in visible(tmp_path) if name.startswith(".") or "parts" in name]


@posix
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_an_analysis_killed_many_times_goes_on(tmp_path, suffix: str, seed: int, fake) -> None:
    source, output = folder_of_articles(tmp_path / "news"), tmp_path / f"o.{suffix}"
    whole = tmp_path / f"whole.{suffix}"
    analyze_many(source, "troops", output=whole, classifier=fake, extractor=RuleExtractor())
    kill_until_done(source, output, seed, 5)
    assert same_rows(output, whole)
    assert errors_of(output).read_text() == errors_of(whole).read_text()
    assert not [name for name in visible(tmp_path) if name.startswith(".") or "parts" in name]


@posix
@pytest.mark.slow
def test_of_two_simultaneous_runs_one_wins(tmp_path: Path) -> None:
    source = table(tmp_path / "in.csv", 40)
    for number in range(20):
        output = tmp_path / f"o{number}.csv"
        pair = [begin(source, output, 0.01) for _ in range(2)]
        results = [process.communicate() for process in pair]
        codes = sorted(process.returncode for process in pair)
        assert codes == [0, 2], results
        errors = b"".join(err for _, err in results)
        assert b"another run is writing" in errors or b"exists" in errors
        assert len(output.read_text().splitlines()) == 41


@posix
@pytest.mark.slow
def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    peaks = []
    for rows in (20_000, 400_000):
        source = tmp_path / f"{rows}.csv"
        with source.open("w") as handle:
            handle.write("id,statement,n\n")
            handle.writelines(f"{i},Fine and good.,{i % 3}\n" for i in range(rows))
        process = begin(source, tmp_path / f"o{rows}.csv", 0, "--part-rows", "4096", "--peak")
        out, err = process.communicate()
        assert process.returncode == 0, err
        peaks.append(int(out.split()[-1]))
    assert peaks[1] < peaks[0] * 1.1
