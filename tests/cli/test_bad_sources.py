"""``stance analyze`` with sources of which nothing can be read, beside others that are good."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app

GOOD = "“We welcome the peacekeepers,” said Mayor Ann Lee."
TAIL = ["-t", "foreign intervention", "--extractor", "rules"]


def empty_folder(home: Path) -> str:
    (home / "empty").mkdir()
    return str(home / "empty")


def folder_of_others(home: Path) -> str:
    (home / "pictures" / "deep").mkdir(parents=True)
    (home / "pictures" / "deep" / "a.jpg").write_bytes(b"\xff\xd8\xff")
    (home / "pictures" / ".hidden.txt").write_text(GOOD, encoding="utf-8")
    return str(home / "pictures")


def pattern(home: Path) -> str:
    return str(home / "2027-*.txt")


def pattern_of_tables(home: Path) -> str:
    return str(home / "[xyz]*.csv")


def absent_table(home: Path) -> str:
    return str(home / "feed.jsonl")


def empty_table(home: Path) -> str:
    (home / "bare.csv").write_bytes(b"")
    return str(home / "bare.csv")


def damaged_table(home: Path) -> str:
    (home / "cut.parquet").write_bytes(b"PAR1\x15\x04\x15")
    return str(home / "cut.parquet")


def table_without_texts(home: Path) -> str:
    (home / "prices.csv").write_text("day,price\nMonday,3\n", encoding="utf-8")
    return str(home / "prices.csv")


SOURCES: dict[Callable[[Path], str], str] = {
    empty_folder: "holds no article (.txt",
    folder_of_others: "holds no article (.txt",
    pattern: "no file matches",
    pattern_of_tables: "no file matches",
    absent_table: "does not exist",
    empty_table: "empty",
    damaged_table: "Parquet",
    table_without_texts: "has no column 'text'",
}


def run(*arguments: object):
    return CliRunner().invoke(app, ["analyze", *map(str, arguments), *TAIL])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path / "good.txt"


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("make", SOURCES)
def test_a_bad_source_has_its_row_and_the_others_are_done(
    make: Callable[[Path], str], first: bool, good: Path, tmp_path: Path
) -> None:
    bad, output = make(tmp_path), tmp_path / "o.csv"
    result = run(*((bad, good) if first else (good, bad)), "-o", output)
    assert result.exit_code == 1, result.output
    assert SOURCES[make] in " ".join(result.stderr.split())
    rows = pd.read_csv(output).set_index("document_id")
    assert rows.loc[str(good), "stance"] == "favor"
    assert SOURCES[make] in rows.loc[bad, "error"]
    (error,) = map(json.loads, Path(f"{output}.errors.jsonl").read_text().splitlines())
    assert error["file"] == bad and SOURCES[make] in error["reason"]


@pytest.mark.parametrize("output", ["o.json", "pages"])
@pytest.mark.parametrize("make", SOURCES)
def test_other_outputs_hold_what_is_good(
    make: Callable[[Path], str], output: str, good: Path, tmp_path: Path
) -> None:
    result = run(make(tmp_path), good, "-o", tmp_path / output)
    assert result.exit_code == 1, result.output
    assert "1 of 2 articles were left out" in result.stderr
    assert (tmp_path / output).exists()


@pytest.mark.parametrize("make", SOURCES)
def test_alone_it_ends_the_command(make: Callable[[Path], str], tmp_path: Path) -> None:
    result = run(make(tmp_path), "-o", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert SOURCES[make] in " ".join(result.stderr.split())
    assert not (tmp_path / "o.csv").exists()


def test_several_bad_ones_and_nothing_else_are_all_named(tmp_path: Path) -> None:
    made = [make(tmp_path) for make in SOURCES]
    result = run(*made, "-o", tmp_path / "o.csv")
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert all(words in said for words in SOURCES.values())


@pytest.mark.parametrize("make", SOURCES)
def test_strict_stops_at_it(make: Callable[[Path], str], good: Path, tmp_path: Path) -> None:
    result = run(good, make(tmp_path), "--strict", "-o", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert SOURCES[make] in " ".join(result.stderr.split())


def test_a_column_that_no_article_has_ends_the_command(good: Path, tmp_path: Path) -> None:
    table = absent_table(tmp_path)
    result = run(good, table, "--column", "colour=x", "-o", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert "no 'colour'" in result.stderr
