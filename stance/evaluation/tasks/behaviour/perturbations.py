"""Perturbed inputs: what the answer may not, or must, do when one part of an input changes.

Invariance and directional expectation tests in the manner of CheckList (Ribeiro, Wu, Guestrin and
Singh 2020), made of labelled rows by whoever calls. What is stored names the statement by article
and offsets and holds none of its words, so that it can be kept where the texts cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from stance.evaluation.tasks.behaviour.cases import Variant
from stance.labels import Stance

Capability = Literal["target reworded", "target opposed", "speaker swapped", "target unrelated"]
CAPABILITIES: tuple[Capability, ...] = get_args(Capability)
EXPECTED: dict[Capability, str] = {
    "target reworded": "the answer stays",
    "target opposed": "favor and against change places, where a side was right",
    "speaker swapped": "the answer stays",
    "target unrelated": "neutral",
}
OPPOSITE = {Stance.FAVOR: Stance.AGAINST, Stance.AGAINST: Stance.FAVOR}


@dataclass(frozen=True, slots=True)
class Place:
    """The labelled row that a case is made of.

    Attributes:
        article: its id.
        start: first code point of the statement in the article.
        end: one past the last.
        target: number of the target among those of its article, from 1, in the order of the file.
        gold: its label.
    """

    article: str
    start: int
    end: int
    target: int
    gold: Stance


@dataclass(frozen=True, slots=True)
class Perturbation:
    """One case.

    Attributes:
        capability: what is tested.
        kind: what was changed, in a word or two.
        place: the row that it is made of.
        before: the input to compare with, or None where the right answer is known without one.
        after: the changed input.
    """

    capability: Capability
    kind: str
    place: Place
    before: Variant | None
    after: Variant


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered to a case; see :class:`Perturbation`."""

    capability: Capability
    kind: str
    place: Place
    before: Stance | None
    after: Stance

    @property
    def counted(self) -> bool:
        """Whether the case counts: a turned target does where a side was right before."""
        right = self.before is self.place.gold and self.before in OPPOSITE
        return right or self.capability != "target opposed"

    @property
    def passed(self) -> bool:
        """Whether the answer is as expected."""
        if self.capability == "target unrelated":
            return self.after is Stance.NEUTRAL
        if self.capability == "target opposed":
            return self.before is not None and self.after is OPPOSITE.get(self.before)
        return self.after is self.before
