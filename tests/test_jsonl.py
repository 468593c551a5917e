from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.jsonl import read_jsonl, read_label, read_text
from stance.labels import Stance


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows_come_with_their_line(tmp_path: Path, name: str) -> None:
    raw = '\ufeff{"a": 1}\n\n{"a": "é"}\n'.encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    assert list(read_jsonl(path)) == [(1, {"a": 1}), (3, {"a": "é"})]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b'{"a": 1}\n{"a"\n', r"rows\.jsonl, line 2 is not valid JSONL"),
        (b'{"a": 1}\n[1]\n', r"line 2: not a JSON object"),
        (b'{"a": "\xff"}\n', r"cannot read .*line 1"),
        (b'{"a": "\\ud83d"}\n', r"line 1 is not valid JSONL"),
        (b'{"a": 1, "b": 2, "a": 3}\n', r"line 1 is not valid JSONL: .* key 'a' twice"),
        (b'{"a": 1}\n{"a": ' + b"[" * 80 + b"]" * 80 + b"}", r"line 2 .* nests too deep"),
        (b'{"a": 1}\n{"a": ' + b"[" * 90_000, r"line 2 .* nests too deep"),
        (b'{"a": ' + b"7" * 5_000 + b"}\n", r"line 1 .* whole number of 5000 digits"),
    ],
)
def test_broken_lines_are_named(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(raw)
    with pytest.raises(DataError, match=message):
        list(read_jsonl(path))


def test_a_broken_archive_tells_how_far_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    rows = "".join(f'{{"a": {i**7}}}\n' for i in range(20_000)).encode()
    path.write_bytes(gzip.compress(rows)[:-50])
    with pytest.raises(DataError, match=r"cannot read .* after line \d+"):
        list(read_jsonl(path))
    with pytest.raises(DataError, match=r"cannot read .*absent\.jsonl"):
        list(read_jsonl(tmp_path / "absent.jsonl"))


def test_fields_are_checked() -> None:
    row: dict[str, object] = {"text": "Fine.", "stance": "PRO", "empty": " ", "number": 5}
    assert read_text(row, "text", "line 1") == "Fine."
    assert read_label(Stance, row, "stance", "line 1") is Stance.FAVOR
    for key in ("empty", "number", "absent"):
        with pytest.raises(DataError, match=f"line 1: field '{key}' is missing, empty or not text"):
            read_text(row, key, "line 1")
    with pytest.raises(DataError, match=r"line 1: field 'text': unknown stance label 'Fine\.'"):
        read_label(Stance, row, "text", "line 1")
