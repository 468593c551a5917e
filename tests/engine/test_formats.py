"""What a user's table keeps on its way through scoring, and how broken tables are refused."""

from __future__ import annotations

import csv
import threading
from datetime import datetime, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.engine import Columns
from stance.errors import DataError
from stance.tables import open_table

SUFFIXES = ("csv", "tsv", "jsonl", "parquet")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_csv_cells_come_out_as_they_went_in(
    tmp_path: Path, suffix: str, score, write, column
) -> None:
    cells = ["NA", "None", "n/a", "null", "007", "1e5", " x ", ""]
    rows = "".join(f"{cell},Fine.\n" for cell in cells)
    source, output = write(tmp_path / "in.csv", f"id,statement\n{rows}"), tmp_path / f"o.{suffix}"
    score(source, output)
    empty = "" if suffix in ("csv", "tsv") else None
    assert column(output, "id") == [*cells[:-1], empty]


@pytest.mark.parametrize(("row", "cells"), [("1,Yes,we can", ["1", "Yes"]), ("1", ["1", ""])])
def test_a_csv_row_of_another_length_is_an_error(
    tmp_path: Path, row: str, cells: list[str], score, write, read, fake
) -> None:
    source = write(tmp_path / "in.csv", f'id,statement\n0,"two\nlines"\n{row}\n2,Fine.\n')
    with pytest.raises(DataError, match=r"in\.csv, line 4: \d cells, but the header has 2"):
        score(source, tmp_path / "o.csv", strict=True)
    assert not fake.calls, "the row is found before anything is scored"
    report = score(source, tmp_path / "o.csv")
    assert (report.counts.errors, report.counts.scored) == (1, 2)
    rows = read(tmp_path / "o.csv")
    assert [row["id"] for row in rows] == ["0", "1", "2"]
    assert [rows[1]["id"], rows[1]["statement"]] == cells
    assert rows[1]["error"].startswith("row 2: line 4: ")


def test_every_csv_row_with_one_cell_too_many_is_refused(tmp_path: Path, score, write) -> None:
    source = write(tmp_path / "in.csv", "id,statement\n1,Fine.,x\n2,Good.,y\n")
    with pytest.raises(DataError, match="line 2: 3 cells"):
        score(source, tmp_path / "o.csv")


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path, score, write) -> None:
    source = write(tmp_path / "in.csv", 'statement\n"Fine.\nGood.\n')
    with pytest.raises(DataError, match="line 2: not CSV"):
        score(source, tmp_path / "o.csv")


def test_columns_without_a_name_stay(tmp_path: Path, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement,,\nFine.,a,b\n")
    score(source, tmp_path / "o.csv")
    header, row = (tmp_path / "o.csv").read_text().splitlines()
    assert header.startswith("statement,,,target") and row.startswith("Fine.,a,b,")
    with pytest.raises(DataError, match="several columns called ''"):
        score(source, tmp_path / "o.jsonl")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_line_ends_and_long_cells_survive(tmp_path: Path, suffix: str, score, column) -> None:
    cells = ["a\rb", "a\nb", "a\r\nb", "x" * 200_000]
    source, output = tmp_path / "in.csv", tmp_path / f"o.{suffix}"
    with source.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["id", "statement"], *([cell, "Fine."] for cell in cells)])
    score(source, output)
    assert column(output, "id") == cells


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_jsonl_keys_may_come_late_and_in_any_order(
    tmp_path: Path, suffix: str, write_jsonl, score, read, column, fake
) -> None:
    source = write_jsonl(
        "in.jsonl",
        [
            {"statement": "A.", "id": "a"},
            {"id": "b", "statement": "B."},
            {"statement": "C.", "context": "Why C.", "id": "c"},
        ],
    )
    output = tmp_path / f"o.{suffix}"
    score(source, output, columns=Columns(context="context"), part_rows=1)
    assert [call["contexts"] for call in fake.calls] == [[None], [None], ["Why C."]]
    assert column(output, "id") == ["a", "b", "c"]
    assert column(output, "statement") == ["A.", "B.", "C."]
    assert list(read(output)[0])[:3] == ["statement", "id", "context"]


def test_jsonl_types_may_drift_on_the_way_to_parquet(
    tmp_path: Path, write_jsonl, score, read
) -> None:
    rows = [
        {"late": None, "mixed": 1, "number": 1, "nested": [1], "never": None, "huge": 2**64},
        {"late": "x", "mixed": "a", "number": 2.5, "nested": {"k": "é"}, "never": None, "huge": 1},
    ]
    source = write_jsonl("in.jsonl", [{"statement": "Fine.", **row} for row in rows])
    score(source, tmp_path / "o.parquet", part_rows=1)
    found = read(tmp_path / "o.parquet")
    assert [row["late"] for row in found] == [None, "x"]
    assert [row["mixed"] for row in found] == ["1", "a"]
    assert [row["number"] for row in found] == [1.0, 2.5]
    assert [row["nested"] for row in found] == ["[1]", '{"k": "é"}']
    assert [row["never"] for row in found] == [None, None]
    assert [row["huge"] for row in found] == [str(2**64), "1"]


def test_bytes_stay_in_parquet(tmp_path: Path, score, read, column) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"key": [b"\x00\xff"], "statement": ["Fine."]}), source)
    score(source, tmp_path / "o.parquet")
    assert read(tmp_path / "o.parquet")[0]["key"] == b"\x00\xff"
    for suffix in ("csv", "jsonl"):
        with pytest.raises(DataError, match="column 'key' holds bytes, which only Parquet can"):
            score(source, tmp_path / f"o.{suffix}")
        assert not (tmp_path / f"o.{suffix}").exists()


def test_columns_that_are_null_in_the_first_chunk_of_parquet(tmp_path: Path, score) -> None:
    table = pa.table(
        {
            "statement": ["Fine.", "Good."],
            "note": pa.array([None, "x"]),
            "nothing": pa.nulls(2),
            "word": pa.array(["a", "b"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "o.parquet", part_rows=1)
    found = pq.read_table(tmp_path / "o.parquet")
    assert found.select(table.column_names).equals(table)


def test_big_ids_with_gaps_survive(tmp_path: Path, score, column) -> None:
    ids = [2**53 + 1, None, 2**63 - 1]
    pq.write_table(pa.table({"id": ids, "statement": ["Fine."] * 3}), tmp_path / "in.parquet")
    for suffix in SUFFIXES:
        score(tmp_path / "in.parquet", tmp_path / f"o.{suffix}")
    assert column(tmp_path / "o.csv", "id") == [str(ids[0]), "", str(ids[2])]
    assert column(tmp_path / "o.jsonl", "id") == ids
    assert column(tmp_path / "o.parquet", "id") == ids


def test_jsonl_output_keeps_times_and_floats(tmp_path: Path, score, read) -> None:
    moment = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    share = 0.12345678901234567
    table = pa.table({"statement": ["Fine."], "when": [moment], "share": [share]})
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "o.jsonl")
    (row,) = read(tmp_path / "o.jsonl")
    assert row["when"] == "2024-05-06T07:08:09+00:00"
    assert row["share"] == share


def test_nan_is_null_in_jsonl_and_empty_in_csv(tmp_path: Path, score, column) -> None:
    table = pa.table({"statement": ["Fine."], "share": [float("nan")]})
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "o.jsonl")
    score(tmp_path / "in.parquet", tmp_path / "o.csv")
    assert column(tmp_path / "o.jsonl", "share") == [None]
    assert column(tmp_path / "o.csv", "share") == [""]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_byte_order_mark_and_blank_lines_are_no_data(
    tmp_path: Path, suffix: str, score, write, column
) -> None:
    lines = ["statement", "Fine."] if suffix == "csv" else ['{"statement": "Fine."}']
    source = write(tmp_path / f"in.{suffix}", "\ufeff" + "\n\n".join(lines) + "\n\n")
    assert score(source, tmp_path / f"o.{suffix}").counts.written == 1
    assert column(tmp_path / f"o.{suffix}", "statement") == ["Fine."]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.jsonl", '{"statement"\n["B."]\n', "no row can be used.*line 1 is not valid JSONL"),
        ("in.jsonl", '["B."]\n', "line 1: not a JSON object"),
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
    tmp_path: Path, name: str, content: str, message: str, score, write, fake
) -> None:
    statement = "quote" if "quote" in content else "statement"
    with pytest.raises(DataError, match=message):
        score(
            write(tmp_path / name, content),
            tmp_path / "o.csv",
            columns=Columns(statement),
            part_rows=1,
        )
    assert not fake.calls


def test_a_line_that_is_no_json_is_an_error_of_its_row(tmp_path, score, write, read) -> None:
    lines = ['{"statement": "A."}', '{"statement"', "[1]", "[" * 900, '{"statement": "E."}']
    source = write(tmp_path / "in.jsonl", "\n".join(lines) + "\n")
    report = score(source, tmp_path / "o.jsonl", part_rows=2)
    assert (report.counts.inputs, report.counts.errors) == (5, 3)
    rows = read(tmp_path / "o.jsonl")
    assert [row["statement"] for row in rows] == ["A.", None, None, None, "E."]
    said = ["line 2 is not valid JSONL", "line 3: not a JSON object", "line 4 is not valid JSONL"]
    assert all(text in row["error"] for text, row in zip(said, rows[1:4], strict=True))
    with pytest.raises(DataError, match="line 2 is not valid JSONL"):
        score(source, tmp_path / "p.jsonl", strict=True)


def test_jsonl_output_is_json_for_any_reader(tmp_path: Path, score, write) -> None:
    source = write(
        tmp_path / "in.jsonl", '{"statement": "Fine.", "x": [Infinity, 1.5], "y": NaN}\n'
    )
    score(source, tmp_path / "o.jsonl")
    line = (tmp_path / "o.jsonl").read_text(encoding="utf-8")
    assert '"x": [null, 1.5], "y": null' in line


@pytest.mark.parametrize("ending", ["fine", "strict", "not CSV"])
@pytest.mark.parametrize("limit", [131_072, 20_000_000, 50])
def test_the_limit_of_csv_cells_stays_as_the_user_set_it(
    tmp_path: Path, ending: str, limit: int, score, write
) -> None:
    text = {"fine": "statement\nFine.\n", "strict": "statement\n \n", "not CSV": 'statement\n"a'}
    before = csv.field_size_limit(limit)
    try:
        source = write(tmp_path / "in.csv", text[ending])
        if ending == "fine":
            score(source, tmp_path / "o.csv")
        else:
            with pytest.raises(DataError):
                score(source, tmp_path / "o.csv", strict=True)
        assert csv.field_size_limit() == limit
    finally:
        csv.field_size_limit(before)


def test_the_limit_stays_when_several_threads_read(tmp_path: Path, write) -> None:
    before = csv.field_size_limit()
    source = write(tmp_path / "in.csv", "statement\n" + f"{'x' * 200_000}\n" * 20)
    seen: list[int] = []

    def work() -> None:
        _, chunks = open_table(source, 3)
        seen.append(sum(len(chunk[0]) for chunk in chunks))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [20] * 4
    assert csv.field_size_limit() == before


def test_tsv_in_and_out(tmp_path: Path, score, write, read) -> None:
    source = write(tmp_path / "in.tsv", 'id\tstatement\n1,5\tYes, "we" can.\n2\t"a\tb"\n')
    score(source, tmp_path / "o.tsv")
    score(source, tmp_path / "o.csv")
    for output in ("o.tsv", "o.csv"):
        rows = read(tmp_path / output)
        assert [(row["id"], row["statement"]) for row in rows] == [
            ("1,5", 'Yes, "we" can.'),
            ("2", "a\tb"),
        ]
    wide = write(tmp_path / "wide.tsv", "statement\nFine.\tx\n")
    with pytest.raises(DataError, match=r"line 2: 2 cells.*cells that hold a tab"):
        score(wide, tmp_path / "p.tsv")


def test_the_format_may_be_named(tmp_path: Path, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    score(source, tmp_path / "result", output_format="jsonl")
    assert (tmp_path / "result").read_text(encoding="utf-8").startswith('{"statement": "Fine."')
    with pytest.raises(DataError, match=r"use one of \.csv, \.tsv, \.jsonl, \.parquet"):
        score(source, tmp_path / "result2")
