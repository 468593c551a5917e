"""One analysed article, as it was approved: any change of a statement, speaker or label shows.

Renew it, and read the difference before you commit:

    RENEW_GOLDEN=1 python -m pytest tests/test_golden.py && git diff tests/golden
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import stance
from stance.columns import COLUMNS

GOLDEN = Path(__file__).resolve().parent / "golden"
TARGETS = ("foreign intervention", "national sovereignty")
NUMBERS = {column.name for column in COLUMNS if column.type == "number"}
TOLERANCE = 0.01


def rounded(record: dict[str, object]) -> dict[str, object]:
    """The record with its probabilities rounded to two digits."""
    return {
        name: round(float(str(value)), 2) if name in NUMBERS and value is not None else value
        for name, value in record.items()
    }


@pytest.mark.parametrize("name", ["default", "rules"])
def test_the_example_article_is_analysed_as_approved(name: str, article: str, classifier) -> None:
    document = stance.Document(article, id="examples/article.txt")
    found = stance.analyze(
        document, TARGETS, extractor=stance.load_extractor(name), classifier=classifier
    ).to_records()
    path = GOLDEN / f"article_{name}.json"
    if os.environ.get("RENEW_GOLDEN"):
        text = json.dumps([rounded(record) for record in found], ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
    approved = json.loads(path.read_text(encoding="utf-8"))
    assert [r["statement"] for r in found] == [r["statement"] for r in approved]
    for record, expected in zip(found, approved, strict=True):
        assert list(record) == list(expected)
        for column in COLUMNS:
            value, wanted = record[column.name], expected[column.name]
            if column.name in NUMBERS:
                wanted = pytest.approx(wanted, abs=TOLERANCE)
            assert value == wanted, (record["number"], record["target"], column.name)
