"""Tables of speakers from and to files, and ``stance speakers``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.columns import COLUMN_NAMES, SPEAKER_COLUMNS

PEOPLE = "name,party\nAna Ruiz,Greens\nPia Lund,Labour\n"
ANA = {"name": "Ana Ruiz", "kind": "person", "role": "mayor", "affiliation": None}
BO = {"name": "Bo Ek", "kind": "person", "role": None, "affiliation": "Port Union"}


def row(document: str, number: int, target: str, stance: str | None, *speakers: dict[str, object]):
    cells: dict[str, object] = dict.fromkeys(COLUMN_NAMES)
    full = [{**item, "first_mention": [0, 3], "candidates": []} for item in speakers]
    return {
        **cells,
        "document_id": document,
        "number": number,
        "speakers": full,
        "speaker_confidence": 0.9,
        "target": target,
        "stance": stance,
    }


ROWS = [
    row("a.txt", 1, "troops", "favor", ANA),
    row("a.txt", 1, "=tax", None, ANA),
    row("a.txt", 2, "troops", "neutral", ANA, BO),
    row("a.txt", 2, "=tax", "against", ANA, BO),
    row("b.txt", 1, "troops", "against", ANA),
    row("b.txt", 1, "=tax", "against", ANA),
    row("b.txt", 2, "troops", "against"),
    row("b.txt", 2, "=tax", "against"),
]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    import pyarrow as pa

    from stance.columns import COLUMNS
    from stance.tables import arrow_fields, write_records

    schema = pa.schema(arrow_fields(COLUMNS))
    write_records(path, schema, rows, guarded=schema.names)
    return path


def run(*arguments: object):
    return CliRunner().invoke(app, ["speakers", *map(str, arguments)])


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_speakers_of_every_kind_of_table(tmp_path: Path, ending: str) -> None:
    table = write(tmp_path / f"scored.{ending}", ROWS)
    result = run(table, "-o", tmp_path / "speakers.csv")
    assert result.exit_code == 0, result.output
    assert "2 speakers written" in result.stderr
    assert "1 statement without a known speaker" in result.stderr
    with (tmp_path / "speakers.csv").open(encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle))
    assert list(found[0]) == [column.name for column in SPEAKER_COLUMNS]
    ana = found[0]
    assert (ana["speaker"], ana["target"], ana["speaker_role"]) == ("Ana Ruiz", "troops", "mayor")
    counted = ("articles", "statements", "favor", "neutral", "against", "abstained")
    assert [ana[name] for name in counted] == ["2", "3", "1", "1", "1", "0"]
    assert found[1]["target"] == "'=tax" and found[1]["abstained"] == "1"
    assert found[2]["document_id"] == "a.txt" and found[2]["speaker_affiliation"] == "Port Union"


def test_a_list_of_people_is_joined(tmp_path: Path) -> None:
    table = write(tmp_path / "scored.csv", ROWS)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    output = tmp_path / "speakers.parquet"
    result = run(table, "--people", tmp_path / "people.csv", "-o", output)
    assert result.exit_code == 0, result.output
    assert "1 of 2 rows of" in result.stderr and "no statement of Pia Lund" in result.stderr
    found = pd.read_parquet(output)
    assert found["party"].fillna("").tolist() == ["Greens", "Greens", "", ""]
    assert found["statements"].dtype == "int64"


@pytest.mark.parametrize("name", ["scored.csv", "people.csv"])
def test_an_input_is_never_the_output(tmp_path: Path, name: str) -> None:
    table, people = write(tmp_path / "scored.csv", ROWS), tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    before = (tmp_path / name).read_bytes()
    result = run(table, "--people", people, "-o", tmp_path / name, "--overwrite")
    assert result.exit_code == 2 and "one of the inputs" in " ".join(result.stderr.split())
    assert (tmp_path / name).read_bytes() == before


def test_a_table_is_printed(tmp_path: Path) -> None:
    result = run(write(tmp_path / "scored.jsonl", ROWS))
    assert result.exit_code == 0
    assert "Ana Ruiz" in result.stdout and "Bo Ek" in result.stdout


def test_tables_of_several_runs_are_joined(tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.csv", ROWS[:4]), write(tmp_path / "2.csv", ROWS[4:])
    output = tmp_path / "out.jsonl"
    assert run(one, two, "-o", output).exit_code == 0
    first = json.loads(output.read_text(encoding="utf-8").splitlines()[0])
    assert (first["speaker"], first["articles"], first["statements"]) == ("Ana Ruiz", 2, 3)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS[:4] + ROWS[:2], "statement 1 of article 'a.txt' is already in"),
        (ROWS[:1] * 2, "row 2: target 'troops' is listed twice"),
        ([{**ROWS[0], "speakers": "Ana"}], "row 1: column 'speakers' is not what stance analyze"),
        ([{**ROWS[0], "speakers": [{**ANA, "kind": "robot"}]}], "row 1: column 'speakers'"),
        ([{**ROWS[0], "speaker_confidence": "high"}], "row 1: column 'speaker_confidence'"),
        ([{**ROWS[0], "stance": "pro-ish"}], "row 1: column 'stance' is 'pro-ish'"),
    ],
)
def test_damaged_tables_are_refused(
    tmp_path: Path, rows: list[dict[str, object]], message: str
) -> None:
    path = tmp_path / "scored.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in rows), encoding="utf-8")
    result = run(path)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_other_tables_and_outputs_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("statement,target\nNo.,troops\n", encoding="utf-8")
    result = run(other)
    assert result.exit_code == 2
    assert "no column 'document_id'" in result.stderr and "stance analyze ARTICLE" in result.stderr
    (tmp_path / "article.txt").write_text("“No,” Ana Ruiz said.", encoding="utf-8")
    result = run(tmp_path / "article.txt")
    assert result.exit_code == 2 and "cannot tell the format" in result.stderr
    table = write(tmp_path / "scored.csv", ROWS)
    result = run(table, "-o", table)
    assert result.exit_code == 2 and "exists" in result.stderr
    assert run(table, "-o", tmp_path / "out.docx").exit_code == 2
