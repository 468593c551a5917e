"""Paragraphs and sentences."""

from __future__ import annotations

import pytest

from stance.extract import Document
from stance.extract.parameters import LONGEST_PARAGRAPH, LONGEST_SENTENCE
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
    parts = sentence_ranges("." * 200_000 + "a", 0, 200_001)
    assert [left for left, _ in parts] == [0, *(right for _, right in parts[:-1])]
    assert parts[-1][1] == 200_001


def test_a_sentence_longer_than_any_is_parted_between_words() -> None:
    text = "and the mayor went on " * 300 + "x" * 3000
    parts = [text[left:right] for left, right in sentence_ranges(text, 0, len(text))]
    assert " ".join(parts[:-3]) + " " + "".join(parts[-3:]) == text
    assert max(map(len, parts)) <= LONGEST_SENTENCE


@pytest.mark.parametrize("stop", [". ", "! ", " "])
def test_a_paragraph_longer_than_any_is_parted_behind_a_sentence(stop: str) -> None:
    text = f"The mayor went on{stop}" * 2000
    parts = [text[left:right] for left, right in paragraph_ranges(text)]
    assert " ".join(parts) == text.strip()
    assert max(map(len, parts)) <= LONGEST_PARAGRAPH
    assert not stop.strip() or all(part.endswith(stop.strip()) for part in parts)


def test_a_paragraph_without_any_space_is_parted_too() -> None:
    text = "x" * 35_000
    parts = paragraph_ranges(text)
    assert "".join(text[left:right] for left, right in parts) == text
    assert [left for left, _ in parts] == [0, 10_000, 20_000, 30_000]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("The tide fell. Ada Berg left", True),
        ("“Go!” Ada Berg said", True),
        ("Did it?) “Yes", True),
        ("It fell.\n\nThe next day", True),
        ("as Ms. Berg left", False),
        ("as J. Berg left", False),
        ("the tide fell. it rose", False),
        ("at 3.Then", False),
        ("It fell. ", False),
        ("", False),
    ],
)
def test_whether_a_sentence_ends_between_two_places(text: str, broken: bool) -> None:
    document = Document(text)
    assert document.is_broken(-2, len(document.text) + 2) is broken


def test_a_break_counts_only_where_its_mark_and_its_capital_are_between() -> None:
    document = Document("One ship. Two ships.")
    assert document.is_broken(8, 11)
    assert not document.is_broken(9, 20)
    assert not document.is_broken(0, 10)
