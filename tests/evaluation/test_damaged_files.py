"""Files that a run stored, or strangers wrote, and that cannot be: one error that names them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stance.errors import DataError
from stance.evaluation.files import csv_text
from stance.evaluation.predictions import stored_cells
from stance.evaluation.result_files import read_json_results
from stance.evaluation.summary.data import _as_json
from stance.evaluation.tasks.behaviour.cases import load_cases
from stance.tables import read_label_studio
from stance.training.distillation import _read as read_soft_labels
from stance.training.run_record import newest_checkpoint
from stance.untrusted import MOST_DEPTH

HOSTILE = {
    "lists": "[" * 60_000,
    "objects": '{"a":' * 60_000,
    "closed lists": "[" * 900 + "]" * 900,
    "just too deep": '{"run": ' + "[" * MOST_DEPTH + "]" * MOST_DEPTH + "}",
    "a number": '{"run": {}, "n": ' + "7" * 5_000 + "}",
    "a key twice": '{"run": {}, "run": {}}',
    "half a character": '{"run": {}, "a": "\\udc00"}',
    "nothing": "",
    "a list": "[]",
    "cut": '{"run": {"na',
}


EMPTY = ("nothing", "a list")  # that some of the files may be

READERS: dict[str, Callable[[Path], object]] = {
    "results.json": lambda path: read_json_results(path.parent),
    "tasks.json": lambda path: list(read_label_studio(path)),
    "cases.jsonl": lambda path: load_cases(path.parent),
    "soft_labels.jsonl": read_soft_labels,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("content", HOSTILE)
def test_json_that_no_run_wrote_is_refused(content: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(HOSTILE[content] + "\n", encoding="utf-8")
    try:
        found = READERS[name](tmp_path / name)
    except DataError as error:
        assert name in str(error)
    else:
        assert content in EMPTY and not found


@pytest.mark.parametrize("content", HOSTILE)
def test_a_checkpoint_without_a_whole_state_is_none(content: str, tmp_path: Path) -> None:
    (tmp_path / "checkpoint-3").mkdir()
    (tmp_path / "checkpoint-3" / "trainer_state.json").write_text(HOSTILE[content])
    assert newest_checkpoint(tmp_path) is None


@pytest.mark.parametrize(("first", "second"), [(0, 1), (2, 0), (1, 4)])
def test_a_row_that_stands_twice_instead_of_another_is_named(
    first: int, second: int, tmp_path: Path
) -> None:
    rows = [[f"r{number}", "Out, they said.", 0.5] for number in range(5)]
    rows[second] = rows[first]
    path = tmp_path / "predictions.csv"
    path.write_text(csv_text(["id", "text", "p"], rows), encoding="utf-8", newline="")
    low, high = sorted((first + 1, second + 1))
    with pytest.raises(DataError, match=f"row {high} is row {low} once more"):
        stored_cells(path, ["id"], rows=5)


def test_a_page_holds_no_control_character() -> None:
    text = "a\x1b\x7f\x9b\u2028\u202e\u2066\U000e0041</script>\r\x00"
    made = _as_json({"title": [text], "n": float(np.float32(1.5))})
    assert made.isprintable() and "<" not in made
    assert json.loads(made) == {"title": [text], "n": 1.5}
