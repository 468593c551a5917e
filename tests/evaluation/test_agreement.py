"""Agreement of coders: measures as other libraries give them, disputes, labels that follow."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import DataError
from stance.evaluation.agreement import (
    CodedStatement,
    adjudicate,
    alpha_of_coincidences,
    measure_agreement,
    read_coded,
)
from stance.labels import Stance

A, N, F = Stance.AGAINST, Stance.NEUTRAL, Stance.FAVOR
NAMES = {A: "against", N: "neutral", F: "favor"}


def coded(*columns: str, coders: str = "xyz") -> list[CodedStatement]:
    """Statements from one string a coder: a, n, f, or - where it has no label."""
    kinds = {"a": A, "n": N, "f": F}
    return [
        CodedStatement(
            str(i),
            "t",
            {coder: kinds[m] for coder, m in zip(coders, marks, strict=False) if m != "-"},
            {"id": str(i), "statement": f"words {i}"},
        )
        for i, marks in enumerate(zip(*columns, strict=True))
    ]


def test_alpha_by_hand() -> None:
    """Ten pairs, of which eight agree: n = 20, and 2 * 8 of 20 * 19 pairs would differ by chance.

    Coincidences: a-a 8, f-f 8, a-f 2 and f-a 2; margins 10 and 10. Observed 4 of 20, expected
    2 * 10 * 10 / 19 of 20: alpha = 1 - 4 / (200 / 19) = 0.62.
    """
    found = measure_agreement(coded("aaaaafffff", "aaaafffffa"))
    assert found.alpha is not None and found.alpha.value == pytest.approx(0.62)
    assert found.alpha.low < 0.62 < found.alpha.high <= 1
    (pair,) = found.pairs
    # 80 % the same where 50 % would be by chance.
    assert pair.kappa is not None and pair.kappa.value == pytest.approx(0.6)
    assert (pair.same, pair.opposed, found.disputed) == (0.8, 2, 2)


@pytest.mark.parametrize("seed", range(5))
def test_measures_of_other_libraries(seed: int) -> None:
    """Alpha with gaps against a computation from its definition; kappa against two libraries."""
    from sklearn.metrics import cohen_kappa_score

    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, 80)
    marks = [
        "".join("anf-"[3 if rng.random() < 0.2 else t if rng.random() < 0.7 else rng.integers(3)]
        for t in truth)
        for _ in range(3)
    ]  # fmt: skip
    items = coded(*marks)
    found = measure_agreement(items)
    assert found.alpha is not None
    assert found.alpha.value == pytest.approx(alpha_from_pairs(items), abs=1e-12)
    for pair in found.pairs:
        both = [i for i in items if pair.first in i.labels and pair.second in i.labels]
        one, other = ([i.labels[c].value for i in both] for c in (pair.first, pair.second))
        assert pair.kappa is not None
        assert pair.kappa.value == pytest.approx(cohen_kappa_score(one, other), abs=1e-12)
        counts, _ = inter_rater.to_table(
            np.array([[list(NAMES.values()).index(x) for x in side] for side in (one, other)]).T,
            bins=np.arange(-0.5, 3),
        )
        theirs = inter_rater.cohens_kappa(counts)
        assert pair.kappa.value == pytest.approx(theirs.kappa, abs=1e-12)
        # Its interval is the asymptotic one; ours is drawn.
        assert pair.kappa.low == pytest.approx(theirs.kappa_low, abs=0.06)
        assert pair.kappa.high == pytest.approx(theirs.kappa_upp, abs=0.06)


def alpha_from_pairs(items: list[CodedStatement]) -> float:
    """Krippendorff's definition, pair by pair of labels."""
    units = [list(item.labels.values()) for item in items if len(item.labels) > 1]
    values = [label for unit in units for label in unit]
    observed = sum(
        sum(one is not other for i, one in enumerate(unit) for other in unit[i + 1 :])
        * 2
        / (len(unit) - 1)
        for unit in units
    ) / len(values)
    n = len(values)
    expected = sum(one is not other for one in values for other in values) / (n * (n - 1))
    return 1 - observed / expected


def test_edges_are_defined_or_said_not_to_be() -> None:
    perfect = measure_agreement(coded("anfanf", "anfanf"))
    assert perfect.alpha is not None and perfect.alpha.value == 1.0
    constant = measure_agreement(coded("aaaa", "aaaa"))
    assert constant.alpha is None and constant.pairs[0].kappa is None
    assert np.isnan(alpha_of_coincidences(np.zeros((1, 9)))).all()
    with pytest.raises(DataError, match="no statement was labelled by two coders"):
        measure_agreement(coded("aa--", "--ff"))
    against_chance = measure_agreement(coded("afafafafaf", "fafafafafa"))
    assert against_chance.alpha is not None and against_chance.alpha.value < 0


def test_labels_that_follow() -> None:
    items = coded("aaf-an", "aaa-an", "afn-f-")
    rows = adjudicate(items)
    assert [row["stance"] for row in rows] == [A, None, None, None, None, N]
    assert rows[1]["dispute"] == "x: against; y: against; z: favor" and rows[0]["dispute"] is None
    assert rows[1]["stance_z"] is F
    assert [r["stance"] for r in adjudicate(items, majority=True)] == [A, A, None, None, A, N]
    decided = [CodedStatement("2", "t", {"judge": N}, {}), CodedStatement("3", "t", {}, {})]
    assert [r["stance"] for r in adjudicate(items, decided)][1:4] == [None, N, None]
    with pytest.raises(DataError, match="about '99'"):
        adjudicate(items, [CodedStatement("99", "t", {"judge": N}, {})])


def sheet(path: Path, labels: dict[str, str], **more: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["id", "statement", "target", "sampling_probability", *more, "stance"])
        for name, label in labels.items():
            writer.writerow([name, f"words {name}", "a tax", "0.25", *more.values(), label])
    return path


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["agree", *map(str, words)])
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.parametrize("name", ["ana", "ben", "settled"])
def test_labels_are_never_the_output(tmp_path: Path, name: str) -> None:
    ana, ben, settled = (
        sheet(tmp_path / f"{who}.csv", {"1": label})
        for who, label in (("ana", "favor"), ("ben", "against"), ("settled", "favor"))
    )
    output = tmp_path / f"{name}.csv"
    before = output.read_bytes()
    code, printed = run(ana, ben, "--decisions", settled, "-o", output, "--overwrite")
    assert code == 2 and "one of the inputs" in printed
    assert output.read_bytes() == before


def test_files_of_two_coders_become_one(tmp_path: Path) -> None:
    ana = sheet(tmp_path / "ana.csv", {"1": "favor", "2": "pro", "3": "against", "4": ""})
    tasks = [
        {
            "data": {"id": name, "statement": f"words {name}", "target": "a tax"},
            "annotations": [
                {
                    "completed_by": {"id": 7, "email": "ben"},
                    "was_cancelled": label is None,
                    "result": []
                    if label is None
                    else [
                        {
                            "from_name": "stance",
                            "to_name": "statement",
                            "type": "choices",
                            "value": {"choices": [label]},
                        }
                    ],
                }
            ],
        }
        for name, label in (("1", "favor"), ("2", "against"), ("3", None), ("5", "neutral"))
    ]
    ben = tmp_path / "export.json"
    ben.write_text(json.dumps(tasks), encoding="utf-8")
    out = tmp_path / "gold.csv"
    code, printed = run(ana, ben, "-o", out)
    assert code == 0, printed
    assert "5 statements, 2 labelled by two or more, 1 of them disputed" in printed
    assert "ana: 2 favor, 0 neutral, 1 against" in printed
    assert "2, toward 'a tax': ana favor, ben against: words 2" in printed
    assert "1 favor to one and against to the other" in printed
    rows = {row["id"]: row for row in csv.DictReader(out.open(encoding="utf-8"))}
    assert {name: row["stance"] for name, row in rows.items()} == {
        **{"1": "favor", "2": "", "3": "against", "4": "", "5": "neutral"},
    }
    assert rows["1"]["sampling_probability"] == "0.25"
    decisions = sheet(tmp_path / "judge.csv", {"2": "neutral"})
    code, _ = run(ana, ben, "-o", out, "--decisions", decisions, "--overwrite")
    rows = {row["id"]: row for row in csv.DictReader(out.open(encoding="utf-8"))}
    assert code == 0 and rows["2"]["stance"] == "neutral"


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ({"1": "favor"}, {"1": "perhaps"}, "row 1: field 'stance': unknown stance label"),
        ({"1": "favor"}, {"2": "favor"}, "no statement was labelled by two coders"),
    ],
)
def test_bad_files_are_named(tmp_path, first, second, message) -> None:
    files = [sheet(tmp_path / f"{n}.csv", labels) for n, labels in enumerate((first, second))]
    code, printed = run(*files)
    assert code == 2 and message in printed


def test_one_coder_cannot_label_twice_nor_other_words(tmp_path: Path) -> None:
    one = sheet(tmp_path / "one.csv", {"1": "favor"}, coder="ana")
    two = sheet(tmp_path / "two.csv", {"1": "against"}, coder="ana")
    with pytest.raises(DataError, match=r"'ana' labelled '1' in .*one\.csv, row 1 already"):
        read_coded([one, two])
    two.write_text("id,statement,target,stance\n1,others,a tax,favor\n", encoding="utf-8")
    with pytest.raises(DataError, match="are these the same statements"):
        read_coded([one, two])
    two.write_text("id,statement,target\n1,words 1,a tax\n", encoding="utf-8")
    with pytest.raises(DataError, match="no field 'stance' with the label"):
        read_coded([one, two])
