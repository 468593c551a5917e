"""A reply takes its label from the text or the question behind which it stands."""

from __future__ import annotations

import random
from dataclasses import fields
from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.labels import Stance
from stance.training.records import TrainingPair, flip
from stance.training.replies import ReplyBook, load_replies, make_replies

REPLIES = Path(__file__).resolve().parent.parent.parent / "configs" / "train" / "replies.yaml"
BOOK = ReplyBook(
    agree=("Hear, hear.",),
    disagree=("Rubbish.",),
    noncommittal=("I was not there.",),
    accept=("Yes.",),
    refuse=("No.",),
    unsure=("Who knows?",),
    glad=("At last!",),
    sorry=("Alas.",),
    indifferent=("Fine weather.",),
    questions=("Do you want {target}?",),
    reverse_questions=("Do you reject {target}?",),
    advances=("The vote for {target} was won.",),
    setbacks=("The vote for {target} was lost.",),
    said=("He said: {statement}",),
)
TEXT = "The soldiers keep us safe."


def _pair(target: str, stance: Stance) -> TrainingPair:
    return TrainingPair(TEXT, target, stance, source="own")


def test_labels_follow_from_phrase_and_context() -> None:
    pairs = [_pair("the garrison", Stance.FAVOR), _pair("withdrawal", Stance.AGAINST)]
    made = make_replies([pairs], BOOK, ["It rained."], 400, random.Random(1))
    assert len(made) == 400
    sign = {"Hear, hear.": 1, "Rubbish.": -1, "Yes.": 1, "No.": -1, "At last!": 1, "Alas.": -1}
    for pair in made:
        assert pair.context_decides
        assert pair.sentiment is None
        value = sign.get(pair.statement, 0)
        turned = "reject" in pair.context or "lost" in pair.context
        turned ^= "withdrawal" in pair.context  # the question names the opposite target
        turned ^= pair.target == "withdrawal"
        favor = flip(Stance.FAVOR) if turned else Stance.FAVOR
        expected = {1: favor, -1: flip(favor), 0: Stance.NEUTRAL}[value]
        assert pair.stance is expected, pair


def test_a_reply_to_a_text_without_a_side_has_none() -> None:
    pairs = [_pair("the garrison", Stance.NEUTRAL)]
    made = make_replies(
        [[*pairs, _pair("safety", Stance.FAVOR)]], BOOK, ["-"], 200, random.Random(2)
    )
    assert {p.stance for p in made if p.target == "the garrison"} == {Stance.NEUTRAL}


@pytest.mark.parametrize("labelled", [[], [[_pair("the garrison", Stance.NEUTRAL)]]])
def test_texts_without_a_side_are_an_error(labelled: list[list[TrainingPair]]) -> None:
    with pytest.raises(ConfigError, match="set replies to 0"):
        make_replies(labelled, BOOK, ["-"], 4, random.Random(2))


def test_shipped_phrases_are_distinct() -> None:
    book = load_replies(REPLIES)
    phrases = [phrase for field in fields(book) for phrase in getattr(book, field.name)]
    assert len(phrases) == len({p.casefold() for p in phrases}) > 900


def test_a_frame_without_its_slot_is_named(tmp_path: Path) -> None:
    text = REPLIES.read_text(encoding="utf-8").replace("{statement}", "...", 1)
    path = tmp_path / "replies.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"said: .* must hold \{statement\} once"):
        load_replies(path)
