from __future__ import annotations

import csv

import pytest

from stance.columns import COLUMNS, ERROR_COLUMN
from stance.errors import DataError
from stance.integrations import write_codebook


def test_every_column_has_a_row_with_its_values(tmp_path) -> None:
    path = tmp_path / "codebook.csv"
    write_codebook(path)
    with path.open(encoding="utf-8", newline="") as handle:
        rows = {row["name"]: row for row in csv.DictReader(handle)}
    assert list(rows) == [column.name for column in (*COLUMNS, ERROR_COLUMN)]
    assert rows["stance"]["values"] == "against|neutral|favor"
    assert rows["sentiment"]["values"] == "negative|neutral|positive"
    assert rows["kind"]["values"] == "direct|indirect|mixed"
    assert rows["statement"]["values"] == "" and rows["start"]["type"] == "integer"
    with pytest.raises(DataError, match="exists"):
        write_codebook(path)


def test_stata_gets_labels_and_codes(tmp_path) -> None:
    path = tmp_path / "labels.do"
    write_codebook(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    labelled = [line for line in lines if line.startswith("capture label variable ")]
    assert len(labelled) == len(COLUMNS) + 1
    for line in labelled:
        label = line.split(' "', 1)[1]
        assert label.endswith('"') and label.count('"') == 1 and len(label) <= 81
    assert 'label define stance_label -1 "against" 0 "neutral" 1 "favor"' in lines
    assert 'replace sentiment_code = 1 if sentiment == "positive"' in lines


def test_another_ending_is_refused(tmp_path) -> None:
    with pytest.raises(DataError, match=r"ends in neither \.csv nor \.do"):
        write_codebook(tmp_path / "codebook.txt")
