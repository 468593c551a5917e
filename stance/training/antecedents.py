"""Fitting the weights by which pronouns and nouns find their antecedents.

``python -m stance.training.speakers`` fits and writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.evaluation import Attributed, MarkedArticle, right_speakers
from stance.extract import Document
from stance.extract.antecedents import Choice, Features, Weights
from stance.extract.mentions import parts_of
from stance.extract.referents import Referent
from stance.extract.speakers import Link, SpeakerIndex

_NOUN = {
    "reported": -0.3,
    "here ahead": -2.0,
    "opens ahead": 1.0,
    "speaks ahead": 1.0,
    "only ahead": 0.5,
    "ahead": -2.0,
    "sentences ahead": -0.3,
    "sentences": -0.3,
    "paragraphs": -0.2,
    "subject now": 0.5,
    "subject before": 0.5,
    "subject": 0.3,
    "spoke last": 0.8,
    "spoke just now": 0.6,
    "spoke": 0.5,
    "named": 0.3,
    "goes by": 3.0,
    "qualifiers fit": 1.5,
    "qualifiers differ": -1.5,
    "owner differs": -2.0,
    "a name": -1.5,
    "described": 1.5,
    "described by a name": 1.0,
    "only description": 0.5,
    "none described": 0.0,
    "none": 1.0,
    "none qualified": 1.0,
    "none complement": 2.5,
    "none a": 3.0,
    "none owned": 2.0,
    "none bare": 3.0,
}
"""What holds of nouns for people and for bodies alike."""

PRIOR: dict[str, dict[str, float]] = {
    "he": {
        "reported": -0.8,
        "same sentence": 0.2,
        "sentences": -0.5,
        "paragraphs": -0.3,
        "subject now": 0.7,
        "subject before": 0.6,
        "subject": 0.5,
        "spoke last": 1.0,
        "spoke just now": 0.8,
        "spoke": 0.3,
        "named": 0.3,
        "gender stated": 1.5,
        "gender hinted": 1.2,
        "gender against": -2.5,
        "person 1": -1.0,
        "person 2": 0.0,
        "person 3": 0.5,
        "noun": -0.5,
        "none": -2.5,
    },
    "they": {
        "reported": -0.8,
        "same sentence": 0.0,
        "sentences": -0.6,
        "paragraphs": -0.3,
        "subject now": 0.7,
        "subject before": 0.8,
        "subject": 0.4,
        "spoke last": 1.0,
        "spoke just now": 0.5,
        "named": 0.2,
        "plural": 2.0,
        "none": -0.3,
        "spoke": 0.3,
        "spoke last as several": 1.5,
        "pair": 0.5,
    },
    "it": {
        "reported": -0.8,
        "same sentence": 0.0,
        "sentences": -0.6,
        "paragraphs": -0.3,
        "subject now": 0.7,
        "subject before": 0.8,
        "subject": 0.4,
        "spoke last": 1.5,
        "spoke just now": 0.7,
        "named": 0.2,
        "spoke last as several": -1.0,
        "person 1": -0.5,
        "none": 0.3,
        "spoke": 0.3,
    },
    "role": {
        **_NOUN,
        "same phrase": 1.0,
        "another role": -2.0,
        "another office": -1.0,
        "lesser role": -1.5,
        "no role known": -0.3,
        "age fits": 3.0,
        "role 3": 0.3,
        "role 2": 0.0,
        "role 1": -0.5,
        "none age": -2.0,
    },
    "body": {
        **_NOUN,
        "in name": 1.0,
        "country": -2.0,
        "body 0": 1.0,
        "body 1": 0.8,
        "body 2": 0.3,
        "body gendered": -1.5,
        "only body": 1.0,
        "kind fits": 1.0,
        "kind differs": -1.0,
        "none body": -0.5,
        "none business": -0.5,
        "only business": 3.0,
        "none unique": 2.5,
    },
}
"""Weights set by hand before fitting; a fit moves them only as far as its mentions ask."""

STRENGTH = {"he": 1.0, "role": 1.0, "body": 1.0, "they": 2.0, "it": 2.0}
"""How many mentions a weight's prior value counts for (a Gaussian of variance 1 / strength)."""
_STEPS = 500
_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Weighed:
    """One mention: the features of its candidates, then of "none", and which are right."""

    model: str
    features: list[Features]
    right: list[bool]


class _Recorder(SpeakerIndex):
    """A speaker index that keeps the choices it is asked for."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.asked: list[tuple[str, list[tuple[Referent, Features]], Features]] = []

    def _choose(
        self, model: str, candidates: Sequence[tuple[Referent, Features]], none: Features
    ) -> list[Choice]:
        self.asked.append((model, list(candidates), none))
        return super()._choose(model, candidates, none)


def mentions_of(article: MarkedArticle) -> list[Weighed]:
    """The pronouns and nouns of an article's sources, with gold speakers as what came before."""
    index = _Recorder(Document(article.text))
    people = article.speakers or ()
    found: list[Weighed] = []
    for item in sorted(article.attributions, key=lambda item: item.content[:1]):
        if not item.source or not item.content:
            continue
        index.asked.clear()
        links = index.link(item.source[-1], content=item.content)
        if len(index.asked) == 1 and len(links) == 1:
            model, candidates, none = index.asked[0]
            right = [
                bool(item.speakers) and right_speakers(item.speakers, _names(other), people)
                for other, _ in candidates
            ]
            features = [*(known for _, known in candidates), none]
            itself = _itself(index, article, item)
            if any(right) or itself:
                found.append(Weighed(model, features, [*right, itself]))
        index.said(item.content, _corrected(index, article, item.speakers, links))
    return found


def _itself(index: SpeakerIndex, article: MarkedArticle, item: Attributed) -> bool:
    """Whether a noun is the right speaker as it stands, or a pronoun rightly means nobody."""
    (part,) = parts_of(index.text, index.names, item.source[-1])
    if part.kind != "noun":
        return not item.speakers
    raw = index.text[part.start : part.end]
    return right_speakers(item.speakers, (raw,), article.speakers or ())


def _names(referent: Referent) -> tuple[str, ...]:
    return tuple(one.name for one in referent.everyone)


def _corrected(
    index: SpeakerIndex, article: MarkedArticle, gold: tuple[str, ...], links: tuple[Link, ...]
) -> tuple[Link, ...]:
    """The links, or that of the gold speaker where they are wrong and its name is known."""
    names = tuple(link.speaker for link in links if link.speaker is not None)
    people = article.speakers or ()
    if gold and not right_speakers(gold, names, people):
        for entity in index.names.entities:
            if right_speakers(gold, (entity.name,), people):
                return (Link(entity.name, referent=index.referents.of_entity(entity)),)
    return links


def fit(mentions: Sequence[Weighed], model: str) -> dict[str, float]:
    """Weights of one model that make its right candidates likely (softmax, Adam, from the prior).

    Args:
        mentions: of :func:`mentions_of`; those of other models are left aside.
        model: key of :data:`PRIOR`.
    """
    used = [item for item in mentions if item.model == model and len(item.features) > 1]
    prior = PRIOR[model]
    names = sorted({name for item in used for row in item.features for name in row} | set(prior))
    place = {name: number for number, name in enumerate(names)}
    rows = np.zeros((sum(len(item.features) for item in used), len(names)))
    right = np.array([flag for item in used for flag in item.right], dtype=float)
    sizes = [len(item.features) for item in used]
    for number, row in enumerate(row for item in used for row in item.features):
        for name, value in row.items():
            rows[number, place[name]] = value
    start = np.array([prior.get(name, 0.0) for name in names])
    weights = _descend(rows, right, np.array(sizes), start, STRENGTH[model])
    return {
        name: round(float(value), 3)
        for name, value in zip(names, weights, strict=True)
        if abs(value) >= 0.05
    }


def _descend(
    rows: NDArray[np.float64],
    right: NDArray[np.float64],
    sizes: NDArray[np.int64],
    start: NDArray[np.float64],
    strength: float,
) -> NDArray[np.float64]:
    """Gradient ascent on the log-probability that a right candidate is chosen."""
    if not len(sizes):
        return start
    firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    weights, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, _STEPS + 1):
        scores = rows @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, firsts)[owner])
        chosen = raised / np.add.reduceat(raised, firsts)[owner]
        wanted = raised * right
        wanted /= np.add.reduceat(wanted, firsts)[owner]
        slope = (rows.T @ (wanted - chosen) - strength * (weights - start)) / len(sizes)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        ahead = mean / (1 - 0.9**step)
        weights = weights + _RATE * ahead / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def fit_all(mentions: Sequence[Weighed]) -> dict[str, dict[str, float]]:
    """The weights of every model."""
    return {model: fit(mentions, model) for model in PRIOR}


def rightly_chosen(mentions: Sequence[Weighed], weights: Weights) -> dict[str, tuple[int, int]]:
    """By model how many mentions are rightly resolved (or left alone), of how many."""
    counts = {model: (0, 0) for model in PRIOR}
    for item in mentions:
        table = weights[item.model]
        scores = [sum(table.get(name, 0.0) * x for name, x in row.items()) for row in item.features]
        right, total = counts[item.model]
        counts[item.model] = (right + item.right[scores.index(max(scores))], total + 1)
    return counts
