"""How sure a link from a statement to its speaker is: the share that is right of such links."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from stance.extract.parameters import (
    FACTOR_INHERITED,
    FACTOR_JOINT,
    SHARE_RIGHT,
    SHARE_RIGHT_OF_CHOICES,
)
from stance.extract.quotations import Attribution
from stance.extract.speakers import Link, speaker_name


def speaker_confidence(links: Sequence[Link], item: Attribution) -> float:
    """The calibrated confidence of a statement's speaker, in [0, 1]; 0 where it is not known.

    Args:
        links: of the statement's mention.
        item: the statement's attribution.
    """
    if speaker_name(links) is None:
        return 0.0
    share = min(share_right(link) for link in links) * min(1.0, item.score)
    if len(links) > 1:
        share *= FACTOR_JOINT
    return share * FACTOR_INHERITED if item.inherited else share


def share_right(link: Link) -> float:
    """The share of links of the same evidence and probability that were right in training."""
    steps = SHARE_RIGHT_OF_CHOICES.get(link.evidence)
    if steps is None:
        return SHARE_RIGHT.get(link.evidence, 0.0)
    return steps[bisect_right(steps, (link.probability, 1.0)) - 1][1]
