"""Files of corrections: what is read, and what is refused with its line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation import read_labelled
from stance.labels import Stance
from stance.tables import read_corrections
from stance.training import read_pairs

SPAN = {"text": "we go 🛶", "start": 4, "end": 11}
ROW: dict[str, object] = {
    "correction": 1,
    "id": "a:4-11",
    "article": "a",
    "text": "we go 🛶",
    "context": "Ada: “[...]”",
    "speaker": "Ada",
    "target": "the trip",
    "stance": "favor",
    "spans": [SPAN],
    "start": 4,
    "end": 11,
    "statement": True,
    "spans_judged": True,
    "speaker_judged": False,
    "found": {"spans": [SPAN], "speaker": "Ida", "stance": None},
}
UNJUDGED = {"target": None, "stance": None}


def test_a_file_is_read_as_it_was_written(write_jsonl) -> None:
    rows = [ROW, {**ROW, **UNJUDGED, "id": "a:20-27", "statement": False}]
    found = read_corrections(write_jsonl("c.jsonl", rows))
    assert [item.to_record() for item in found] == rows
    assert found[0].misfit("Ada: we go 🛶, she said") is not None
    assert found[0].misfit("Ada:we go 🛶, she said") is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"correction": 2}, "correction: correction is 2"),
        ({"stanse": "favor"}, "unknown key 'stanse'; did you mean 'stance'"),
        ({"stance": "pro"}, "stance is 'pro'"),
        ({"target": None}, "give stance and target together"),
        ({"statement": False}, "a stance is given of words that are no statement"),
        ({**UNJUDGED, "spans_judged": False}, "the correction judges nothing"),
        ({"start": 3}, r"start and end are 3, 11: the spans have \(4, 11\)"),
        ({"spans": []}, "needs at least one span"),
        ({"spans": [{**SPAN, "end": 12}]}, r"span \[4, 12\) does not fit its text"),
        ({"found": {"speaker": "Ida"}}, "missing key 'spans'"),
        ({"text": " "}, "text is empty"),
    ],
)
def test_a_bad_line_is_named(changed: dict[str, object], message: str, write_jsonl) -> None:
    path = write_jsonl("c.jsonl", [ROW, {**ROW, "id": "b", **changed}])
    with pytest.raises(DataError, match=rf"c\.jsonl, line 2: .*{message}"):
        read_corrections(path)


def test_two_words_on_one_matter_are_refused(write_jsonl, tmp_path: Path) -> None:
    path = write_jsonl("c.jsonl", [ROW, {**ROW, "target": "a boat"}, ROW])
    with pytest.raises(DataError, match=r"line 3: a:4-11 is corrected in line 1 already"):
        read_corrections(path)
    with pytest.raises(DataError, match="holds no correction"):
        read_corrections(write_jsonl("none.jsonl", []))
    with pytest.raises(DataError, match="cannot read"):
        read_corrections(tmp_path / "absent.jsonl")


def test_evaluation_and_training_read_the_stances(write_jsonl, caplog) -> None:
    rows = [
        ROW,
        {**ROW, **UNJUDGED, "id": "a:20-27"},
        {**ROW, **UNJUDGED, "id": "a:30-37", "statement": False},
        {**ROW, "target": "a boat", "stance": "against", "speaker": None},
    ]
    path = write_jsonl("c.jsonl", rows)
    (trip, boat) = read_labelled(path)
    assert (trip.id, trip.text, trip.target, trip.stance) == (
        "a:4-11",
        "we go 🛶",
        "the trip",
        Stance.FAVOR,
    )
    assert (trip.speaker, trip.context, trip.group) == ("Ada", "Ada: “[...]”", "a")
    assert (trip.start, trip.end, boat.stance, boat.speaker) == (4, 11, Stance.AGAINST, None)
    assert [(pair.target, pair.stance, pair.group) for pair in read_pairs(path)] == [
        ("the trip", Stance.FAVOR, "a"),
        ("a boat", Stance.AGAINST, "a"),
    ]
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2 and all("2 corrections judge no stance" in line for line in told)
