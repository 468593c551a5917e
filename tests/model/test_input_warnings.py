"""What the models cannot judge, and warnings of texts that they were not trained on."""

from __future__ import annotations

import pytest

from stance.labels import Abstention
from stance.model.input_warnings import input_warning, unfit

FOREIGN = [
    "Wir wollen keine fremden Truppen auf unserem Boden.",
    "Das lehnen wir entschieden ab",
    "No queremos tropas extranjeras.",
    "¡Que se vayan de una vez!",
    "Nous ne voulons pas de troupes étrangères.",
    "La loi va ruiner les pêcheurs de la côte.",
    "Non vogliamo truppe straniere.",
    "È una vergogna per tutto il paese.",
    "Não queremos tropas estrangeiras.",
    "Wij willen geen vreemde troepen.",
    "Hamnen förblir öppen, sade ministern.",
    "Nie chcemy obcych wojsk.",
    "Yabancı asker istemiyoruz.",
    "Kami tidak mau pasukan asing.",
    "Chúng tôi không muốn quân đội nước ngoài.",
    "Hatutaki majeshi ya kigeni nchini.",
    "Emme halua vieraita joukkoja.",
    "Nem akarunk idegen csapatokat.",
    "Nou pa vle twoup etranje nan peyi a.",
    "Мы не хотим чужих войск.",
    "لا نريد قوات أجنبية.",
    "हमें विदेशी सेना नहीं चाहिए।",
    "我们不要外国军队。",
    "外国の軍隊はいらない。",
    "Δεν θέλουμε ξένα στρατεύματα.",
]
ENGLISH = [
    "No.",
    "Never!",
    "Bienvenue",  # too short to tell
    "three armed patrol vessels off disputed northern fishing grounds in autumn",
    "THEY MUST LEAVE OUR COUNTRY BEFORE SUNRISE TOMORROW MORNING",
    "Nguyen Van Hai, Fatou Keita and Mehmet Yıldız welcomed the vote",
    "condemned the Front National and the Partido Popular",
    "We say no pasarán to every one of them",
    "𝐖𝐞 𝐝𝐨 𝐧𝐨𝐭 𝐰𝐚𝐧𝐭 𝐭𝐡𝐞𝐦 𝐡𝐞𝐫𝐞",
    "dey no wan troops for dis country at all",
    "Troops out now!!! 😡😡 #NoBase @portwatch",
    "Lol ok",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_told(text: str) -> None:
    assert unfit(text, english_only=True) is Abstention.NOT_ENGLISH
    assert "not in English" in str(input_warning(text, Abstention.NOT_ENGLISH))
    assert unfit(text, english_only=False) is None


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_not_taken_for_another_language(text: str) -> None:
    assert unfit(text, english_only=True) is None
    assert input_warning(text, None) is None


@pytest.mark.parametrize("text", ["👍👍👍", "😡", "!!!", "31/12/2026", "100 %", "—", "٣٤"])
def test_a_text_without_letters_is_told_whatever_the_model_reads(text: str) -> None:
    for english_only in (True, False):
        assert unfit(text, english_only=english_only) is Abstention.NO_LETTERS
    assert input_warning(text, Abstention.NO_LETTERS) == "the statement has no letters"
