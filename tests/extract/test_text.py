"""Paragraphs, sentences and quotation marks."""

from __future__ import annotations

import pytest

from stance.extract.segmentation import (
    html_to_text,
    paragraph_ranges,
    quote_regions,
    quote_state,
    sentence_ranges,
)


def inner(text: str) -> list[str]:
    return [text[r.inner_start : r.inner_end] for r in quote_regions(text)]


def test_paragraphs_end_at_blank_lines_and_line_breaks() -> None:
    text = "One line.\nAnother line.\r\n\r\n  Third.  \n"
    assert [text[s:e] for s, e in paragraph_ranges(text)] == [
        "One line.",
        "Another line.",
        "Third.",
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "The minister spoke to\nreporters for an hour.\n\nNobody\nasked anything."
    assert len(paragraph_ranges(text)) == 2


def test_sentences_keep_abbreviations_initials_and_closing_marks() -> None:
    text = 'Mr. Okoro met Dr. J. P. Vance. "It was late." She left at 5 p.m. sharp. Really?'
    assert [text[s:e] for s, e in sentence_ranges(text)] == [
        "Mr. Okoro met Dr. J. P. Vance.",
        '"It was late."',
        "She left at 5 p.m. sharp.",
        "Really?",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We stay,” she said. “All of us.”", ["We stay,", "All of us."]),
        ('"We stay," she said. "All of us."', ["We stay,", "All of us."]),
        ("''We stay,'' she said.", ["We stay,"]),
        ("``We stay,'' she said.", ["We stay,"]),
        ("«On reste», dit-elle.", ["On reste"]),
        ("He said ‘we stay’ and sat down.", ["we stay"]),
        ("The board (“the only one”) met.", ["the only one"]),
        ('He is 5\'10" tall and "very calm" today.', ["very calm"]),
        ("The workers' union and the teachers' club met.", []),
        ("In the '90s they didn't know what the boys' father knew.", []),
    ],
)
def test_marks_pair(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


def test_apostrophes_do_not_disturb_double_marks() -> None:
    text = "“It isn't the neighbours' fault,” he said. Don't ask. “Ask 'em,” she said."
    assert inner(text) == ["It isn't the neighbours' fault,", "Ask 'em,"]


def test_unbalanced_mark_harms_only_its_paragraph() -> None:
    text = "He said “nothing works and left.\n\n“Everything works,” she said.\n\nFine."
    regions = quote_regions(text)
    assert [r.closed for r in regions] == [False, True]
    assert regions[0].end <= text.index("\n")


def test_forgotten_close_before_a_new_quote() -> None:
    text = 'He said "we lost. Then he said "we won" and sat.'
    assert inner(text)[-1] == "we won"


def test_quote_state_marks_every_code_point() -> None:
    text = "a “b” c"
    assert list(quote_state(text, quote_regions(text))) == [0, 0, 1, 2, 3, 0, 0]


def test_html_becomes_paragraphs_of_decoded_text() -> None:
    page = "<html><head><title>x</title></head><body><p>&ldquo;Go,&rdquo;\n she said.</p><p>A&amp;B"
    assert html_to_text(page + "<script>var x</script></p></body></html>") == (
        "“Go,” she said.\n\nA&B"
    )
    assert html_to_text("<html><head><title>T</title><body><p>Go</p>") == "Go"  # no </head>


@pytest.mark.parametrize("text", ["", " ", "\n\n", '"', "“", "'", "”“", "\u202e", "."])
def test_odd_texts_do_not_raise(text: str) -> None:
    quote_regions(text)
    sentence_ranges(text)


def test_a_run_of_dots_takes_linear_time() -> None:
    assert sentence_ranges("." * 200_000 + "a") == [(0, 200_001)]
