"""Perturbed inputs: when a case counts and passes, and what is stored of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.errors import ConfigError, DataError
from stance.evaluation.tasks.behaviour.cases import Variant
from stance.evaluation.tasks.behaviour.perturbation_run import (
    PerturbationSettings,
    evaluate_perturbations,
    rebuild_perturbations,
)
from stance.evaluation.tasks.behaviour.perturbations import Outcome, Perturbation, Place
from stance.labels import Stance

A, N, F = Stance.AGAINST, Stance.NEUTRAL, Stance.FAVOR
SECRET = "Zinnober"


def _place(article: str, gold: Stance = A) -> Place:
    return Place(article, 10, 40, 1, gold)


@pytest.mark.parametrize(
    ("capability", "gold", "before", "after", "counted", "passed"),
    [
        ("target reworded", A, F, F, True, True),
        ("target reworded", A, A, N, True, False),
        ("speaker swapped", N, N, N, True, True),
        ("speaker swapped", N, N, F, True, False),
        ("target opposed", A, A, F, True, True),
        ("target opposed", F, F, A, True, True),
        ("target opposed", F, F, N, True, False),
        ("target opposed", F, F, F, True, False),
        ("target opposed", F, N, A, False, False),
        ("target opposed", F, A, F, False, True),
        ("target opposed", N, N, N, False, False),
        ("target unrelated", A, None, N, True, True),
        ("target unrelated", A, None, A, True, False),
    ],
)
def test_when_a_case_counts_and_passes(capability, gold, before, after, counted, passed) -> None:
    outcome = Outcome(capability, "any", _place("a", gold), before, after)
    assert (outcome.counted, outcome.passed) == (counted, passed)


def _cases() -> list[Perturbation]:
    """The answer of the fake classifier is told by "out" and "come" in the text."""

    def said(words: str) -> Variant:
        return Variant(f"{words} {SECRET}", f"{SECRET} troops", f"{SECRET} all around", SECRET)

    return [
        Perturbation("target reworded", "plural", _place("one"), said("Out"), said("Go out")),
        Perturbation("target reworded", "article", _place("two"), said("Out"), said("Rain")),
        Perturbation("target opposed", "ending", _place("one"), said("Out"), said("Come")),
        Perturbation("target opposed", "ending", _place("two", F), said("Out"), said("Come")),
        Perturbation("target unrelated", "other", _place("one"), None, said("Rain")),
    ]


def _run(tmp_path: Path, classifier, **settings):
    data = tmp_path / "news.jsonl"
    data.write_text("{}\n")
    options = PerturbationSettings(bootstrap=50, **settings)
    folder = tmp_path / "out"
    return folder, evaluate_perturbations(
        options, _cases(), [data], classifier, folder, name="news_behaviour", requested="fake"
    )


def test_shares_bars_and_parts(tmp_path, keyword_classifier) -> None:
    _, results = _run(tmp_path, keyword_classifier, bars={"target reworded": 0.92})
    # Each different input is predicted once.
    assert keyword_classifier.calls == [4]
    reworded, opposed, swapped, unrelated = results.capabilities
    assert (reworded.made, reworded.counted, reworded.bar) == (2, 2, 0.92)
    assert reworded.passed is not None and reworded.passed.value == 0.5
    assert (reworded.passed.clusters, reworded.passed.unit) == (2, "article")
    assert [(p.part, p.counted, p.passed.value) for p in reworded.parts] == [
        ("plural", 1, 1.0),
        ("article", 1, 0.0),
        ("gold favor or against", 2, 0.5),
    ]
    # The second was wrong before: it is made, but does not count.
    assert (opposed.made, opposed.counted) == (2, 1)
    assert opposed.passed is not None and opposed.passed.value == 1.0
    assert (swapped.made, swapped.passed, swapped.bar) == (0, None, None)
    assert unrelated.passed is not None and unrelated.passed.value == 1.0


def test_no_word_of_the_data_is_stored_and_the_report_is_rebuilt(
    tmp_path, keyword_classifier
) -> None:
    folder, results = _run(tmp_path, keyword_classifier)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"predictions.csv", "results.json", "report.md", "report.html"}
    assert not any(SECRET.encode() in content for content in before.values())
    assert rebuild_perturbations(folder).capabilities == results.capabilities
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_damaged_answers_are_named(tmp_path, keyword_classifier) -> None:
    folder, _ = _run(tmp_path, keyword_classifier)
    path = folder / "predictions.csv"
    path.write_text(path.read_text().replace("target opposed,ending,one,10", "target,ending,one,x"))
    with pytest.raises(DataError, match="row 3: a cell is damaged"):
        rebuild_perturbations(folder)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bars": {"target": 0.9}}, "no 'target': use target reworded"),
        ({"bars": {"target reworded": 92}}, "bars: target reworded"),
        ({"cases": 0}, "cases is 0"),
        ({"level": 1.0}, "level is 1.0"),
    ],
)
def test_settings_out_of_range(settings, message) -> None:
    with pytest.raises(ConfigError, match=message):
        PerturbationSettings(**settings)
