"""One schema of labelled rows: what ``stance evaluate`` reads, ``stance train`` reads alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.errors import DataError
from stance.evaluation import read_labelled
from stance.training import read_pairs

ROWS: list[dict[str, object]] = [
    {
        "statement": 'We want them "out", now.',
        "target": "troops",
        "stance": "con",
        "sentiment": "neg",
        "context": "They met.",
        "speaker": "Ana",
        "cue": "said",
        "article": 7,
        "source": "gazette",
        "id": 1,
    },
    {"statement": "Stay.", "target": "troops", "stance": "favor", "article": 8, "id": 2},
]
Read = Callable[[Path], object]


def _write(folder: Path, kind: str, rows: list[dict[str, object]]) -> Path:
    path = folder / f"rows.{kind}"
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        names = list(rows[0])
        cells = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
        quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in cells]
        mark = "," if kind == "csv" else "\t"
        path.write_text("\n".join(mark.join(row) for row in quoted), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_both_read_the_same_file_alike(tmp_path: Path, kind: str) -> None:
    path = _write(tmp_path, kind, ROWS)
    labelled, pairs = read_labelled(path), read_pairs(path)
    assert [(r.text, r.target, r.stance, r.sentiment, r.context, r.speaker) for r in labelled] == [
        (p.statement, p.target, p.stance, p.sentiment, p.context, p.speaker) for p in pairs
    ]
    assert [r.group for r in labelled] == [p.group for p in pairs] == ["7", "8"]
    assert [r.id for r in labelled] == ["1", "2"]
    assert (labelled[0].source, pairs[0].source, pairs[1].source) == ("gazette", "gazette", "rows")
    assert pairs[0].cue == "said"


@pytest.mark.parametrize("read", [read_labelled, read_pairs])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,text,target,stance\nOut,x,t,con\n", "two columns are called 'text'"),
        ("text,target,stance\nOut,t\n", "line 2: 2 cells, but the header has 3"),
        ("text,target,stance,contxt\nOut,t,con,a\n", "'contxt'; did you mean 'context'"),
        (
            "text,target,stance\nOut,t,con\nOut,t,pro\n",
            "row 2: .* favor contradicts against .* row 1",
        ),
        ("id,text,target,stance\na,Out,t,con\na,In,t,pro\n", "row 2: field 'id': 'a' is already"),
        ("text,target,stance\n,t,con\nOut,t,con\n", "row 1: field"),
        ("text,target,stance\nOut,t,maybe\n", "row 1: field 'stance': .*maybe"),
    ],
)
def test_both_refuse_the_same_faults(
    tmp_path: Path, read: Read, content: str, message: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=message):
        read(path)


@pytest.mark.parametrize("read", [read_labelled, read_pairs])
def test_cells_may_be_long(tmp_path: Path, read: Read) -> None:
    path = _write(tmp_path, "csv", [{**ROWS[0], "context": "a " * 100_000}])
    (row,) = read(path)  # type: ignore[misc]
    assert len(row.context) == 200_000
