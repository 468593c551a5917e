"""What becomes of each statement, its counts, and the stored offsets."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from stance.errors import DataError
from stance.evaluation import (
    Attributed,
    AttributionSettings,
    MarkedArticle,
    MarkedSpeaker,
    System,
    evaluate_attribution,
    rebuild_attribution,
)
from stance.evaluation.tasks.attribution.listing import list_errors
from stance.evaluation.tasks.attribution.measures import precision
from stance.evaluation.tasks.attribution.outcomes import (
    calibration_error,
    judge,
    modality_confusion,
    outcome_counts,
)
from stance.evaluation.tasks.attribution.scores import summarise

TEXT = "Ada Obi said the old stone bridge was closed for good. Ivo Lund denied that it was sold."
PEOPLE = (MarkedSpeaker("Ada Obi", "person"), MarkedSpeaker("Ivo Lund", "person"))


def _at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def _said(words: str, *speakers: str, **fields: object) -> Attributed:
    return Attributed((_at(words),), speakers=speakers, **fields)  # type: ignore[arg-type]


BRIDGE = _said("the old stone bridge was closed for good", "Ada Obi", modality="asserted")
SALE = _said("that it was sold", "Ivo Lund", modality="denied")


def _fates(gold: list[Attributed], found: list[Attributed]) -> list[str]:
    return [o.fate for o in judge(MarkedArticle("a", TEXT, tuple(gold), PEOPLE), found)]


def test_a_match_needs_half_of_the_shorter_and_a_third_of_the_longer() -> None:
    assert _fates([BRIDGE], [_said("closed for good")]) == ["found"]
    assert _fates([BRIDGE], [_said("for good")]) == ["missed", "false"]
    assert _fates([BRIDGE], [Attributed((_at("for good. Ivo Lund denied"),))]) == [
        "missed",
        "false",
    ]


def test_matching_is_one_to_one() -> None:
    halves = [_said("the old stone bridge"), _said("was closed for good")]
    assert sorted(_fates([BRIDGE], halves)) == ["false", "found"]
    assert sorted(_fates(halves, [BRIDGE])) == ["found", "missed"]


def test_optional_gold_counts_neither_as_found_nor_as_false() -> None:
    maybe = Attributed(BRIDGE.content, speakers=("Ada Obi",), optional=True)
    pieces = [_said("the old stone bridge"), _said("for good")]
    assert _fates([maybe, SALE], [SALE]) == ["aside", "found"]
    assert _fates([maybe, SALE], [*pieces, SALE]) == ["aside", "aside", "found"]
    counts = outcome_counts(judge(MarkedArticle("a", TEXT, (maybe, SALE), PEOPLE), [SALE, *pieces]))
    assert counts["statements, F1"] == (1, 1, 1)


def test_required_gold_is_matched_before_optional() -> None:
    maybe = _said("old stone bridge was closed for good", optional=True)
    assert sorted(_fates([maybe, BRIDGE], [Attributed(maybe.content)])) == ["aside", "found"]


def _counts(*found: Attributed) -> dict[str, tuple[float, ...]]:
    return outcome_counts(judge(MarkedArticle("a", TEXT, (BRIDGE, SALE), PEOPLE), found))


def test_speakers_are_judged_on_the_statements_found() -> None:
    wrong = Attributed(SALE.content, speakers=("Ada Obi",), confidence=0.95)
    counts = _counts(Attributed(BRIDGE.content, speakers=("Obi",), confidence=0.8), wrong)
    assert counts["speaker right, of the statements found"] == (1, 2)
    assert counts["speaker wrong above a confidence of .9, of the statements found"] == (1, 2)
    assert counts["speaker wrong above a confidence of .9, of those above it"] == (1, 1)
    one = _counts(Attributed(BRIDGE.content, speakers=("Obi",), confidence=0.8))
    assert one["speaker right, of the statements found"] == (1, 1)


def test_calibration_error_leaves_out_statements_without_a_speaker() -> None:
    named = Attributed(BRIDGE.content, speakers=("Ada Obi",), confidence=0.8)
    counts = _counts(named, Attributed(SALE.content))[
        "ECE of the speaker's confidence, where one is given"
    ]
    assert float(calibration_error(np.array(counts))) == pytest.approx(0.2)


def test_scores_of_several_articles_are_of_their_sums() -> None:
    scores = summarise([_counts(BRIDGE), _counts(BRIDGE, SALE)], resamples=20, seed=1)
    assert scores["statements, recall"].value == pytest.approx(3 / 4)
    assert scores["statements, F1"].value == pytest.approx(6 / 7)
    assert scores["statements, precision"].unit == "article"
    assert float(precision(np.array([0.0, 0.0]))) == 0.0


def test_modality_table() -> None:
    found = [BRIDGE, Attributed(SALE.content, modality="asserted")]
    table = modality_confusion(judge(MarkedArticle("a", TEXT, (BRIDGE, SALE), PEOPLE), found))
    assert table is not None
    assert table[0] == (1, 0, 0, 0, 0, 0) and table[2] == (1, 0, 0, 0, 0, 0)
    missed = modality_confusion(judge(MarkedArticle("a", TEXT, (BRIDGE, SALE), PEOPLE), [BRIDGE]))
    assert missed is not None and missed[2] == (0, 0, 0, 0, 0, 1)


ROW = {
    "id": "art-1",
    "text": TEXT,
    "speakers": [{"name": person.name, "kind": person.kind} for person in PEOPLE],
    "attributions": [
        {"content": [list(_at("the old stone bridge was closed for good"))], "speaker": "Ada Obi"},
        {"content": [list(_at("that it was sold"))], "speaker": "Ivo Lund"},
    ],
}


def _run(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "world.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def extract(text: str) -> list[Attributed]:
        wrong = Attributed(BRIDGE.content, speakers=("Ivo Lund",), confidence=0.95)
        return [wrong, _said("for good")] if text == TEXT else []

    settings = AttributionSettings(bootstrap=20)
    evaluate_attribution(settings, {"ours": System(extract)}, [path], folder / "out", name="who")
    return path


def test_files_of_a_run_hold_offsets_and_no_text(tmp_path: Path) -> None:
    path = _run(tmp_path, ROW)
    folder = tmp_path / "out"
    rows = list(csv.DictReader((folder / "predictions.csv").open(encoding="utf-8", newline="")))
    assert [(row["article"], row["fate"], row["speaker_right"]) for row in rows] == [
        ("art-1", "found", "0"),
        ("art-1", "false", ""),
        ("art-1", "missed", ""),
    ]
    assert rows[0]["content"] == rows[0]["gold_content"] == "{}-{}".format(*BRIDGE.content[0])
    assert rows[0]["speaker"] == "{}-{}".format(*_at("Ivo Lund"))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    for content in before.values():
        assert b"bridge" not in content and b"Lund" not in content
    rebuild_attribution(folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    listed = list_errors(folder, [path], 10)
    assert len(listed) == 3
    assert "wrong speaker" in listed[0] and "the old stone bridge was closed" in listed[0]
    assert "speaker in gold: Ada Obi" in listed[0] and "found: Ivo Lund (0.95" in listed[0]
    assert "missed" in listed[2] and "that it was sold" in listed[2]
    assert list_errors(folder, [path], 1) == listed[:1]


def test_errors_of_other_data_are_refused(tmp_path: Path) -> None:
    path = _run(tmp_path, ROW)
    path.write_text(json.dumps({**ROW, "id": "art-2"}) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="article art-1 of the run is not in file world"):
        list_errors(tmp_path / "out", [path], 5)


def test_a_file_names_canonical_speakers_throughout_or_not_at_all(tmp_path: Path) -> None:
    bare = {"id": "art-2", "text": TEXT, "attributions": []}
    with pytest.raises(DataError, match="world: some articles list their 'speakers'"):
        _run(tmp_path, ROW, bare)
