"""Forms in which one statement may come: misspelt, quoted, within an article, without context."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.config import check_range
from stance.training.records import TrainingPair


@dataclass(frozen=True, slots=True)
class Variations:
    """Probabilities of the forms.

    Attributes:
        speaker: that a known speaker is given.
        quoted: that the statement is given inside quotation marks.
        typos: that it is given with one to three typing errors.
        surroundings: that a statement without context is set among other speakers' statements
            and news sentences, as in an article, so that their stance is not taken for its own.
        drop_context: that a context that does not decide the label is left out.
    """

    speaker: float = 0.3
    quoted: float = 0.1
    typos: float = 0.0
    surroundings: float = 0.1
    drop_context: float = 0.3

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is no probability; the message names key and value.
        """
        for key in self.__dataclass_fields__:
            check_range(key, getattr(self, key), 0, 1)


def vary(
    pair: TrainingPair,
    others: Sequence[TrainingPair],
    sentences: Sequence[str],
    rates: Variations,
    rng: random.Random,
) -> TrainingPair:
    """One seen form of a pair.

    Args:
        pair: the pair as its source gives it.
        others: whose statements may stand around it.
        sentences: that may stand around it; with none of either it is never surrounded.
        rates: the probabilities.
        rng: the source of every choice.
    """
    statement, context, speaker = pair.statement, pair.context, pair.speaker
    if rates.typos and rng.random() < rates.typos:
        statement = mistype(statement, rng)
    if context and not pair.context_decides and rng.random() < rates.drop_context:
        context = ""
    if not context and (others or sentences) and rng.random() < rates.surroundings:
        before = [_neighbour(pair, others, sentences, rng) for _ in range(rng.randint(0, 2))]
        after = [_neighbour(pair, others, sentences, rng) for _ in range(rng.randint(0, 1))]
        said = f"“{statement}” {speaker or rng.choice(('she', 'he'))} said."
        context = " ".join([*before, rng.choice((said, statement)), *after])
    if speaker and rng.random() >= rates.speaker:
        speaker = None
    if rng.random() < rates.quoted and not statement.startswith(("“", '"')):
        statement = f"“{statement}”"
    return replace(pair, statement=statement, context=context, speaker=speaker)


def _neighbour(
    pair: TrainingPair,
    others: Sequence[TrainingPair],
    sentences: Sequence[str],
    rng: random.Random,
) -> str:
    """What may stand beside a statement in an article: another's statement, or a sentence."""
    other = rng.choice(others) if others else pair
    if sentences and (other.statement == pair.statement or rng.random() < 0.4):
        return rng.choice(sentences)
    if other.statement == pair.statement:
        return ""
    return f"“{other.statement}” {other.speaker or 'another resident'} said."


def mistype(text: str, rng: random.Random) -> str:
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
