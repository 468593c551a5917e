"""CSV files of a run: cells of any length, and none that a spreadsheet runs."""

from __future__ import annotations

import csv

import pytest

from stance.errors import DataError
from stance.evaluation.files import csv_text, read_csv
from stance.evaluation.predictions import COLUMNS, stored_cells

CELLS = ["=1+1", "@sum", "-x", "+x", "\tx", "'=x", "''@", "＝x", " =x", "\xa0-x", "﹫x", "\ufeff+x"]


@pytest.mark.parametrize("cell", CELLS)
def test_no_stored_cell_is_a_formula_and_all_are_read_back(tmp_path, cell: str) -> None:
    names = ["a", "b", "c"]
    text = csv_text(names, [[cell, "plain, 'text'", None]])
    assert text == f"a,b,c\r\n'{cell},\"plain, 'text'\",\r\n"
    (tmp_path / "p.csv").write_text(text, encoding="utf-8", newline="")
    assert stored_cells(tmp_path / "p.csv", names) == [{"a": cell, "b": "plain, 'text'", "c": ""}]


def test_signed_numbers_are_no_formulas() -> None:
    assert csv_text(["a"], [[-1], ["+2.5"], ["-1e-05"]]) == "a\r\n-1\r\n+2.5\r\n-1e-05\r\n"


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
        rows = [f"set{n}" + "," * (len(COLUMNS) - 1) + "\n" for n in range(count)]
        path.write_text(",".join(COLUMNS) + "\n" + "".join(rows))
        assert len(stored_cells(path, COLUMNS)) == count
        assert len(stored_cells(path, COLUMNS, rows=count)) == count
        with pytest.raises(DataError, match=f"holds {count} rows, but the run .* stored 2"):
            stored_cells(path, COLUMNS, rows=2)
