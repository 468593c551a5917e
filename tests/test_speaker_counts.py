"""The speakers of one article and of many: whom they are joined with, and what is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import stance
from stance import Analysis, Candidate, Document, Prediction, Span, Speaker, Stance, Statement
from stance.columns import SPEAKER_COLUMNS
from stance.errors import DataError
from stance.speaker_counts import SpeakerTable, is_full_name

Judged = tuple[Statement, Stance | None]
TYPES = {"text": str, "integer": int, "number": float}


def said(*speakers: Speaker, label: Stance | None = Stance.FAVOR) -> Judged:
    return Statement("x", (Span("x", 0, 1),), speakers, speaker_confidence=0.8), label


def analysis(*made: Judged, id: str | None = None) -> Analysis:
    def judged(label: Stance | None, target: str) -> Prediction:
        shares = {name: 0.6 if name == (label or "favor") else 0.2 for name in map(str, Stance)}
        reason = None if label else stance.Abstention.UNSURE
        return Prediction(target, label, shares, abstained_because=reason)

    targets = ("troops", "a tax")
    return Analysis(
        Document("x", id=id),
        targets,
        tuple(statement for statement, _ in made),
        tuple(tuple(judged(label, target) for target in targets) for _, label in made),
    )


def person(name: str, role: str | None = None, affiliation: str | None = None) -> Speaker:
    return Speaker(name, "person", role, affiliation)


def names(*articles: list[Speaker]) -> list[tuple[str, int, int]]:
    """Name, articles and statements of each row."""
    table = stance.speaker_table(
        analysis(*(said(speaker) for speaker in speakers)) for speakers in articles
    )
    return sorted((row.name, len(row.document_ids), row.statements) for row in table.rows)


def test_counts_of_one_article() -> None:
    ana, union = person("Ana Ruiz", "mayor", "Tarania"), Speaker("Port Union", "organisation")
    found = analysis(
        said(ana),
        said(ana, union, label=Stance.AGAINST),
        said(ana, label=None),
        said(),
        id="a1",
    ).speakers()
    assert found.unknown == 1
    first, second = found.rows
    assert (first.name, first.kind, first.statements) == ("Ana Ruiz", "person", 3)
    assert first.stances["troops"] == {"favor": 1, "neutral": 0, "against": 1, "abstained": 1}
    assert (second.name, second.statements) == ("Port Union", 1)
    record = found.to_records()[1]
    assert record == {
        "speaker": "Ana Ruiz",
        "speaker_kind": "person",
        "speaker_role": "mayor",
        "speaker_affiliation": "Tarania",
        "document_id": "a1",
        "articles": 1,
        "speaker_confidence": 0.8,
        "target": "a tax",
        "statements": 3,
        "favor": 1,
        "neutral": 0,
        "against": 1,
        "abstained": 1,
    }
    assert tuple(record) == found.columns == tuple(found.to_frame().columns)
    assert all(type(record[column.name]) is TYPES[column.type] for column in SPEAKER_COLUMNS)


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        # One full name, roles that share a noun.
        (
            [[person("Ana Ruiz", "French President")], [person("Ana Ruiz", "president")]],
            [("Ana Ruiz", 2, 2)],
        ),
        # One full name, two people.
        (
            [[person("Ana Ruiz", "president")], [person("Ana Ruiz", "nurse at the clinic")]],
            [("Ana Ruiz", 1, 1), ("Ana Ruiz", 1, 1)],
        ),
        # No role: the only bearer, but of several nobody knows which.
        ([[person("Ana Ruiz", "president")], [person("Ana Ruiz")]], [("Ana Ruiz", 2, 2)]),
        ([[person("Ana Ruiz")], [person("Ana Ruiz")]], [("Ana Ruiz", 2, 2)]),
        (
            [[person("Ana Ruiz", "envoy")], [person("Ana Ruiz", "nurse")], [person("Ana Ruiz")]],
            [("Ana Ruiz", 1, 1), ("Ana Ruiz", 1, 1), ("Ana Ruiz", 1, 1)],
        ),
        # A third role joins two that shared none.
        (
            [
                [person("Ana Ruiz", "mayor")],
                [person("Ana Ruiz", "party chief")],
                [person("Ana Ruiz", "mayor and party chief")],
            ],
            [("Ana Ruiz", 3, 3)],
        ),
        # Never by the surname alone, not even with a role or a form of address.
        ([[person("Ruiz", "president")], [person("Ruiz", "president")]], [("Ruiz", 1, 1)] * 2),
        ([[person("Mr Ruiz")], [person("Mr Ruiz")]], [("Mr Ruiz", 1, 1)] * 2),
        ([[person("A. Ruiz")], [person("A. Ruiz")]], [("A. Ruiz", 1, 1)] * 2),
        ([[person("Ruiz")], [person("Ana Ruiz")]], [("Ana Ruiz", 1, 1), ("Ruiz", 1, 1)]),
        # Spellings are one; bodies are joined by name, groups and unnamed speakers by nothing.
        ([[person("Ece Yıldız")], [person("Ece Yildiz")]], [("Ece Yıldız", 2, 2)]),
        ([[Speaker("The Port Union", "organisation")], [Speaker("Port Union", "organisation")]],
         [("The Port Union", 2, 2)]),
        ([[Speaker("Chad", "country")], [person("Chad")]], [("Chad", 1, 1), ("Chad", 1, 1)]),
        ([[Speaker("prosecutors", "group")], [Speaker("prosecutors", "group")]],
         [("prosecutors", 1, 1)] * 2),
        ([[Speaker("two aides", "unnamed")] * 2, [Speaker("two aides", "unnamed")]],
         [("two aides", 1, 1), ("two aides", 1, 2)]),
    ],
)  # fmt: skip
def test_whom_articles_share(
    articles: list[list[Speaker]], expected: list[tuple[str, int, int]]
) -> None:
    assert names(*articles) == expected
    backwards = names(*reversed(articles))
    assert sorted(row[1:] for row in backwards) == sorted(row[1:] for row in expected)


@pytest.mark.parametrize(
    ("key", "full"),
    [("ana ruiz", True), ("j k moss", True), ("xi jinping", True), ("pope leo", True),
     ("ruiz", False), ("a ruiz", False), ("mr ruiz", False), ("lord holme", False), ("mr", False)],
)  # fmt: skip
def test_full_names(key: str, full: bool) -> None:
    assert is_full_name(key) is full


def corpus() -> list[Analysis]:
    return [
        analysis(said(person("Ana Ruiz", "mayor")), said(person("Bo Ek")), id="a"),
        analysis(said(person("A. M. Ruiz")), said(person("Ana Ruiz", "actress")), id="b"),
    ]


def test_a_list_of_people_says_who_is_one(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,aliases,party\nAna Ruiz,A. M. Ruiz,Greens\nPia Lund,,\n", "utf-8")
    people = stance.read_people(path)
    found = stance.speaker_table(corpus(), people=people)
    assert [(row.name, row.statements) for row in found.rows] == [("Ana Ruiz", 3), ("Bo Ek", 1)]
    records = found.to_records()
    assert [record["party"] for record in records] == ["Greens", "Greens", None, None]
    assert records[0]["speaker_role"] == "mayor; actress" and records[0]["document_id"] is None
    assert [someone.name for someone in found.absent] == ["Pia Lund"]
    assert found.columns[-3:] == ("name", "aliases", "party")


def test_a_role_in_the_list_keeps_namesakes_out(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,role,party\nAna Ruiz,mayor,Greens\n", "utf-8")
    found = stance.speaker_table(corpus(), people=stance.read_people(path))
    parties = {(r["speaker"], r["speaker_role"]): r["party"] for r in found.to_records()}
    assert parties[("Ana Ruiz", "mayor")] == "Greens"
    assert parties[("Ana Ruiz", "actress")] is None


def test_a_column_of_the_list_that_the_table_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,speaker_role\nAna Ruiz,mayor\n", "utf-8")
    with pytest.raises(DataError, match="a column 'speaker_role', which the table"):
        stance.speaker_table(corpus(), people=stance.read_people(path))


def test_an_article_counts_once() -> None:
    with pytest.raises(DataError, match="two analysed articles have the id 'a'"):
        stance.speaker_table([corpus()[0], corpus()[0]])
    without = [replace(item, document=Document("x")) for item in corpus()[:1] * 2]
    found = stance.speaker_table(without)
    assert [(row.name, row.document_ids) for row in found.rows] == [
        ("Ana Ruiz", (None, None)),
        ("Bo Ek", (None, None)),
    ]


def test_nobody_speaks() -> None:
    assert stance.speaker_table([]) == SpeakerTable((), 0)
    open_ = Statement("x", (Span("x", 0, 1),), speaker_candidates=(Candidate("Ana Ruiz", 0.5),))
    found = analysis((open_, Stance.FAVOR)).speakers()
    assert (found.rows, found.unknown, found.to_records()) == ((), 1, [])
    assert list(found.to_frame().columns) == list(found.columns)
