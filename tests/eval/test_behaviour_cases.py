"""The behavioural cases that are shipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from eval.harness import CASES
from stance.evaluation.tasks.behaviour.cases import Case, load_cases
from stance.evaluation.tasks.behaviour.run import run_cases, score_capabilities
from stance.labels import Stance

CAPABILITIES = {
    "case",
    "irrelevant_target",
    "length",
    "negation",
    "paraphrase",
    "quote_marks",
    "reported_speech",
    "sentiment_divergence",
    "speaker_name",
    "target_swap",
    "target_wording",
    "typos",
}


@pytest.fixture(scope="module")
def suite() -> list[Case]:
    return load_cases(CASES)


def test_enough_cases_of_every_capability(suite: list[Case]) -> None:
    counts = Counter(case.capability for case in suite)
    assert len(suite) >= 250
    assert set(counts) == CAPABILITIES
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
    readme = (CASES / "README.md").read_text(encoding="utf-8")
    counts = Counter(case.capability for case in suite)
    for capability, count in counts.items():
        assert f"| `{capability}` | {count} |" in readme
    assert f"| all | {len(suite)} |" in readme


def test_no_constant_answer_passes(suite: list[Case]) -> None:
    for stance in Stance:
        results = run_cases(suite, lambda texts, *_, label=stance.value: [label] * len(texts))
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

    rates = score_capabilities(run_cases(suite, oracle))
    assert calls == [sum(len(case.variants) for case in suite)]
    assert {rate.capability for rate in rates} == CAPABILITIES
    assert sum(rate.cases for rate in rates) == len(suite)
    assert all(rate.failures == 0 and rate.rate == 0.0 and not rate.failed for rate in rates)
