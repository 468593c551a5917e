r"""Counts of the attribution evaluation, article by article.

Everything is counted on word tokens (``\\w+``), so that quotation marks and final punctuation,
which corpora place differently, do not matter. Definitions:

* *direct quote* (gold): every piece of the content begins and ends with a quotation mark.
  Its pieces are counted one by one (tools differ in joining them), and a predicted quote that lies
  in a gold indirect or mixed content is set aside, neither right nor wrong.
* *exact*: the same word tokens. *overlap*: Dice coefficient of the token sets >= 0.8.
* *head match*: the head word of the gold source (last word before a comma, preposition or relative)
  is in the predicted mention, and the other way round.
* *joint*: overlap >= 0.8 and head match; where gold names no source the speaker is not judged.
* *attribution* (all kinds): content Dice >= 0.5 and head match.

Matching is one to one, best overlap first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from stance.evaluation.tasks.attribution.articles import Article, Attributed, Range

_WORD = re.compile(r"\w+")
_HEAD_STOP = re.compile(
    r",| (?:of|for|at|in|on|with|from|who|which|that|to|by|about|—|–|-|\() ", re.IGNORECASE
)
PRONOUNS = frozenset("he she they it i we you who which that him her his their one".split())
JOINT = "direct span and speaker"

Counts = dict[str, tuple[float, float, float]]


class Words:
    """Word tokens of a text, by offset."""

    def __init__(self, text: str) -> None:
        found = [match.span() for match in _WORD.finditer(text)]
        self.starts = np.array([s for s, _ in found], dtype=np.int64)
        self.ends = np.array([e for _, e in found], dtype=np.int64)

    def of(self, ranges: Sequence[Range]) -> frozenset[int]:
        """Indices of the words that overlap the ranges."""
        indices: set[int] = set()
        for start, end in ranges:
            low = int(np.searchsorted(self.ends, start, side="right"))
            high = int(np.searchsorted(self.starts, end, side="left"))
            indices.update(range(low, high))
        return frozenset(indices)


def head(text: str, ranges: Sequence[Range], words: Words) -> frozenset[int]:
    """The head word of a mention, as a set of at most one index."""
    if not ranges:
        return frozenset()
    start, end = ranges[0]
    body = text[start:end]
    stop = _HEAD_STOP.search(body, 1)
    cut = start + stop.start() if stop and stop.start() > 1 else end
    inside = sorted(words.of([(start, cut)]))
    while len(inside) > 1 and text[words.starts[inside[-1]] : words.ends[inside[-1]]] == "s":
        inside.pop()
    return frozenset(inside[-1:])


def head_match(text: str, gold: Attributed, found: Attributed, words: Words) -> bool:
    """Whether gold and predicted mention share their heads."""
    if not found.source:
        return False
    return head(text, gold.source, words) <= words.of(found.source) and head(
        text, found.source, words
    ) <= words.of(gold.source)


def match(
    gold: Sequence[frozenset[int]], found: Sequence[frozenset[int]], minimum: float
) -> list[tuple[int, int]]:
    """Pair gold and predicted token sets one to one, best Dice coefficient first."""
    scored = []
    for i, left in enumerate(gold):
        for j, right in enumerate(found):
            common = len(left & right)
            if common:
                dice = 2 * common / (len(left) + len(right))
                if dice >= minimum:
                    scored.append((-dice, i, j))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    pairs = []
    for _, i, j in sorted(scored):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((i, j))
    return pairs


def quoted_pieces(items: Sequence[Attributed]) -> list[Attributed]:
    """Every piece of the direct quotes as an item of its own."""
    return [
        Attributed((piece,), item.source, True)
        for item in items
        if item.direct
        for piece in item.content
    ]


def score_article(article: Article, found: Sequence[Attributed]) -> Counts:
    """Counts (true positives, predicted, gold) of every measure for one article."""
    words = Words(article.text)
    return {
        **_direct_counts(article, found, words),
        "content tokens, all kinds": _token_counts(article.gold, found, words, "content"),
        "source tokens, all kinds": _token_counts(article.gold, found, words, "source"),
        "attribution and speaker, all kinds": _attribution_counts(article, found, words),
    }


def _direct_counts(article: Article, found: Sequence[Attributed], words: Words) -> Counts:
    """Spans of direct quotes, and who said those that were found."""
    text = article.text
    gold_direct = quoted_pieces(article.gold)
    gold_sets = [words.of(item.content) for item in gold_direct]
    found_direct = _outside_paraphrases(article, quoted_pieces(found), gold_sets, words)
    found_sets = [words.of(item.content) for item in found_direct]
    exact = match(gold_sets, found_sets, 1.0)
    overlap = match(gold_sets, found_sets, 0.8)
    sizes = (float(len(found_direct)), float(len(gold_direct)))
    sourced = [(i, j) for i, j in overlap if gold_direct[i].source]
    heads = [head_match(text, gold_direct[i], found_direct[j], words) for i, j in sourced]
    same = [words.of(gold_direct[i].source) == words.of(found_direct[j].source) for i, j in sourced]
    nominal = {
        i
        for i, item in enumerate(gold_direct)
        if item.source and text[slice(*item.source[0])].lower() not in PRONOUNS
    }
    right = sum(ok for (i, _), ok in zip(sourced, heads, strict=True) if i in nominal)
    return {
        "direct span, exact": (float(len(exact)), *sizes),
        "direct span, overlap": (float(len(overlap)), *sizes),
        "speaker on matched, exact": _accuracy(sum(same), len(sourced)),
        "speaker on matched, head": _accuracy(sum(heads), len(sourced)),
        JOINT: (float(len(overlap) - len(sourced) + sum(heads)), *sizes),
        "speaker of nominal direct": _accuracy(right, len(nominal)),
    }


def _outside_paraphrases(
    article: Article,
    found: Sequence[Attributed],
    gold_sets: Sequence[frozenset[int]],
    words: Words,
) -> list[Attributed]:
    """The predicted quotes without those that lie in a gold indirect or mixed content."""
    other = words.of([p for item in article.gold if not item.direct for p in item.content])
    found_sets = [words.of(item.content) for item in found]
    matched = {j for _, j in match(gold_sets, found_sets, 0.8)}
    return [
        found[j]
        for j, indices in enumerate(found_sets)
        if j in matched or 2 * len(indices & other) <= len(indices)
    ]


def _attribution_counts(
    article: Article, found: Sequence[Attributed], words: Words
) -> tuple[float, float, float]:
    """Contents of any kind with their source; gold contents without one are set aside."""
    gold_all = [item for item in article.gold if item.content and item.source]
    found_all = [item for item in found if item.content]
    pairs = match(
        [words.of(item.content) for item in gold_all],
        [words.of(item.content) for item in found_all],
        0.5,
    )
    hits = sum(head_match(article.text, gold_all[i], found_all[j], words) for i, j in pairs)
    unsourced = [
        words.of(item.content) for item in article.gold if item.content and not item.source
    ]
    spare = match(unsourced, [words.of(found_all[j].content) for j in _rest(found_all, pairs)], 0.5)
    return (float(hits), float(len(found_all) - len(spare)), float(len(gold_all)))


def _rest(found: Sequence[Attributed], pairs: Sequence[tuple[int, int]]) -> list[int]:
    used = {j for _, j in pairs}
    return [j for j in range(len(found)) if j not in used]


def _accuracy(right: int, total: int) -> tuple[float, float, float]:
    return (float(right), float(total), float(total))


def _token_counts(
    gold: Sequence[Attributed], found: Sequence[Attributed], words: Words, role: str
) -> tuple[float, float, float]:
    left = words.of([piece for item in gold for piece in getattr(item, role)])
    right = words.of([piece for item in found for piece in getattr(item, role)])
    return (float(len(left & right)), float(len(right)), float(len(left)))
