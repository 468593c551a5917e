"""What is no statement: things without a voice, questions put to somebody, acts and labels."""

from __future__ import annotations

import pytest

import stance
from stance.extract.admission import has_voice
from stance.extract.document import Document


def found(text: str) -> list[stance.Statement]:
    return stance.extract_statements(text)


@pytest.mark.parametrize(
    "text",
    [
        "History shows that such missions rarely end on time.",
        "Experience teaches that a dyke without a keeper does not last.",
        "The evidence suggests that the ferry was overloaded.",
        "The calendar says that the rains are a month away.",
        "Common sense dictates that a port needs a railway.",
        "Recent events in the delta show that dykes alone are not enough.",
        "Logic suggests that the smaller parties will lose seats.",
        "Tradition demands that the chief’s eldest nephew should inherit.",
        "The footage shows that the gate was open at noon.",
        "Past floods in Beira prove that warnings come too late.",
        "Nature teaches that a river takes back what it gave.",
        "Reality shows that two clinics cannot serve a whole province.",
        "The thermometer says that summer has come to Oslo.",
    ],
)
def test_a_thing_without_a_voice_is_no_source(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("A survey by the port showed that two in three fishers want to stay.", "survey"),
        ("The fishers’ own records show that catches fell by half.", "records"),
        ("Residents of the old quarter suggested that the market should move.", "Residents"),
        ("Kenya’s ministry of health indicated that the vaccine was safe.", "ministry"),
        ("The villagers showed that the well was dry, their lawyer argued.", "lawyer"),
        ("The head of the port said that the crane was old.", "head of the port"),
        ("The indictment says that the mayor took two boats.", "indictment"),
        ("She suggested that the court should sit in Aleppo.", "She"),
    ],
)
def test_people_bodies_and_texts_are_sources(text: str, speaker: str) -> None:
    assert any(s.speaker_mention and speaker in s.speaker_mention.text for s in found(text))


@pytest.mark.parametrize(
    ("source", "cue", "expected"),
    [
        ("The tide", "shows", False),
        ("This", "proves", False),
        ("Park", "shows", True),
        ("the coast guard", "shows", True),
        ("her instinct", "said", False),
        ("the crew", "said", True),
        ("the tides", "taught", False),
        ("the cracked walls", "suggest", False),
        ("the locals", "suggest", True),
        ("the ministers", "indicated", True),
        ("the dossier", "indicates", True),
    ],
)
def test_what_has_a_voice(source: str, cue: str, expected: bool) -> None:
    text = f"On Monday {source} {cue} that the bridge was safe."
    where, what = text.index(source), text.index(cue)
    ranges = (where, where + len(source)), (what, what + len(cue))
    assert has_voice(Document(text), *ranges) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Asked whether he would invite troops, Park smiled.",
        "When asked if the harbour would close, Amina Yusuf shook her head.",
        "Pressed on whether the bridge was safe, the engineer left the room.",
        "The governor was asked whether the army would stay.",
        "Asked about the price of rice, the minister turned away.",
        "Questioned on why the road was never built, Olga Brandt shrugged.",
        "Asked by a reporter whether she would resign, the mayor laughed.",
        "A journalist asked whether the mines would open again.",
        "Reporters asked how long the curfew would last.",
        "An interviewer wondered if the general would run for office.",
        "Quizzed about whether the fund was empty, Tomas Silva looked at his shoes.",
    ],
)
def test_questions_of_others_and_of_reporters_are_no_statements(text: str) -> None:
    assert found(text) == []


def test_the_answer_is_kept() -> None:
    text = "Pressed on whether the bridge was safe, Ruth Okoye said that it had passed every test."
    (answer,) = found(text)
    assert answer.text == "that it had passed every test"
    assert answer.speaker == "Ruth Okoye"
    assert "whether the bridge was safe" in answer.context


@pytest.mark.parametrize(
    "text",
    [
        "Norway designated six gangs as terrorist organisations.",
        "The navy sank three alleged smuggling boats off the coast.",
        "The court sentenced the two suspected pirates to nine years.",
        "In March, Lagos imposed a curfew on the northern districts.",
        "The council appointed Ada Berg as harbour master.",
        "Parliament approved the budget for the new railway.",
        "Police arrested five alleged members of the gang in Tirana.",
        "The president ordered the army to the border with Chad.",
        "Ottawa suspended the supposed charity in May.",
        "The bank launched a fund for small farms.",
        "The union elected Leila Haddad as its leader.",
    ],
)
def test_acts_and_labels_are_no_statements(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The archbishop condemned the strikes.", "the strikes"),
        ("Fatou Keita welcomed the plan.", "the plan"),
        ("The opposition rejected the treaty.", "the treaty"),
        ("Brazil’s unions criticised the new tax.", "the new tax"),
        ("The minister praised the volunteers of Izmir.", "the volunteers of Izmir"),
        ("Greenpeace denounced the licence.", "the licence"),
    ],
)
def test_what_somebody_judges_stays_with_its_cue(text: str, content: str) -> None:
    (judged,) = found(text)
    assert judged.text == content
    assert judged.cue is not None


@pytest.mark.parametrize(
    "text",
    [
        "It is expected that the port will close in May.",
        "It was widely believed that the general had fled.",
        "It is understood that the two firms have met.",
        "The harbour, where Ada Berg works, is believed to be worth millions.",
        "Ada Berg’s bridge is seen as the gate to the south.",
        "The talks in Doha are thought to have failed.",
    ],
)
def test_a_passive_names_no_speaker(text: str) -> None:
    assert all(statement.speaker is None for statement in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "The dam leaks. Asked whether the valley would be cleared, Minister Rosa Blum walked away.",
        "Snow fell. Asked if the road was open, Governor Jan Krol shrugged.",
        "The vote was close. Asked about the recount, Senator Gil Prado smiled.",
    ],
)
def test_a_question_put_to_somebody_later_in_a_text_is_not_theirs(text: str) -> None:
    assert not [item for item in stance.extract_statements(text) if item.speaker]
