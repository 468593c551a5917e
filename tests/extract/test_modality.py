"""How a cue puts its statement."""

from __future__ import annotations

import pytest

import stance
from stance.extract.modality import modality_of

DENIED = [
    "The president denied that his government had invited foreign troops.",
    "Kofi Mensah denied taking money from the mine.",
    "The embassy flatly denied reports that it had closed.",
    "Seoul’s defence ministry denies any role in the crash.",
    "The minister refuted claims that the vote was bought.",
    "Ana Ruiz dismissed the allegations as a fairy tale.",
    "The airline rejected accusations that it had cut corners.",
    "The general disputed reports that his men had fled.",
    "Hezbollah has denied that it fired the rocket.",
    "The bank rebutted the claim that it was broke.",
]
NEGATED = [
    "She did not say that the bridge was safe.",
    "The police declined to say whether anyone had been hurt.",
    "The palace would not confirm that the king was ill.",
    "Nobody in the ministry said that the road was open.",
    "The envoy never claimed that the truce would hold.",
    "Lagos has not said when the port will open.",
    "The firm refused to comment on reports that it would be sold.",
    "The doctor couldn’t say how long it would take.",
    "Neither side said that the talks were over.",
    "The regulator failed to explain why the licence was renewed.",
]
HYPOTHETICAL = [
    "If Park says that the bridge is safe, people will cross.",
    "She might say that the vote was fair.",
    "The union would argue that wages have fallen.",
    "Critics could claim that the port is a trap.",
    "The envoy is expected to say that the talks failed.",
    "Unless Delhi says that the dam is safe, nobody will move back.",
    "The prosecutor will argue that the fire was set.",
    "The minister is likely to announce that the tax will stay.",
    "Some may think that the army should stay.",
    "The board is set to recommend that the mine should close.",
]
QUESTIONS = [
    "The mayor asked whether the bridge was safe.",
    "The minister wondered if the dam would hold.",
    "“Who are they trying to kid?” asked Amina Yusuf.",
    "“Why should we pay for it?” the farmer said.",
    "The judge asked why the letter had never been sent.",
    "Senator Lund questioned whether the treaty was legal.",
    "The villagers asked who would rebuild their school.",
    "The committee wanted to know how the money had been spent.",
    "“Is this a joke?” wrote the captain of the ferry.",
    "The opposition demanded to know why the road was closed.",
]
ASSERTED = [
    "The mayor asked the province to send doctors to the coast.",
    "The opposition rejected the treaty.",
    "“Is this a joke? We have paid twice,” the captain said.",
    "Asunción’s bishop said that the poor had been forgotten.",
    "The minister dismissed the plan as too dear.",
]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        *((text, "denied") for text in DENIED),
        *((text, "negated") for text in NEGATED),
        *((text, "hypothetical") for text in HYPOTHETICAL),
        *((text, "question") for text in QUESTIONS),
        *((text, "asserted") for text in ASSERTED),
    ],
)
def test_modality_of_a_statement(text: str, modality: str) -> None:
    found = stance.extract_statements(text)
    assert [s.modality for s in found[:1]] == [modality]


@pytest.mark.parametrize(
    ("cue", "said", "modality"),
    [
        ("did not deny", "the payment", "negated"),
        ("would deny", "the payment", "hypothetical"),
        ("asked", "for more time", "asserted"),
        ("asked whether", "it was safe", "question"),
        ("rejected", "the plan", "asserted"),
        ("rejected", "the notion of a secret deal", "denied"),
        ("said", "“Who knows?”", "question"),
        (":", "Nobody.", "asserted"),
    ],
)
def test_modality_of_a_cue(cue: str, said: str, modality: str) -> None:
    assert modality_of(cue, said) == modality
