"""Output files appear whole, and touch no other file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.tables import write_text

SUFFIXES = ("csv", "jsonl", "parquet")


def test_a_file_of_the_user_is_left_alone(tmp_path: Path, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    for suffix in SUFFIXES:
        mine = write(tmp_path / f"o.{suffix}.partial", "precious")
        score(source, tmp_path / f"o.{suffix}")
        assert mine.read_text() == "precious"
    mine = write(tmp_path / "o.txt.partial", "precious")
    write_text(tmp_path / "o.txt", "text")
    assert mine.read_text() == "precious"
    assert not list(tmp_path.glob(".*"))


def test_two_that_write_one_file_do_not_mix(tmp_path: Path) -> None:
    texts = [letter * 100_000 for letter in "abcdefgh"]
    path = tmp_path / "o.txt"
    threads = [
        threading.Thread(target=write_text, args=(path, text), kwargs={"overwrite": True})
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in texts
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_modes(tmp_path: Path, suffix: str, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    old = write(tmp_path / f"old.{suffix}", "x")
    old.chmod(0o640)
    score(source, old, overwrite=True)
    assert old.stat().st_mode & 0o777 == 0o640
    new = tmp_path / f"new.{suffix}"
    score(source, new)
    assert new.stat().st_mode == source.stat().st_mode


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 251 + ".txt")
    write_text(path, "text")
    assert path.read_text() == "text"
    with pytest.raises(DataError, match="cannot write"):
        write_text(tmp_path / ("a" * 300), "text")
