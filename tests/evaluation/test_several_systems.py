"""``stance evaluate`` with several systems: checkpoints, stored predictions, human coders."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import DataError
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.stored_answers import check_name, read_answers
from stance.labels import Stance

# (id, statement, stance, article); the keyword classifier errs on the last two.
ROWS = (
    ("a", "Get out, now.", "con", "one"),
    ("b", "Come in.", "pro", "one"),
    ("c", "It rains.", "none", "two"),
    ("d", "They left.", "none", "two"),
    ("e", "Out with you.", "con", "three"),
    ("f", "Do come.", "pro", "three"),
    ("g", "Nobody knows.", "none", "four"),
    ("h", "Out they go.", "con", "four"),
    ("i", "Please come.", "pro", "five"),
    ("j", "Tea is served.", "none", "five"),
    ("k", "Out of milk.", "none", "six"),
    ("l", "Go home.", "con", "six"),
)
LABELLED = tuple(LabelledRow(i, text, "troops", None) for i, text, _, _ in ROWS)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    lines = [
        f'{i},"{text}",{label},{article},2016-0{n % 2 + 1}-11,troops'
        for n, (i, text, label, article) in enumerate(ROWS)
    ]
    path.write_text("id,statement,stance,article,date,target\n" + "\n".join(lines) + "\n")
    return path


@pytest.fixture
def call(tmp_path, monkeypatch, keyword_classifier, mine):
    asked = []

    def load(name, **options):
        asked.append((name, options.get("kind")))
        return keyword_classifier

    monkeypatch.setattr("stance.load", load, raising=False)

    def run(*arguments: str):
        command = ["evaluate", str(mine), "-o", str(tmp_path / "out"), *arguments]
        return CliRunner().invoke(app, command)

    run.asked = asked
    return run


def coder(path: Path, labels: str) -> Path:
    rows = [f"{i},{label}" for (i, *_), label in zip(ROWS, labels.split(), strict=False)]
    path.write_text("id,stance\n" + "\n".join(rows) + "\n")
    return path


ALL = "con pro none none con pro none con pro none none con"


def test_systems_stand_side_by_side(call, tmp_path) -> None:
    ana = coder(tmp_path / "ana.csv", ALL)
    ben = coder(tmp_path / "ben.csv", "con pro none none")
    words = ["--checkpoint", "one=small", "--checkpoint", "two=sequence-classification:x/y"]
    words += ["--predictions", f"ana={ana}", "--predictions", f"ben={ben}", "--zero-shot", "x/nli"]
    done = call(*words)
    assert done.exit_code == 0, done.output
    assert call.asked == [("small", None), ("x/y", "sequence-classification"), ("x/nli", "nli")]
    assert "ana: the label 'con' was read as against (4 rows)" in done.output
    assert "the label 'pro' was read as favor (3 rows)" in done.output
    (part,) = json.loads((tmp_path / "out" / "results.json").read_text())["sets"]
    systems = {item["system"]: item for item in part["stance"]["systems"]}
    assert list(systems) == ["one", "two", "zero-shot nli", "ana", "ben"]
    assert systems["ana"]["measures"]["accuracy"]["value"] == 1.0
    assert systems["ana"]["measures"]["Brier score"] is None
    assert systems["ben"]["n"] == 4
    assert systems["one"]["measures"] == systems["two"]["measures"]
    assert len(part["stance"]["comparisons"]) == 10
    same = part["stance"]["comparisons"][0]
    assert (same["first"], same["second"], same["p"]) == ("one", "two", 1.0)
    assert part["errors"][0]["others"]["ana"] == "neutral"
    report = (tmp_path / "out" / "report.html").read_text()
    assert "zero-shot nli" in report and "ana says neutral" in report


def test_a_report_is_rebuilt_byte_for_byte(call, tmp_path) -> None:
    from stance.evaluation import rebuild_report

    ana = coder(tmp_path / "ana.csv", ALL)
    assert call("--predictions", f"ana={ana}", "--checkpoint", "small").exit_code == 0
    out = tmp_path / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    for name in ("report.html", "report.md"):
        (out / name).unlink()
    rebuild_report(out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_stored_predictions_need_no_checkpoint(call, tmp_path) -> None:
    done = call("--predictions", f"ana={coder(tmp_path / 'ana.csv', ALL)}")
    assert done.exit_code == 0, done.output
    assert call.asked == []
    assert "ana has 12 of 12 right: macro F1 1.000" in " ".join(done.output.split())
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["run"]["checkpoint"] is None
    assert results["sets"][0]["stance"]["overall"]["calibration"] is None
    assert results["sets"][0]["stance"]["conformal"] is None


def test_baselines_are_cross_validated_by_article(call, tmp_path) -> None:
    assert call().exit_code == 0
    with (tmp_path / "out" / "predictions.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    for name in ("tfidf-cv", "statement-cv", "target-cv", "vader"):
        assert all(row[f"stance_by_{name}"] in list(Stance) for row in rows)
    # The target is one: its words tell nothing but the most frequent label of other articles.
    assert len({row["stance_by_target-cv"] for row in rows}) <= 2


def test_slices_of_own_columns(call, tmp_path) -> None:
    done = call("--slice-column", "article")
    assert done.exit_code == 0, done.output
    slices = json.loads((tmp_path / "out" / "results.json").read_text())["slices"]
    found = {(item["by"], item["value"]): item["n"] for item in slices}
    assert found["month", "2016-01"] == found["month", "2016-02"] == 6
    assert found["article", "one"] == 2
    assert not [by for by, _ in found if by in ("target", "length", "context")]  # all are alike
    assert call("--slice-column", "artcle", "--overwrite").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--predictions", "ana"), "give NAME=FILE"),
        (("--predictions", "=x=ana.csv"), "no name of a system"),
        (("--checkpoint", "small", "--checkpoint", "base"), "two systems have one name"),
        (("--label", "pro"), "give NAME=LABEL"),
        (("--predictions", "ben=ben.csv"), "the first system must answer every row"),
        (("--predictions", "eve=eve.csv"), "none of the labelled rows"),
    ],
)
def test_what_cannot_be_compared_is_said(call, tmp_path, monkeypatch, arguments, message) -> None:
    monkeypatch.chdir(tmp_path)
    coder(tmp_path / "ben.csv", "con pro")
    (tmp_path / "eve.csv").write_text("id,stance\nx,pro\n")
    done = call(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())


def test_without_a_file_the_way_out_is_told() -> None:
    done = CliRunner().invoke(app, ["evaluate"])
    assert done.exit_code == 2
    assert "stance evaluate labels.csv -o FOLDER" in " ".join(done.stderr.split())


def test_tables_of_stance_score_are_found_by_their_words(tmp_path) -> None:
    path = tmp_path / "scored.csv"
    path.write_text(
        "statement,target,stance,stance_against,stance_neutral,stance_favor,abstained\n"
        '"Get out, now.",troops,against,0.7,0.2,0.1,False\n'
        "Come in.,troops,,0.2,0.4,0.4,True\n"
        "It rains.,other,favor,0,0,1,False\n"
    )
    found = read_answers("s", path).answers(LABELLED)
    assert found.keys() == {0, 1}
    assert found[0].stance is Stance.AGAINST
    assert found[0].probabilities == pytest.approx((0.7, 0.2, 0.1))
    assert found[1].stance is Stance.NEUTRAL  # it abstained


def test_one_coder_of_label_studio(tmp_path) -> None:
    said = {name: text for name, text, *_ in ROWS}

    def task(name: str, **labels: str) -> dict[str, object]:
        return {
            "data": {"id": name, "statement": said[name], "target": "troops"},
            "annotations": [
                {
                    "completed_by": {"email": who},
                    "result": [
                        {"from_name": "stance", "type": "choices", "value": {"choices": [label]}}
                    ],
                }
                for who, label in labels.items()
            ],
        }

    path = tmp_path / "export.json"
    path.write_text(json.dumps([task("a", ana="favor", ben="against"), task("b", ana="neutral")]))
    found = read_answers("ana", path).answers(LABELLED)
    assert [found[at].stance for at in sorted(found)] == ["favor", "neutral"]
    with pytest.raises(DataError, match="has the labels of ana, ben"):
        read_answers("eve", path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,label\na,pro\n", "predictions need 'stance'"),
        ("id,stance\na,perhaps\n", "row 1: field 'stance': unknown stance label 'perhaps'"),
        ("id,stance\na,pro\na,con\n", "row 2: 'a' has another prediction"),
        ("statement,stance\nx,pro\nx,con\n", "row 2: the same statement has another"),
        ("id,stance,p_against,p_neutral,p_favor\na,pro,0.9,0.9,0\n", "sum to 1"),
        ("id,stance,p_against,p_neutral,p_favor\na,pro,0.9,,0\n", "'p_neutral' is no number"),
        ("id,stance\n", "no rows"),
    ],
)
def test_bad_predictions_are_named(tmp_path, text: str, message: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        read_answers("other", path)


@pytest.mark.parametrize("name", ["", " ", "=1+1", "-x", "a\tb"])
def test_names_fit_a_table(name: str) -> None:
    with pytest.raises(DataError, match="no name of a system"):
        check_name(name)


def test_ids_of_another_file_give_way_to_the_words(tmp_path) -> None:
    """Rows that are numbered from 0 in one file and from 1 in the other."""
    rows = [LabelledRow(str(n), text, "troops", None) for n, (_, text, *_) in enumerate(ROWS, 1)]
    stored = tmp_path / "stored.csv"
    lines = [f'{n},"{text}",{label}' for n, (_, text, label, _) in enumerate(ROWS)]
    stored.write_text("id,statement,stance\n" + "\n".join(lines) + "\n")
    found = read_answers("ana", stored).answers(rows)
    expected = {"con": Stance.AGAINST, "pro": Stance.FAVOR, "none": Stance.NEUTRAL}
    assert [found[at].stance for at in range(len(ROWS))] == [expected[row[2]] for row in ROWS]
    again = [LabelledRow(row.id, f"Other words {n}", "troops", None) for n, row in enumerate(rows)]
    with pytest.raises(DataError, match=r"calls other statements by the ids .* \(11 of 11\)"):
        read_answers("ana", stored).answers(again)


@pytest.mark.parametrize(
    ("edit", "edited"), [(str.upper, 12), ("  “{}”".format, 12), ("{} [sic]".format, 6)]
)
def test_retyped_statements_keep_their_ids(tmp_path, edit, edited) -> None:
    stored = tmp_path / "stored.csv"
    lines = [
        f'{i},"{edit(text) if n < edited else text}",{label}'
        for n, (i, text, label, _) in enumerate(ROWS)
    ]
    stored.write_text("id,statement,stance\n" + "\n".join(lines) + "\n")
    assert len(read_answers("ana", stored).answers(LABELLED)) == len(ROWS)
