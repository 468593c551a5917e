"""What a user's table keeps on its way through `stance score`, and how bad tables are refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.errors import DataError
from stance.labels import Stance
from stance.schema import Prediction
from stance.tables.score import Columns, ScoreReport, score_dataset, score_table

SUFFIXES = ("csv", "jsonl", "parquet")


class Fake:
    """A classifier that favours everything and cannot read the target "unreadable"."""

    def __init__(self) -> None:
        self.calls: list[dict[str, object]] = []
        self.asked: list[str] = []

    def target_problem(self, target: str) -> str | None:
        self.asked.append(target)
        return "no such target" if target == "unreadable" else None

    def predict(
        self,
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str | None],
        **options: object,
    ) -> list[Prediction]:
        self.calls.append({"statements": statements, "contexts": contexts, **options})
        shares = {"against": 0.1, "neutral": 0.2, "favor": 0.7}
        return [Prediction(target, Stance.FAVOR, shares) for target in targets]


def score(source: Path, output: Path, fake: Fake | None = None, **options) -> ScoreReport:
    return score_table(source, output, fake or Fake(), **options)  # type: ignore[arg-type]


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


def read(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return pq.read_table(path).to_pylist()


def column(path: Path, name: str) -> list[object]:
    return [row[name] for row in read(path)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_csv_cells_come_out_as_they_went_in(tmp_path: Path, suffix: str) -> None:
    cells = ["NA", "None", "n/a", "null", "007", "1e5", " x ", ""]
    rows = "".join(f"{cell},Fine.\n" for cell in cells)
    source, output = write(tmp_path / "in.csv", f"id,statement\n{rows}"), tmp_path / f"o.{suffix}"
    score(source, output)
    empty = "" if suffix == "csv" else None
    assert column(output, "id") == [*cells[:-1], empty]


def test_a_statement_may_be_the_word_none(tmp_path: Path) -> None:
    report = score(write(tmp_path / "in.csv", "statement\nNone\n"), tmp_path / "o.csv")
    assert report == ScoreReport(rows=1, failed=0, truncated=0)


@pytest.mark.parametrize("row", ["1,Yes,we can", "1"])
def test_a_csv_row_of_another_length_is_refused(tmp_path: Path, row: str) -> None:
    source = write(tmp_path / "in.csv", f'id,statement\n0,"two\nlines"\n{row}\n')
    fake = Fake()
    with pytest.raises(DataError, match=r"in\.csv, line 4: \d cells, but the header has 2"):
        score(source, tmp_path / "o.csv", fake, chunk_rows=1)
    assert not fake.calls, "the row is found before anything is scored"


def test_every_csv_row_with_one_cell_too_many_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "id,statement\n1,Fine.,x\n2,Good.,y\n")
    with pytest.raises(DataError, match="line 2: 3 cells"):
        score(source, tmp_path / "o.csv")


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", 'statement\n"Fine.\nGood.\n')
    with pytest.raises(DataError, match="line 2: not CSV"):
        score(source, tmp_path / "o.csv")


def test_columns_without_a_name_stay(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "statement,,\nFine.,a,b\n")
    score(source, tmp_path / "o.csv")
    header, row = (tmp_path / "o.csv").read_text().splitlines()
    assert header.startswith("statement,,,target") and row.startswith("Fine.,a,b,")
    with pytest.raises(DataError, match="several columns called ''"):
        score(source, tmp_path / "o.jsonl")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_line_ends_and_long_cells_survive(tmp_path: Path, suffix: str) -> None:
    cells = ["a\rb", "a\nb", "a\r\nb", "x" * 200_000]
    source, output = tmp_path / "in.csv", tmp_path / f"o.{suffix}"
    with source.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["id", "statement"], *([cell, "Fine."] for cell in cells)])
    score(source, output)
    assert column(output, "id") == cells


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_jsonl_keys_may_come_late_and_in_any_order(
    tmp_path: Path, suffix: str, write_jsonl
) -> None:
    source = write_jsonl(
        "in.jsonl",
        [
            {"statement": "A.", "id": "a"},
            {"id": "b", "statement": "B."},
            {"statement": "C.", "context": "Why C.", "id": "c"},
        ],
    )
    fake, output = Fake(), tmp_path / f"o.{suffix}"
    score(source, output, fake, columns=Columns(context="context"), chunk_rows=1)
    assert [call["contexts"] for call in fake.calls] == [[None], [None], ["Why C."]]
    assert column(output, "id") == ["a", "b", "c"]
    assert column(output, "statement") == ["A.", "B.", "C."]
    assert list(read(output)[0])[:3] == ["statement", "id", "context"]


def test_jsonl_types_may_drift_on_the_way_to_parquet(tmp_path: Path, write_jsonl) -> None:
    rows = [
        {"late": None, "mixed": 1, "number": 1, "nested": [1], "never": None, "huge": 2**64},
        {"late": "x", "mixed": "a", "number": 2.5, "nested": {"k": "é"}, "never": None, "huge": 1},
    ]
    source = write_jsonl("in.jsonl", [{"statement": "Fine.", **row} for row in rows])
    score(source, tmp_path / "o.parquet", chunk_rows=1)
    found = read(tmp_path / "o.parquet")
    assert [row["late"] for row in found] == [None, "x"]
    assert [row["mixed"] for row in found] == ["1", "a"]
    assert [row["number"] for row in found] == [1.0, 2.5]
    assert [row["nested"] for row in found] == ["[1]", '{"k": "é"}']
    assert [row["never"] for row in found] == [None, None]
    assert [row["huge"] for row in found] == [str(2**64), "1"]


def test_bytes_stay_in_parquet(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"key": [b"\x00\xff"], "statement": ["Fine."]}), source)
    score(source, tmp_path / "o.parquet")
    assert read(tmp_path / "o.parquet")[0]["key"] == b"\x00\xff"
    for suffix in ("csv", "jsonl"):
        with pytest.raises(DataError, match="column 'key' holds bytes, which only Parquet can"):
            score(source, tmp_path / f"o.{suffix}")
        assert not (tmp_path / f"o.{suffix}").exists()


def test_columns_that_are_null_in_the_first_chunk_of_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "statement": ["Fine.", "Good."],
            "note": pa.array([None, "x"]),
            "nothing": pa.nulls(2),
            "word": pa.array(["a", "b"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "o.parquet", chunk_rows=1)
    found = pq.read_table(tmp_path / "o.parquet")
    assert found.select(table.column_names).equals(table)


def test_big_ids_with_gaps_survive(tmp_path: Path) -> None:
    ids = [2**53 + 1, None, 2**63 - 1]
    pq.write_table(pa.table({"id": ids, "statement": ["Fine."] * 3}), tmp_path / "in.parquet")
    for suffix in SUFFIXES:
        score(tmp_path / "in.parquet", tmp_path / f"o.{suffix}")
    assert column(tmp_path / "o.csv", "id") == [str(ids[0]), "", str(ids[2])]
    assert column(tmp_path / "o.jsonl", "id") == ids
    assert column(tmp_path / "o.parquet", "id") == ids


def test_jsonl_output_keeps_times_and_floats(tmp_path: Path) -> None:
    moment = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    share = 0.12345678901234567
    table = pa.table({"statement": ["Fine."], "when": [moment], "share": [share]})
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "o.jsonl")
    (row,) = read(tmp_path / "o.jsonl")
    assert row["when"] == "2024-05-06T07:08:09+00:00"
    assert row["share"] == share


def test_nan_is_null_in_jsonl_and_empty_in_csv(tmp_path: Path) -> None:
    table = pa.table({"statement": ["Fine."], "share": [float("nan")]})
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "o.jsonl")
    score(tmp_path / "in.parquet", tmp_path / "o.csv")
    assert column(tmp_path / "o.jsonl", "share") == [None]
    assert column(tmp_path / "o.csv", "share") == [""]


def test_only_columns_that_are_written_are_taken(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "statement,target,toward\nFine.,mine,troops\n")
    score(source, tmp_path / "o.csv", columns=Columns(target="toward"))
    assert column(tmp_path / "o.csv", "target") == ["mine"]
    with pytest.raises(DataError, match="already has a column 'target'"):
        score(source, tmp_path / "p.csv")
    source = write(tmp_path / "in2.csv", "statement,stance\nFine.,troops\n")
    with pytest.raises(DataError, match="already has a column 'stance'"):
        score(source, tmp_path / "p.csv", columns=Columns(target="stance"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_folder_of_the_output_is_made(tmp_path: Path, suffix: str) -> None:
    output = tmp_path / "new" / "folder" / f"o.{suffix}"
    score(write(tmp_path / "in.csv", "statement\nFine.\n"), output)
    assert column(output, "stance") == ["favor"]
    assert [path.name for path in output.parent.iterdir()] == [output.name]


def test_an_output_that_cannot_be_made_is_found_before_scoring(tmp_path: Path) -> None:
    source, fake = write(tmp_path / "in.csv", "statement\nFine.\n"), Fake()
    with pytest.raises(DataError, match="cannot write"):
        score(source, source / "o.csv", fake)
    assert not fake.calls


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_error_leaves_no_file_behind(tmp_path: Path, suffix: str) -> None:
    source = write(tmp_path / "in.csv", 'statement\nFine.\n""\n')
    with pytest.raises(DataError, match="row 2"):
        score(source, tmp_path / f"o.{suffix}", strict=True, chunk_rows=1)

    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(source, tmp_path / f"o.{suffix}", on_rows=stop)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_a_clean_error(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match=r"cannot write .*No space left"):
        score(source, tmp_path / f"o.{suffix}")
    assert list(tmp_path.iterdir()) == [source]


def test_rows_are_counted_from_one_across_chunks(tmp_path: Path, write_jsonl) -> None:
    rows = [{"statement": text} for text in ("A.", "", 5, None, "E.")]
    report = score(write_jsonl("in.jsonl", rows), tmp_path / "o.jsonl", chunk_rows=2)
    assert (report.rows, report.failed) == (5, 3)
    errors = column(tmp_path / "o.jsonl", "error")
    assert errors[0] is None and errors[4] is None
    assert [str(error).split(":")[0] for error in errors[1:4]] == ["row 2", "row 3", "row 4"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_coverage_is_passed_on(tmp_path: Path, suffix: str, classifier) -> None:
    source = write(tmp_path / "in.csv", 'statement\nForeign troops must leave.\n""\n')
    score_table(source, tmp_path / f"o.{suffix}", classifier, coverage=0.9)
    (expected,) = classifier.predict(
        ["Foreign troops must leave."], "foreign intervention", coverage=0.9
    )
    found = column(tmp_path / f"o.{suffix}", "stance_set")
    assert found[0] == "|".join(expected.stance_set)
    assert not found[1]


def test_a_bad_target_is_an_error_of_its_row(tmp_path: Path) -> None:
    targets = ["troops", "unreadable", "troops", "unreadable"]
    rows = "".join(f"Fine.,{target}\n" for target in targets)
    source, fake = write(tmp_path / "in.csv", f"statement,toward\n{rows}"), Fake()
    report = score(source, tmp_path / "o.csv", fake, columns=Columns(target="toward"))
    assert report.failed == 2
    assert sorted(fake.asked) == ["troops", "unreadable"], "each target is checked once"
    problem = "no such target"
    assert column(tmp_path / "o.csv", "error") == ["", f"row 2: {problem}", "", f"row 4: {problem}"]
    with pytest.raises(DataError, match="row 2: no such target"):
        score(source, tmp_path / "p.csv", columns=Columns(target="toward"), strict=True)


def test_the_bundled_classifier_survives_a_target_that_is_too_long(
    tmp_path: Path, classifier
) -> None:
    source = write(
        tmp_path / "in.csv", f"statement,toward\nFine.,{'troops ' * 600}\nFine.,troops\n"
    )
    report = score_table(source, tmp_path / "o.csv", classifier, columns=Columns(target="toward"))
    assert report.failed == 1
    assert str(column(tmp_path / "o.csv", "error")[0]).startswith("row 1: ")


@pytest.mark.parametrize("target", ["unreadable", " "])
def test_a_bad_target_of_all_rows_stops_the_run(tmp_path: Path, target: str) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    with pytest.raises(DataError, match="target"):
        score(source, tmp_path / "o.csv", target=target)


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_byte_order_mark_and_blank_lines_are_no_data(tmp_path: Path, suffix: str) -> None:
    lines = ["statement", "Fine."] if suffix == "csv" else ['{"statement": "Fine."}']
    source = write(tmp_path / f"in.{suffix}", "\ufeff" + "\n\n".join(lines) + "\n\n")
    assert score(source, tmp_path / f"o.{suffix}").rows == 1
    assert column(tmp_path / f"o.{suffix}", "statement") == ["Fine."]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.jsonl", '{"statement": "A."}\n{"statement"\n', "line 2 is not valid JSONL"),
        ("in.jsonl", '{"statement": "A."}\n["B."]\n', "line 2: not a JSON object"),
        ("in.jsonl", '{"statement": "half \\ud83d"}\n', "line 1 is not valid JSONL"),
        ("in.csv", "statement\n", "has no rows"),
        ("in.csv", "\n\n", "has no rows"),
        ("in.csv", "", "is empty"),
        ("in.csv", "quote,quote\nA.,B.\n", "several columns called 'quote'"),
        ("in.parquet", "statement", "not readable as parquet"),
        ("in.txt", "statement", "cannot tell the format"),
    ],
)
def test_a_bad_table_is_refused_before_scoring(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    statement = "quote" if "quote" in content else "statement"
    fake = Fake()
    with pytest.raises(DataError, match=message):
        score(
            write(tmp_path / name, content),
            tmp_path / "o.csv",
            fake,
            columns=Columns(statement),
            chunk_rows=1,
        )
    assert not fake.calls


def test_latin_1_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes("statement\nOlé\n".encode("latin-1"))
    with pytest.raises(DataError, match="not readable as csv"):
        score(source, tmp_path / "o.csv")


def test_a_dataset_keeps_its_ids_and_types() -> None:
    from datasets import ClassLabel, Dataset, Features, Value

    kinds = Features(
        {"id": Value("int64"), "statement": Value("string"), "kind": ClassLabel(names=["x", "y"])}
    )
    rows = {"id": [2**53 + 1, None], "statement": ["A.", "B."], "kind": [0, 1]}
    dataset = Dataset.from_dict(rows, features=kinds).select([1, 0])
    scored = score_dataset(dataset, Fake())  # type: ignore[arg-type]
    assert list(scored["id"]) == [None, 2**53 + 1]
    assert {name: scored.features[name] for name in kinds} == kinds
    assert list(scored["stance"]) == ["favor", "favor"]
    assert scored.features["error"] == Value("string")
    with pytest.raises(DataError, match="no rows"):
        score_dataset(dataset.select([]), Fake())  # type: ignore[arg-type]


def test_analyze_quotes_a_lone_carriage_return() -> None:
    from typer.testing import CliRunner

    from stance.cli import app

    text = "It rained.\r“We welcome the peacekeepers,” said Mayor Ann Lee."
    result = CliRunner().invoke(app, ["analyze", "-", "--format", "csv"], input=text)
    page = io.StringIO(result.stdout_bytes.decode("utf-8"), newline="")
    (row,) = csv.DictReader(page)
    assert "\r" in row["context"]


def test_jsonl_output_is_json_for_any_reader(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl", '{"statement": "Fine.", "x": [Infinity, 1.5], "y": NaN}\n'
    )
    score(source, tmp_path / "o.jsonl")
    line = (tmp_path / "o.jsonl").read_text(encoding="utf-8")
    assert '"x": [null, 1.5], "y": null' in line


def test_bad_arguments(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "target,statement\na,Fine.\n")
    with pytest.raises(DataError, match="with --target-column target"):
        score(source, tmp_path / "o.csv")
    with pytest.raises(DataError, match="chunk_rows is 0"):
        score(source, tmp_path / "o.csv", chunk_rows=0)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        score(source, tmp_path / "folder.csv", overwrite=True)
