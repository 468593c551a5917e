"""Readers of strangers' files take any bytes: they give what they promise, or an error of ours.

``make fuzz`` tries each reader on a fixed set of inputs, the same at every run; with FUZZ_EXAMPLES
set (``make slow`` does) on so many new ones.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.checkpoint import read_adapter
from stance.config import WEIGHTS_DIR
from stance.engine import score
from stance.errors import StanceError
from stance.extract import html_to_document, load_extractor
from stance.model import Calibration, load
from stance.tables import read_label_studio
from stance.untrusted import parse_json, read_yaml
from tests.engine.conftest import Fake

pytestmark = pytest.mark.fuzz
EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
FUZZ = settings(
    max_examples=int(EXAMPLES or 60),
    derandomize=EXAMPLES is None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
T = TypeVar("T")
RULES = load_extractor("rules")


@contextmanager
def stored(name: str, content: bytes) -> Iterator[Path]:
    """A file in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path


def read_or_refused(read: Callable[[], T]) -> T | None:
    """What a reader gives, or None where it refuses; any other error passes."""
    try:
        return read()
    except StanceError as error:
        assert str(error).strip()
        return None


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file with some bytes replaced, left out or put in."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        content[place : place + length] = draw(st.binary(max_size=12))
    return bytes(content)


def pieces(text: str) -> st.SearchStrategy[bytes]:
    """Texts of given pieces and of any characters, as UTF-8."""
    piece = st.sampled_from(text.split(" ")) | st.text(max_size=6)
    joint = st.sampled_from(["", " ", "\n", "\n  ", ",", ": "])
    joined = st.lists(st.tuples(piece, joint), max_size=40).map(
        lambda pairs: "".join(piece + joint for piece, joint in pairs)
    )
    return joined.map(lambda text: text.encode("utf-8", "surrogatepass"))


YAML = pieces(
    "kind: checkpoint: small base bundled nli - [ ] { } ? | > & * &a *a << !!int !!python/name:os "
    "0x1f 1_0 1e9 .inf ~ null yes # --- ... % @ ` ' \" \\ \t \x00 \ufeff"
)
JSON = pieces('{ } [ ] " \\ \\u0000 \\ud800 : , null true -0 1e999 NaN 12345678901234567890 ""')
ROWS = pieces(
    'statement,plan id,statement\n "a" "" " ; , \t \r \x00 \ufeff We like it. =1+1 0 \udcff'
)
LINES = st.lists(
    st.one_of(
        st.dictionaries(
            st.sampled_from(["statement", "context", "speaker", "id", "x"]),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
        ).map(lambda row: json.dumps(row).encode()),
        JSON,
    ),
    max_size=12,
).map(b"\n".join)
PAGE = (
    b"<html><head><title>A</title><meta charset='utf-8'></head><body><article><p>The mayor, Ada "
    b"Berg, said: &ldquo;We stay here.&rdquo;</p><div>Bo <b>Dahl</b> <a href='/x'>left</a>.</div>"
    b"</article><!-- no --><script>var a = 1;</script></body></html>"
)
TASKS = json.dumps(
    [
        {
            "data": {"id": "1", "statement": "We stay.", "target": "plan"},
            "annotations": [
                {
                    "completed_by": 3,
                    "result": [
                        {
                            "from_name": "stance",
                            "to_name": "statement",
                            "type": "choices",
                            "value": {"choices": ["favor"]},
                        }
                    ],
                }
            ],
        }
    ]
).encode()


def parquet() -> bytes:
    rows = pa.table({"statement": ["We stay.", None, "Go."] * 5, "n": list(range(15))})
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(rows, f"{folder}/x.parquet", row_group_size=5)
        return Path(folder, "x.parquet").read_bytes()


def scored(name: str, content: bytes) -> None:
    """Every row that can be read comes out, once and in order; or the table is refused."""
    with stored(name, content) as path:
        output = path.with_name("o.csv")
        report = read_or_refused(
            lambda: score(path, "plan", output=output, classifier=Fake())  # type: ignore[arg-type]
        )
        left = {file.name for file in path.parent.iterdir()} - {path.name}
        if report is None:
            assert not output.exists()
            return
        assert not [file for file in left if file.startswith(".") or "parts" in file]
        with output.open(encoding="utf-8", newline="") as handle:
            assert sum(1 for _ in csv.reader(handle)) == report.counts.written + 1


@FUZZ
@given(ROWS)
def test_any_csv(content: bytes) -> None:
    scored("in.csv", b"statement,x\n" + content)


@FUZZ
@given(LINES)
def test_any_lines_of_json(content: bytes) -> None:
    scored("in.jsonl", content)


@FUZZ
@given(damaged(parquet()))
def test_a_damaged_parquet(content: bytes) -> None:
    scored("in.parquet", content)


@FUZZ
@given(YAML)
def test_any_yaml(content: bytes) -> None:
    with stored("m.yaml", content) as path:
        read_or_refused(lambda: read_yaml(path))


@FUZZ
@given(damaged(b"kind: bundled\ncheckpoint: small\nlabels: {a: favor, b: against, c: neutral}\n"))
def test_a_damaged_model_config(content: bytes) -> None:
    # Without the weights of `small`; a file without that line means the default and is whole.
    with stored("m.yaml", content.replace(b"small", b"none")) as path:
        read_or_refused(lambda: load(path))


@FUZZ
@given(JSON | st.binary(max_size=60))
def test_any_json(content: bytes) -> None:
    try:
        parse_json(content.decode("utf-8", "replace"))
    except ValueError as error:
        assert str(error)


@FUZZ
@given(damaged(TASKS))
def test_damaged_labels_of_label_studio(content: bytes) -> None:
    with stored("labels.json", content) as path:
        for _, row in read_or_refused(lambda: list(read_label_studio(path))) or ():
            assert isinstance(row, dict)


@FUZZ
@given(damaged(PAGE))
def test_a_damaged_page(content: bytes) -> None:
    found = read_or_refused(lambda: html_to_document(content.decode("utf-8", "replace")))
    if found is not None:
        RULES.extract(found)


@pytest.mark.parametrize("name", ["adapter.json", "calibration.json"])
def test_a_damaged_checkpoint(name: str, tmp_path: Path) -> None:
    folder = copytree(WEIGHTS_DIR / "small", tmp_path / "small")
    whole = (folder / name).read_bytes()

    @FUZZ
    @given(damaged(whole))
    def check(content: bytes) -> None:
        (folder / name).write_bytes(content)
        if name == "adapter.json":
            found: object = read_or_refused(lambda: read_adapter(folder))
            unchanged: object = read_adapter(WEIGHTS_DIR / "small")
        else:
            found = read_or_refused(lambda: Calibration.load(folder / name))
            unchanged = Calibration.load(WEIGHTS_DIR / "small" / name)
        if found is not None:  # what was changed was blank space
            assert repr(found)[:2000] == repr(unchanged)[:2000]

    check()
