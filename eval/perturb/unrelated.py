"""A target of another article that shares no word with this one and is of another topic."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from stance.evaluation.labelled_sets import LabelledRow

_STEM = 5  # letters that two forms of one word share
_RARE = 0.05  # a word in at most this share of the articles tells what an article is about
_SHARED = 2  # rare words that two articles of different topics may share
_TRIES = 200
_FUNCTION_WORDS = frozenset(
    "about after against all among and any are because been before being between both but can "
    "could each for from had has have her his into its letting making may more most must not one "
    "other our out over own should some such than that the their them then there these they this "
    "those two under until was were what when where which while who whose will with within would "
    "your".split()
)


def content_stems(text: str) -> frozenset[str]:
    """First letters of the content words, so that "sanction" meets "sanctions"."""
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    return frozenset(word[:_STEM] for word in words if word not in _FUNCTION_WORDS)


class Unrelated:
    """Finds targets that have nothing to do with an article.

    Args:
        articles: text by id, of all articles that rows may be of.
        donors: rows whose targets are taken.
    """

    def __init__(self, articles: Mapping[str, str], donors: Sequence[LabelledRow]) -> None:
        self._stems = {name: content_stems(text) for name, text in articles.items()}
        counts = Counter(stem for stems in self._stems.values() for stem in stems)
        self._rare = {s for s, n in counts.items() if n <= max(2, _RARE * len(articles))}
        taken = {(row.target, row.group) for row in donors if row.group is not None}
        self._donors = sorted(taken)

    def find(self, article: str, rng: random.Random) -> str | None:
        """An unrelated target, or None where none is found in many tries."""
        here = self._stems[article]
        for _ in range(_TRIES):
            target, other = rng.choice(self._donors)
            stems = content_stems(target)
            shared = self._stems[other] & here & self._rare
            if other != article and stems and not stems & here and len(shared) <= _SHARED:
                return target
        return None
