"""The gate: unchanged labels pass, worse ones fail, and a new baseline is a deliberate command."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.paired_test import p_worse
from stance.config import load_yaml_dataclass
from stance.labels import Stance

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {"against": "Get out.", "favor": "Come in.", "neutral": "It rains."}
TONES = {"against": "negative", "favor": "positive", "neutral": "neutral"}


def labelled(count: int, name: str = "") -> list[dict[str, object]]:
    """Rows that the keyword classifier has right."""
    return [
        {
            "id": f"r{i}",
            "text": f"{TEXTS[stance]} {i} {name}",
            "target": "troops",
            "stance": stance,
            "sentiment": TONES[stance],
        }
        for i, stance in zip(range(count), list(TEXTS) * count, strict=False)
    ]


@pytest.fixture
def gate(tmp_path, write_jsonl, monkeypatch, keyword_classifier):
    """A function that runs a gate on two sets of 60 rows, and its classifier."""
    for name in ("one", "two"):
        write_jsonl(f"{name}.jsonl", labelled(60, name))
    config = tmp_path / "gate.yaml"
    config.write_text(
        "task: gate\nsets: [{name: one, path: one.jsonl}, {name: two, path: two.jsonl}]\n"
        "baseline: stored.csv\nresamples: 1000\n"
    )
    monkeypatch.setattr("stance.load", lambda name, **_: keyword_classifier, raising=False)

    def call(*arguments: str):
        return CliRunner().invoke(
            app, [str(config), "--output", str(tmp_path / "o"), *arguments], env={"COLUMNS": "200"}
        )

    return call, keyword_classifier


def worsen(classifier, rows: int) -> None:
    """Make it wrong on so many rows of each set, favor for against."""
    right = classifier.predict

    def predict(statements, *rest, **more):
        found = right(statements, *rest, **more)
        sided = [i for i, made in enumerate(found) if made.stance is Stance.FAVOR]
        for i in sided[:rows]:
            shares = dict(zip(map(str, Stance), (0.7, 0.15, 0.15), strict=True))
            found[i] = replace(found[i], stance=Stance.AGAINST, stance_probabilities=shares)
        return found

    classifier.predict = predict


def test_unchanged_labels_pass(gate) -> None:
    call, _ = gate
    first = call("--accept")
    assert first.exit_code == 0 and "Accepted" in first.output
    done = call()
    assert done.exit_code == 0, done.output
    assert "Nothing got worse" in done.output and "1.000" in done.output


def test_a_worse_classifier_fails_until_it_is_accepted(gate, tmp_path) -> None:
    call, classifier = gate
    call("--accept")
    worsen(classifier, 12)
    done = call("--errors", "3")
    assert done.exit_code == 1
    assert "Something got worse" in done.output
    assert "lost: one r1, troops: favor, now against" in done.output
    assert "and 21 more" in done.output
    changes = json.loads((tmp_path / "o" / "results.json").read_text())["changes"]
    worse = {change["name"] for change in changes if change["worse"]}
    assert worse == {"one: stance", "two: stance", "all sets: stance"}
    accepted = call("--accept")
    assert accepted.exit_code == 0 and "worse" in accepted.output
    assert call().exit_code == 0


def test_a_change_within_chance_and_a_better_classifier_pass(gate) -> None:
    call, classifier = gate
    good = classifier.predict
    worsen(classifier, 1)
    assert call("--accept").exit_code == 0
    worse = classifier.predict
    classifier.predict = good
    assert call().exit_code == 0
    assert call("--accept").exit_code == 0
    classifier.predict = worse
    assert call().exit_code == 0


def test_many_small_losses_are_seen_in_all_sets_together(gate, tmp_path) -> None:
    call, classifier = gate
    call("--accept")
    worsen(classifier, 6)
    assert call().exit_code == 1
    changes = json.loads((tmp_path / "o" / "results.json").read_text())["changes"]
    assert {change["name"] for change in changes if change["worse"]} == {"all sets: stance"}


def test_what_cannot_be_compared_is_an_error(gate, tmp_path, write_jsonl) -> None:
    call, classifier = gate
    absent = call()
    assert absent.exit_code == 2 and "--accept" in absent.stderr and "stored" in absent.stderr
    call("--accept")
    write_jsonl("two.jsonl", [*labelled(60, "two"), {**labelled(1)[0], "id": "new"}])
    other = call()
    assert other.exit_code == 2 and "is of other rows of two" in other.stderr
    assert call("--accept").exit_code == 0 and call().exit_code == 0
    classifier.sentiment = False
    assert "one: sentiment: predicted then and not now" in call().stderr
    classifier.sentiment = True
    path = tmp_path / "stored.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    path.write_text("\n".join(",".join(row) for row in rows[:-1]))
    assert "does not hold each row" in call().stderr
    rows[1][3] = "maybe"
    path.write_text("\n".join(",".join(row) for row in rows))
    assert "stored.csv, row 1: field 'stance'" in call().stderr
    assert call("--data", str(tmp_path)).exit_code == 2
    assert call("--rebuild").exit_code == 2


def test_accept_is_for_a_gate(tmp_path, write_jsonl) -> None:
    write_jsonl("mine.jsonl", labelled(3))
    config = tmp_path / "mine.yaml"
    config.write_text("sets: [{name: mine, path: mine.jsonl}]\n")
    done = CliRunner().invoke(app, [str(config), "--accept"])
    assert done.exit_code == 2 and "it is for a gate" in done.stderr


def test_the_test_holds_its_level_and_has_power() -> None:
    """Of systems that are as good as each other, few look worse; of a worse one, most do."""
    rng = np.random.default_rng(5)
    gold = rng.integers(0, 3, 200)
    articles = list(np.repeat(np.arange(50), 4))

    def labels(wrong: float) -> np.ndarray:
        return np.where(rng.random(200) < wrong, (gold + 1) % 3, gold)

    def share_below(worse: float) -> float:
        found = [
            p_worse(gold, labels(0.2), labels(worse), clusters=articles, resamples=200)
            for _ in range(60)
        ]
        return float(np.mean(np.array(found) < 0.05))

    assert share_below(0.2) <= 0.15
    assert share_below(0.4) >= 0.95


def test_rows_of_one_article_count_as_one() -> None:
    gold = np.zeros(40, np.int64)
    before, now = gold.copy(), gold.copy()
    now[:8] = 2
    alone = p_worse(gold, before, now, clusters=list(range(40)))
    together = p_worse(gold, before, now, clusters=[0] * 8 + list(range(1, 33)))
    assert alone == pytest.approx(1 / 256, abs=0.003)
    assert together == pytest.approx(0.5, abs=0.03)


def test_the_gate_of_the_checkout_has_its_baseline() -> None:
    from eval.gate import GateConfig
    from eval.sets import EvalConfig, load_sets

    path = ROOT / "configs" / "eval" / "gate.yaml"
    config = load_yaml_dataclass(path, GateConfig)
    sets, _ = load_sets(EvalConfig(sets=config.sets), path, [])
    with (path.parent / config.baseline).open(encoding="utf-8", newline="") as handle:
        stored = {(row["set"], row["id"], row["target"]) for row in csv.DictReader(handle)}
    assert stored == {(part.name, row.id, row.target) for part in sets for row in part.rows}
