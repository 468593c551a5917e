"""When a predicted speaker counts as the one that gold names."""

from __future__ import annotations

import pytest

from stance.evaluation import MarkedSpeaker
from stance.evaluation.tasks.attribution.names import right_speakers, same_speaker

PEOPLE = (
    MarkedSpeaker("Ada Obi", "person"),
    MarkedSpeaker("Zoltán Kovács", "person"),
    MarkedSpeaker("Fatou B. Keita", "person"),
    MarkedSpeaker("Amadou Keita", "person"),
    MarkedSpeaker("Lord Ashby of Dunmore", "person"),
    MarkedSpeaker("Archbishop of Lund", "person"),
    MarkedSpeaker("Mrs Lindqvist", "person"),
    MarkedSpeaker("Harbour Workers' Alliance of Malta", "organisation"),
    MarkedSpeaker("Liberal Centre", "organisation"),
    MarkedSpeaker("Norwind Inc", "organisation"),
    MarkedSpeaker("Justice Ministry", "organisation"),
    MarkedSpeaker("Gabon’s port authority", "organisation"),
    MarkedSpeaker("Togo’s central bank", "organisation"),
    MarkedSpeaker("Benin’s central bank", "organisation"),
    MarkedSpeaker("police in Odessa", "organisation"),
    MarkedSpeaker("letter", "document"),
    MarkedSpeaker("industry source familiar with the sale", "unnamed"),
    MarkedSpeaker("federal prosecutors in Oslo", "group"),
    MarkedSpeaker("villagers of the north", "group"),
    MarkedSpeaker("villagers of the south", "group"),
    MarkedSpeaker("spokesman", "unnamed"),
    MarkedSpeaker("United States", "country"),
)


@pytest.mark.parametrize(
    ("gold", "found"),
    [
        ("Ada Obi", "Ada Obi"),
        ("Ada Obi", "President Ada Obi"),
        ("Ada Obi", "Prime Minister Obi"),
        ("Ada Obi", "Obi"),
        ("Ada Obi", "Ada Obi QC"),
        ("Ada Obi", "A. Obi"),
        ("Zoltán Kovács", "Zoltan Kovacs"),
        ("Zoltán Kovács", "KOVACS"),
        ("Fatou B. Keita", "Fatou Keita"),
        ("Lord Ashby of Dunmore", "Ashby of Dunmore"),
        ("Archbishop of Lund", "the Archbishop of Lund"),
        ("Mrs Lindqvist", "Mrs. Lindqvist"),
        ("Harbour Workers' Alliance of Malta", "HWAM"),
        ("Harbour Workers' Alliance of Malta", "The Harbour Workers’ Alliance of Malta (HWAM)"),
        ("Norwind Inc", "Norwind"),
        ("federal prosecutors in Oslo", "Prosecutors"),
        ("villagers of the north", "the villagers of the north"),
        ("spokesman", "a spokesman for the city"),
        ("United States", "the U.S."),
        ("Ada Obi", "Archpriest Ada Obi"),
        ("Ada Obi", "Commissioner Ada Obi MEP"),
        ("Justice Ministry", "Peru’s Justice Ministry"),
        ("Justice Ministry", "the Peruvian Justice Ministry"),
        ("Justice Ministry", "Justice Ministry of Peru"),
        ("Gabon’s port authority", "the Gabonese port authority"),
        ("police in Odessa", "police"),
        ("letter", "a letter seen by the agency"),
        ("industry source familiar with the sale", "the source"),
    ],
)
def test_one_speaker(gold: str, found: str) -> None:
    assert same_speaker(gold, found, PEOPLE)


@pytest.mark.parametrize(
    ("gold", "found"),
    [
        ("Ada Obi", "Chile Ada Obi"),
        ("Ada Obi", "Ada"),
        ("Ada Obi", "the president"),
        ("Ada Obi", "Ada Obi’s report"),
        ("Fatou B. Keita", "Keita"),
        ("Fatou B. Keita", "Amadou Keita"),
        ("Archbishop of Lund", "Lund"),
        ("Harbour Workers' Alliance of Malta", "Alliance of Malta"),
        ("Harbour Workers' Alliance of Malta", "HW"),
        ("Liberal Centre", "Centre"),
        ("Liberal Centre", "the party"),
        ("Justice Ministry", "Ministry"),
        ("federal prosecutors in Oslo", "the defence"),
        ("villagers of the north", "villagers"),
        ("villagers of the north", "villagers of the south"),
        ("United States", "Washington"),
    ],
)
def test_another_speaker(gold: str, found: str) -> None:
    assert not same_speaker(gold, found, PEOPLE)


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        ((), (), True),
        ((), ("Ada Obi",), False),
        (("Ada Obi",), (), False),
        (("Ada Obi", "Zoltán Kovács"), ("Kovács", "Ada Obi"), True),
        (("Ada Obi", "Zoltán Kovács"), ("Ada Obi",), False),
        (("Ada Obi", "Zoltán Kovács"), ("Ada Obi", "Ada Obi"), False),
        (("Ada Obi", "Zoltán Kovács"), ("Ada Obi and Zoltán Kovács",), True),
        (("Ada Obi",), ("Ada Obi", "Zoltán Kovács"), False),
    ],
)
def test_joint_speakers(gold: tuple[str, ...], found: tuple[str, ...], right: bool) -> None:
    assert right_speakers(gold, found, PEOPLE) is right
