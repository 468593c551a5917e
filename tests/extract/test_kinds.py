"""Short inputs by kind of difficulty: what is a statement, of whom, and how it is put."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import stance

CASES = yaml.safe_load((Path(__file__).parent / "statement_cases.yaml").read_text(encoding="utf-8"))
STATED = [(kind, case["text"], case["statements"]) for kind in CASES for case in CASES[kind]]


def spoken(name: str | None) -> str | None:
    """A name as it is compared: in small letters, without an article."""
    return re.sub(r"^(?:the|an?) ", "", name.replace("’", "'").lower()) if name else None


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("’", "'").lower())


@pytest.mark.parametrize(("kind", "text", "expected"), STATED)
def test_what_is_said_and_by_whom(kind: str, text: str, expected: list[dict[str, Any]]) -> None:
    found = stance.extract_statements(text)
    assert len(found) == len(expected), (kind, [statement.text for statement in found])
    for statement, wanted in zip(found, expected, strict=True):
        assert set(words(wanted["says"])) <= set(words(statement.text))
        names = wanted["speaker"] if isinstance(wanted["speaker"], list) else [wanted["speaker"]]
        assert spoken(statement.speaker) in {spoken(name) for name in names}
        modality = wanted.get("modality", "asserted")
        assert statement.modality in (modality if isinstance(modality, list) else [modality])
        assert statement.text.endswith(wanted.get("ends", ""))
        assert statement.kind == "direct" or not wanted.get("direct")
