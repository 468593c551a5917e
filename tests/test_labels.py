from __future__ import annotations

import pytest

from stance.errors import LabelError
from stance.labels import Entailment, Sentiment, Stance, parse_label, read_label_map


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("support", Stance.FAVOR),
        ("FAVOR", Stance.FAVOR),
        ("PRO", Stance.FAVOR),
        ("oppose", Stance.AGAINST),
        ("con", Stance.AGAINST),
        ("NONE", Stance.NEUTRAL),
        ("in_favor", Stance.FAVOR),
        (" Against ", Stance.AGAINST),
    ],
)
def test_aliases(name: str, expected: Stance) -> None:
    assert parse_label(Stance, name) is expected


@pytest.mark.parametrize("kind", [Stance, Sentiment, Entailment])
def test_every_label_is_its_own_name(kind) -> None:
    for member in kind:
        assert parse_label(kind, member.value) is member
        assert parse_label(kind, member.value.upper()) is member


def test_unknown_label_names_the_allowed_ones() -> None:
    with pytest.raises(LabelError, match="against, neutral, favor"):
        parse_label(Stance, "maybe")


def test_checkpoint_is_mapped_by_name_whatever_its_ids() -> None:
    assert read_label_map(Stance, {0: "FAVOR", 1: "AGAINST", 2: "NONE"}) == [1, 2, 0]
    assert read_label_map(Stance, {0: "con", 1: "pro"}) == [0, -1, 1]


def test_placeholder_labels_are_refused_without_a_map() -> None:
    names = {0: "LABEL_0", 1: "LABEL_1"}
    with pytest.raises(LabelError, match="LABEL_0"):
        read_label_map(Stance, names)
    explicit = {"LABEL_0": "favor", "LABEL_1": "against"}
    assert read_label_map(Stance, names, explicit) == [1, -1, 0]


def test_label_map_with_a_name_the_checkpoint_lacks() -> None:
    with pytest.raises(LabelError, match="LABEL_7"):
        read_label_map(Stance, {0: "favor", 1: "against"}, {"LABEL_7": "favor"})


def test_two_labels_with_one_meaning_are_refused() -> None:
    with pytest.raises(LabelError, match="two checkpoint labels"):
        read_label_map(Stance, {0: "pro", 1: "favor", 2: "con"})


def test_sentiment_checkpoint_is_not_a_stance_checkpoint() -> None:
    with pytest.raises(LabelError, match="positive"):
        read_label_map(Stance, {0: "positive", 1: "negative"})
