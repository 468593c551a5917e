"""A reader's list of people: what is refused, and whom a speaker is joined to."""

from __future__ import annotations

from pathlib import Path

import pytest

import stance
from stance.errors import DataError
from stance.people import name_key, role_heads
from stance.schema import Speaker

LIST = (
    "name,aliases,role,party,wikidata\n"
    "Ana Ruiz,A. M. Ruiz; Ana María Ruiz,prime minister,Greens,Q1\n"
    "Omar Saleh,,,Labour,Q2\n"
    "Eva Lund,,senator,Greens,Q3\n"
    "Eva Lund,,goalkeeper,,Q4\n"
    "World Harbour Council,WHC,,,\n"
)


@pytest.fixture
def write(tmp_path: Path):
    def made(text: str, name: str = "people.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return made


@pytest.mark.parametrize(
    ("speaker", "wikidata"),
    [
        (Speaker("Ana Ruiz", "person"), "Q1"),
        (Speaker("Ana Maria Ruiz", "person", "Prime Minister of Tarania"), "Q1"),
        (Speaker("Ana Ruiz", "person", "plumber"), None),
        (Speaker("Ruiz", "person"), None),
        (Speaker("Omar Saleh", "person", "plumber"), "Q2"),  # the list gives no role
        (Speaker("Eva Lund", "person", "Sen."), "Q3"),
        (Speaker("Eva Lund", "person", "former goalkeeper"), "Q4"),
        (Speaker("Eva Lund", "person"), None),  # either of them
        (Speaker("Omar Saleh", "unnamed"), None),
    ],
)
def test_whom_a_speaker_is(write, speaker: Speaker, wikidata: str | None) -> None:
    found = stance.read_people(write(LIST)).find(speaker)
    assert (found and found.cells["wikidata"]) == wikidata


def test_bodies_are_found_by_their_aliases(write) -> None:
    people = stance.read_people(write(LIST))
    found = people.find(Speaker("WHC", "organisation"))
    assert found is not None and found.name == "World Harbour Council"
    assert people.find(Speaker("the World Harbour Council", "organisation")) is found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("person,party\nAna Ruiz,Greens\n", "no column 'name'; it has person, party"),
        ("name,party\nAna Ruiz,Greens\n,Labour\n", r"people\.csv, row 2: column 'name' is empty"),
        ("name\nAna Ruiz\nAna Ruiz\n", r"row 2: 'Ana Ruiz' shares .*'Ana Ruiz' in .*row 1"),
        ("name\nAna Ruiz\nANA RUÍZ\n", "row 2: 'ANA RUÍZ' shares"),
        ("name,aliases\nAna Ruiz,Ruiz\nPia Ruiz,Ruiz\n", "shares the name or alias 'ruiz'"),
        ("name,role\nAna Ruiz,mayor\nAna Ruiz,\n", "different roles in the column 'role'"),
        ("name,role\nAna Ruiz,mayor\nAna Ruiz,former mayor\n", "give each person one row"),
        ("name,wikidata\nAna Ruiz,Q1\nA. Ruiz,Q1\n", "row 2: wikidata Q1 of 'A. Ruiz' is that of"),
        ("name,name\nAna Ruiz,x\n", "several columns called 'name'"),
        ("name\n", "no rows"),
    ],
)
def test_bad_lists_are_refused(write, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        stance.read_people(write(text))


@pytest.mark.parametrize(
    ("role", "heads"),
    [
        ("French finance minister for trade", {"minister"}),
        ("spokesman for the president", {"spokesman"}),
        ("Sen.", {"senator"}),
        ("co-chairman", {"chairman"}),
        ("school inspection chief", {"chief"}),
        ("supremo", {"supremo"}),
    ],
)
def test_the_nouns_of_a_role(role: str, heads: set[str]) -> None:
    assert role_heads(role) == heads


def test_spellings_of_a_name_meet() -> None:
    assert name_key("The Yıldız Group") == name_key("Yildiz  Group")
    assert name_key("J. K. Moss") == name_key("J.K. Moss")
