"""The systems of the attribution benchmark."""

from __future__ import annotations

import sys

import pytest

from eval.attribution_systems import AttributionConfig, load_systems, regex_system
from stance.errors import ConfigError


def test_regular_expression_baseline() -> None:
    (found,) = regex_system("“We will stay here,” said Ada Berg.")
    assert found.direct and found.source


def test_rules_find_quote_and_speaker() -> None:
    systems, not_run = load_systems(AttributionConfig(systems=("rules",)))
    text = "“We will stay here,” said Ada Berg."
    (found,) = systems["rules"].extract(text)
    assert [text[slice(*piece)] for piece in found.source] == ["Ada Berg"]
    assert found.direct
    assert not_run == {}


def test_unknown_system_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown system 'citron'"):
        AttributionConfig(systems=("citron",))


def test_only_a_third_party_system_may_be_not_run(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "textacy.extract.triples", None)
    monkeypatch.setitem(sys.modules, "spacy", None)
    systems, not_run = load_systems(AttributionConfig(systems=("textacy", "rules", "regex")))
    assert list(systems) == ["rules", "regex"]
    assert not systems["rules"].third_party
    assert "pip install 'newsstance[eval]'" in not_run["textacy"]
