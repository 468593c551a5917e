"""One epoch of training pairs: what the sources give, and what is derived from it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from stance.config import check_range
from stance.errors import ConfigError
from stance.labels import Stance
from stance.training.records import TrainingPair
from stance.training.replies import ReplyBook, make_replies
from stance.training.sources import Corpus
from stance.training.target_wordings import Wordings, opposite, reword, with_noun_phrase
from stance.training.variations import Variations, vary


@dataclass(frozen=True, slots=True)
class Mixture:
    """What goes into one epoch of a stage.

    A derivation is made only of the sources whose ``derive`` lists it.

    Attributes:
        shares: for each source how many of its pairs to take, a share in [0, 1]; ``"*"`` stands for
            the sources not named, which are taken whole without it.
        opposites: probability that a pair is also given toward the opposite of its target, with the
            other label.
        noun_phrases: probability that "We should ban X" is also given as "X".
        neutral: neutral pairs to make, as a share of the pairs that they are made of.
        wordings: probability that a target whose wordings are known is given in another of them.
        opposed: probability that it is given as its opposite, with the other label.
        variations: in which forms statements are given.
        replies: pairs to derive by setting a reply without a topic behind a labelled text.
    """

    shares: dict[str, float] = field(default_factory=dict)
    opposites: float = 0.0
    noun_phrases: float = 0.0
    neutral: float = 0.0
    wordings: float = 0.0
    opposed: float = 0.0
    variations: Variations = field(default_factory=Variations)
    replies: int = 0

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        for key in ("opposites", "noun_phrases", "wordings", "opposed"):
            check_range(key, getattr(self, key), 0, 1)
        check_range("wordings + opposed", round(self.wordings + self.opposed, 9), 0, 1)
        check_range("neutral", self.neutral, 0, 10)
        check_range("replies", self.replies, 0)
        for name, share in self.shares.items():
            check_range(f"shares.{name}", share, 0, 1)


def build_mixture(
    corpus: Corpus,
    mixture: Mixture,
    wordings: Mapping[str, Wordings],
    replies: ReplyBook | None,
    seed: int,
) -> list[TrainingPair]:
    """Assemble one epoch of training pairs, shuffled; the same for the same seed.

    Raises:
        ConfigError: ``shares`` name a source that is not there, a derivation has nothing to be made
            from, or replies are wanted and the recipe names no file of them.
    """
    rng = random.Random(seed)
    taken = _take(corpus, mixture, rng)
    if not taken:
        raise ConfigError("shares: they leave no pair to train on")
    derived = [
        made
        for pair in taken
        for derivation, make, rate in (
            ("opposites", opposite, mixture.opposites),
            ("noun_phrases", with_noun_phrase, mixture.noun_phrases),
        )
        if derivation in corpus.sources[pair.source].derive
        and rng.random() < rate
        and (made := make(pair, rng)) is not None
    ]
    neutral = make_neutral(corpus, taken, mixture.neutral, rng)
    made_replies = _replies(corpus, taken, replies, mixture.replies, rng)
    seen = [_seen(pair, corpus, mixture, wordings, rng) for pair in taken]
    whole = [*seen, *derived, *neutral, *made_replies]
    rng.shuffle(whole)
    return whole


def _take(corpus: Corpus, mixture: Mixture, rng: random.Random) -> list[TrainingPair]:
    unknown = mixture.shares.keys() - corpus.train.keys() - {"*"}
    if unknown:
        raise ConfigError(
            f"shares: there is no source {sorted(unknown)[0]!r} that trains; there are "
            f"{', '.join(corpus.train)}"
        )
    taken = []
    for name, pairs in corpus.train.items():
        share = mixture.shares.get(name, mixture.shares.get("*", 1.0))
        for _ in range(corpus.sources[name].repeats):
            taken += [pair for pair in pairs if share >= 1 or rng.random() < share]
    return taken


def _seen(
    pair: TrainingPair,
    corpus: Corpus,
    mixture: Mixture,
    wordings: Mapping[str, Wordings],
    rng: random.Random,
) -> TrainingPair:
    """The form in which a pair is seen: reworded and varied where its source allows it."""
    derive = corpus.sources[pair.source].derive
    if "wordings" in derive:
        pair = reword(pair, wordings, same=mixture.wordings, opposed=mixture.opposed, rng=rng)
    if "variations" in derive:
        others = corpus.train[pair.source]
        pair = vary(pair, others, corpus.surroundings, mixture.variations, rng)
    return pair


def make_neutral(
    corpus: Corpus, taken: Sequence[TrainingPair], share: float, rng: random.Random
) -> list[TrainingPair]:
    """Pair texts with targets of other pairs.

    Where a source's targets bear on one another, a text of it never gets another of them.

    Raises:
        ConfigError: no text can be given another target.
    """
    sources = corpus.deriving("neutral")
    pairs = [pair for pair in taken if pair.source in sources]
    count = int(share * len(pairs))
    related = {name for name in sources if corpus.sources[name].related_targets}
    groups = {pair.source if pair.source in related else pair.target for pair in pairs}
    if count and len(groups) < 2:
        raise ConfigError(
            "neutral: the pairs taken have one target, or are all of one source whose targets bear "
            "on one another, so that no text can be given another target: set neutral to 0, or "
            "take pairs of other sources"
        )
    made: list[TrainingPair] = []
    while len(made) < count:
        text, other = rng.choice(pairs), rng.choice(pairs)
        near = text.source == other.source and text.source in related
        if other.target != text.target and not near:
            made.append(replace(text, target=other.target, stance=Stance.NEUTRAL))
    return made


def _replies(
    corpus: Corpus,
    taken: Sequence[TrainingPair],
    book: ReplyBook | None,
    count: int,
    rng: random.Random,
) -> list[TrainingPair]:
    """Replies behind the pairs taken of every source that derives them, in equal parts."""
    if not count:
        return []
    if book is None:
        raise ConfigError("replies: the recipe names no file of replies: add `replies: FILE`")
    made: list[TrainingPair] = []
    texts = {
        name: _by_text([pair for pair in taken if pair.source == name], rng)
        for name in corpus.train
        if name in corpus.deriving("replies")
    }
    texts = {name: some for name, some in texts.items() if some}
    if not texts:
        raise ConfigError(
            "replies: no pair taken without a context is of a source that derives replies: set "
            "replies to 0, or take more sources"
        )
    for number, some in enumerate(texts.values()):
        share = (count * (number + 1)) // len(texts) - len(made)
        made += make_replies(some, book, corpus.surroundings, share, rng)
    return made


def _by_text(pairs: Sequence[TrainingPair], rng: random.Random) -> list[list[TrainingPair]]:
    """The pairs of every text without a context, with their opposites and noun phrases."""
    texts: dict[str, list[TrainingPair]] = {}
    for pair in pairs:
        if not pair.context:
            further = [made for made in (opposite(pair, rng), with_noun_phrase(pair, rng)) if made]
            texts.setdefault(pair.statement, []).extend([pair, *further])
    return list(texts.values())
