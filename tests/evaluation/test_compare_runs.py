"""``stance evaluate --compare A B``: what got better, what worse, and whether it is noise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.predictions import ScoredRow
from stance.evaluation.provenance import code_facts
from stance.evaluation.report import write_report
from stance.evaluation.run_facts import RunFacts, ScoringSettings
from stance.labels import Stance

GOLD = ["favor", "against", "neutral"] * 20


def stored(folder: Path, name: str, wrong: set[int], *, left_out: int = 0) -> Path:
    """A stored run on rows of which some are wrong."""
    file = folder / "labels.csv"
    file.write_text("made up")
    rows = [
        ScoredRow(
            "labels",
            LabelledRow(f"r{at}", f"words {at}", "tax", Stance(label)),
            Stance(GOLD[(at + 1) % len(GOLD)] if at in wrong else label),
            (0.2, 0.3, 0.5),
        )
        for at, label in list(enumerate(GOLD))[left_out:]
    ]
    facts = RunFacts(
        name="labels",
        task="stance",
        config_hash="0" * 16,
        data={},
        code=code_facts(),
        requested=name,
        checkpoint=None,
        seed=13,
        scoring=ScoringSettings(bootstrap=200, system=name),
    )
    write_report(folder / f"out_{name}", rows, facts)
    return folder / f"out_{name}"


def compare(*arguments: object):
    return CliRunner().invoke(app, ["evaluate", "--compare", *map(str, arguments)])


def test_what_got_better_and_worse(tmp_path) -> None:
    old = stored(tmp_path, "old", set(range(30)))
    new = stored(tmp_path, "new", {0, 59})
    done = compare(old, new, "-o", tmp_path / "both")
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "29 rows got better" in said and "1 rows got worse" in said
    assert "B (new) is better than A (old), by more than noise" in said
    (part,) = json.loads((tmp_path / "both" / "results.json").read_text())["parts"]
    assert {row["id"] for row in part["better"]} == {f"r{at}" for at in range(1, 30)}
    assert [row["id"] for row in part["worse"]] == ["r59"]
    assert part["test"]["only_first"] == 29 and part["test"]["only_second"] == 1
    assert part["test"]["macro_f1"]["value"] == pytest.approx(
        part["after"]["value"] - part["before"]["value"]
    )
    for name in ("report.html", "report.md"):
        text = (tmp_path / "both" / name).read_text()
        assert "What got better" in text and "words 59" in text


def test_a_run_is_as_good_as_itself(tmp_path) -> None:
    old = stored(tmp_path, "old", {1, 2})
    done = compare(old, old)
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "0 rows got better" in said and "no difference on any of these rows" in said


def test_rows_of_one_run_alone_are_counted(tmp_path) -> None:
    old = stored(tmp_path, "old", {1})
    new = stored(tmp_path, "new", {50}, left_out=10)
    done = compare(old, new)
    assert done.exit_code == 0, done.output
    assert "left out: 10 rows of A (old) alone" in " ".join(done.output.split())


def test_what_cannot_be_compared_is_said(tmp_path) -> None:
    old = stored(tmp_path, "old", {1})
    assert "no labels" in compare(old, old, str(tmp_path / "labels.csv")).stderr
    assert "one of the two" in " ".join(compare(old, old, "-o", old).stderr.split())
    missing = compare(old, tmp_path / "nothing")
    assert missing.exit_code == 2 and "Run the evaluation first" in missing.stderr
    table = old / "predictions.csv"
    table.write_text(table.read_text().replace("words 3,", "other words,"))
    fresh = stored(tmp_path, "new", {1})
    done = compare(old, fresh)
    assert done.exit_code == 2
    assert "'r3' of labels has other words" in " ".join(done.stderr.split())
