"""Files of a run: whole or not at all; CSV with cells of any length."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation.files import read_csv, write_files
from stance.evaluation.predictions import COLUMNS, stored_cells

OLD = {"predictions.csv": "old rows\r\n", "results.json": "{}\n", "report.md": "old\n"}
NEW = {"predictions.csv": "a,b\r\n1,2\r\n", "results.json": '{"ä": 1}\n', "report.md": "new\n"}


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_texts_are_stored_byte_for_byte(tmp_path) -> None:
    write_files(tmp_path / "a" / "b", NEW)
    assert _content(tmp_path / "a" / "b") == {k: v.encode() for k, v in NEW.items()}


@pytest.mark.parametrize("full_after", [0, 1, 2])
def test_a_full_disk_leaves_the_old_files_whole(tmp_path, monkeypatch, full_after) -> None:
    write_files(tmp_path, OLD)
    calls = []

    def fsync(number: int) -> None:
        calls.append(number)
        if len(calls) > full_after:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(DataError, match="No space left on device"):
        write_files(tmp_path, NEW)
    assert _content(tmp_path) == {k: v.encode() for k, v in OLD.items()}


def test_an_interrupted_run_leaves_the_old_files_whole(tmp_path, monkeypatch) -> None:
    write_files(tmp_path, OLD)

    def interrupt(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, NEW)
    assert _content(tmp_path) == {k: v.encode() for k, v in OLD.items()}


def test_a_file_where_the_folder_should_be_is_named(tmp_path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(DataError, match=r"cannot write to .*out"):
        write_files(tmp_path / "out", NEW)
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("limit", [131_072, 7, 1000])
def test_the_limit_of_csv_cells_is_as_it_was(tmp_path, limit) -> None:
    before = csv.field_size_limit(limit)
    try:
        long = tmp_path / "long.csv"
        long.write_text("text\n" + "x" * 200_000 + "\n")
        assert [len(row["text"]) for _, row in read_csv(long)] == [200_000]
        assert csv.field_size_limit() == limit
        for name, content in (("bad.csv", b"a,b\n1\n"), ("worse.csv", b"a\n\xff\n")):
            (tmp_path / name).write_bytes(content)
            with pytest.raises(DataError):
                list(read_csv(tmp_path / name))
            assert csv.field_size_limit() == limit
        with pytest.raises(DataError):
            list(read_csv(tmp_path / "absent.csv"))
        assert csv.field_size_limit() == limit
        rows = read_csv(long)
        next(rows)
        assert csv.field_size_limit() == limit  # also while a caller still reads
    finally:
        csv.field_size_limit(before)


def test_stored_predictions_of_another_number_of_rows_are_refused(tmp_path) -> None:
    path = tmp_path / "predictions.csv"
    for count in (1, 3):
        path.write_text(",".join(COLUMNS) + "\n" + ("," * (len(COLUMNS) - 1) + "\n") * count)
        assert len(stored_cells(path, COLUMNS)) == count
        assert len(stored_cells(path, COLUMNS, rows=count)) == count
        with pytest.raises(DataError, match=f"holds {count} rows, but the run .* stored 2"):
            stored_cells(path, COLUMNS, rows=2)
