"""Speakers told of otherwise than by name: expected to speak, "our correspondent", named later."""

from __future__ import annotations

import pytest

from stance.extract.extractor import extract_statements

Case = tuple[str, str]


def plain(name: str | None) -> str | None:
    """A speaker in small letters, without an article."""
    return name.lower().removeprefix("the ") if name else None


EXPECTED: list[tuple[str, str, str]] = [
    (
        "The finance minister, Lerato Mokoena, is expected to announce a freeze on fuel taxes in "
        "her first budget on Thursday.",
        "lerato mokoena",
        "a freeze on fuel taxes in her first budget on Thursday",
    ),
    (
        "Governor Tomas Vega is set to announce that the two northern ports will be closed for a "
        "year.",
        "tomas vega",
        "that the two northern ports will be closed for a year",
    ),
    (
        "Brazilian miner Orex is expected to announce that it will sell its last coal mine next "
        "month.",
        "orex",
        "that it will sell its last coal mine next month",
    ),
    (
        "Health Secretary Priya Nair is also expected to warn that hospitals cannot hire enough "
        "nurses this winter.",
        "priya nair",
        "that hospitals cannot hire enough nurses this winter",
    ),
    (
        "Mayor Kofi Mensah is expected to call for a ban on diesel cars in the centre of Accra.",
        "kofi mensah",
        "a ban on diesel cars in the centre of Accra",
    ),
    (
        "Korvex is likely to announce the closure of its steel mill in Ostrava this week.",
        "korvex",
        "the closure of its steel mill in Ostrava this week",
    ),
]

NOT_EXPECTED: list[tuple[str, str, str]] = [
    (
        "Korvex is expected to open a mill in Ostrava, union leader Petr Novak said.",
        "petr novak",
        "Korvex is expected to open a mill in Ostrava",
    ),
    (
        "Lerato Mokoena is expected to win the vote on Thursday, analysts said.",
        "analysts",
        "Lerato Mokoena is expected to win the vote on Thursday",
    ),
]

CASES: dict[str, list[Case]] = {
    "our correspondent": [
        (
            "Wanjiru Otieno, our Africa correspondent, went to Kisumu. “The lake has risen by two "
            "metres,” our correspondent said.",
            "wanjiru otieno",
        ),
        (
            "Ida Holm reports from Odessa. The harbour is empty. “The last crane was sold last "
            "week,” our correspondent said.",
            "ida holm",
        ),
        ("Linh Tran reports from Hanoi. “The dykes have held,” said our correspondent.",
         "linh tran"),
        (
            "BBC correspondent Amina Diallo was in Dakar. The minister, Omar Sow, smiled. “The "
            "streets were quiet all night,” our correspondent said.",
            "amina diallo",
        ),
        (
            "Sports correspondent Jonas Weber travelled to Graz. Snow fell. “The slopes are closed "
            "until Friday,” our correspondent said.",
            "jonas weber",
        ),
    ],
    "a correspondent of whom nothing else is told": [
        ("Nobody knows who fired. “The streets were quiet all night,” our correspondent said.",
         "our correspondent"),
        ("“The streets were quiet all night,” our correspondent in Turin said.",
         "our correspondent in turin"),
    ],
    "one of several": [
        (
            "One of the country’s biggest unions has warned that drivers will strike next week."
            "\n\nThe Harbour Workers Union said talks had failed.",
            "harbour workers union",
        ),
        (
            "One of the biggest banks in Kenya said that it would close forty branches.\n\nKenya "
            "Post Bank told staff on Friday.",
            "kenya post bank",
        ),
        (
            "One of Ghana’s oldest charities has warned that thousands of children will go hungry."
            "\n\nThe Okoa Foundation said demand had doubled.",
            "okoa foundation",
        ),
        (
            "One of the oldest universities in Chile has said that it will admit fewer students."
            "\n\nThe University of Valdivia said money was short.",
            "university of valdivia",
        ),
        ("One of the judges, Amina Diallo, said that the law was unfair.", "amina diallo"),
    ],
    "one of several whom no name that follows fits": [
        (
            "One of the passengers said that the train was an hour late.\n\nThe Harbour Workers "
            "Union said talks had failed.",
            "one of the passengers",
        ),
        (
            "Some of the biggest banks in Kenya said that they would close forty branches.\n\n"
            "Kenya Post Bank told staff on Friday.",
            "some of the biggest banks in kenya",
        ),
    ],
    "a body that is named in the next paragraph": [
        (
            "A human rights watchdog has warned that prisoners are being beaten.\n\nThe Kurdish "
            "Observatory for Human Rights said it had proof.",
            "kurdish observatory for human rights",
        ),
        (
            "An aid agency has warned that the camps have run out of water.\n\nThe Sahel Relief "
            "Agency said wells had dried up.",
            "sahel relief agency",
        ),
        (
            "A council has warned that its libraries will shut by spring.\n\nMarlow County Council "
            "said it had run out of money.",
            "marlow county council",
        ),
        (
            "A think tank has said that the tax will hit the poor hardest.\n\nThe Institute for "
            "Fair Budgets said the rich would pay less.",
            "institute for fair budgets",
        ),
        (
            "A party in Peru has said that it will not back the budget.\n\nThe Green Party wants "
            "more for schools.",
            "green party",
        ),
    ],
    "a body that the next name does not fit": [
        (
            "A council has warned that its libraries will shut by spring.\n\nKenya Post Bank said "
            "it would help.",
            "a council",
        ),
        (
            "A bank said it would close forty branches in the north.\n\nMayor Peter Lund said he "
            "was sorry.",
            "a bank",
        ),
        ("A union has said that its drivers will strike next week.\n\nSouth Korea said talks had "
         "failed.", "a union"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "speaker", "words"), [*EXPECTED, *NOT_EXPECTED])
def test_what_somebody_is_expected_to_say(text: str, speaker: str, words: str) -> None:
    (found,) = extract_statements(text)
    assert (plain(found.speaker), found.text) == (speaker, words)


@pytest.mark.parametrize(("text", "speaker"), [case for kind in CASES.values() for case in kind])
def test_whose_the_first_statement_is(text: str, speaker: str) -> None:
    assert plain(extract_statements(text)[0].speaker) == speaker
