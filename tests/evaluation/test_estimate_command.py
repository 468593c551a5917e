"""``stance estimate``: a scored table and labels of some rows give shares by group, or say why."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from stance.cli import app

LABELS = ("against", "neutral", "favor")
Rows = list[dict[str, object]]


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(dict.fromkeys(key for row in rows for key in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def corpus(rows: int = 1200, drawn: int = 300, seed: int = 0) -> tuple[Rows, Rows]:
    """A scored table in which favor is said too often, and labels of a random sample.

    Speaker A is in favor in half of the statements, speaker B in a fifth.
    """
    rng = np.random.default_rng(seed)
    scored: Rows = []
    gold = []
    for i in range(rows):
        speaker = "AB"[i % 2]
        share = 0.5 if speaker == "A" else 0.2
        label = int(rng.choice(3, p=(0.6 - share / 2, 0.4 - share / 2, share)))
        said = label if rng.random() < 0.7 else 2
        probabilities = np.full(3, 0.15)
        probabilities[said] = 0.7
        gold.append(LABELS[label])
        scored.append(
            {
                "document_id": f"article {rng.integers(0, 80)}",
                "date": f"2026-0{1 + i % 3}-11",
                "id": i,
                "speaker": speaker,
                "statement": f"words number {i}",
                "target": "a tax",
                "stance": LABELS[said],
                **{
                    f"stance_{name}": round(p, 4)
                    for name, p in zip(LABELS, probabilities, strict=True)
                },
                "error": "",
            }
        )
    chosen = rng.choice(rows, drawn, replace=False)
    return scored, [{"id": int(i), "target": "a tax", "stance": gold[i]} for i in chosen]


@pytest.fixture
def estimate(tmp_path: Path) -> Callable[..., tuple[int, str, dict[str, object]]]:
    """Run the command on rows; exit code, what was printed, and the results."""

    def run(scored: Rows, labels: Rows, *options: str) -> tuple[int, str, dict[str, object]]:
        files = [
            str(write(tmp_path / name, rows))
            for name, rows in (("scored.csv", scored), ("labels.csv", labels))
        ]
        folder = tmp_path / "out"
        done = CliRunner().invoke(app, ["estimate", *files, "-o", str(folder), *options])
        path = folder / "results.json"
        results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return done.exit_code, " ".join(done.output.split()), results

    return run


def group(results: dict[str, object], by: str = "", name: str = "all") -> dict[str, object]:
    return next(g for g in results["groups"] if (g["by"], g["group"]) == (by, name))  # type: ignore[attr-defined]


def test_the_correction_takes_the_bias_out(estimate, tmp_path) -> None:
    code, printed, results = estimate(*corpus(), "--by", "speaker", "--by", "month")
    assert code == 0, printed
    every = group(results)
    favor = every["classes"]["favor"]
    assert favor["naive"]["low"] > 0.45  # 35 % are in favor
    assert favor["corrected"]["low"] < 0.35 < favor["corrected"]["high"]
    width, alone = (favor[key]["high"] - favor[key]["low"] for key in ("corrected", "labelled"))
    assert width < alone and favor["gain"] > 1.1
    assert sum(c["corrected"]["value"] for c in every["classes"].values()) == pytest.approx(1)
    assert (every["labels"], every["statements"], results["unit"]) == (300, 1200, "document_id")
    assert [g["group"] for g in results["groups"] if g["by"] == "month"] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    (between,) = [d for d in results["differences"] if d["by"] == "speaker"]
    first = 1 if between["first"] == "A" else -1
    ends = [first * between["classes"]["favor"]["corrected"][key] for key in ("low", "high")]
    assert min(ends) < 0.3 < max(ends) and min(ends) > 0
    assert "300 labels as good as" in printed
    assert "PPI++" in printed and "drawn at random" in printed
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == len(results["groups"]) and "http" not in page.split("</style>")[1]
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "Angelopoulos" in page and "Angelopoulos" in text


@pytest.mark.parametrize("labels", [300, 1])
def test_a_report_begins_with_what_to_publish(labels: int, estimate, tmp_path) -> None:
    scored, drawn = corpus()
    code, printed, results = estimate(scored, drawn[:labels], "--by", "speaker")
    assert code == 0, printed
    favor = group(results)["classes"]["favor"]
    answer = "Too few labels to correct the predicted shares: "
    if labels > 1:
        shares = [100 * favor["corrected"][key] for key in ("value", "low", "high")]
        answer = "Corrected: favor {:.1f} % [{:.1f}, {:.1f}], ".format(*shares)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8").replace("\\", "")
    for report in (page.split("</style>")[1], text):
        head = report[: report.index(answer) + len(answer)]
        assert "Toward a tax" in head and "speaker" not in head and "with a label;" not in head
        assert f"favor {100 * favor['naive']['value']:.1f} %" in report


def test_known_probabilities_undo_an_uneven_draw(estimate) -> None:
    """Statements that are called favor are labelled three times as often as others."""
    scored, labels = corpus(2400, 2400)
    rng = np.random.default_rng(3)
    calls = {row["id"]: row["stance"] for row in scored}
    drawn: Rows = []
    for row in labels:
        chance = 0.3 if calls[row["id"]] == "favor" else 0.1
        if rng.random() < chance:
            drawn.append({**row, "sampling_probability": chance})
    code, printed, results = estimate(scored, drawn)
    assert code == 0 and results["design"] == "known" and "design-based" in printed
    corrected = group(results)["classes"]["favor"]["corrected"]
    assert corrected["low"] < 0.35 < corrected["high"]
    for row in drawn:
        del row["sampling_probability"]
    _, printed, results = estimate(scored, drawn, "--overwrite")
    assert "unlike those of all statements" in printed
    assert group(results)["classes"]["favor"]["labelled"]["low"] > 0.35


def test_equal_probabilities_need_not_be_told(estimate) -> None:
    scored, labels = corpus(400, 100)
    _, _, told = estimate(scored, [{**row, "sampling_probability": 0.25} for row in labels])
    _, _, not_told = estimate(scored, labels, "--overwrite")
    assert told["design"] == "equal" and told["groups"] == not_told["groups"]


def test_what_cannot_be_relied_on_is_said(estimate) -> None:
    scored, labels = corpus(400, 30)
    for row in scored:
        del row["document_id"]
    scored[0]["error"], scored[1]["stance"] = "row 1: empty", ""
    labels = [row for row in labels if row["id"] != 0]
    labels[0]["stance"] = ""
    code, printed, results = estimate(scored, labels, "--by", "speaker")
    assert code == 0, printed
    assert "1 rows that could not be scored are left out" in printed
    assert "1 rows of the sample have no label" in printed
    assert "taken as independent" in printed
    assert "fewer than were simulated" in printed
    assert (results["failed"], results["abstained"], results["empty"]) == (1, 1, 1)
    one = [row for row in scored if row["id"] in {labels[1]["id"], 1, 3, 5}]
    code, printed, results = estimate(one, labels[1:2], "--overwrite")
    assert code == 0 and "too few to correct anything" in printed
    assert group(results)["classes"]["favor"]["corrected"] is None
    assert "too few labels for an estimate" in str(results["methods"])


@pytest.mark.parametrize(
    ("form", "warned"), [("wilson", False), ("normal", True), ("bootstrap", True)]
)
def test_the_form_of_the_interval_is_warned_of_where_it_falls_short(form, warned, estimate) -> None:
    scored, labels = corpus(1200, 220)  # from 80 articles
    code, printed, _ = estimate(scored, labels, "--interval", form)
    assert code == 0
    assert ("in a simulation with 200 labels from 40 clusters" in printed) is warned


def test_predictions_that_tell_nothing(estimate) -> None:
    scored, labels = corpus(1200, 300)
    rng = np.random.default_rng(1)
    for row in scored:
        row["stance"] = str(rng.choice(LABELS))
        for name in LABELS:
            del row[f"stance_{name}"]
    code, printed, results = estimate(scored, labels)
    assert code == 0
    assert "the predictions add nothing to the labels" in printed
    assert "has no probabilities" in printed
    for row in scored:
        row["stance"] = "neutral"
    _, printed, results = estimate(scored, labels, "--overwrite")
    assert "Every statement has the same prediction" in printed
    assert group(results)["power"] == 0


def test_each_target_is_counted_apart_and_small_groups_together(estimate) -> None:
    scored, labels = corpus(600, 200)
    for row in scored:
        row["target"] = "a tax" if int(str(row["id"])) < 300 else "a fee"
        row["speaker"] = f"person {int(str(row['id'])) % 40}" if row["speaker"] == "A" else "B"
    targets = {row["id"]: row["target"] for row in scored}
    for row in labels:
        row["target"] = targets[row["id"]]
    code, printed, results = estimate(scored, labels, "--by", "speaker", "--smallest", "10")
    assert code == 0, printed
    assert [g["target"] for g in results["groups"] if not g["by"]] == ["a tax", "a fee"]
    names = [g["group"] for g in results["groups"] if g["by"] and g["target"] == "a tax"]
    assert names == ["B", "20 groups of fewer than 10"]
    code, _, results = estimate(scored, labels, "--by", "target", "--overwrite")
    (between,) = results["differences"]
    assert code == 0 and (between["first"], between["second"]) == ("a tax", "a fee")
    one, other = (group(results, "target", name) for name in ("a tax", "a fee"))
    apart = [side["classes"]["favor"]["corrected"]["value"] for side in (one, other)]
    found = between["classes"]["favor"]["corrected"]
    assert found["value"] == pytest.approx(apart[0] - apart[1], abs=1e-5)
    assert found["low"] < found["value"] < found["high"]


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda s, x: x[0].update(id=9999), (), "row 1: .* has no scored row '9999'"),
        (lambda s, x: x[0].update(stance="maybe"), (), "row 1: field 'stance': unknown stance"),
        (lambda s, x: x.append(dict(x[0])), (), "row 31: the statement is labelled in row 1 alr"),
        (lambda s, x: x[2].update(statement="others"), (), "row 3: '.*' is another statement"),
        (lambda s, x: x[1].update(sampling_probability=0.5), (), "given in some rows and missing"),
        (lambda s, x: x[1].update(sampling_probability=1.5), (), r"is 1.5: not in \(0, 1\]"),
        (lambda s, x: [r.update(stance="") for r in x], (), "no row has a label"),
        (lambda s, x: [r.pop("stance") for r in x], (), "no column 'stance' with the labels"),
        (lambda s, x: s[3].update(id=2), (), "row 4: '2' is already used for this target in row 3"),
        (lambda s, x: s[3].update(stance_favor=0.9), (), "row 4: stance_against, .* sum to 1"),
        (lambda s, x: [r.pop("stance") for r in s], (), "has no column 'stance'; it has"),
        (lambda s, x: None, ("--by", "month2"), "no column 'month2' to group by"),
        (lambda s, x: None, ("--cluster", "paper"), "no column 'paper' for the clusters"),
        (lambda s, x: None, ("--by", "speaker", "--reference", "C"), "no group is called 'C'"),
        (lambda s, x: None, ("--level", "95"), "level is 95.0: give a number between 0 and 1"),
        (lambda s, x: None, ("--id-column", "key"), "no column 'key' for id"),
    ],
)
def test_bad_input_is_named(estimate, change, options, message) -> None:
    scored, labels = corpus(100, 30)
    labels = [{**row, "statement": f"words number {row['id']}"} for row in labels]
    change(scored, labels)
    code, printed, results = estimate(scored, labels, *options)
    assert code == 2 and not results
    assert re.search(message, printed), printed


def test_labels_are_found_by_their_words_where_they_have_no_id(estimate) -> None:
    scored, labels = corpus(200, 60)
    worded = [{"statement": f"words number {r['id']}", "stance": r["stance"]} for r in labels]
    code, _, results = estimate(scored, worded)
    assert code == 0 and results["labels"] == 60
    scored[int(str(labels[0]["id"]))]["statement"] = "other"
    code, printed, _ = estimate(scored, worded, "--overwrite")
    assert code == 2 and "row 1: no row of" in printed


def test_another_run_is_not_overwritten(estimate) -> None:
    assert estimate(*corpus(200, 60))[0] == 0
    code, printed, _ = estimate(*corpus(200, 61))
    assert code == 2 and "holds another run" in printed
    assert estimate(*corpus(200, 61), "--overwrite")[0] == 0
