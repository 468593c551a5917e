"""How sure it is that words are a statement at all."""

from __future__ import annotations

import pytest

import stance
from stance.errors import ConfigError
from stance.extract.confidence import Evidence, features, weights
from stance.extract.document import Document
from stance.extract.quotations import Attribution, RoleSpan

TEXT = "Ada Berg said that the bridge would be closed until May. Its wall faces the sea."


def test_a_clear_statement_is_nearly_sure() -> None:
    (found,) = stance.extract_statements(TEXT)
    assert found.confidence > 0.95


def test_the_threshold_leaves_out_what_is_unsure() -> None:
    text = "The navy sent boats to support the city’s efforts to combat organised crime."
    everything = stance.load_extractor(minimum_confidence=0.0)
    nearly_sure = stance.load_extractor(minimum_confidence=0.95)
    kept = stance.extract_statements(f"{TEXT} {text}", extractor=nearly_sure)
    assert [s.confidence > 0.95 for s in kept] == [True]
    all_found = stance.extract_statements(f"{TEXT} {text}", extractor=everything)
    assert {s.text for s in kept} <= {s.text for s in all_found}
    default = stance.extract_statements(f"{TEXT} {text}")
    assert all(s.confidence >= weights().threshold for s in default)


@pytest.mark.parametrize("value", [-0.1, 1.5, "high", float("nan")])
def test_a_threshold_outside_its_range_is_refused(value: object) -> None:
    with pytest.raises(ConfigError, match="minimum_confidence"):
        stance.load_extractor(minimum_confidence=value)  # type: ignore[arg-type]


def test_what_only_rules_find_has_their_share_of_right_ones() -> None:
    rules = stance.load_extractor("rules")
    (found,) = stance.extract_statements("“We will stay here,” said Ada Berg.", extractor=rules)
    assert found.confidence == weights().by_rules["quoted"]


def test_the_fitted_features_are_those_that_are_read() -> None:
    document = Document(TEXT)
    item = Attribution(((14, 55),), (0, 8), (9, 13))
    evidence = Evidence([RoleSpan("content", 14, 55, 0.9), RoleSpan("source", 0, 8, 0.5)])
    read = features(document, item, evidence)
    assert set(read) == set(weights().coefficients)
    assert read["source"] == pytest.approx(0.0)
    assert read["content"] == pytest.approx(2.197, abs=1e-3)
    assert read["speech"] == 1.0 and read["gap"] == pytest.approx(0.693, abs=1e-3)


def test_the_probability_of_a_range_is_that_of_the_spans_on_it() -> None:
    evidence = Evidence([RoleSpan("content", 0, 10, 0.8), RoleSpan("content", 10, 20, 0.4)])
    assert evidence.probability("content", [(5, 15)]) == pytest.approx(0.6)
    assert evidence.probability("content", [(30, 40)]) == 0.0
    assert evidence.probability("cue", [(0, 10)]) == 0.0
