"""The behavioural suite: its schema, its runner, and the cases that are shipped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.behaviour.suite import (
    CAPABILITIES,
    Case,
    CaseResult,
    Variant,
    failure_rates,
    load_suite,
    run_suite,
)
from stance.errors import DataError, LabelError
from stance.labels import Stance

VARIANT: dict[str, Any] = {"text": "Go.", "target": "troops", "context": None, "speaker": None}
MINIMUM: dict[str, Any] = {
    "id": "n-1",
    "capability": "negation",
    "kind": "minimum_functionality",
    "expected": "against",
    **VARIANT,
}
INVARIANCE: dict[str, Any] = {
    "id": "n-2",
    "capability": "negation",
    "kind": "invariance",
    "note": "capitals",
    "variants": [VARIANT, {**VARIANT, "text": "GO."}],
}
DIRECTION: dict[str, Any] = {
    "id": "n-3",
    "capability": "negation",
    "kind": "direction",
    "variants": [
        {**VARIANT, "expected": "against"},
        {**VARIANT, "text": "Stay.", "expected": "favor"},
    ],
}


@pytest.fixture(scope="module")
def suite() -> list[Case]:
    return load_suite()


def write(folder: Path, *rows: object, name: str = "negation.jsonl") -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


def test_enough_cases_of_every_capability(suite: list[Case]) -> None:
    counts = Counter(case.capability for case in suite)
    assert len(suite) >= 250
    assert set(counts) == set(CAPABILITIES)
    assert min(counts.values()) >= 20


def test_shipped_inputs_are_distinct(suite: list[Case]) -> None:
    inputs = Counter(
        (variant.text, variant.target, variant.context, variant.speaker)
        for case in suite
        for variant in case.variants
    )
    assert [key for key, count in inputs.items() if count > 1] == []


def test_every_stance_is_expected_often(suite: list[Case]) -> None:
    counts = Counter(v.expected for case in suite for v in case.variants if v.expected)
    assert set(counts) == set(Stance)
    assert min(counts.values()) >= 80


def test_readme_counts_match_the_files(suite: list[Case]) -> None:
    import eval.behaviour.suite as module

    readme = (Path(module.__file__).parent / "README.md").read_text(encoding="utf-8")
    counts = Counter(case.capability for case in suite)
    for capability, count in counts.items():
        assert f"| `{capability}` | {count} |" in readme
    assert f"| all | {len(suite)} |" in readme


def test_no_constant_answer_passes(suite: list[Case]) -> None:
    for stance in Stance:
        results = run_suite(suite, lambda texts, *_, label=stance.value: [label] * len(texts))
        assert sum(result.failed for result in results) > len(suite) / 3


def test_the_expected_answers_pass_in_one_call(suite: list[Case]) -> None:
    answers = {
        (v.text, v.target, v.context, v.speaker): str(v.expected or Stance.NEUTRAL)
        for case in suite
        for v in case.variants
    }
    calls: list[int] = []

    def oracle(
        texts: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str],
        speakers: Sequence[str | None],
    ) -> list[str]:
        calls.append(len(texts))
        return [answers[key] for key in zip(texts, targets, contexts, speakers, strict=True)]

    rates = failure_rates(run_suite(suite, oracle))
    assert calls == [sum(len(case.variants) for case in suite)]
    assert [rate.capability for rate in rates] == list(CAPABILITIES)
    assert sum(rate.cases for rate in rates) == len(suite)
    assert all(rate.failures == 0 and rate.rate == 0.0 and not rate.failed for rate in rates)


def test_results_tell_wrong_from_moved(tmp_path: Path) -> None:
    cases = load_suite(write(tmp_path, MINIMUM, INVARIANCE, DIRECTION))

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

    minimum, invariance, direction = run_suite(cases, predict)
    assert not minimum.failed
    assert (invariance.failed, invariance.moved, invariance.wrong) == (True, True, False)
    assert (direction.failed, direction.moved, direction.wrong) == (True, False, True)
    (rate,) = failure_rates([minimum, invariance, direction])
    assert (rate.cases, rate.failures, rate.moved) == (3, 2, 1)
    assert rate.rate == pytest.approx(2 / 3)
    assert "GO." in rate.failed[0].text
    assert "[expected: favor]" in rate.failed[1].text


def test_a_steady_wrong_answer_fails_where_a_stance_is_expected(tmp_path: Path) -> None:
    cases = load_suite(write(tmp_path, {**INVARIANCE, "expected": "favor"}))
    (result,) = run_suite(cases, lambda texts, *_: ["neutral"] * len(texts))
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

    (result,) = run_suite(load_suite(write(tmp_path, row)), predict)
    assert seen == [("They asked about troops.", "the mayor")]
    assert not result.failed
    assert "[speaker: the mayor]" in result.text
    assert "[context: They asked about troops.]" in result.text


def test_predict_is_held_to_its_contract(tmp_path: Path) -> None:
    cases = load_suite(write(tmp_path, MINIMUM))
    with pytest.raises(DataError, match="0 labels for 1"):
        run_suite(cases, lambda *_: [])
    with pytest.raises(LabelError, match="perhaps"):
        run_suite(cases, lambda *_: ["perhaps"])
    assert run_suite([], lambda *_: ["favor"]) == []
    assert failure_rates([]) == []


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
        ({**MINIMUM, "capability": "irony"}, "'capability' is 'irony'"),
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
            {**DIRECTION, "variants": [{**v, "expected": "favor"} for v in DIRECTION["variants"]]},
            "different stance",
        ),
    ],
)
def test_schema_errors_name_file_and_line(tmp_path: Path, row: object, message: str) -> None:
    first = {**MINIMUM, "id": "n-0"}
    with pytest.raises(DataError, match=message) as caught:
        load_suite(write(tmp_path, first, "", row))
    assert str(caught.value).startswith("negation.jsonl, line 3")


def test_ids_are_unique_over_files(tmp_path: Path) -> None:
    write(tmp_path, MINIMUM)
    write(tmp_path, {**MINIMUM, "capability": "typos"}, name="typos.jsonl")
    with pytest.raises(DataError, match=r"typos\.jsonl, line 1: id 'n-1' is already used"):
        load_suite(tmp_path)


def test_empty_folder_and_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no behavioural cases"):
        load_suite(tmp_path)
    (tmp_path / "negation.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"negation\.jsonl: not UTF-8"):
        load_suite(tmp_path)
