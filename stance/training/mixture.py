"""Builds the training mixture: public pairs, own statements, and pairs derived from them.

Public sets carry only favor and against toward one wording of a target, from which a model can
learn sentiment and call it stance. Three derivations work against that: neutral pairs (a text with
a target from elsewhere), opposite targets (the same text, the negated target, the other label) and
noun-phrase targets ("We should ban X" -> "X", the other label).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stance.config import check_range
from stance.errors import ConfigError
from stance.jsonl import find_data
from stance.labels import Stance
from stance.model.targets import TargetBook, load_targets
from stance.training.exchanges import load_replies, make_exchanges
from stance.training.sources import (
    OwnStatement,
    TrainingPair,
    flip,
    read_own_statements,
    read_stance_pairs,
    read_tone_pairs,
    split_by_theme,
)


@dataclass(frozen=True, slots=True)
class MixtureConfig:
    """What goes into one epoch.

    Attributes:
        shares: for each public source how many of its pairs to take: a share in [0, 1]; ``"*"``
            stands for the sources not named, which are taken whole without it.
        opposite: share of pairs whose target is also given negated, with the other label.
        noun_phrase: share of "We should ban X" pairs whose target is also given as "X".
        neutral: neutral pairs to make, as a share of the public pairs taken.
        tone: news sentences with one polarity to take.
        own_shares: the same for each file of own statements.
        statement_repeats: how often each pair of the own statements is seen in an epoch.
        held_out_themes: share of own themes never trained on: for development results, and for
            calibration where a recipe names no calibration folder.
        speaker: probability that a known speaker is given.
        quoted: probability that an own statement is given inside quotation marks.
        typos: probability that an own statement is given with one to three typing errors.
        surroundings: probability that an own statement without context is set among other
            speakers' statements and news sentences, as in an article, so that their stance is not
            taken for its own.
        drop_context: probability that a context that does not decide the label is left out.
        wordings: probability that a target of the targets file is given in another of its wordings.
        opposed: probability that it is given as its opposite, with the other label.
        exchanges: pairs to derive by setting a reply without a topic behind a labelled text.
        replies: file of the replies.
    """

    shares: dict[str, float] = field(default_factory=dict)
    opposite: float = 0.25
    noun_phrase: float = 0.25
    neutral: float = 0.15
    tone: int = 3000
    own_shares: dict[str, float] = field(default_factory=dict)
    statement_repeats: int = 1
    held_out_themes: float = 0.08
    speaker: float = 0.3
    quoted: float = 0.1
    typos: float = 0.0
    surroundings: float = 0.1
    drop_context: float = 0.3
    wordings: float = 0.0
    opposed: float = 0.0
    exchanges: int = 0
    replies: str = "configs/train/replies.yaml"

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        for key in (
            "opposite",
            "noun_phrase",
            "neutral",
            "held_out_themes",
            "speaker",
            "quoted",
            "typos",
            "surroundings",
            "drop_context",
            "wordings",
            "opposed",
        ):
            check_range(key, getattr(self, key), 0, 1)
        check_range("wordings + opposed", round(self.wordings + self.opposed, 9), 0, 1)
        for key in ("shares", "own_shares"):
            for name, share in getattr(self, key).items():
                check_range(f"{key}.{name}", share, 0, 1)
        for key in ("tone", "statement_repeats", "exchanges"):
            check_range(key, getattr(self, key), 0)


_BREAK = re.compile(r"(?<=[.!?;,:]) ")
_MODAL = re.compile(r"\b(should|must|would|can|could|will|is|are)\b( not\b)?", re.IGNORECASE)
_AGAINST_VERB = re.compile(
    r"^we should (?:ban|abolish|end|prohibit|abandon|limit|oppose|disband|fight) (?P<what>.+)$",
    re.IGNORECASE,
)
_FAVOR_VERB = re.compile(
    r"^we should (?:adopt|legalize|subsidize|introduce|support|fight for|allow|protect) "
    r"(?P<what>.+)$",
    re.IGNORECASE,
)


def negate_target(target: str) -> str | None:
    """Negate a claim at its first modal or copula; None for a noun phrase.

    >>> negate_target("We should ban zoos")
    'We should not ban zoos'
    """
    found = _MODAL.search(target)
    if found is None:
        return None
    if found.group(2):
        return target[: found.start(2)] + target[found.end(2) :]
    return target[: found.end(1)] + " not" + target[found.end(1) :]


def noun_phrase_target(target: str) -> tuple[str, bool] | None:
    """Read the noun phrase out of a motion; the flag tells whether the label turns round.

    >>> noun_phrase_target("We should ban zoos")
    ('zoos', True)
    """
    for pattern, flipped in ((_AGAINST_VERB, True), (_FAVOR_VERB, False)):
        found = pattern.match(target.strip().rstrip("."))
        if found:
            return re.sub(r"^the use of ", "", found.group("what")), flipped
    return None


def _derive(pair: TrainingPair, config: MixtureConfig, rng: random.Random) -> list[TrainingPair]:
    """The opposite-target and noun-phrase pairs of one public pair."""
    derived = []
    if pair.stance is None:
        return []
    negated = negate_target(pair.target) if rng.random() < config.opposite else None
    if negated:
        derived.append(replace(pair, target=negated, stance=flip(pair.stance)))
    phrase = noun_phrase_target(pair.target) if rng.random() < config.noun_phrase else None
    if phrase:
        stance = flip(pair.stance) if phrase[1] else pair.stance
        derived.append(replace(pair, target=phrase[0], stance=stance))
    return derived


def _make_neutral(
    pairs: Sequence[TrainingPair], count: int, rng: random.Random
) -> list[TrainingPair]:
    """Pair texts with targets of other pairs: another target of any source but tweets' own.

    Tweets on one politician bear on the others, so a politician is never given to a tweet.

    Raises:
        ConfigError: no text can be given another target.
    """
    several = len({pair.target for pair in pairs}) > 1
    if count and not (several and any(pair.source != "p-stance" for pair in pairs)):
        raise ConfigError(
            "neutral: the public pairs that the shares take have one target, or are all of "
            "p-stance, so that no text can be given another target: set neutral to 0, or take "
            "pairs of other sources"
        )
    made: list[TrainingPair] = []
    while len(made) < count:
        text, other = rng.choice(pairs), rng.choice(pairs)
        politicians = text.source == other.source == "p-stance"
        if other.target != text.target and not politicians:
            made.append(replace(text, target=other.target, stance=Stance.NEUTRAL))
    return made


def _reword(
    pair: TrainingPair, book: TargetBook, config: MixtureConfig, rng: random.Random
) -> TrainingPair:
    """Give a target of the targets file in another wording, or as its opposite."""
    wording = book.find(pair.target)
    if wording is None or pair.stance is None:
        return pair
    draw = rng.random()
    if draw < config.wordings and wording.same:
        return replace(pair, target=rng.choice(wording.same))
    if draw > 1 - config.opposed and wording.opposed:
        return replace(pair, target=rng.choice(wording.opposed), stance=flip(pair.stance))
    return pair


def _vary(
    pair: TrainingPair,
    others: Sequence[OwnStatement],
    news: Sequence[TrainingPair],
    config: MixtureConfig,
    rng: random.Random,
) -> TrainingPair:
    """One seen form of an own pair: with or without speaker, context, quotation marks."""
    statement, context, speaker = pair.statement, pair.context, pair.speaker
    if config.typos and rng.random() < config.typos:
        statement = _mistype(statement, rng)
    if context and not pair.context_decides and rng.random() < config.drop_context:
        context = ""
    if not context and rng.random() < config.surroundings:
        before = [_neighbour(pair, others, news, rng) for _ in range(rng.randint(0, 2))]
        after = [_neighbour(pair, others, news, rng) for _ in range(rng.randint(0, 1))]
        said = f"“{statement}” {speaker or rng.choice(('she', 'he'))} said."
        context = " ".join([*before, rng.choice((said, statement)), *after])
    if speaker and rng.random() >= config.speaker:
        speaker = None
    if rng.random() < config.quoted and not statement.startswith(("“", '"')):
        statement = f"“{statement}”"
    return replace(pair, statement=statement, context=context, speaker=speaker)


def _neighbour(
    pair: TrainingPair,
    others: Sequence[OwnStatement],
    news: Sequence[TrainingPair],
    rng: random.Random,
) -> str:
    """What may stand beside a statement in an article: another's statement, or a news sentence."""
    other = rng.choice(others)
    if other.text == pair.statement or rng.random() < 0.4:
        return rng.choice(news).statement
    return f"“{other.text}” {other.speaker or 'another resident'} said."


def build_mixture(
    data_dir: Path, statements_dir: Path, config: MixtureConfig, seed: int
) -> list[TrainingPair]:
    """Assemble one epoch of training pairs, shuffled; the same for the same seed.

    Raises:
        DataError: a file is missing or a row is bad.
        ConfigError: ``shares`` or ``own_shares`` name a source or file that is not there, or leave
            nothing to make neutral pairs or exchanges from.
    """
    rng = random.Random(seed)
    public: list[TrainingPair] = []
    offered = read_stance_pairs(find_data(data_dir, "stance_train"))
    shares = _shares_of({pair.source for pair in offered}, config.shares, "shares", data_dir)
    for pair in offered:
        if rng.random() < shares[pair.source]:
            public.append(pair)
    derived = [new for pair in public for new in _derive(pair, config, rng)]
    neutral = _make_neutral(public, int(config.neutral * len(public)), rng)
    tone = read_tone_pairs(find_data(data_dir, "target_sentiment_train"))
    rng.shuffle(tone)
    own, _ = split_by_theme(read_own_statements(statements_dir), config.held_out_themes, seed=0)
    own_shares = _shares_of({s.file for s in own}, config.own_shares, "own_shares", statements_dir)
    taken = [s for s in own if own_shares[s.file] >= 1 or rng.random() < own_shares[s.file]]
    book = load_targets()
    seen = [
        _vary(_reword(pair, book, config, rng), own, tone, config, rng)
        for _ in range(config.statement_repeats)
        for statement in taken
        for pair in statement.pairs()
    ]
    exchanges = _exchanges(public, own, tone, config, rng) if config.exchanges else []
    mixture = public + derived + neutral + tone[: config.tone] + seen + exchanges
    rng.shuffle(mixture)
    return mixture


def _shares_of(
    names: set[str], shares: dict[str, float], key: str, folder: Path
) -> dict[str, float]:
    """The share of each source or file; raises ConfigError for one that is not there."""
    unknown = shares.keys() - names - {"*"}
    if unknown:
        raise ConfigError(
            f"{key}: {folder} has no {sorted(unknown)[0]!r}; it has {', '.join(sorted(names))}"
        )
    return {name: shares.get(name, shares.get("*", 1.0)) for name in names}


def _exchanges(
    public: Sequence[TrainingPair],
    own: Sequence[OwnStatement],
    tone: Sequence[TrainingPair],
    config: MixtureConfig,
    rng: random.Random,
) -> list[TrainingPair]:
    """Replies behind public claims and own statements, in equal parts; tweets are left out."""
    always = replace(config, opposite=1.0, noun_phrase=1.0)
    claims = [[pair, *_derive(pair, always, rng)] for pair in public if pair.source != "p-stance"]
    said = [statement.pairs() for statement in own if not statement.context]
    news = [pair.statement for pair in tone]
    book = load_replies(config.replies)
    half = config.exchanges // 2
    return make_exchanges(claims, book, news, half, rng) + make_exchanges(
        said, book, news, config.exchanges - half, rng
    )


def unlabelled_pairs(
    data_dir: Path, statements_dir: Path, config: MixtureConfig, count: int, seed: int
) -> list[TrainingPair]:
    """Statement-target pairs without labels, for a teacher to label.

    Of every eight, six are own statements, altered three times in four (after Tang et al. 2019,
    "Distilling Task-Specific Knowledge from BERT into Simple Neural Networks") and given a target
    of their own theme, of their file or of any; one is a public text with another target of its
    source, half of these negated; one is a news sentence with any target.

    Raises:
        DataError: a file is missing or a row is bad.
    """
    rng = random.Random(f"unlabelled-{seed}")
    own, _ = split_by_theme(read_own_statements(statements_dir), config.held_out_themes, seed=0)
    targets_near: dict[str, list[str]] = {}
    told: dict[str, list[str]] = {}
    for statement in own:
        targets = [target for target, _ in statement.targets]
        for key in _near(statement):
            targets_near.setdefault(key, []).extend(targets)
        told.setdefault(_near(statement)[0], []).append(statement.text)
    public = read_stance_pairs(find_data(data_dir, "stance_train"))
    for pair in public:
        targets_near.setdefault(f"public/{pair.source}", []).append(pair.target)
    news = read_tone_pairs(find_data(data_dir, "target_sentiment_train"))
    book = load_targets()
    made: list[TrainingPair] = []
    while len(made) < count:
        kind = len(made) % 8
        if kind < 6:
            statement = rng.choice(own)
            near = _near(statement)
            pair = replace(statement.pairs()[0], target=rng.choice(targets_near[rng.choice(near)]))
            pair = _vary(_reword(pair, book, config, rng), own, news, config, rng)
            if rng.random() < 0.75:
                others = [text for text in told[near[0]] if text != statement.text]
                other = rng.choice(others or [""])
                pair = replace(pair, statement=_alter(pair.statement, other, rng))
        elif kind == 6:
            pair = rng.choice(public)
            target = rng.choice([pair.target, rng.choice(targets_near[f"public/{pair.source}"])])
            negated = negate_target(target) if rng.random() < 0.5 else None
            pair = replace(pair, target=negated or target)
        else:
            pair = replace(rng.choice(news), target=rng.choice(targets_near[""]))
        made.append(replace(pair, stance=None, sentiment=None))
    return made


def _near(statement: OwnStatement) -> tuple[str, str, str]:
    """Keys of what is near a statement, nearest first: its theme, its file, anything."""
    return f"{statement.file}/{statement.theme}", statement.file, ""


def _alter(text: str, other: str, rng: random.Random) -> str:
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


def _mistype(text: str, rng: random.Random) -> str:
    """Put one to three typing errors into long words: letters swapped, left out or doubled."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for i in rng.sample(long, min(len(long), rng.randint(1, 3))):
        word = words[i]
        at = rng.randint(1, len(word) - 2)
        words[i] = rng.choice(
            (
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
            )
        )
    return " ".join(words)
