"""Derivations of a target: its opposite, its noun phrase, another of its wordings.

Public sets carry one wording of a target, from which a model can learn sentiment and call it
stance. The same text toward the opposite target, with the other label, works against that.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stance.errors import DataError
from stance.model import TargetBook
from stance.training.records import TrainingPair, flip
from stance.training.rows import filled_rows, text_of

# A claim that has one of these is not turned round by one "not" at its first modal.
_DENIAL = re.compile(
    r"n[’']t\b|\b(?:never|no|none|nobody|nothing|neither|nor|hardly|cannot)\b", re.IGNORECASE
)
_SUBORDINATOR = re.compile(
    r"\b(?:that|which|who|whom|whose|if|when|whenever|where|whether|while|because|although|unless|"
    r"until|what|why|how|not)\b",
    re.IGNORECASE,
)
# "the will of the people", "political will": no modal.
_NO_SUBJECT = re.compile(
    r"(?:^|\b(?:the|a|an|of|his|her|its|their|our|political|free))\s*$", re.IGNORECASE
)
_SECOND_CLAUSE = re.compile(
    r"\b(?:and|but|or|so)\b.*\b(?:should|must|would|could|will|is|are)\b", re.IGNORECASE
)
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

# Lower case at the beginning, or a name of capitalised words: a noun phrase, no claim.
_WORD_OF_NAME = r"(?:[A-Z][\w.’'-]*,?|of|the|and|for|de|al|bin)"
_NAME = re.compile(rf"{_WORD_OF_NAME}(?: {_WORD_OF_NAME})*")
_OPPOSED = ("opposition to {}", "rejection of {}", "the case against {}", "the resistance to {}")


@dataclass(frozen=True, slots=True)
class Wordings:
    """Other wordings of one target.

    Attributes:
        same: of the same target: whoever is for the one is for the other.
        opposed: of its opposite: whoever is for the one is against the other.
    """

    same: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()


def collect_wordings(book: TargetBook, file: Path | None = None) -> dict[str, Wordings]:
    """The wordings of targets by their name, case-folded; the book's targets by aliases too.

    Args:
        book: the targets file.
        file: JSONL of further targets, ``target`` and the lists ``same`` and ``opposed``; what
            the book knows stays as it is there.

    Raises:
        DataError: a row has no target, names one twice, or a wording is no text.
    """
    found: dict[str, Wordings] = {}
    for name, wording in book.targets.items():
        for key in (name, *wording.aliases):
            found.setdefault(key.casefold(), Wordings(wording.same, wording.opposed))
    known = set(found)
    for place, row in filled_rows(file) if file is not None else ():
        target = text_of(row, ("target",), str(place))
        key = target.casefold()
        if key in found and key not in known:
            raise DataError(f"{place}: target {target!r} is listed twice")
        same, opposed = (
            _texts(row.get(field, []), f"{place}: {field}") for field in ("same", "opposed")
        )
        found.setdefault(key, Wordings(same, opposed))
    return found


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
        raise DataError(f"{where} is {value!r}: give a list of texts")
    return tuple(value)


def negate_target(target: str) -> str | None:
    """Negate a claim at its first modal or copula.

    None where that would not give the opposite: a noun phrase, a claim with another denial
    ("never", "no", "don't"), a modal of a clause within the claim ("countries that can"), or a
    second claim behind "and".

    >>> negate_target("We should ban zoos")
    'We should not ban zoos'
    """
    found = _MODAL.search(target)
    if found is None or _DENIAL.search(target):
        return None
    before, after = target[: found.start()], target[found.end(1) :]
    if _SUBORDINATOR.search(before) or _NO_SUBJECT.search(before) or _SECOND_CLAUSE.search(after):
        return None
    if not re.match(r"\s+(?!of\b|to\b)\w", after):
        return None
    if found.group(2):
        return target[: found.start(2)] + target[found.end(2) :]
    return target[: found.end(1)] + " not" + after


def oppose_phrase(target: str, rng: random.Random) -> str | None:
    """Turn a noun phrase into its opposite; None for a claim, and for what is one perhaps.

    >>> oppose_phrase("the toll on the bridge", random.Random(0))
    'the resistance to the toll on the bridge'
    """
    modal = _MODAL.search(target)
    claim = modal is not None and not _SUBORDINATOR.search(target[: modal.start()])
    if claim or not (target[:1].islower() or _NAME.fullmatch(target)):
        return None
    return rng.choice(_OPPOSED).format(target)


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


def opposite(pair: TrainingPair, rng: random.Random) -> TrainingPair | None:
    """The pair toward the opposite of its target, with the other label; None where that is unsure.

    A claim is negated ("should not"), a noun phrase is opposed ("opposition to ...").
    """
    turned = negate_target(pair.target) or oppose_phrase(pair.target, rng)
    if turned is None or pair.stance is None:
        return None
    return replace(pair, target=turned, stance=flip(pair.stance))


def with_noun_phrase(pair: TrainingPair, rng: random.Random) -> TrainingPair | None:
    """The pair toward the noun phrase of its motion; None where there is none. Nothing is drawn."""
    phrase = noun_phrase_target(pair.target)
    if phrase is None or pair.stance is None:
        return None
    stance = flip(pair.stance) if phrase[1] else pair.stance
    return replace(pair, target=phrase[0], stance=stance)


def reword(
    pair: TrainingPair,
    wordings: Mapping[str, Wordings],
    *,
    same: float,
    opposed: float,
    rng: random.Random,
) -> TrainingPair:
    """Give a target in another wording, or as its opposite.

    Args:
        pair: returned as it is where no wordings of its target are known.
        wordings: see :func:`collect_wordings`.
        same: probability of another wording of the same target.
        opposed: probability of a wording of its opposite, with the other label.
        rng: the source of every choice.
    """
    wording = wordings.get(pair.target.strip().casefold())
    if wording is None:
        return pair
    draw = rng.random()
    if draw < same and wording.same:
        return replace(pair, target=rng.choice(wording.same))
    if draw > 1 - opposed and wording.opposed:
        turned = None if pair.stance is None else flip(pair.stance)
        return replace(pair, target=rng.choice(wording.opposed), stance=turned)
    return pair
