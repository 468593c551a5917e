"""What is found out of a table, what is kept of it, and rows that cannot be judged."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.engine import Columns, TableOptions
from stance.errors import DataError, ModelLoadError


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_encodings_are_found_and_told(tmp_path: Path, encoding: str, score, column, caplog) -> None:
    caplog.set_level("INFO")
    source = tmp_path / "in.csv"
    source.write_bytes(
        "id,statement\n1,“Olé,” said Zoë\n2,Fine.\n".replace("“Olé,”", "Olé").encode(encoding)
    )
    score(source, tmp_path / "o.csv")
    assert column(tmp_path / "o.csv", "statement") == ["Olé said Zoë", "Fine."]
    assert (f"read as {encoding}" in caplog.text.lower()) == (encoding != "utf-8-sig")


def test_an_encoding_may_be_given(tmp_path: Path, score, column) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes("statement\nŁódź\n".encode("iso-8859-2"))
    score(source, tmp_path / "o.csv", tables=TableOptions(encoding="iso-8859-2"))
    assert column(tmp_path / "o.csv", "statement") == ["Łódź"]
    with pytest.raises(DataError, match="unknown encoding 'klingon'"):
        score(source, tmp_path / "p.csv", tables=TableOptions(encoding="klingon"))


def test_damaged_utf_8_is_an_error_of_its_row(tmp_path: Path, score, read, caplog) -> None:
    caplog.set_level("INFO")
    source = tmp_path / "in.csv"
    source.write_bytes(
        "id,statement\n1,Zoë said é\n2,cut \xff\n".encode().replace(b"\xc3\xbf", b"\xff")
    )
    report = score(source, tmp_path / "o.csv")
    assert report.counts.errors == 1 and "damaged bytes" in caplog.text
    row = read(tmp_path / "o.csv")[1]
    assert row["statement"] == "cut \ufffd" and "line 3: bytes that are no UTF-8" in row["error"]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("id;statement\n1;Yes, we can\n2;No\n", ";"),
        ("id\tstatement\n1\tYes, we can\n2\tNo\n", "tab"),
        ("id|statement\n1|Yes\n", "|"),
        ('id,statement\n1,"Yes; we; can"\n', None),
        ("statement\nYes; we can\nNo\n", None),
        ('"id";"statement"\n"1";"two\nlines; and ""more"""\n', ";"),
    ],
)
def test_delimiters_are_found_and_told(tmp_path, text, delimiter, score, write, read, caplog):
    caplog.set_level("INFO")
    score(write(tmp_path / "in.csv", text), tmp_path / "o.csv")
    assert all(row["stance"] == "favor" for row in read(tmp_path / "o.csv"))
    assert (delimiter or "parts its cells") in caplog.text if delimiter else True
    assert ("parts its cells by" in caplog.text) == (delimiter is not None)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_packed_files(tmp_path: Path, suffix: str, packing: str, score, write, read) -> None:
    plain = write(tmp_path / "in.csv", "id,statement\n1,A.\n2,B.\n")
    score(plain, tmp_path / f"o.{suffix}")
    score(plain, tmp_path / f"o.{suffix}.{packing}")
    kind = {"gz": "gzip", "zst": "zstd"}[packing]
    with pa.input_stream(str(tmp_path / f"o.{suffix}.{packing}"), compression=kind) as stream:
        content = stream.read()
    assert content == (tmp_path / f"o.{suffix}").read_bytes()
    packed = tmp_path / f"packed.{suffix}.{packing}"
    with pa.output_stream(str(packed), compression=kind) as stream:
        rows = {"csv": "id,statement\n1,A.\n", "tsv": "id\tstatement\n1\tA.\n"}
        stream.write(rows.get(suffix, '{"id": "1", "statement": "A."}\n').encode())
    score(packed, tmp_path / "again.jsonl")
    assert read(tmp_path / "again.jsonl")[0]["statement"] == "A."
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(DataError, match="not readable"):
        score(packed, tmp_path / "cut.jsonl")


@pytest.mark.parametrize("name", ["statement", "quote", "text", "body", "Text", " BODY "])
def test_usual_columns_are_guessed_and_told(tmp_path, name: str, score, write, column, caplog):
    caplog.set_level("INFO")
    score(write(tmp_path / "in.csv", f"id,{name}\n1,Fine.\n"), tmp_path / "o.csv")
    assert column(tmp_path / "o.csv", "stance") == ["favor"]
    assert (f"column {name!r} is taken for the statements" in caplog.text) == (name != "statement")
    with pytest.raises(
        DataError, match="no column 'statement', 'quote', 'text', 'body'; it has id"
    ):
        score(write(tmp_path / "other.csv", "id,words\n1,Fine.\n"), tmp_path / "p.csv")


def test_only_columns_to_keep_are_written(tmp_path: Path, score, write, read) -> None:
    source = write(tmp_path / "in.csv", "id,statement,secret\n1,Fine.,x\n2,,y\n")
    score(source, tmp_path / "o.csv", keep=["id"])
    assert list(read(tmp_path / "o.csv")[0])[:2] == ["id", "target"]
    assert "Fine." not in (tmp_path / "o.csv").read_text()
    score(source, tmp_path / "p.csv", keep=[])
    assert "secret" not in (tmp_path / "p.csv").read_text()
    with pytest.raises(DataError, match="no column 'nowhere' to keep"):
        score(source, tmp_path / "q.csv", keep=["nowhere"])


def test_a_row_may_have_several_targets_of_its_own(tmp_path: Path, score, write_jsonl, read):
    rows = [
        {"id": 1, "statement": "A.", "about": ["troops", "a tax"]},
        {"id": 2, "statement": "B.", "about": "zoos"},
        {"id": 3, "statement": "C.", "about": []},
        {"id": 4, "statement": "D.", "about": ["troops", ""]},
    ]
    columns = Columns(target="about")
    report = score(write_jsonl("in.jsonl", rows), tmp_path / "o.jsonl", columns=columns)
    found = [(row["id"], row["target"], row["stance"]) for row in read(tmp_path / "o.jsonl")]
    assert found[:3] == [(1, "troops", "favor"), (1, "a tax", "favor"), (2, "zoos", "favor")]
    assert [row[0] for row in found[3:]] == [3, 4, 4]
    assert (report.counts.inputs, report.counts.written, report.counts.errors) == (4, 6, 2)


def test_a_date_that_python_cannot_hold_is_an_error_of_its_row(tmp_path: Path, score, read):
    source = tmp_path / "in.parquet"
    days = pa.array([0, 2**31 - 1, None], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"statement": ["A.", "B.", "C."], "day": days}), source)
    report = score(source, tmp_path / "o.csv")
    rows = read(tmp_path / "o.csv")
    assert [row["day"] for row in rows] == ["1970-01-01", "", ""] and report.counts.errors == 1
    assert "'day' is not readable" in rows[1]["error"]
    assert score(source, tmp_path / "o.parquet").counts.errors == 0
    assert pq.read_table(tmp_path / "o.parquet")["day"].combine_chunks().equals(days)


def test_a_statement_that_the_classifier_fails_on_is_an_error_of_its_row(
    tmp_path: Path, score, write, read, fake, monkeypatch
) -> None:
    predict = fake.predict

    def fail(statements, *arguments, **options):
        if "bad" in statements:
            raise ModelLoadError("the logits are not numbers")
        return predict(statements, *arguments, **options)

    monkeypatch.setattr(fake, "predict", fail)
    source = write(tmp_path / "in.csv", "statement\ngood\nbad\nfine\n")
    score(source, tmp_path / "o.csv")
    rows = read(tmp_path / "o.csv")
    assert [row["stance"] for row in rows] == ["favor", "", "favor"]
    assert rows[1]["error"] == "row 2: the logits are not numbers"
    with pytest.raises(ModelLoadError):
        score(write(tmp_path / "all.csv", "statement\nbad\nbad\n"), tmp_path / "p.csv")


def test_a_saved_dataset_is_a_table(tmp_path: Path, score, read) -> None:
    from datasets import Dataset, DatasetDict

    dataset = Dataset.from_dict({"id": [1, 2, 3], "statement": ["A.", None, "C."]})
    dataset.save_to_disk(str(tmp_path / "saved"))
    report = score(tmp_path / "saved", tmp_path / "o.jsonl", part_rows=2)
    assert [row["id"] for row in read(tmp_path / "o.jsonl")] == [1, 2, 3]
    assert report.counts.errors == 1
    DatasetDict({"dev": dataset}).save_to_disk(str(tmp_path / "both"))
    with pytest.raises(DataError, match=r"several splits: name one, such as .*dev"):
        score(tmp_path / "both", tmp_path / "p.jsonl")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dataset_info.json", "[]"),
        ("dataset_info.json", "null"),
        ("dataset_info.json", '{"features": 3}'),
        ("state.json", "[]"),
        ("state.json", '{"_data_files": [7]}'),
        ("state.json", '{"_data_files": [{"filename": "../../elsewhere"}]}'),
    ],
)
def test_a_damaged_saved_dataset_is_refused(tmp_path: Path, score, name: str, content: str) -> None:
    from datasets import Dataset

    Dataset.from_dict({"statement": ["A."]}).save_to_disk(str(tmp_path / "saved"))
    (tmp_path / "saved" / name).write_text(content)
    with pytest.raises(DataError, match="saved is not readable as a saved dataset"):
        score(tmp_path / "saved", tmp_path / "o.jsonl")
