"""The mixture: what is derived, from what, and with which label."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from stance.errors import ConfigError, DataError
from stance.labels import Sentiment, Stance
from stance.model.targets import TargetBook, TargetWording
from stance.training.mixture import Mixture, build_mixture
from stance.training.records import TrainingPair, flip
from stance.training.replies import load_replies
from stance.training.sources import Corpus, Source
from stance.training.target_wordings import (
    collect_wordings,
    negate_target,
    noun_phrase_target,
    oppose_phrase,
)
from stance.training.unlabelled import Unlabelled, alter, make_unlabelled
from stance.training.variations import Variations, mistype, vary

REPLIES = load_replies(Path(__file__).resolve().parents[2] / "configs/train/replies.yaml")
BOOK = TargetBook(
    {"zoos": TargetWording("f", "a", aliases=("animal parks",), opposed=("freedom for animals",))}
)
WORDINGS = collect_wordings(BOOK)


@pytest.mark.parametrize(
    ("target", "negated"),
    [
        ("We should ban zoos", "We should not ban zoos"),
        ("Zoos should not be banned", "Zoos should be banned"),
        ("School is free for all", "School is not free for all"),
        ("foreign intervention", None),
        ("We shouldn't ban zoos", None),
        ("We should never ban zoos", None),
        ("There is no reason to ban zoos", None),
        ("Countries that can help should do so", None),
        ("Those who are ill", None),
        ("If taxes are cut, the poor will lose", None),
        ("A land where people are free", None),
        ("The will of the people", None),
        ("Political will to act", None),
        ("Zoos are cruel and circuses should be closed", None),
        ("Is war just", None),
        ("We should close zoos that are cruel", "We should not close zoos that are cruel"),
    ],
)
def test_negated_targets(target: str, negated: str | None) -> None:
    assert negate_target(target) == negated


@pytest.mark.parametrize(
    ("target", "is_phrase"),
    [
        ("the toll on the bridge", True),
        ("raising the toll", True),
        ("Amina Diallo", True),
        ("the Bank of Sel", True),
        ("Bank of Sel", True),
        ("the claim that the toll will hurt trade", True),
        ("Raising the toll was a mistake", False),
        ("the mayor should resign", False),
        ("Sel Radio misled its listeners", False),
    ],
)
def test_only_noun_phrases_are_opposed(target: str, is_phrase: bool) -> None:
    opposed = oppose_phrase(target, random.Random(1))
    assert (opposed is not None) == is_phrase
    assert opposed is None or opposed.endswith(f" {target}")


def test_noun_phrase_targets_turn_the_label_with_the_verb() -> None:
    assert noun_phrase_target("We should ban zoos.") == ("zoos", True)
    assert noun_phrase_target("We should subsidize rail travel") == ("rail travel", False)
    assert noun_phrase_target("Zoos are sad") is None


def _corpus(*specs: Source, count: int = 40) -> Corpus:
    train = {}
    for spec in specs:
        train[spec.name] = [
            TrainingPair(
                f"{spec.name} says {i}",
                "We should ban zoos" if i % 2 else "zoos",
                Stance.AGAINST if i % 2 else Stance.FAVOR,
                Sentiment.NEUTRAL,
                source=spec.name,
                group=f"g{i // 4}",
            )
            for i in range(count)
        ]
    return Corpus({s.name: s for s in specs}, train, [], [], ["It rained."], {})


ALL = ("opposites", "noun_phrases", "neutral", "wordings", "variations", "replies")


def test_it_is_the_same_for_the_same_seed() -> None:
    corpus = _corpus(Source("a", "f", derive=ALL))
    mixture = Mixture(opposites=0.5, neutral=0.5, wordings=0.3, opposed=0.3)
    made = build_mixture(corpus, mixture, WORDINGS, None, 3)
    assert made == build_mixture(corpus, mixture, WORDINGS, None, 3)
    assert made != build_mixture(corpus, mixture, WORDINGS, None, 4)


def test_opposites_and_noun_phrases_have_the_other_label() -> None:
    corpus = _corpus(Source("a", "f", derive=("opposites", "noun_phrases")), Source("b", "f"))
    made = build_mixture(corpus, Mixture(opposites=1.0, noun_phrases=1.0), WORDINGS, None, 3)
    assert len(made) == 80 + 20 + 20 + 20
    for pair in made:
        if pair.target.endswith(" zoos") and not pair.target.startswith("We"):
            assert (pair.stance, pair.source) == (Stance.AGAINST, "a")
        if pair.target == "We should not ban zoos":
            assert (pair.stance, pair.source) == (Stance.FAVOR, "a")
    turned = [p for p in made if p.target == "zoos" and int(p.statement.split()[-1]) % 2]
    assert {p.stance for p in turned} == {Stance.FAVOR} and len(turned) == 20


def test_neutral_pairs_have_a_target_from_elsewhere() -> None:
    corpus = _corpus(Source("a", "f", derive=("neutral",)), Source("b", "f"))
    made = build_mixture(corpus, Mixture(neutral=0.5), WORDINGS, None, 3)
    neutral = [p for p in made if p.stance is Stance.NEUTRAL]
    assert len(neutral) == 20 and {p.source for p in neutral} == {"a"}
    own = {p.statement: p.target for p in corpus.train["a"]}
    assert all(own[p.statement] != p.target for p in neutral)


def test_replies_are_set_behind_pairs_that_are_taken() -> None:
    corpus = _corpus(Source("a", "f", derive=("replies",)), Source("b", "f", derive=("replies",)))
    made = build_mixture(corpus, Mixture(shares={"a": 0.0}, replies=40), WORDINGS, REPLIES, 3)
    replies = [pair for pair in made if pair.source == "replies"]
    assert len(replies) == 40 and not any("a says" in pair.context for pair in replies)
    corpus = _corpus(Source("a", "f", derive=("replies",)), Source("b", "f"))
    with pytest.raises(ConfigError, match="replies: no pair taken"):
        build_mixture(corpus, Mixture(shares={"a": 0.0}, replies=40), WORDINGS, REPLIES, 3)


def test_related_targets_are_never_called_neutral() -> None:
    related = Source("a", "f", derive=("neutral",), related_targets=True)
    with pytest.raises(ConfigError, match="set neutral to 0"):
        build_mixture(_corpus(related), Mixture(neutral=0.5), WORDINGS, None, 3)
    corpus = _corpus(related, Source("b", "f", derive=("neutral",)))
    corpus.train["b"] = [replace(p, target=f"{p.target}!") for p in corpus.train["b"]]
    made = build_mixture(corpus, Mixture(neutral=1.0), WORDINGS, None, 3)
    neutral = [p for p in made if p.stance is Stance.NEUTRAL and p.source == "a"]
    assert neutral and all(p.target.endswith("!") for p in neutral)


def test_targets_are_reworded_with_their_label() -> None:
    corpus = _corpus(Source("a", "f", derive=("wordings",)), count=200)
    made = build_mixture(corpus, Mixture(wordings=0.4, opposed=0.4), WORDINGS, None, 3)
    by_target = {p.target: set() for p in made}
    for pair in made:
        by_target[pair.target].add(pair.stance)
    assert by_target["animal parks"] == {Stance.FAVOR} == by_target["zoos"]
    assert by_target["freedom for animals"] == {Stance.AGAINST}


def test_a_file_gives_the_wordings_of_further_targets(tmp_path: Path, write_jsonl) -> None:
    rows = [
        {"target": "The toll", "same": ["a toll on the bridge"], "opposed": ["a free bridge"]},
        {"target": "Zoos", "same": ["never read"]},
    ]
    found = collect_wordings(BOOK, write_jsonl("wordings.jsonl", rows))
    assert found["the toll"].same == ("a toll on the bridge",)
    assert found["the toll"].opposed == ("a free bridge",)
    assert found["zoos"] == WORDINGS["zoos"] == found["animal parks"]
    for row, message in (
        ({"target": "the TOLL"}, r"line 3: target 'the TOLL' is listed twice"),
        ({"target": "x", "same": "y"}, r"line 3: same is 'y': give a list of texts"),
        ({"target": "x", "opposed": [" "]}, r"line 3: opposed is \[' '\]: give a list"),
        ({"same": ["y"]}, r"line 3: field 'target' is missing"),
    ):
        with pytest.raises(DataError, match=message):
            collect_wordings(BOOK, write_jsonl("wordings.jsonl", [*rows, row]))


def test_shares_and_repeats() -> None:
    corpus = _corpus(Source("a", "f"), Source("b", "f", repeats=3), Source("c", "f"), count=100)
    made = build_mixture(corpus, Mixture(shares={"*": 0.0, "b": 1.0, "c": 0.3}), WORDINGS, None, 3)
    counts = {name: sum(p.source == name for p in made) for name in "abc"}
    assert counts["a"] == 0 and counts["b"] == 300 and 15 < counts["c"] < 45
    with pytest.raises(ConfigError, match=r"no source 'd' that trains; there are a, b, c"):
        build_mixture(corpus, Mixture(shares={"d": 1.0}), WORDINGS, None, 3)
    with pytest.raises(ConfigError, match="leave no pair"):
        build_mixture(corpus, Mixture(shares={"*": 0.0}), WORDINGS, None, 3)


def test_replies_without_a_file_are_an_error() -> None:
    corpus = _corpus(Source("a", "f", derive=("replies",)))
    with pytest.raises(ConfigError, match="add `replies: FILE`"):
        build_mixture(corpus, Mixture(replies=3), WORDINGS, None, 3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shares": {"a": 1.2}}, r"shares\.a is 1.2: give a number from 0 to 1"),
        ({"opposites": 2.0}, "opposites is 2.0"),
        ({"wordings": 0.7, "opposed": 0.5}, r"wordings \+ opposed is 1.2"),
        ({"replies": -1}, "replies is -1: give 0 or more"),
        ({"neutral": -0.1}, "neutral is -0.1"),
    ],
)
def test_values_out_of_range_are_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Mixture(**settings)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"typos is 2.0"):
        Variations(typos=2.0)


def test_forms_keep_the_words_and_the_deciding_context() -> None:
    rng = random.Random(5)
    pair = TrainingPair("they leave tomorrow", "t", Stance.FAVOR, context="Why?", speaker="Ada")
    rates = Variations(speaker=0.5, quoted=0.5, typos=0.0, surroundings=1.0, drop_context=1.0)
    others = [TrainingPair("we stay here", "t")]
    seen = [vary(pair, others, ["It rained."], rates, rng) for _ in range(60)]
    assert {p.statement for p in seen} == {"they leave tomorrow", "“they leave tomorrow”"}
    assert {p.speaker for p in seen} == {"Ada", None}
    assert all("they leave tomorrow" in p.context for p in seen)
    assert any("we stay here" in p.context for p in seen)
    decided = replace(pair, context_decides=True)
    assert {vary(decided, others, [], rates, rng).context for _ in range(20)} == {"Why?"}
    assert {vary(pair, [], [], rates, rng).context for _ in range(20)} == {""}


@pytest.mark.parametrize("text", ["they leave tomorrow morning", "no to it", ""])
def test_typing_errors_stay_in_long_words(text: str) -> None:
    rng = random.Random(1)
    made = {mistype(text, rng) for _ in range(50)}
    long = any(len(word) > 3 for word in text.split())
    assert (len(made) > 5) == long
    assert all(len(m.split()) == len(text.split()) for m in made)


def test_unlabelled_pairs_take_targets_from_near() -> None:
    corpus = _corpus(Source("a", "f"), Source("b", "f"))
    corpus.unlabelled["c"] = [TrainingPair("c says 1", "", source="c", group="g1")]
    wanted = Unlabelled(90, sources={"a": 1.0, "c": 1.0}, altered=0.0, negated=0.0)
    made = make_unlabelled(corpus, wanted, 3)
    assert len(made) == 90 and made == make_unlabelled(corpus, wanted, 3)
    assert {p.source for p in made} == {"a", "c"}
    assert {p.target for p in made} == {"zoos", "We should ban zoos"}
    assert all(p.stance is None and p.sentiment is None for p in made)
    with pytest.raises(ConfigError, match="no source 'd'; there are a, b, c"):
        make_unlabelled(corpus, Unlabelled(1, sources={"d": 1.0}), 3)


def test_altered_texts_are_other_texts() -> None:
    rng = random.Random(2)
    text, other = "We will leave, and soon, as they want it. Not now.", "Stay here, please. Do!"
    made = {alter(text, other, rng) for _ in range(200)}
    assert len(made) > 50 and all(m.strip() for m in made)
    assert any("please" in m for m in made) and any("will not leave" in m for m in made)


@pytest.mark.parametrize("stance", list(Stance))
def test_flipping_twice_is_nothing(stance: Stance) -> None:
    assert flip(flip(stance)) is stance
    assert (flip(stance) is stance) == (stance is Stance.NEUTRAL)
