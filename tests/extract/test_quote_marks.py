"""Quotation marks: which pair, and what stands between them."""

from __future__ import annotations

import pytest

from stance.extract.document import Document
from stance.extract.quote_marks import single_regions


def inner(text: str) -> list[str]:
    return [text[r.inner_start : r.inner_end] for r in Document(text).quote_regions]


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
    regions = Document(text).quote_regions
    assert [r.closed for r in regions] == [False, True]
    assert regions[0].end <= text.index("\n")


def test_forgotten_close_before_a_new_quote() -> None:
    text = 'He said "we lost. Then he said "we won" and sat.'
    assert inner(text)[-1] == "we won"


def test_quote_state_marks_every_code_point() -> None:
    text = "a “b” c"
    assert list(Document(text).quote_state) == [0, 0, 1, 2, 3, 0, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“a b” “c d” “e f”", ["a b", "c d", "e f"]),  # one beside the other
        ("„Wir bleiben“ sagte er", ["Wir bleiben"]),  # German: “ closes
        ("”We stay,” she said.", ["We stay,"]),  # a closing mark typed where one opens
        ("“We stay,“ she said.", ["We stay,"]),  # an opening mark typed where one closes
        ("“We ‘really’ stay,” she said.", ["We ‘really’ stay,"]),  # single within double
        ('He said: "Go!"', ["Go!"]),
        ('A 6" pipe and a 7" pipe.', []),
        ("‘We stay,’ she said, ‘all of us.’", ["We stay,", "all of us."]),
    ],
)
def test_marks_typed_right_and_wrong(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


def test_single_marks_within_a_stretch() -> None:
    text = "My father told me, ‘Never sell the land,’ and I didn’t"
    (region,) = single_regions(text, 0, len(text))
    assert text[region.inner_start : region.inner_end] == "Never sell the land,"
    assert region.single and region.closed


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [(0, 2, []), (0, 4, ["b"]), (3, 4, ["b"]), (4, 9, ["b", "d"]), (6, 7, []), (8, 30, ["d"])],
)
def test_regions_that_overlap_a_stretch(start: int, stop: int, expected: list[str]) -> None:
    document = Document("a “b” c “d” e")
    found = document.regions_in(start, stop)
    assert [document.text[r.inner_start : r.inner_end] for r in found] == expected


@pytest.mark.parametrize("text", ["", " ", "\n\n", '"', "“", "'", "”“", "\u202e", "."])
def test_odd_texts_do_not_raise(text: str) -> None:
    assert all(r.start < r.inner_start <= r.inner_end for r in Document(text).quote_regions)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('""The bridge is closed"", she said.', ["The bridge is closed"]),
        ('""It holds,"" he said, ""for now.""', ["It holds,", "for now."]),
        ('He wrote: ""We leave at dawn."" Nobody came.', ["We leave at dawn."]),
        ('The file was empty: "". “We lost it,” he said.', ["We lost it,"]),
    ],
)
def test_straight_marks_typed_twice_are_one_mark(text: str, quotes: list[str]) -> None:
    assert inner(text) == quotes
