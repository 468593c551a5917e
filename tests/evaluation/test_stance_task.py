"""Predicting labelled sets: what is stored of a row, and how the context counts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.errors import ConfigError, DataError
from stance.evaluation.labelled_sets import LabelledRow, LabelledSet
from stance.evaluation.predictions import ScoredRow, read_predictions
from stance.evaluation.report import rebuild_report
from stance.evaluation.result_files import read_results
from stance.evaluation.results import StanceResults
from stance.evaluation.run_facts import ScoringSettings
from stance.evaluation.scoring import score_rows
from stance.evaluation.tasks.answers import predict_set
from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance
from stance.labels import Abstention, Sentiment, Stance
from stance.model.calibration import softmax

ROWS = (
    LabelledRow("a", "It will not happen.", "troops", Stance.AGAINST, context="Out with them?"),
    LabelledRow("b", "It will happen.", "troops", Stance.FAVOR, context="Dropped: come in?"),
    LabelledRow("c", "Get out.", "troops", Stance.AGAINST, Sentiment.NEGATIVE, context="He said"),
    LabelledRow("d", "Come in.", "troops", Stance.FAVOR, Sentiment.POSITIVE),
    LabelledRow("e", "It rains.", "troops", Stance.NEUTRAL, context="Out came the sun."),
)


@pytest.fixture
def part(tmp_path) -> LabelledSet:
    file = tmp_path / "mine.jsonl"
    file.write_text("{}\n")
    return LabelledSet("mine", ROWS, file)


@pytest.fixture
def dropping(keyword_classifier):
    """A classifier that has no room for the context of row b."""
    keyword_classifier.drops = {"Dropped: come in?"}
    return keyword_classifier


def test_only_rows_whose_context_was_read_are_judged_without_it(dropping, part) -> None:
    scored = predict_set(part, dropping)
    assert dropping.calls == [5, 3]
    assert [row.used_context for row in scored] == [True, False, True, False, True]
    assert [row.bare_stance for row in scored] == ["neutral", None, "against", None, "neutral"]
    (found,) = score_rows(scored, ScoringSettings(bootstrap=20))
    context = found.context
    assert context is not None
    assert (context.n, context.changed, context.changed_to_right) == (3, 2, 1)
    assert (context.changed_to_wrong, context.neutral, context.neutral_moved) == (1, 1, 1)


def test_temperatures_are_undone_by_what_the_model_read(dropping, part) -> None:
    scored = predict_set(part, dropping)
    temperatures = np.array([3.0, 2.0, 3.0, 2.0, 3.0])
    settings = ScoringSettings(bootstrap=20, stance_temperature=2.0, context_temperature=3.0)
    (found,) = score_rows(scored, settings)
    assert found.stance is not None
    calibration = found.stance.overall.calibration
    assert calibration.temperatures == (2.0, 3.0)
    logits = np.log([row.stance_probabilities for row in scored]) * temperatures[:, None]
    gold = np.eye(3)[[list(Stance).index(row.stance) for row in ROWS if row.stance]]
    brier = np.mean(np.sum((softmax(logits) - gold) ** 2, axis=1))
    assert calibration.brier_before == pytest.approx(brier, abs=1e-6)


def test_what_the_model_read_is_stored_and_read_again(dropping, part, tmp_path) -> None:
    folder = tmp_path / "out"
    settings = StanceSettings(bootstrap=20)
    evaluate_stance(settings, [part], dropping, folder, name="mine", requested="x/fake")
    scored = read_predictions(folder / "predictions.csv")
    assert scored == predict_set(part, dropping)
    assert [row.used_context for row in scored] == [True, False, True, False, True]


def test_results_survive_their_file_and_are_rebuilt_byte_for_byte(dropping, part, tmp_path) -> None:
    folder = tmp_path / "out"
    made = evaluate_stance(StanceSettings(), [part], dropping, folder, name="m", requested="fake")
    stored = read_results(folder, StanceResults)
    assert stored.run == made.run
    assert stored.sets[0].errors == made.sets[0].errors
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rebuild_report(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def _row(name: str, gold: Stance, found: Stance, confidence: float) -> ScoredRow:
    rest = (1 - confidence) / 2
    shares = tuple(confidence if label is found else rest for label in Stance)
    return ScoredRow("mine", LabelledRow(name, name, "troops", gold), found, shares)


def test_opposite_sides_come_first_among_the_errors_and_are_counted() -> None:
    favor, neutral, against = Stance.FAVOR, Stance.NEUTRAL, Stance.AGAINST
    rows = [
        _row("right", favor, favor, 0.9),
        _row("false side", neutral, favor, 0.8),
        _row("unsure flip", favor, against, 0.4),
        _row("missed", against, neutral, 0.95),
        _row("sure flip", against, favor, 0.7),
        _row("right neutral", neutral, neutral, 0.5),
    ]
    (found,) = score_rows(rows, ScoringSettings(bootstrap=20))
    assert [m.id for m in found.errors] == ["sure flip", "unsure flip", "missed", "false side"]
    stance = found.stance
    assert stance is not None
    assert (stance.wrong_sides, stance.sided) == (2, 4)
    assert (stance.false_sides, stance.neutral) == (1, 2)


def test_sets_may_also_be_scored_together(dropping, part, tmp_path) -> None:
    other = replace(part, name="other", rows=(ROWS[3], replace(ROWS[4], target="rain")))
    folder = tmp_path / "out"
    settings = StanceSettings(bootstrap=20, pooled=True)
    made = evaluate_stance(settings, [part, other], dropping, folder, name="m", requested="fake")
    assert [(found.set, found.n) for found in made.parts] == [
        ("mine", 5),
        ("other", 2),
        ("all sets", 7),
    ]
    assert made.pooled is not None and made.pooled.stance is not None
    right = sum(found.n - found.n_errors for found in made.sets)
    assert made.pooled.stance.overall.accuracy.value == pytest.approx(right / 7)
    assert "| all sets | 7 |" in (folder / "report.md").read_text(encoding="utf-8")
    before = (folder / "report.html").read_bytes()
    rebuild_report(folder)
    assert (folder / "report.html").read_bytes() == before


@pytest.mark.parametrize("keep", [1, 3, 4])
def test_a_cut_predictions_file_is_not_rebuilt(dropping, part, tmp_path, keep) -> None:
    folder = tmp_path / "out"
    evaluate_stance(
        StanceSettings(bootstrap=20), [part], dropping, folder, name="m", requested="fake"
    )
    path = folder / "predictions.csv"
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join(lines[: 1 + keep]) + b"\r\n")
    before = (folder / "results.json").read_bytes()
    with pytest.raises(DataError, match=f"holds {keep} rows, but the run in results.json stored 5"):
        rebuild_report(folder)
    assert (folder / "results.json").read_bytes() == before


def test_sets_have_names_of_their_own(dropping, part, tmp_path) -> None:
    for sets in ([], [part, part]):
        with pytest.raises(DataError, match="each with a name of its own"):
            evaluate_stance(StanceSettings(), sets, dropping, tmp_path / "out")
    made = evaluate_stance(StanceSettings(bootstrap=20), [part], dropping, tmp_path / "out")
    assert (made.run.name, made.run.requested) == ("mine", "fake")


def test_a_checkpoint_that_reads_no_context(dropping, part, tmp_path) -> None:
    dropping.info = replace(dropping.info, reads_context=False)
    results = evaluate_stance(
        StanceSettings(bootstrap=20),
        [part],
        dropping,
        tmp_path / "out",
        name="mine",
        requested="fake",
    )
    assert "reads no context" in results.run.not_run["with and without context"]
    assert results.sets[0].context is None


def test_the_path_of_a_checkpoint_is_not_stored(dropping, part, tmp_path) -> None:
    dropping.info = replace(dropping.info, name="/home/ana/adapters/mine")
    folder = tmp_path / "out"
    settings = StanceSettings(bootstrap=20)
    evaluate_stance(settings, [part], dropping, folder, name="m", requested="/home/ana/mine")
    run = json.loads((folder / "results.json").read_text())["run"]
    assert (run["checkpoint"]["name"], run["requested"]) == ("mine", "mine")
    assert "/home/ana" not in "".join(p.read_text() for p in Path(folder).iterdir())


def test_another_number_of_predictions_is_an_error(dropping, part) -> None:
    whole = dropping.predict
    dropping.predict = lambda *args, **options: whole(*args, **options)[:-1]
    with pytest.raises(DataError, match="4 predictions for 5 rows"):
        predict_set(part, dropping)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bootstrap": 0}, "must be 1 or more"),
        ({"batch_size": 0}, "must be 1 or more"),
        ({"level": 1.0}, "level is 1.0"),
        ({"coverage": 0.0}, "coverage is 0.0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_settings_out_of_range(options, message) -> None:
    with pytest.raises(ConfigError, match=message):
        StanceSettings(**options)


def test_an_abstention_counts_as_neutral_and_is_counted(keyword_classifier, part, tmp_path) -> None:
    whole = keyword_classifier.predict

    def abstaining(*args, **options):
        found = whole(*args, **options)
        return [
            replace(p, stance=None, abstained_because=Abstention.UNSURE)
            if p.stance == "favor"
            else p
            for p in found
        ]

    keyword_classifier.predict = abstaining
    scored = predict_set(part, keyword_classifier)
    # "Come in." and what its context makes a favor are abstentions now.
    assert [row.stance for row in scored] == ["against", "neutral", "against", "neutral", "against"]
    assert [row.abstained for row in scored] == [False, True, False, True, False]
    (found,) = score_rows(scored, ScoringSettings(bootstrap=20))
    assert found.abstained == 2
    assert found.stance is not None
    assert found.stance.overall.accuracy.value == pytest.approx(2 / 5)
    folder = tmp_path / "out"
    evaluate_stance(StanceSettings(bootstrap=20), [part], keyword_classifier, folder)
    assert read_predictions(folder / "predictions.csv") == scored
    assert "2 abstentions" in (folder / "report.md").read_text(encoding="utf-8")


def test_slices_are_scored_over_all_sets_and_stored(keyword_classifier, part, tmp_path) -> None:
    def sliced(row: LabelledRow, outlet: str, kind: str) -> LabelledRow:
        return replace(row, slices={"outlet": outlet, "kind": kind})

    first = [sliced(ROWS[0], "Gazette", "direct"), sliced(ROWS[2], "Gazette", "mixed")]
    second = [sliced(ROWS[3], "Post", "direct"), sliced(ROWS[4], "Gazette", "direct"), ROWS[1]]
    sets = [replace(part, rows=tuple(first)), replace(part, name="other", rows=tuple(second))]
    folder = tmp_path / "out"
    made = evaluate_stance(StanceSettings(bootstrap=20), sets, keyword_classifier, folder)
    assert [(s.by, s.value, s.n) for s in made.slices] == [
        ("outlet", "Gazette", 3),
        ("outlet", "Post", 1),
        ("kind", "direct", 3),
        ("kind", "mixed", 1),
    ]
    gazette = made.slices[0]
    # Right: "Get out." and, by its context, "It will not happen."; wrong: rain called against.
    assert gazette.accuracy == pytest.approx(2 / 3)
    assert (gazette.wrong_sides, gazette.sided) == (0, 2)
    assert (gazette.false_sides, gazette.neutral) == (1, 1)
    assert gazette.neutral_f1 == pytest.approx(0.25)  # 0 for against, 0.5 for neutral
    assert gazette.without_context is not None
    assert gazette.without_context.value == pytest.approx(2 / 3)  # both classes 0.667
    assert made.slices[1].without_context is None
    before = (folder / "report.html").read_bytes()
    assert b"outlet: Gazette" in before
    rebuild_report(folder)
    assert (folder / "report.html").read_bytes() == before


def test_always_neutral_is_a_baseline_where_neutral_occurs(keyword_classifier, part) -> None:
    (found,) = score_rows(predict_set(part, keyword_classifier), ScoringSettings(bootstrap=20))
    assert found.stance is not None
    baseline = found.stance.overall.baselines["neutral"]
    assert baseline.accuracy == pytest.approx(1 / 5)
    assert baseline.macro_f1.value == pytest.approx((0 + 1 / 3 + 0) / 3)


def test_coverage_of_the_sets_is_given_by_class(keyword_classifier, part) -> None:
    settings = ScoringSettings(bootstrap=20, coverage=0.9, set_thresholds=(0.5, 0.5, 0.5))
    rows = predict_set(part, keyword_classifier)
    (found,) = score_rows(rows, settings)
    assert found.stance is not None
    sets = found.stance.conformal
    assert sets is not None
    # At .5 a set holds the answer alone: sides are right, the neutral row is not.
    assert {label: share.value for label, share in sets.classes.items()} == {
        "against": 1.0,
        "neutral": 0.0,
        "favor": 1.0,
    }
    assert (sets.observed.value, sets.mean_size) == (pytest.approx(4 / 5), 1.0)
    # Neutral in every set and favor in none.
    (found,) = score_rows(rows, replace(settings, set_thresholds=(0.5, 0.0, 1.0)))
    assert found.stance is not None and found.stance.conformal is not None
    classes = found.stance.conformal.classes
    assert [classes[name].value for name in ("against", "neutral", "favor")] == [1.0, 1.0, 0.0]


def test_coverage_stands_in_the_report_also_of_all_sets_together(
    keyword_classifier, part, tmp_path
) -> None:
    settings = StanceSettings(bootstrap=20, coverage=0.8, pooled=True)
    folder = tmp_path / "out"
    results = evaluate_stance(settings, [part], keyword_classifier, folder)
    assert results.pooled is not None and results.pooled.stance is not None
    held = results.pooled.stance.conformal
    assert held is not None
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert f"| all sets | 0.800 | {held.observed.value:.3f} [" in text
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<h2>Prediction sets</h2>" in page
