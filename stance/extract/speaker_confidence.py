"""How sure the speaker of a statement is: a logistic regression of how its mention was linked.

The coefficients are fitted by ``python -m stance.training.speakers`` on links that were made
with weights of other articles, and stand in ``data/speaker_confidence.yaml``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from stance.extract.parameters import LEAST_PROBABILITY, MOST_PROBABILITY
from stance.extract.quotations import Attribution
from stance.extract.speakers import Link, speaker_name


@lru_cache(maxsize=1)
def coefficients() -> Mapping[str, float]:
    """The fitted coefficients by feature, read once a process."""
    place = files("stance.extract") / "data" / "speaker_confidence.yaml"
    loaded: dict[str, float] = yaml.safe_load(place.read_text(encoding="utf-8"))["coefficients"]
    return loaded


def link_features(links: Sequence[Link], item: Attribution) -> dict[str, float]:
    """What the regression reads, by name: kinds of evidence, odds of the choices, their form."""
    found = {
        "intercept": 1.0,
        "joint": float(len(links) > 1),
        "inherited": float(item.inherited),
        "score": min(1.0, item.score),
        "statement": item.confidence,
        "no cue": float(item.cue is None),
    }
    for link in links:
        chosen = bool(link.candidates) or 0.0 < link.probability < 1.0
        for name, value in (
            (link.evidence, 1.0),
            (f"odds of {link.evidence}", _logit(link.probability) if chosen else 0.0),
        ):
            found[name] = found.get(name, 0.0) + value / len(links)
    return found


def speaker_confidence(links: Sequence[Link], item: Attribution) -> float:
    """The calibrated confidence of a statement's speaker, in [0, .98]; 0 where it is not known.

    Args:
        links: of the statement's mention.
        item: the statement's attribution.
    """
    if speaker_name(links) is None:
        return 0.0
    table = coefficients()
    score = sum(table.get(name, 0.0) * value for name, value in link_features(links, item).items())
    return min(MOST_PROBABILITY, 1.0 / (1.0 + math.exp(-score)))


def _logit(probability: float) -> float:
    bounded = min(max(probability, LEAST_PROBABILITY), MOST_PROBABILITY)
    return math.log(bounded / (1 - bounded))
