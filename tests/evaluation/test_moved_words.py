"""The words that moved an error: found once, kept with the predictions, shown by every rebuild."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stance.errors import DataError
from stance.evaluation.labelled_sets import LabelledRow, LabelledSet
from stance.evaluation.predictions import read_predictions
from stance.evaluation.report import rebuild_report
from stance.evaluation.result_files import read_results
from stance.evaluation.results import StanceResults
from stance.evaluation.stored_answers import read_answers
from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance
from stance.labels import Stance
from stance.model import Calibration, Rows, Scores, StanceClassifier
from stance.schema import CheckpointInfo

ATTACK = "<script>alert(1)</script>"
ROWS = (
    LabelledRow("a", "🌉 We say out, not yet in.", "troops", Stance.FAVOR),
    LabelledRow("b", "It rains.", "a <b> deal", Stance.NEUTRAL, context="Lee said. All are out!"),
    LabelledRow("c", "Get out.", "troops", Stance.AGAINST),
    LabelledRow("d", f"out {ATTACK} =1+1", "troops", Stance.NEUTRAL, context='"x"\nout, =y'),
    LabelledRow("e", "Nothing at all.", "troops", Stance.FAVOR),
    LabelledRow("f", "No gold, out.", "troops", None),
)


class Counting:
    """Against by each "out", wherever it is read."""

    def __init__(self) -> None:
        self.info = CheckpointInfo("bundled", "fake", "cpu", reads_context=True, sha256="f" * 64)
        self.calibration = Calibration(stance_temperature=1.0)
        self.read = 0

    def score(
        self, rows: Rows, *, batch_size: int | None, on_rows: Callable[[int], object]
    ) -> Scores:
        self.read += len(rows)
        listed = zip(rows.statements, rows.targets, rows.contexts, strict=True)
        out = [len(re.findall("out", f"{s} {t} {c or ''}")) for s, t, c in listed]
        logits = np.array([[2 * n, 1.0, 0.0] for n in out], np.float32)
        zeros = np.zeros(len(rows), np.int64)
        return Scores(logits, None, zeros, zeros, np.array([bool(c) for c in rows.contexts]))

    def target_problem(self, target: str) -> str | None:
        return None


@pytest.fixture
def part(tmp_path: Path) -> LabelledSet:
    file = tmp_path / "mine.jsonl"
    file.write_text("{}\n")
    return LabelledSet("mine", ROWS, file)


def explained(part: LabelledSet, folder: Path) -> Counting:
    scorer = Counting()
    settings = StanceSettings(bootstrap=20, explain=True)
    evaluate_stance(settings, [part], StanceClassifier(scorer), folder)
    return scorer


def test_errors_and_nothing_else_are_explained(part: LabelledSet, tmp_path: Path) -> None:
    explained(part, tmp_path / "out")
    rows = {row.gold.id: row.moved for row in read_predictions(tmp_path / "out/predictions.csv")}
    assert {name for name, moved in rows.items() if moved} == {"a", "b", "d", "e"}
    first, second, last = rows["a"], rows["b"], rows["e"]
    assert first and second and last
    assert [(w.span.text, w.part, w.span.start) for w in first.words] == [("out", "statement", 9)]
    assert first.label is Stance.AGAINST and first.words[0].weight > 0.3
    assert [(w.span.text, w.part) for w in second.words] == [("out", "context")]
    assert second.sentence and second.sentence.span.text == "All are out!"
    assert last.words == () and last.label is Stance.NEUTRAL


def test_a_report_shows_them_and_is_rebuilt_without_a_model(
    part: LabelledSet, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    explained(part, folder)
    files = ("report.html", "report.md", "results.json")
    made = {name: (folder / name).read_bytes() for name in files}
    page = made["report.html"].decode()
    assert 'We say <b class="up">out</b>, not yet in.' in page
    assert "No single word moved the probability of neutral" in page
    assert ATTACK not in page and "in the context" in page
    assert "(moved by *out* +0." in made["report.md"].decode()
    stored = read_results(folder, StanceResults).sets[0].errors
    assert all(error.moved is not None for error in stored)
    rebuild_report(folder)
    assert {name: (folder / name).read_bytes() for name in files} == made


def test_without_being_asked_nothing_is_left_out(part: LabelledSet, tmp_path: Path) -> None:
    scorer = Counting()
    folder = tmp_path / "out"
    evaluate_stance(StanceSettings(bootstrap=20), [part], StanceClassifier(scorer), folder)
    assert scorer.read <= 2 * len(ROWS)
    assert "words_that_moved" not in (folder / "predictions.csv").read_text(encoding="utf-8")


def test_stored_predictions_cannot_be_explained(part: LabelledSet, tmp_path: Path) -> None:
    file = tmp_path / "ana.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["id", "statement", "target", "stance"])
        writer.writerows([row.id, row.text, row.target, "favor"] for row in ROWS)
    ana = read_answers("ana", file)
    with pytest.raises(DataError, match="only a checkpoint can be explained, and 'ana'"):
        evaluate_stance(StanceSettings(explain=True), [part], ana, tmp_path / "out")


@pytest.mark.parametrize(
    "cell",
    [
        "{",
        "[]",
        "7",
        '{"label": "favor"}',
        '{"label": "pro", "words": []}',
        '{"label": "favor", "words": [["statement", 0, 999, 0.5]]}',
        '{"label": "favor", "words": [["statement", 3, 3, 0.5]]}',
        '{"label": "favor", "words": [["title", 0, 1, 0.5]]}',
        '{"label": "favor", "words": [["statement", 0, 1, 2.5]]}',
        '{"label": "favor", "words": [["statement", 0, 1]]}',
        '{"label": "favor", "words": [[["statement"], 0, 1, 0.5]]}',
        '{"label": "favor", "words": [], "sentence": 3}',
    ],
)
def test_a_damaged_cell_is_named(part: LabelledSet, tmp_path: Path, cell: str) -> None:
    folder = tmp_path / "out"
    explained(part, folder)
    path = folder / "predictions.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    rows[1]["words_that_moved"] = cell
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(DataError, match="row 2: field 'words_that_moved'"):
        rebuild_report(folder)
