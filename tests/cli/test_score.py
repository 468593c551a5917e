"""``stance score``: what a user types, and what comes out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app

TOWARD = ["-t", "foreign intervention"]
WRITERS = {
    "csv": lambda frame, path: frame.to_csv(path, index=False),
    "tsv": lambda frame, path: frame.to_csv(path, index=False, sep="\t"),
    "jsonl": lambda frame, path: frame.to_json(path, orient="records", lines=True),
    "parquet": lambda frame, path: frame.to_parquet(path),
}
READERS = {
    "csv": pd.read_csv,
    "tsv": lambda path: pd.read_csv(path, sep="\t"),
    "jsonl": lambda path: pd.read_json(path, lines=True),
    "parquet": pd.read_parquet,
}
runner = CliRunner()


def run(*arguments: object):
    return runner.invoke(app, ["score", *map(str, arguments)])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("id,statement\n1,Fine.\n2,\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", READERS)
def test_round_trip(tmp_path: Path, suffix: str, classifier) -> None:
    frame = pd.DataFrame(
        {"id": ["a", "b", "c"], "statement": ["Foreign troops must leave.", None, "Welcome them!"]}
    )
    source, output = tmp_path / f"in.{suffix}", tmp_path / f"out.{suffix}"
    WRITERS[suffix](frame, source)
    result = run(source, "-o", output, *TOWARD)
    assert result.exit_code == 0, result.stderr
    assert "3 rows" in result.stderr and "1 with an error" in result.stderr
    scored = READERS[suffix](output)
    assert scored["id"].tolist() == ["a", "b", "c"]
    expected = classifier.predict(
        ["Foreign troops must leave.", "Welcome them!"], "foreign intervention"
    )
    assert scored["stance"][[0, 2]].tolist() == [p.stance.value for p in expected]
    assert "row 2" in scored["error"][1]
    assert pd.isna(scored["stance"][1])


def test_a_missing_target_is_asked_for_by_name(source: Path, tmp_path: Path) -> None:
    result = run(source, "-o", tmp_path / "my out.csv")
    assert result.exit_code == 2
    assert "--target is missing" in result.stderr
    example = f'stance score {source} -o "{tmp_path / "my out.csv"}" --target "a carbon tax"'
    assert example in result.stderr
    assert "--target-column" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--statement-column", "quote"], "no column 'quote'"),
        (["--strict"], "row 2"),
        (["--checkpoint", "nowhere"], "'nowhere' is neither"),
        (["--target-column", "id"], "choose one of the two"),
        (["-t", "foreign intervention"], "given twice"),
        (["--device", "abacus"], "abacus"),
    ],
)
def test_bad_options(source: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    result = run(source, "-o", tmp_path / "o.csv", *TOWARD, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "o.csv").exists()


def test_an_output_is_replaced_only_when_asked(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "o.csv"
    output.write_text("precious", encoding="utf-8")
    refused = run(source, "-o", output, *TOWARD)
    assert refused.exit_code == 2 and "--overwrite" in refused.stderr
    assert output.read_text() == "precious"
    taken = tmp_path / "taken.csv"
    taken.write_text("statement,stance\nFine.,mine\n", encoding="utf-8")
    refused = run(taken, "-o", tmp_path / "p.csv", *TOWARD)
    assert refused.exit_code == 2 and "already has a column 'stance'" in refused.stderr
    assert run(source, "-o", output, *TOWARD, "--overwrite").exit_code == 0
    assert len(pd.read_csv(output)) == 2


def test_columns_of_targets_and_contexts(tmp_path: Path, classifier) -> None:
    source, output = tmp_path / "in.csv", tmp_path / "o.csv"
    source.write_text(
        "quote,toward,around\nNo foreign troops here.,foreign troops,\n"
        "No foreign troops here.,national sovereignty,She was asked about soldiers.\n",
        encoding="utf-8",
    )
    columns = ["--statement-column", "quote", "--target-column", "toward"]
    result = run(source, "-o", output, *columns, "--context-column", "around")
    assert result.exit_code == 0, result.stderr
    with output.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    expected = classifier.predict(
        ["No foreign troops here."] * 2,
        ["foreign troops", "national sovereignty"],
        [None, "She was asked about soldiers."],
    )
    assert [row["stance"] for row in rows] == [p.stance.value for p in expected]
    assert [row["toward"] for row in rows] == ["foreign troops", "national sovereignty"]


def test_several_targets_and_a_named_format(source: Path, tmp_path: Path) -> None:
    result = run(source, "-o", tmp_path / "scored", "--format", "jsonl", "-t", "a", "-t", "b")
    assert result.exit_code == 0, result.output
    scored = pd.read_json(tmp_path / "scored", lines=True)
    assert scored["id"].tolist() == [1, 1, 2, 2]
    assert scored["target"].tolist() == ["a", "b", "a", "b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.csv", "-o", "o.csv"], "nowhere.csv does not exist"),
        (["{source}", "-o", "o.xlsx"], "cannot tell the format"),
        (["{source}", "-o", "o.csv", "--abstain-below", "2"], "abstain_below is 2"),
        (["{source}", "-o", "o.csv", "--coverage", "3"], "coverage is 3"),
        (["{source}", "-o", "o.csv", "-t", " "], "' ' is empty"),
        (["{source}", "-o", "{source}", "--overwrite"], "is one of the inputs"),
    ],
)
def test_no_model_is_loaded_for_a_mistake(
    source: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    def load(*arguments: object, **options: object) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr("stance.load", load)
    monkeypatch.chdir(source.parent)
    result = run(*[a.format(source=source) for a in arguments], *TOWARD)
    assert result.exit_code == 2, result.exception
    assert message in result.stderr
    assert [path.name for path in source.parent.iterdir()] == ["in.csv"]


def test_the_rows_may_be_printed_and_read_from_standard_input(source: Path) -> None:
    arguments = ["score", "-", "-o", "-", *TOWARD, "--checkpoint", "small"]
    result = runner.invoke(app, arguments, input=source.read_text())
    assert result.exit_code == 0, result.stderr
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert "row 2" in rows[1]["error"] and "standard input, row 2" in result.stderr


def test_quiet_says_nothing_and_the_summary_is_json(source: Path, tmp_path: Path) -> None:
    arguments = [*TOWARD, "--checkpoint", "small"]
    quiet = run(source, "-o", tmp_path / "o.csv", "--quiet", *arguments)
    assert (quiet.exit_code, quiet.output) == (0, "")
    told = run(source, "-o", tmp_path / "p.csv", "--keep", "id", *arguments)
    summary = json.loads(told.stdout)
    assert (summary["inputs"], summary["written"], summary["errors"]) == (2, 2, 1)
    assert (tmp_path / "p.csv").read_text().startswith("id,target,")
