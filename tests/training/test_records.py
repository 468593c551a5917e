"""Reading of JSONL files: what is wrong is named with its file and line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.jsonl import read_jsonl
from stance.training.sources import read_stance_pairs, read_tone_pairs

ROW = {"text": "Out!", "target": "troops", "stance": "against", "source": "x"}


def _file(folder: Path, content: bytes, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": 1}\n\n{"a": }\n', r"rows\.jsonl, line 3 is not valid JSONL: .* at column 7"),
        (b'{"a": 1}\n[1]\n', r"rows\.jsonl, line 2: not a JSON object"),
        (b"null\n", r"rows\.jsonl, line 1: not a JSON object"),
        (b'{"a": 1}\n{"a": "\xff"}\n', r"cannot read .*rows\.jsonl, line 2"),
        (b'{"a": ' + b"1" * 5000 + b"}\n", r"rows\.jsonl, line 1 is not valid JSONL"),
    ],
    ids=["json", "list", "null", "bytes", "number"],
)
def test_bad_lines_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        list(read_jsonl(_file(tmp_path, content)))


def test_a_byte_mark_is_no_error(tmp_path: Path) -> None:
    path = _file(tmp_path, '\ufeff{"a": "é"}\r\n{"a": 2}'.encode())
    assert list(read_jsonl(path)) == [(1, {"a": "é"}), (2, {"a": 2})]


@pytest.mark.parametrize("damage", [lambda packed: packed[:-30], lambda packed: b"no gzip"])
def test_damaged_archives_are_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    packed = gzip.compress(b"".join(json.dumps(ROW | {"n": i}).encode() + b"\n" for i in range(99)))
    path = _file(tmp_path, damage(packed), "rows.jsonl.gz")
    with pytest.raises(DataError, match=r"cannot read .*rows\.jsonl\.gz"):
        list(read_jsonl(path))


def test_unknown_labels_are_named(write_jsonl) -> None:
    rows = [ROW, ROW | {"stance": "maybe"}]
    with pytest.raises(DataError, match=r"s\.jsonl, line 2: field 'stance': .*'maybe'"):
        read_stance_pairs(write_jsonl("s.jsonl", rows))
    with pytest.raises(DataError, match=r"t\.jsonl, line 1: field 'sentiment'"):
        read_tone_pairs(write_jsonl("t.jsonl", [{**ROW, "sentiment": "angry"}]))
