"""Behavioural cases: their schema and their runner."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from stance.errors import DataError, LabelError
from stance.evaluation.tasks.behaviour.cases import Case, CaseResult, Variant, load_cases
from stance.evaluation.tasks.behaviour.run import run_cases, score_capabilities

VARIANT: dict[str, object] = {"text": "Go.", "target": "troops", "context": None, "speaker": None}
MINIMUM: dict[str, object] = {
    "id": "n-1",
    "capability": "negation",
    "kind": "minimum_functionality",
    "expected": "against",
    **VARIANT,
}
TWO = [VARIANT, {**VARIANT, "text": "Stay."}]
INVARIANCE: dict[str, object] = {
    "id": "n-2",
    "capability": "negation",
    "kind": "invariance",
    "note": "capitals",
    "variants": [VARIANT, {**VARIANT, "text": "GO."}],
}
DIRECTION: dict[str, object] = {
    "id": "n-3",
    "capability": "negation",
    "kind": "direction",
    "variants": [
        {**VARIANT, "expected": "against"},
        {**VARIANT, "text": "Stay.", "expected": "favor"},
    ],
}


def write(folder: Path, *rows: object, name: str = "negation.jsonl") -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def without(row: dict[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != key}


def test_results_tell_wrong_from_moved(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, MINIMUM, INVARIANCE, DIRECTION))

    def predict(
        texts: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str],
        speakers: Sequence[str | None],
    ) -> list[str]:
        assert set(targets) == {"troops"}
        assert set(contexts) == {""}
        assert set(speakers) == {None}
        return ["favor" if text == "GO." else "against" for text in texts]

    minimum, invariance, direction = run_cases(cases, predict)
    assert not minimum.failed
    assert (invariance.failed, invariance.moved, invariance.wrong) == (True, True, False)
    assert (direction.failed, direction.moved, direction.wrong) == (True, False, True)
    (rate,) = score_capabilities([minimum, invariance, direction])
    assert (rate.cases, rate.failures, rate.moved) == (3, 2, 1)
    assert rate.rate == pytest.approx(2 / 3)
    assert "GO." in rate.failed[0]
    assert "[expected: favor]" in rate.failed[1]


def test_a_steady_wrong_answer_fails_where_a_stance_is_expected(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, {**INVARIANCE, "expected": "favor"}))
    (result,) = run_cases(cases, lambda texts, *_: ["neutral"] * len(texts))
    assert result.failed
    assert not result.moved


def test_context_and_speaker_are_passed_and_shown(tmp_path: Path) -> None:
    row = {**MINIMUM, "context": "They asked about troops.", "speaker": "the mayor"}
    seen: list[tuple[str, str | None]] = []

    def predict(
        texts: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str],
        speakers: Sequence[str | None],
    ) -> list[str]:
        seen.extend(zip(contexts, speakers, strict=True))
        return ["oppose"] * len(texts)

    (result,) = run_cases(load_cases(write(tmp_path, row)), predict)
    assert seen == [("They asked about troops.", "the mayor")]
    assert not result.failed
    assert "[speaker: the mayor]" in result.text
    assert "[context: They asked about troops.]" in result.text


def test_predict_is_held_to_its_contract(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, MINIMUM))
    with pytest.raises(DataError, match="0 labels for 1"):
        run_cases(cases, lambda *_: [])
    with pytest.raises(LabelError, match="perhaps"):
        run_cases(cases, lambda *_: ["perhaps"])
    assert run_cases([], lambda *_: ["favor"]) == []
    assert score_capabilities([]) == ()


def test_results_need_one_stance_a_variant() -> None:
    case = Case("x", "negation", "minimum_functionality", (Variant("a", "b"),))
    with pytest.raises(ValueError, match="zip"):
        _ = CaseResult(case, ()).wrong


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{not json", "not valid JSON"),
        ([1, 2], "expected a JSON object, got list"),
        ({**MINIMUM, "kind": "fuzz"}, "'kind' is 'fuzz'"),
        ({**MINIMUM, "kind": ["invariance"]}, "'kind' is"),
        (without(MINIMUM, "kind"), "'kind' is None"),
        (without(MINIMUM, "expected"), "missing expected"),
        (without(MINIMUM, "context"), "missing context"),
        ({**MINIMUM, "colour": 1}, "unknown key colour"),
        ({**MINIMUM, "text": "  "}, "'text' must be a text"),
        ({**MINIMUM, "id": 7}, "'id' must be a text"),
        ({**MINIMUM, "speaker": ""}, "'speaker' must be a text"),
        ({**MINIMUM, "expected": "con"}, "'expected' is 'con'"),
        ({**MINIMUM, "capability": 4}, "'capability' must be a text"),
        ({**MINIMUM, "capability": "typos"}, "in the file of 'negation'"),
        (without(INVARIANCE, "note"), "missing note"),
        ({**INVARIANCE, "variants": [VARIANT]}, "2 to 4 objects"),
        ({**INVARIANCE, "variants": "both"}, "2 to 4 objects"),
        ({**INVARIANCE, "variants": [VARIANT, VARIANT]}, "two variants are the same"),
        ({**INVARIANCE, "variants": [VARIANT, "GO."]}, "variant 2: expected a JSON object"),
        ({**INVARIANCE, "variants": DIRECTION["variants"]}, "variant 1: unknown key expected"),
        ({**DIRECTION, "variants": INVARIANCE["variants"]}, "variant 1: missing expected"),
        ({**DIRECTION, "expected": "favor"}, "unknown key expected"),
        (
            {
                **DIRECTION,
                "variants": [
                    {**VARIANT, "expected": "favor"},
                    {**VARIANT, "text": "Stay.", "expected": "favor"},
                ],
            },
            "different stance",
        ),
    ],
)
def test_schema_errors_name_file_and_line(tmp_path: Path, row: object, message: str) -> None:
    first = {**MINIMUM, "id": "n-0"}
    with pytest.raises(DataError, match=message) as caught:
        load_cases(write(tmp_path, first, "", row))
    assert str(caught.value).startswith("negation.jsonl, line 3")


def test_ids_are_unique_over_files(tmp_path: Path) -> None:
    write(tmp_path, MINIMUM)
    write(tmp_path, {**MINIMUM, "capability": "typos"}, name="typos.jsonl")
    with pytest.raises(DataError, match=r"typos\.jsonl, line 1: id 'n-1' is already used"):
        load_cases(tmp_path)


def test_empty_folder_and_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no behavioural cases"):
        load_cases(tmp_path)
    (tmp_path / "negation.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"negation\.jsonl: not UTF-8"):
        load_cases(tmp_path)
