"""Training pairs whose label hangs on the context: replies, answers and reactions.

A labelled pair tells how its text stands toward its target. Set behind the text, "Hear, hear" has
the text's stance and "Nonsense" the opposite one; "Never" rejects what the question asks; "At
last!" favors what has just been reported. The phrases are hand-written
(``configs/train/replies.yaml``) and name no topic: the label can only be worked out from phrase
and context together.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.config import load_yaml_dataclass
from stance.errors import ConfigError
from stance.labels import Stance
from stance.training.sources import TrainingPair, flip

Phrases = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplyBook:
    """Hand-written phrases without a topic, and frames with a ``{target}`` or ``{statement}`` slot.

    Attributes:
        agree, disagree, noncommittal: replies to another speaker's statement.
        accept, refuse, unsure: answers to a question.
        glad, sorry, indifferent: reactions to a report.
        questions: frames to which yes means favor; ``reverse_questions``: yes means against.
        advances: frames that report success for the target's side; ``setbacks``: defeat.
        said: frames that give another speaker's statement.
    """

    agree: Phrases
    disagree: Phrases
    noncommittal: Phrases
    accept: Phrases
    refuse: Phrases
    unsure: Phrases
    glad: Phrases
    sorry: Phrases
    indifferent: Phrases
    questions: Phrases
    reverse_questions: Phrases
    advances: Phrases
    setbacks: Phrases
    said: Phrases

    def __post_init__(self) -> None:
        for name, slot in (
            ("questions", "{target}"),
            ("reverse_questions", "{target}"),
            ("advances", "{target}"),
            ("setbacks", "{target}"),
            ("said", "{statement}"),
        ):
            for frame in getattr(self, name):
                if frame.count(slot) != 1:
                    raise ConfigError(f"{name}: {frame!r} must hold {slot} once")


def load_replies(path: str | Path) -> ReplyBook:
    """Read a file of reply phrases.

    Raises:
        ConfigError: the file is missing, has an unknown key, or a frame lacks its slot.
    """
    return load_yaml_dataclass(path, ReplyBook)


def make_exchanges(
    labelled: Sequence[Sequence[TrainingPair]],
    book: ReplyBook,
    news: Sequence[str],
    count: int,
    rng: random.Random,
) -> list[TrainingPair]:
    """Derive pairs from labelled texts.

    Args:
        labelled: for each text its pairs, one a target, none of them with a context.
        book: the phrases.
        news: sentences that may stand around, as a distraction.
        count: how many pairs to make.
        rng: the source of every choice.

    Returns:
        ``count`` pairs with ``context_decides`` and no sentiment.

    Raises:
        ConfigError: no text takes a side.
    """
    if count and all(p.stance in (None, Stance.NEUTRAL) for pairs in labelled for p in pairs):
        raise ConfigError(
            "exchanges: no public claim, or no own statement without a context, takes a side: set "
            "exchanges to 0, or take more sources"
        )
    made: list[TrainingPair] = []
    while len(made) < count:
        pairs = rng.choice(labelled)
        asked, judged = rng.choice(pairs), rng.choice(pairs)
        if judged.stance is None or asked.stance is None:
            continue
        kind = len(made) % 4
        if kind < 2:
            context = rng.choice(book.said).replace("{statement}", asked.statement)
            phrase, sign = _draw(rng, book.agree, book.disagree, book.noncommittal)
            stance = _signed(judged.stance, sign)
        else:
            # The text only tells how the two targets lie to each other.
            if asked.stance is Stance.NEUTRAL:
                continue
            same = judged.stance if asked.stance is Stance.FAVOR else flip(judged.stance)
            plain = rng.random() < 0.5
            if kind == 2:
                frames = book.questions if plain else book.reverse_questions
                phrase, sign = _draw(rng, book.accept, book.refuse, book.unsure)
            else:
                frames = book.advances if plain else book.setbacks
                phrase, sign = _draw(rng, book.glad, book.sorry, book.indifferent)
            context = rng.choice(frames).replace("{target}", asked.target.rstrip("."))
            stance = _signed(same, sign if plain else -sign)
        if rng.random() < 0.25:
            context = f"{rng.choice(news)} {context}"
        if rng.random() < 0.35:
            context = f"{context} “{phrase}”"
        if rng.random() < 0.15:
            context = f"{context} {rng.choice(news)}"
        made.append(
            replace(
                judged,
                statement=phrase,
                context=context,
                speaker=None,
                stance=stance,
                sentiment=None,
                source="exchange",
                context_decides=True,
            )
        )
    return made


def _draw(
    rng: random.Random, positive: Phrases, negative: Phrases, neither: Phrases
) -> tuple[str, int]:
    """A phrase and its sign: 1, -1, or 0 in one case of five."""
    draw = rng.random()
    if draw < 0.2:
        return rng.choice(neither), 0
    return (rng.choice(positive), 1) if draw < 0.6 else (rng.choice(negative), -1)


def _signed(stance: Stance, sign: int) -> Stance:
    if sign == 0:
        return Stance.NEUTRAL
    return stance if sign > 0 else flip(stance)
