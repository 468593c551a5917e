"""What a news row is told apart by."""

from __future__ import annotations

import pytest

from eval.slices import news_slices, target_kind
from stance.evaluation.news import news_words


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("Ana Ruiz", "person or body"),
        ("the Harbour Board", "person or body"),
        ("Lund's town council", "person or body"),
        ("voters in the north", "person or body"),
        ("the government of Norland", "person or body"),
        ("the Northern Gazette", "person or body"),
        ("The Northern Gazette", "person or body"),
        ("Ana Ruiz's tax plan", "policy or event"),
        ("raising the harbour fee", "policy or event"),
        ("Ruiz leaving the council", "policy or event"),
        ("the claim that the vote was rigged", "policy or event"),
        ("the way the count was done", "policy or event"),
        ("a ban on night flights", "policy or event"),
        ("The harbour should be closed", "claim"),
        ("Norland is ready to join", "claim"),
        ("The new law breaks old promises", "claim"),
        ("We have too few ships", "claim"),
    ],
)
def test_kinds_of_target(target: str, kind: str) -> None:
    assert target_kind(target) == kind


ROW: dict[str, object] = {
    "article": "gazette_2016-03-01_fees-rise",
    "text": "the fees must go",
    "context": "Ana Ruiz said the fees must go. It rained.",
    "speaker": "Ana Ruiz",
    "cue": "said",
    "target": "the harbour fees",
}


def test_slices_of_an_indirect_statement() -> None:
    assert news_slices(ROW, news_words(ROW, "r"), "r") == {
        "outlet": "gazette",
        "kind": "indirect",
        "target": "policy or event",
        "length": "up to 10 words",
        "cue": "judged with it",
    }


def test_a_direct_quote_is_judged_without_its_cue() -> None:
    row = {
        **ROW,
        "article": "post-7",
        "source": "the Post",
        "text": "The fees must go, all of them, and soon, or we leave",
        "context": "“The fees must go, all of them, and soon, or we leave,” Ana Ruiz said.",
        "kind": "direct",
    }
    found = news_slices(row, news_words(row, "r"), "r")
    assert (found["outlet"], found["kind"]) == ("the Post", "direct")
    assert (found["cue"], found["length"]) == ("judged without it", "11 to 25 words")
