from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

import stance
from stance.errors import DataError
from stance.integrations import StanceComponent

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    "“We will never accept foreign troops,” said Ada Berg. The talks begin on Monday.",
    "",
    "Omar Saleh said “the allies 👍 must send soldiers at once”.",
]
CONFIG = {
    "targets": ["foreign troops", "the talks"],
    "checkpoint": "small",
    "precision": "fp32",
    "extractor": "rules",
}


@pytest.fixture(scope="module")
def nlp():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("stance", config=CONFIG)
    return pipeline


def test_offsets_count_in_the_text_of_the_document(nlp, classifier) -> None:
    for doc in nlp.pipe(TEXTS):
        found = doc._.statements
        assert bool(found) is bool(doc.text)
        for statement in found:
            pieces = [doc.text[start:end] for start, end in statement["spans"]]
            assert statement["statement"] == " ".join(pieces)
            assert doc.text[statement["start"] : statement["end"]].startswith(pieces[0])
            assert [p["target"] for p in statement["predictions"]] == CONFIG["targets"]
        if found:
            rows = stance.analyze(
                doc.text,
                CONFIG["targets"],
                extractor=stance.load_extractor("rules"),
                classifier=classifier,
            ).to_records()
            made = [(s["statement"], p["stance"]) for s in found for p in s["predictions"]]
            assert made == [(row["statement"], row["stance"]) for row in rows]


def test_one_text_is_judged_as_in_a_batch_and_survives_bytes(nlp) -> None:
    doc = nlp(TEXTS[0])
    (statement,) = doc._.statements
    assert statement["speaker"] == "Ada Berg"
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.statements == doc._.statements


def test_without_targets_statements_are_found_alone() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("stance", config={"extractor": "rules"})
    (statement,) = pipeline(TEXTS[0])._.statements
    assert statement["predictions"] == []
    with pytest.raises(DataError, match="given twice"):
        StanceComponent(["a", "a"], "small", "rules", "fp32", None)


def test_the_entry_point_leads_to_the_factory() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (name, target) = next(iter(project["entry-points"]["spacy_factories"].items()))
    module, function = target.split(":")
    assert name == "stance" and callable(getattr(import_module(module), function))
