"""Samples to label: exact probabilities in every design, dealt to coders, written for them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import DataError
from stance.evaluation.sampling import (
    deal,
    draw_sample,
    inclusion,
    labels_needed,
    share_out,
)
from stance.evaluation.scored import ScoredStatement, ScoredTable
from stance.labels import Stance

STANCES = list(Stance)


def table(rows: int = 300, seed: int = 0, name: str = "scored.csv") -> ScoredTable:
    rng = np.random.default_rng(seed)
    made = []
    for i in range(rows):
        chances = rng.dirichlet((1, 3, 1))
        made.append(
            ScoredStatement(
                id=str(i),
                statement=f"words {i}",
                target="a tax",
                stance=STANCES[int(chances.argmax())],
                probabilities=tuple(chances),
                cells={"speaker": "ABC"[i % 3], "document_id": f"a{i % 40}"},
            )
        )
    return ScoredTable(Path(name), tuple(made), 0, True, ("speaker", "document_id"))


def draws(design: str, times: int, size: int, **options: object) -> tuple[np.ndarray, np.ndarray]:
    """How often each of 300 statements was drawn, and with what stated probability."""
    found, stated = np.zeros(300), np.full(300, np.nan)
    scored = table()
    other = table(seed=1, name="other.csv") if design == "disagreement" else None
    for seed in range(times):
        sample = draw_sample(scored, size, design=design, other=other, seed=seed, **options)
        assert len({item.position for item in sample}) == size
        for item in sample:
            found[item.position] += 1
            assert np.isnan(stated[item.position]) or stated[item.position] == item.probability
            stated[item.position] = item.probability
    return found, stated


@pytest.mark.parametrize(
    ("design", "options"),
    [
        ("random", {}),
        ("stratified", {}),
        ("stratified", {"by": ("speaker",)}),
        ("uncertain", {}),
        ("disagreement", {}),
    ],
)
def test_statements_are_drawn_as_often_as_is_stated(design, options) -> None:
    found, stated = draws(design, 400, 60, **options)
    stated = np.nan_to_num(stated, nan=found.mean() / 400)
    error = np.sqrt(stated * (1 - stated) / 400) + 1e-9
    assert (np.abs(found / 400 - stated) < 5 * error + 0.01).all()
    assert stated.sum() == pytest.approx(60, abs=0.5)
    assert stated.min() > 0.03  # no statement is out of reach


def test_what_is_unsure_or_disputed_is_drawn_more_often() -> None:
    rows = table().rows
    sure = np.array([max(row.probabilities) for row in rows])
    _, stated = draws("uncertain", 60, 60)
    drawn = ~np.isnan(stated)
    assert np.corrcoef(sure[drawn], stated[drawn])[0, 1] < -0.8
    apart = [
        sum(abs(a - b) for a, b in zip(x.probabilities, y.probabilities, strict=True))
        for x, y in zip(rows, table(seed=1).rows, strict=True)
    ]
    _, stated = draws("disagreement", 60, 60)
    drawn = ~np.isnan(stated)
    assert np.corrcoef(np.array(apart)[drawn], stated[drawn])[0, 1] > 0.99


@pytest.mark.parametrize(
    ("size", "limits", "expected"),
    [
        (9, [10, 10, 10], [3, 3, 3]),
        (10, [2, 10, 10], [2, 4, 4]),
        (11, [2, 10, 20], [2, 4, 5]),
        (100, [1, 2, 3], [1, 2, 3]),
        (0, [4], [0]),
    ],
)
def test_sizes_of_strata(size, limits, expected) -> None:
    assert share_out(size, limits) == expected


def test_probabilities_stay_below_one_and_sum_to_the_size() -> None:
    weights = np.array([100.0, 50.0, 1.0, 1.0, 1.0, 0.0])
    chances = inclusion(weights, 4)
    assert chances.sum() == pytest.approx(4) and chances.max() == 1.0 and chances.min() > 0
    assert inclusion(np.zeros(4), 2) == pytest.approx([0.5] * 4)
    assert inclusion(weights, 6) == pytest.approx([1.0] * 6)


def test_how_many_labels_are_needed() -> None:
    """±10 points at 50 % take 96 labels, as every textbook says."""
    even = [ScoredStatement(str(i), "w", "t", None, (0.5, 0.5, 0.0), {}) for i in range(5000)]
    needed = labels_needed(even, 0.1)
    assert needed.alone == 97 and needed.corrected == 97  # such predictions tell nothing
    sure = [
        ScoredStatement(str(i), "w", "t", None, (float(i % 2), 1.0 - i % 2, 0.0), {})
        for i in range(5000)
    ]
    assert labels_needed(sure, 0.1).corrected == 2
    assert labels_needed(even, 0.1, articles=200).alone == 97
    # 20 articles, correlation 0.1: n = 96.04 * (1 + (n / 20 - 1) * 0.1)
    wanted = labels_needed(even, 0.1, articles=20).alone
    assert wanted is not None
    assert wanted == pytest.approx(96.04 * (1 + (wanted / 20 - 1) * 0.1), rel=0.02)
    assert labels_needed(even, 0.1, articles=9).alone is None
    with pytest.raises(DataError, match="half width is 5"):
        labels_needed(even, 5)


def test_coders_share_some_and_split_the_rest() -> None:
    drawn = draw_sample(table(), 50)
    dealt = deal(drawn, ["ana", "ben", "cho"], 8)
    sets = {name: {item.position for item in mine} for name, mine in dealt.items()}
    assert set.intersection(*sets.values()) == {item.position for item in drawn[:8]}
    assert set.union(*sets.values()) == {item.position for item in drawn}
    assert sorted(len(mine) for mine in dealt.values()) == [22, 22, 22]
    assert [item.position for item in dealt["ana"][:8]] != [item.position for item in drawn[:8]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": 0}, "0 statements cannot be drawn"),
        ({"size": 301}, "301 statements cannot be drawn: scored.csv has 300"),
        ({"design": "best"}, "use one of random"),
        ({"by": ("speaker",)}, "groups are for a stratified draw"),
        ({"design": "stratified", "by": ("paper",)}, "no column 'paper' to draw by"),
        ({"design": "stratified", "size": 2}, "too few for 3 strata"),
        ({"design": "disagreement"}, "go together"),
        ({"other": table(20, name="b.csv")}, "go together"),
        ({"design": "disagreement", "other": table(20, name="b.csv")}, "b.csv has no row '20'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, message) -> None:
    with pytest.raises(DataError, match=message):
        draw_sample(table(), **{"size": 10, **change})


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    path = tmp_path / "scored.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(
            ["document_id", "number", "speaker", "context", "statement", "target", "stance"]
            + [f"stance_{label}" for label in Stance]
        )
        for i, row in enumerate(table().rows):
            words = ["=1+1 is no sum", "🙂 = smile", f"words {i}"][min(i, 2)]
            cells = [f"a{i % 40}", i // 40 + 1, "Ana", "", words, row.target, row.stance]
            writer.writerow([*cells, *row.probabilities])
    return path


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["sample", *map(str, words)])
    return done.exit_code, " ".join(done.output.split())


def test_a_sheet_to_fill_in_hides_the_prediction(scored: Path, tmp_path: Path) -> None:
    out = tmp_path / "sample.csv"
    code, printed = run(scored, "-o", out, "-n", "300")
    assert code == 0, printed
    rows = list(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert list(rows[0]) == [
        *("id", "group", "context", "speaker", "statement", "target", "sampling_probability"),
        "stance",
    ]
    assert len(rows) == 300 and {row["stance"] for row in rows} == {""}
    assert rows[0]["id"].count(":") == 1 and rows[0]["group"] == rows[0]["id"].split(":")[0]
    assert run(scored, "-o", out, "-n", "30")[0] == 2  # it exists
    # The filled sheet is found again, also where a spreadsheet would have run a cell.
    for row in rows:
        row["stance"] = "favor"
    with out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = CliRunner().invoke(app, ["estimate", str(scored), str(out)])
    assert done.exit_code == 0, done.output
    assert "Every statement has a label" in " ".join(done.output.split())


def test_several_coders_and_label_studio(scored: Path, tmp_path: Path) -> None:
    out = tmp_path / "tasks.json"
    options = ("--coder", "ana", "--coder", "ben", "--overlap", "10", "--design", "uncertain")
    code, printed = run(scored, "-o", out, "-n", "40", *options)
    assert code == 0, printed
    tasks = json.loads((tmp_path / "tasks.ana.json").read_text(encoding="utf-8"))
    assert len(tasks) == 25 and not out.exists()
    assert {task["data"]["coder"] for task in tasks} == {"ana"}
    assert all(0 < task["data"]["sampling_probability"] <= 1 for task in tasks)
    assert not any("stance" in key for task in tasks for key in task["data"])
    assert "<Choices" in (tmp_path / "tasks.ben.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("mine", ["tasks.ben.json", "tasks.ana.xml"])
def test_of_the_files_for_coders_all_are_written_or_none(
    scored: Path, tmp_path: Path, mine: str
) -> None:
    (tmp_path / mine).write_text("mine", encoding="utf-8")
    before = {path.name for path in tmp_path.iterdir()}
    options = ("--coder", "ana", "--coder", "ben", "-n", "40")
    code, printed = run(scored, "-o", tmp_path / "tasks.json", *options)
    assert code == 2 and "exists" in printed
    assert {path.name for path in tmp_path.iterdir()} == before
    assert (tmp_path / mine).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kind", ["itself", "symbolic link", "hard link"])
def test_the_scored_table_is_never_the_output(scored: Path, kind: str) -> None:
    output = scored if kind == "itself" else scored.with_name("other.csv")
    if kind == "symbolic link":
        output.symlink_to(scored)
    elif kind == "hard link":
        output.hardlink_to(scored)
    before = scored.read_bytes()
    code, printed = run(scored, "-o", output, "-n", "30", "--overwrite")
    assert code == 2 and "one of the inputs" in printed
    assert scored.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "give --size and -o to draw a sample"),
        (("-n", "10"), "give --size and -o together"),
        (("-n", "10", "-o", "s.xlsx"), "end it in .csv"),
        (("-n", "10", "-o", "s.csv", "--coder", "a/b"), "cannot be part of a file's name"),
        (("-n", "10", "-o", "s.csv", "--coder", "a", "--coder", "a"), "one name"),
        (
            ("-n", "10", "-o", "s.csv", "--coder", "a", "--coder", "b", "--overlap", "11"),
            "an overlap of 11 cannot be had",
        ),
        (("--half-width", "5"), "half width is 5"),
        (("--half-width", "nan"), "half width is nan"),
        (("--half-width", "1e-300"), "half width is 1e-300"),
        (("--half-width", "0.00002"), "give a share from 0.0001"),
    ],
)
def test_bad_options_are_named(scored, options, message, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, printed = run(scored, *options)
    assert code == 2 and message in printed
    assert [path.name for path in tmp_path.iterdir()] == ["scored.csv"]


def test_a_plan_needs_no_draw(scored: Path) -> None:
    code, printed = run(scored, "--half-width", "0.1")
    assert code == 0
    assert "a tax: ±10 percentage points need about" in printed and "with the correction" in printed
