"""The library does with the codebook's examples what the codebook says (kind and modality)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import stance
from stance.extract.speaker_records import SpeakerRecords
from stance.extract.speakers import SpeakerIndex
from stance.labels import parse_label

CODEBOOK = Path(__file__).resolve().parents[2] / "docs" / "codebook.md"
TERM = re.compile(r"^`(\w+)`\n: (?:.+\n)((?:  .+\n)+)", re.M)


def examples(heading: str) -> list[tuple[str, str]]:
    """(value, example) of each bullet of a section's definition list, emphasis removed."""
    text = CODEBOOK.read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [
        (value, item.removeprefix("*Border case:* ").replace("*", ""))
        for value, body in TERM.findall(section)
        for item in re.findall(r"^  - (.+)$", body, re.M)
    ]


def test_every_value_has_two_examples_and_a_border_case() -> None:
    for heading, values in (
        ("Kind", ("direct", "indirect", "mixed")),
        ("Modality", ("asserted", "negated", "denied", "question", "hypothetical")),
        (
            "Kind of speaker",
            ("person", "organisation", "country", "group", "unnamed", "document"),
        ),
        ("Sentiment", ("positive", "negative", "neutral")),
    ):
        found = [value for value, _ in examples(heading)]
        assert found == [value for value in values for _ in range(3)], heading


@pytest.mark.parametrize(("kind", "example"), examples("Kind"))
def test_examples_of_kinds(kind: str, example: str) -> None:
    assert stance.extract_statements(example)[0].kind == kind


@pytest.mark.parametrize(("modality", "example"), examples("Modality"))
def test_examples_of_modalities(modality: str, example: str) -> None:
    assert stance.extract_statements(example)[0].modality == modality


@pytest.mark.parametrize(("kind", "example"), examples("Kind of speaker"))
def test_examples_of_kinds_of_speakers(kind: str, example: str) -> None:
    document = stance.Document(example)
    end = example.index(" said ")
    speakers = SpeakerRecords(index := SpeakerIndex(document)).of(index.link((0, end)))
    assert {speaker.kind for speaker in speakers} == {kind}


def test_labels_that_the_codebook_lists_are_read() -> None:
    section = CODEBOOK.read_text(encoding="utf-8").split("\n## Label names of others\n")[1]
    stances, sentiments = section.split("*pos*")
    for clause in stances.split(";"):
        names, meant = re.findall(r"\*([\w ]+)\*", clause), re.search(r" as (\w+)", clause)
        assert names and meant
        for name in names:
            assert parse_label(stance.Stance, name.upper()).value == meant.group(1)
    assert "*neg* and *neu*" in sentiments
