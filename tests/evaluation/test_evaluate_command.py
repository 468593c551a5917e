"""``stance evaluate``: the same report for a file of one's own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from eval.__main__ import app as harness
from stance.cli import app

TABLE = (
    "quote,label,article\n"
    '"Get out, now.",con,one\n'
    "Come in.,pro,one\n"
    "It rains.,none,two\n"
    "Out of milk.,neutral,two\n"
)
OPTIONS = ("--statement-column", "quote", "--stance-column", "label", "--target", "troops")


@pytest.fixture
def call(tmp_path, monkeypatch, keyword_classifier):
    monkeypatch.setattr("stance.load", lambda name, **_: keyword_classifier, raising=False)
    (tmp_path / "mine.csv").write_text(TABLE)

    def run(*arguments: str):
        command = ["evaluate", str(tmp_path / "mine.csv"), "-o", str(tmp_path / "out"), *arguments]
        return CliRunner().invoke(app, command)

    return run


def test_a_report_of_own_labels(call, tmp_path) -> None:
    done = call(*OPTIONS, "--group-column", "article")
    assert done.exit_code == 0, done.output
    assert "0.750" in done.output and "1 error" in done.output
    assert "Out of milk." in done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"predictions.csv", "results.json", "report.md", "report.html"}
    (part,) = json.loads((tmp_path / "out" / "results.json").read_text())["sets"]
    assert (part["set"], part["n"], part["n_errors"]) == ("mine", 4, 1)
    assert part["stance"]["overall"]["accuracy"]["value"] == 0.75


def test_the_harness_gives_the_same_scores(call, tmp_path, write_jsonl) -> None:
    assert call(*OPTIONS).exit_code == 0
    rows = [
        {"id": "1", "text": "Get out, now.", "target": "troops", "stance": "against"},
        {"id": "2", "text": "Come in.", "target": "troops", "stance": "favor"},
        {"id": "3", "text": "It rains.", "target": "troops", "stance": "neutral"},
        {"id": "4", "text": "Out of milk.", "target": "troops", "stance": "neutral"},
    ]
    write_jsonl("mine.jsonl", rows)
    config = tmp_path / "mine.yaml"
    config.write_text("sets: [{name: mine, path: mine.jsonl}]\n")
    done = CliRunner().invoke(harness, [str(config), "-o", str(tmp_path / "other")])
    assert done.exit_code == 0, done.output
    one, other = (
        json.loads((tmp_path / name / "results.json").read_text())["sets"]
        for name in ("out", "other")
    )
    assert one == other


def test_nothing_is_overwritten_unasked(call, tmp_path) -> None:
    assert call(*OPTIONS).exit_code == 0
    before = (tmp_path / "out" / "results.json").read_bytes()
    assert call(*OPTIONS, "--seed", "2").exit_code == 2
    assert (tmp_path / "out" / "results.json").read_bytes() == before
    assert call(*OPTIONS, "--seed", "2", "--overwrite").exit_code == 0


def test_labels_are_never_replaced_by_predictions(call, tmp_path) -> None:
    (tmp_path / "mine.csv").rename(tmp_path / "predictions.csv")
    (tmp_path / "mine.csv").symlink_to("predictions.csv")
    done = call(*OPTIONS, "--output", str(tmp_path), "--overwrite")
    assert done.exit_code == 2 and "one of the inputs" in " ".join(done.output.split())
    assert (tmp_path / "predictions.csv").read_text() == TABLE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "no field 'text' or 'statement'; this row has quote, label, article"),
        (OPTIONS[:4], "no field 'target'"),
        ((*OPTIONS[:3], "lable", *OPTIONS[4:]), "no column 'lable'"),
        ((*OPTIONS, "--source-column", "quote"), "column 'quote' is named twice"),
        ((*OPTIONS, "--target-column", "article"), "leave out --target"),
    ],
)
def test_what_a_file_lacks_is_said(call, arguments, message) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.output
