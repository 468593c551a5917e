"""Statement-target pairs without labels, for a teacher to label.

Texts of the training sources and of unlabelled ones, many of them altered (after Tang et al. 2019,
"Distilling Task-Specific Knowledge from BERT into Simple Neural Networks"), each toward a target of
its own group, of its source, or of any.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from stance.config import check_range
from stance.errors import ConfigError
from stance.training.records import TrainingPair
from stance.training.sources import Corpus
from stance.training.target_wordings import negate_target

_BREAK = re.compile(r"(?<=[.!?;,:]) ")


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """How many pairs to make, and of what.

    Attributes:
        count: pairs to make.
        sources: how often each source is drawn from, in any unit; all alike when empty.
        altered: probability that a text is cut, thinned out, negated, or continued as another.
        negated: probability that a claim among the targets is negated.
    """

    count: int
    sources: dict[str, float] = field(default_factory=dict)
    altered: float = 0.5
    negated: float = 0.1

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        check_range("unlabelled.count", self.count, 0)
        for key in ("altered", "negated"):
            check_range(f"unlabelled.{key}", getattr(self, key), 0, 1)
        for name, rate in self.sources.items():
            check_range(f"unlabelled.sources.{name}", rate, 0)


def make_unlabelled(corpus: Corpus, wanted: Unlabelled, seed: int) -> list[TrainingPair]:
    """Draw pairs without labels; the same for the same seed.

    Raises:
        ConfigError: a source is named that is not there, or no source has a target.
    """
    rng = random.Random(f"unlabelled-{seed}")
    texts = {**corpus.train, **corpus.unlabelled}
    unknown = wanted.sources.keys() - texts.keys()
    if unknown:
        raise ConfigError(
            f"unlabelled: there is no source {sorted(unknown)[0]!r}; there are {', '.join(texts)}"
        )
    rates = wanted.sources or dict.fromkeys(texts, 1.0)
    names = [name for name in rates if texts[name]]
    near = _targets_near(corpus)
    told = _texts_near(texts)
    made = []
    for name in rng.choices(names, [rates[name] for name in names], k=wanted.count):
        pair = rng.choice(texts[name])
        keys = [key for key in _keys(pair) if key in near]
        target = rng.choice(near[rng.choice(keys)])
        if rng.random() < wanted.negated:
            target = negate_target(target) or target
        statement = pair.statement
        if rng.random() < wanted.altered:
            statement = alter(statement, rng.choice(told[_keys(pair)[0]]), rng)
        made.append(replace(pair, statement=statement, target=target, stance=None, sentiment=None))
    return made


def _keys(pair: TrainingPair) -> tuple[str, str, str]:
    """Keys of what is near a pair, nearest first: its group, its source, anything."""
    return pair.group or f"\0{pair.source}", f"\0{pair.source}", ""


def _targets_near(corpus: Corpus) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for pairs in corpus.train.values():
        for pair in pairs:
            for key in dict.fromkeys(_keys(pair)):
                near.setdefault(key, []).append(pair.target)
    return near


def _texts_near(texts: Mapping[str, Sequence[TrainingPair]]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for pairs in texts.values():
        for pair in pairs:
            told.setdefault(_keys(pair)[0], []).append(pair.statement)
    return told


def alter(text: str, other: str, rng: random.Random) -> str:
    """Another text from one: cut, thinned out, negated, or continued as ``other`` goes on."""
    words = text.split()
    way = rng.random()
    if way < 0.2 and len(words) > 8:
        length = rng.randint(len(words) // 2, len(words) - 1)
        start = rng.randint(0, len(words) - length)
        return " ".join(words[start : start + length])
    if way < 0.4:
        return negate_target(text) or text
    if way < 0.8:
        here, there = _BREAK.split(text), _BREAK.split(other)
        head = " ".join(here[: rng.randint(1, len(here))])
        tail = " ".join(there[rng.randint(0, len(there) - 1) :])
        return f"{head} {tail}"
    kept = [word for word in words if rng.random() > 0.125]
    return " ".join(kept or words)
