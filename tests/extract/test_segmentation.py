"""Paragraphs and sentences."""

from __future__ import annotations

import pytest

from stance.extract.segmentation import enclosing, paragraph_ranges, sentence_ranges


def sentences(text: str) -> list[str]:
    return [text[s:e] for s, e in sentence_ranges(text, 0, len(text))]


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
    assert [text[s:e] for s, e in sentence_ranges(text, 0, len(text))] == [
        "Mr. Okoro met Dr. J. P. Vance.",
        '"It was late."',
        "She left at 5 p.m. sharp.",
        "Really?",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("“Go!” he cried. She went.", ["“Go!” he cried.", "She went."]),
        ("He works for Acme Inc. She does not.", ["He works for Acme Inc.", "She does not."]),
        ("He met Gen. Lund. Rain fell.", ["He met Gen. Lund.", "Rain fell."]),
        ("He lives in the U.S. and works.", ["He lives in the U.S. and works."]),
        ("He lives in the U.S. The rest left.", ["He lives in the U.S.", "The rest left."]),
        ("The U.S. Senate met.", ["The U.S. Senate met."]),
        ("Why? Because. So…  Yes.", ["Why?", "Because.", "So…", "Yes."]),
        ("It was I. Then he came.", ["It was I.", "Then he came."]),
        ("第一句。第二句。", ["第一句。", "第二句。"]),
        ("no end", ["no end"]),
        ("  ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("offset", "position"), [(-1, 0), (0, 0), (4, 0), (5, 1), (9, 1), (100, 2)]
)
def test_the_range_that_holds_an_offset(offset: int, position: int) -> None:
    assert enclosing([(0, 4), (5, 9), (12, 20)], offset) == position


@pytest.mark.parametrize("text", ["", " ", "\n\n", '"', "“", "'", "”“", "\u202e", "."])
def test_odd_texts_do_not_raise(text: str) -> None:
    paragraph_ranges(text)
    sentences(text)


def test_a_run_of_dots_takes_linear_time() -> None:
    assert sentence_ranges("." * 200_000 + "a", 0, 200_001) == [(0, 200_001)]
