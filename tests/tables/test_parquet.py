"""Parquet files that stand for far more than they hold, and pieces of bounded size."""

from __future__ import annotations

import base64
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.errors import DataError
from stance.tables import parquet, readers
from stance.tables.parquet import PIECE_BYTES
from stance.tables.readers import open_table


def _repeated(value: pa.Scalar, times: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.repeat(0, times).cast(pa.int32()), pa.array([value]))


# 4,096 rows of one text of 1,000,000 letters, as pyarrow wrote them.
FOUR_GIGABYTES = (
    "UEFSMRUEFYiJehVsTBUCFQASAAAotS/9gEhEQg8AbAAAKEBCDwB4AQD4/znQAgIAEHgCABB4AgAQeAIAEHgCABB4"
    "AgAQeCMSCngVABUWFSgsFYBAFRAVBhUGHDYAAAAAKLUv/SALWQAAAwAAAIBAAQGAQAAVBBksNQAYBnNjaGVtYRUC"
    "ABUMJQIYCXN0YXRlbWVudCUATBwAAAAWgEAZHBkcJgAcFQwZNQAGEBkYCXN0YXRlbWVudBUMFoBAFuqJehbgASaU"
    "ASYIHDYAABksFQQVABUCABUAFRAVAgA8FoCAoMIeGQYZJgCAQAAAABbqiXoWgEAmCBbgAQAZHBgMQVJST1c6c2No"
    "ZW1hGKwBLy8vLy8zZ0FBQUFRQUFBQUFBQUtBQXdBQmdBRkFBZ0FDZ0FBQUFBQkJBQU1BQUFBQ0FBSUFBQUFCQUFJ"
    "QUFBQUJBQUFBQUVBQUFBVUFBQUFFQUFVQUFnQUJnQUhBQXdBQUFBUUFCQUFBQUFBQUFFRkVBQUFBQ0FBQUFBRUFB"
    "QUFBQUFBQUFrQUFBQnpkR0YwWlcxbGJuUUFBQUFFQUFRQUJBQUFBQUFBQUFBPQAYIHBhcnF1ZXQtY3BwLWFycm93"
    "IHZlcnNpb24gMjYuMC4xGRwcAAAAbwEAAFBBUjE="
)

# Each stands for more than 8 MB.
BOMBS = {
    "text": lambda: pa.table({"statement": _repeated("x" * 50_000, 400).cast(pa.string())}),
    "kept once in memory too": lambda: pa.table({"statement": _repeated("x" * 50_000, 400)}),
    "bytes": lambda: pa.table({"a": ["a"] * 900, "b": _repeated(b"x" * 40_000, 900)}),
    "large text": lambda: pa.table({"a": _repeated("é" * 9_000, 900).cast(pa.large_string())}),
    "text after empty cells": lambda: pa.table(
        {
            "statement": pa.chunked_array(
                [pa.nulls(50, pa.string()), _repeated("y" * 90_000, 200).cast(pa.string())]
            )
        }
    ),
    "numbers": lambda: pa.table({"n": pa.repeat(7, 900_000), "m": pa.repeat(0.5, 900_000)}),
    "nothing": lambda: pa.table({name: pa.nulls(900_000, pa.string()) for name in "abc"}),
    "lists": lambda: pa.table({"l": pa.array([["z" * 50_000] * 300])}),
    "one cell": lambda: pa.table({"statement": [" " * (9 << 20)]}),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_small_file_that_stands_for_much_is_refused(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small.parquet"
    pq.write_table(BOMBS[kind](), path, compression="zstd", row_group_size=10**9)
    assert sum(len(piece[0]) for piece in open_table(path, 4_096)[1])
    monkeypatch.setattr(parquet, "MOST_PLAIN_BYTES", 8 << 20)
    monkeypatch.setattr(parquet, "MOST_TIMES", 100)
    with pytest.raises(DataError, match=r"small\.parquet: .* (bytes stand for|takes)"):
        open_table(path, 4_096)


def test_a_few_hundred_bytes_for_four_gigabytes_are_refused_in_little_memory(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bomb.parquet"
    path.write_bytes(base64.b64decode(FOUR_GIGABYTES))
    before = pa.total_allocated_bytes()
    with pytest.raises(DataError, match="stand for more than 256 MB of cells"):
        open_table(path, 4_096)
    assert pa.total_allocated_bytes() - before < 100 << 20


ROWS = {
    "null": lambda: {"statement": pa.nulls(20_000_000)},
    "empty": lambda: {"statement": pa.nulls(20_000_000, pa.string())},
    "one text": lambda: {"statement": pa.repeat("", 3_000_000)},
    "one number and no text": lambda: {
        "id": pa.repeat(1, 2_000_000),
        "statement": pa.nulls(2_000_000, pa.string()),
    },
}


@pytest.mark.parametrize("kind", ROWS)
def test_rows_without_number_that_hold_nothing_are_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table(ROWS[kind]()), path, compression="zstd")
    with pytest.raises(
        DataError, match=r"rows\.parquet: its [\d,]+ bytes stand for [\d,]+,000 rows"
    ):
        open_table(path, 4_096)


def test_many_rows_of_their_own_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_ROWS", 100)
    path = tmp_path / "many.parquet"
    rows = 5_000
    table = pa.table({"id": range(rows), "statement": [f"We want {i}." for i in range(rows)]})
    pq.write_table(table, path, compression="zstd")
    assert sum(len(piece[0]) for piece in open_table(path, 4_096)[1]) == rows


def test_what_repeats_within_reason_is_read(tmp_path: Path) -> None:
    path = tmp_path / "fine.parquet"
    table = pa.table(
        {
            "statement": ["No.", None, "Yes."] * 3_000,
            "kept once": _repeated("w" * 20_000, 9_000),
            "lists": [["a", "b"], None, []] * 3_000,
            "maps": pa.array([[("k", "v")]] * 9_000, pa.map_(pa.string(), pa.string())),
            "views": pa.array(["v"] * 9_000, pa.string_view()),
        }
    )
    pq.write_table(table, path)
    schema, pieces = open_table(path, 4_096)
    assert schema.names == table.column_names
    read = []
    for piece in pieces:
        assert len(piece[0]) <= 4_096 and sum(a.nbytes for a in piece) <= PIECE_BYTES * 2
        read.append(pa.Table.from_arrays(piece, schema=schema))
    assert pa.concat_tables(read).to_pylist() == table.to_pylist()


@pytest.mark.parametrize("cut", [0, 4, 40, 300, -9, -4])
def test_a_cut_file_is_named(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.parquet"
    pq.write_table(pa.table({"statement": ["Yes."] * 100}), path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(DataError, match=r"cut\.parquet"):
        open_table(path, 10)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_long_cells_come_in_smaller_pieces(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "PIECE_BYTES", 10_000)
    path = tmp_path / f"long.{ending}"
    cells = ["s" * 3_000] * 9 + ["t"]
    rows = [f'{{"statement": "{cell}"}}' for cell in cells]
    if ending == "csv":
        rows = ["statement", *cells]
    path.write_text("\n".join(rows), encoding="utf-8")
    _, pieces = open_table(path, 100)
    read = [list(piece[0]) for piece in pieces]
    assert [len(part) for part in read] == [4, 4, 2]
    assert [cell for part in read for cell in part] == cells


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("wide.csv", "a," * 10_001 + "b\n1", "more than 10,000 columns"),
        ("wide.tsv", "a\t" * 10_001 + "b\n1", "more than 10,000 columns"),
        ("wide.jsonl", "".join(f'{{"k{i}": 1}}\n' for i in range(10_002)), "10,000 columns"),
        ("long.csv", "statement\n" + "x" * 3_000, "a line of more than"),
        ("long.jsonl", '{"a": "' + "x" * 3_000 + '"}', "a line of more than"),
    ],
)
def test_endless_lines_and_columns_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, message: str
) -> None:
    if name.startswith("long"):
        monkeypatch.setattr("stance.tables.text_rows.MOST_BYTES", 2_000)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        open_table(path, 10)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    with pytest.raises(DataError, match="is no ordinary file"):
        open_table(folder, 10)
    with pytest.raises(DataError, match="does not exist"):
        open_table(tmp_path / ("n" * 400 + ".csv"), 10)
