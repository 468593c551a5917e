"""Whom a pronoun or a noun means: candidates of the document, weighed by a log-linear model.

Every candidate gets the sum of the weights of what speaks for it (near, subject, spoke before,
gender told or hinted, role known); a softmax over the candidates and over "none of these" gives
probabilities. The weights stand in ``antecedent_weights.json`` with how they were fitted. The
form is that of ranking models of coreference (Denis & Baldridge, 2008, EMNLP).
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from stance.extract import parameters as p
from stance.extract.lexicon import lexicon
from stance.extract.names import fold
from stance.extract.referents import Referent, Referents

_ADDS = re.compile(
    r"(?:[\w’'-]+ ){1,4}?(?:has |had |have |will )?(?:also |then |further )?"
    r"(?:also|add(?:s|ed|ing)?|continu(?:es|ed|ing)|repeat(?:s|ed)|went on|goes on|conclud\w+)\b"
)
_ADDED_BEFORE = re.compile(r"\b(?:add(?:s|ed)|continu(?:es|ed)|conclud(?:es|ed)) $")
Features = dict[str, float]
Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate and its probability."""

    referent: Referent
    probability: float


@lru_cache(maxsize=1)
def fitted_weights() -> Weights:
    """The fitted weights, by kind of mention and name of feature."""
    text = (files("stance.extract") / "data" / "antecedent_weights.json").read_text(
        encoding="utf-8"
    )
    loaded: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return loaded


def choose(
    table: Mapping[str, float], candidates: Sequence[tuple[Referent, Features]], none: Features
) -> list[Choice]:
    """Candidates with their probabilities, best first; what they lack is "none of these"."""
    scores = [
        sum(table.get(name, 0.0) * value for name, value in item.items()) for _, item in candidates
    ]
    scores.append(sum(table.get(name, 0.0) * value for name, value in none.items()))
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    chosen = [
        Choice(item, value / total) for (item, _), value in zip(candidates, raised, strict=False)
    ]
    return sorted(chosen, key=lambda choice: -choice.probability)


def pronoun_features(
    referents: Referents, kind: str, position: int, start: int, behind: int = 0
) -> tuple[list[tuple[Referent, Features]], Features]:
    """Candidates of a pronoun (kinds m, f, p, n) with their features, and those of "none".

    Args:
        referents: of the document.
        kind: of the pronoun.
        position: of the pronoun.
        start: where its statement begins, if that is before; who is named from there on counts
            only where nobody else is.
        behind: where its statement ends; who is named in it is seldom who makes it.
    """
    found: list[tuple[Referent, Features]] = []
    known_places, capitals = lexicon().places, lexicon().capitals
    begins = float(referents.opens_sentence(position))
    opens = float(referents.opens_paragraph(position))
    more = goes_on(referents.text, position)
    near = False
    inside = {id(item) for item in referents.within(start, position)}
    before = referents.before(start)
    known = {id(item) for item in before}
    told = {id(item) for item in referents.named_within(position, behind)}
    inner = [item for item in referents.before(position) if id(item) in inside - known]
    for item in [*before, *inner]:
        if kind in ("m", "f"):
            if item.person == 0 or item.plural or (item.stated and item.gender not in ("", kind)):
                continue
        elif kind == "p":
            if not (item.plural or item.body or item.gender == "x"):
                continue
        elif not item.body or (item.plural and item.entity is None):
            continue
        elif item.name.lower() in lexicon().peoples:
            continue
        if item.entity is not None and item.entity.place:
            continue
        if kind == "p" and _is_of_party(referents, item):
            continue
        stated = item.entity is not None and item.entity.gender_stated
        if kind in ("p", "n") and stated and not (kind == "p" and item.gender == "x"):
            continue
        features = nearness(referents, item, start if id(item) in known else position)
        features["in content"] = float(id(item) in inside)
        features["told of"] = float(id(item) in told)
        if kind in ("m", "f"):
            features["spoke last, goes on"] = features["spoke last"] * more
        features["spoke last, begins"] = features["spoke last"] * begins
        features["subject before, begins"] = features["subject before"] * begins
        unlikely = kind in ("m", "f") and item.person < 2 and bool(features["oblique"])
        fits = fits_kind(item, kind) and not unlikely  # "Ada Berg, 33, of Lund"
        features["nearest"] = float(fits and not near)
        near = near or fits
        if kind in ("m", "f"):
            features["gender stated"] = float(item.stated and item.gender == kind)
            weak = not item.stated and item.entity is not None and item.entity.gender_weak
            share = p.WEAK_HINT if weak else 1.0
            features["gender hinted"] = share * (not item.stated and item.gender == kind)
            features["gender against"] = share * (item.gender not in ("", kind))
        else:
            features["gender hinted"] = float(item.gender in ("m", "f"))
        features[f"person {item.person}"] = 1.0
        features["plural"] = float(item.plural or item.gender == "x")
        features["noun"] = float(item.entity is None and not item.members)
        features["pair"] = float(bool(item.members))
        spoke = features["spoke last"]
        features["spoke last as several"] = spoke * referents.turn_is_plural
        name = item.name.lower()
        features["unspoken place"] = float(
            not item.spoke and (name in known_places or name in capitals)
        )
        features["country"] = float(item.entity is not None and item.entity.country)
        features["begins only"] = float(item.entity is not None and item.entity.begins_only)
        features["spoke last, here"] = features["spoke last"] * features["here"]
        features["spoke last, opens"] = features["spoke last"] * opens
        found.append((item, features))
    most = max((features["named"] for _, features in found), default=0.0)
    here = [item for item, features in found if features["here"] and fits_kind(item, kind)]
    for item, features in found:
        features["named most"] = float(features["named"] == most)
        features["only one here"] = float(len(here) == 1 and item is here[0])
    fitting = [item for item, _ in found if fits_kind(item, kind)]
    for item, features in found:
        features["only one"] = float(len(fitting) == 1 and item is fitting[0])
    return found, {"none": 1.0}


def _is_of_party(referents: Referents, item: Referent) -> bool:
    """Whether a plural ("the Greens") stands for a party that is named in full: that one counts."""
    words = fold(item.name).split()
    party = referents.names.party(words[-1]) if words else None
    return party is not None and party is not item.entity


def fits_kind(item: Referent, kind: str) -> bool:
    """Whether nothing that is known of a referent's gender speaks against a pronoun."""
    weak = not item.stated and item.entity is not None and item.entity.gender_weak
    return weak or kind not in ("m", "f") or item.gender in ("", kind)


def goes_on(text: str, start: int) -> float:
    """Whether whoever is meant by a mention adds to what was said before ("the mayor added")."""
    before = text[max(0, start - p.GOES_ON_BEFORE) : start]
    behind = text[start : start + p.GOES_ON_BEHIND]
    return float(bool(_ADDED_BEFORE.search(before) or _ADDS.match(behind)))


def nearness(referents: Referents, item: Referent, position: int) -> Features:
    """What place and turns say for a candidate."""
    last = item.last_start(position)
    here = referents.sentence_at(position)
    gap = here - referents.sentence_at(last)
    paragraphs = referents.document.paragraph_at(position) - referents.document.paragraph_at(last)
    subject = bisect_left(item.subjects, position) - 1
    since = here - referents.sentence_at(item.subjects[subject]) if subject >= 0 else 9
    named = bisect_left(item.starts, position)
    turn = referents.turns[-1] if referents.turns else None
    spoke_last = turn is not None and any(item is other for other in turn[1])
    pause = here - referents.sentence_at(turn[0]) if turn else 9
    return {
        "same sentence": float(gap == 0),
        "sentences": float(min(gap, 6)),
        "paragraphs": float(min(paragraphs, 4)),
        "subject now": float(since == 0),
        "subject before": float(since == 1),
        "subject": float(0 <= since <= 3),
        "spoke last": float(spoke_last),
        "spoke just now": float(spoke_last and pause <= 1),
        "spoke": float(bool(item.spoke)),
        "named": math.log1p(min(named, 15)),
        "oblique": float(last in item.oblique),
        "reported": float(referents.is_reported(last)),
        "here": float(paragraphs == 0),
    }
