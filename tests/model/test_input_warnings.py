"""Warnings for text that the models were not trained on."""

import pytest

from stance.model.input_warnings import input_warning


@pytest.mark.parametrize(
    "text",
    [
        "Wir wollen keine fremden Truppen auf unserem Boden haben",
        "No queremos tropas extranjeras en nuestro país nunca más",
        "Wij willen geen buitenlandse troepen op onze bodem hebben",
        "Emme halua ulkomaisia joukkoja maahamme koskaan enää missään tilanteessa",
        "Мы не хотим чужих войск на нашей земле",
    ],
)
def test_other_languages_are_named(text: str) -> None:
    assert "English" in str(input_warning(text))


@pytest.mark.parametrize(
    "text",
    [
        "three armed patrol vessels off disputed northern fishing grounds in autumn",
        "six coastal smuggling networks listed as dangerous criminal groups yesterday",
        "No.",
        "THEY MUST LEAVE OUR COUNTRY BEFORE SUNRISE TOMORROW MORNING",
    ],
)
def test_short_english_phrases_are_not(text: str) -> None:
    assert input_warning(text) is None
