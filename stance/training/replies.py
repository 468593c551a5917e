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
from stance.training.records import TrainingPair, flip

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


def make_replies(
    labelled: Sequence[Sequence[TrainingPair]],
    book: ReplyBook,
    sentences: Sequence[str],
    count: int,
    rng: random.Random,
) -> list[TrainingPair]:
    """Derive pairs from labelled texts.

    Args:
        labelled: for each text its pairs, one a target, none of them with a context.
        book: the phrases.
        sentences: that may stand around, as a distraction; may be empty.
        count: how many pairs to make.
        rng: the source of every choice.

    Returns:
        ``count`` pairs with ``context_decides`` and no sentiment.

    Raises:
        ConfigError: no text takes a side.
    """
    if count and all(p.stance in (None, Stance.NEUTRAL) for pairs in labelled for p in pairs):
        raise ConfigError(
            "replies: no statement without a context, of the sources that derive replies, takes a "
            "side: set replies to 0, or take more sources"
        )
    made: list[TrainingPair] = []
    while len(made) < count:
        pairs = rng.choice(labelled)
        asked, judged = rng.choice(pairs), rng.choice(pairs)
        if judged.stance is None or asked.stance is None:
            continue
        kind = len(made) % 4
        if kind >= 2 and asked.stance is Stance.NEUTRAL:
            continue
        made.append(
            _reply(asked, judged, book, rng)
            if kind < 2
            else _answer(asked, judged, book, rng, question=kind == 2)
        )
        made[-1] = replace(made[-1], context=_distract(made[-1], sentences, rng))
    return made


def _reply(
    asked: TrainingPair, judged: TrainingPair, book: ReplyBook, rng: random.Random
) -> TrainingPair:
    """A reply to the text itself: it shares the text's stance, or takes the opposite one."""
    context = rng.choice(book.said).replace("{statement}", asked.statement)
    phrase, sign = _draw(rng, book.agree, book.disagree, book.noncommittal)
    return _made(judged, phrase, context, _signed(judged.stance, sign))


def _answer(
    asked: TrainingPair,
    judged: TrainingPair,
    book: ReplyBook,
    rng: random.Random,
    *,
    question: bool,
) -> TrainingPair:
    """An answer or reaction; the text only tells how the two targets lie to each other."""
    same = judged.stance
    if same is not None and asked.stance is Stance.AGAINST:
        same = flip(same)
    plain = rng.random() < 0.5
    if question:
        frames = book.questions if plain else book.reverse_questions
        phrase, sign = _draw(rng, book.accept, book.refuse, book.unsure)
    else:
        frames = book.advances if plain else book.setbacks
        phrase, sign = _draw(rng, book.glad, book.sorry, book.indifferent)
    context = rng.choice(frames).replace("{target}", asked.target.rstrip("."))
    return _made(judged, phrase, context, _signed(same, sign if plain else -sign))


def _made(judged: TrainingPair, phrase: str, context: str, stance: Stance | None) -> TrainingPair:
    return replace(
        judged,
        statement=phrase,
        context=context,
        speaker=None,
        cue=None,
        stance=stance,
        sentiment=None,
        source="replies",
        context_decides=True,
    )


def _distract(pair: TrainingPair, sentences: Sequence[str], rng: random.Random) -> str:
    """The context, at times with the phrase itself in it, or with a sentence on either side."""
    context = pair.context
    if rng.random() < 0.25 and sentences:
        context = f"{rng.choice(sentences)} {context}"
    if rng.random() < 0.35:
        context = f"{context} “{pair.statement}”"
    if rng.random() < 0.15 and sentences:
        context = f"{context} {rng.choice(sentences)}"
    return context


def _draw(
    rng: random.Random, positive: Phrases, negative: Phrases, neither: Phrases
) -> tuple[str, int]:
    """A phrase and its sign: 1, -1, or 0 in one case of five."""
    draw = rng.random()
    if draw < 0.2:
        return rng.choice(neither), 0
    return (rng.choice(positive), 1) if draw < 0.6 else (rng.choice(negative), -1)


def _signed(stance: Stance | None, sign: int) -> Stance | None:
    if sign == 0:
        return Stance.NEUTRAL
    return stance if stance is None or sign > 0 else flip(stance)
