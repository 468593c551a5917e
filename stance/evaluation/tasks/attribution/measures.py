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
* *returned statements*: of the predicted contents the share that some gold content overlaps with
  Dice >= 0.5; of the gold contents the share that some predicted one overlaps so. Here several may
  share one counterpart. Optional gold counts for neither, nor does what overlaps it alone.

Matching is one to one, best overlap first. Where the file names canonical speakers, these measures
of mentions give way to those of ``outcomes``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from stance.evaluation.metrics import FloatArray
from stance.evaluation.resampling import Statistic
from stance.evaluation.tasks.attribution.articles import Attributed, MarkedArticle
from stance.extract import Range

_WORD = re.compile(r"\w+")
_HEAD_STOP = re.compile(
    r",| (?:of|for|at|in|on|with|from|who|which|that|to|by|about|—|–|-|\() ", re.IGNORECASE
)
PRONOUNS = frozenset("he she they it i we you who which that him her his their one".split())
JOINT = "direct span and speaker"

RETURNED = "returned statements, precision"
RETURNED_RECALL = "returned statements, recall"

Counts = dict[str, tuple[float, ...]]
Triple = tuple[float, float, float]


def f1(counts: npt.NDArray[np.number]) -> FloatArray:
    """F1 of summed counts ``[..., 3]``: true positives, predicted, gold."""
    return share(2.0 * counts[..., 0], counts[..., 1] + counts[..., 2])


def precision(counts: npt.NDArray[np.number]) -> FloatArray:
    """The share of the first of summed counts ``[..., k]`` in the second."""
    return share(counts[..., 0], counts[..., 1])


def share(part: npt.NDArray[np.number], whole: npt.NDArray[np.number]) -> FloatArray:
    """A quotient; 0 where there is nothing."""
    top, bottom = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=bottom > 0)


STATISTICS: dict[str, Statistic] = {RETURNED: precision, RETURNED_RECALL: precision}
"""How the counts of these measures become a value, where that is not F1."""


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


def dice_of(minimum: float) -> Callable[[int, int, int], bool]:
    """The condition that the Dice coefficient of two sets, of ``a`` and ``b`` tokens, suffices."""
    return lambda common, a, b: 2 * common >= minimum * (a + b)


def match(
    gold: Sequence[frozenset[int]],
    found: Sequence[frozenset[int]],
    suffices: Callable[[int, int, int], bool],
) -> list[tuple[int, int]]:
    """Pair gold and predicted token sets one to one, best Dice coefficient first.

    Args:
        gold: token sets.
        found: token sets.
        suffices: tells from the number of common tokens and of those of each whether they match.
    """
    scored = []
    for i, left in enumerate(gold):
        for j, right in enumerate(found):
            common = len(left & right)
            if common and suffices(common, len(left), len(right)):
                scored.append((-2 * common / (len(left) + len(right)), i, j))
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


def mention_counts(article: MarkedArticle, found: Sequence[Attributed]) -> Counts:
    """Counts (true positives, predicted, gold) of every measure of mentions for one article."""
    words = Words(article.text)
    gold = article.attributions
    return {
        **_direct_counts(article, found, words),
        "content tokens, all kinds": _token_counts(gold, found, words, "content"),
        "source tokens, all kinds": _token_counts(gold, found, words, "source"),
        "attribution and speaker, all kinds": _attribution_counts(article, found, words),
    }


def returned_counts(article: MarkedArticle, found: Sequence[Attributed]) -> Counts:
    """Counts (right, of how many) of the returned statements of one article."""
    words = Words(article.text)
    close = dice_of(0.5)
    contents = [words.of(item.content) for item in found]

    def overlapped(indices: frozenset[int], others: Sequence[frozenset[int]]) -> bool:
        return any(
            other & indices and close(len(other & indices), len(other), len(indices))
            for other in others
        )

    listed = [item for item in article.attributions if item.content]
    required = [words.of(item.content) for item in listed if not item.optional]
    optional = [words.of(item.content) for item in listed if item.optional]
    right = [overlapped(content, required) for content in contents]
    aside = [
        not ok and overlapped(content, optional)
        for ok, content in zip(right, contents, strict=True)
    ]
    recalled = sum(overlapped(content, contents) for content in required)
    return {
        RETURNED: (float(sum(right)), float(len(contents) - sum(aside))),
        RETURNED_RECALL: (float(recalled), float(len(required))),
    }


def _direct_counts(article: MarkedArticle, found: Sequence[Attributed], words: Words) -> Counts:
    """Spans of direct quotes, and who said those that were found."""
    text = article.text
    gold_direct = quoted_pieces(article.attributions)
    gold_sets = [words.of(item.content) for item in gold_direct]
    found_direct = _outside_paraphrases(article, quoted_pieces(found), gold_sets, words)
    found_sets = [words.of(item.content) for item in found_direct]
    exact = match(gold_sets, found_sets, dice_of(1.0))
    overlap = match(gold_sets, found_sets, dice_of(0.8))
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
    article: MarkedArticle,
    found: Sequence[Attributed],
    gold_sets: Sequence[frozenset[int]],
    words: Words,
) -> list[Attributed]:
    """The predicted quotes without those that lie in a gold indirect or mixed content."""
    other = words.of([p for item in article.attributions if not item.direct for p in item.content])
    found_sets = [words.of(item.content) for item in found]
    matched = {j for _, j in match(gold_sets, found_sets, dice_of(0.8))}
    return [
        found[j]
        for j, indices in enumerate(found_sets)
        if j in matched or 2 * len(indices & other) <= len(indices)
    ]


def _attribution_counts(
    article: MarkedArticle, found: Sequence[Attributed], words: Words
) -> Triple:
    """Contents of any kind with their source; gold contents without one are set aside."""
    gold_all = [item for item in article.attributions if item.content and item.source]
    found_all = [item for item in found if item.content]
    pairs = match(
        [words.of(item.content) for item in gold_all],
        [words.of(item.content) for item in found_all],
        dice_of(0.5),
    )
    hits = sum(head_match(article.text, gold_all[i], found_all[j], words) for i, j in pairs)
    unsourced = [
        words.of(item.content) for item in article.attributions if item.content and not item.source
    ]
    rest = [words.of(found_all[j].content) for j in _rest(found_all, pairs)]
    spare = match(unsourced, rest, dice_of(0.5))
    return (float(hits), float(len(found_all) - len(spare)), float(len(gold_all)))


def _rest(found: Sequence[Attributed], pairs: Sequence[tuple[int, int]]) -> list[int]:
    used = {j for _, j in pairs}
    return [j for j in range(len(found)) if j not in used]


def _accuracy(right: int, total: int) -> Triple:
    return (float(right), float(total), float(total))


def _token_counts(
    gold: Sequence[Attributed], found: Sequence[Attributed], words: Words, role: str
) -> Triple:
    left = words.of([piece for item in gold for piece in getattr(item, role)])
    right = words.of([piece for item in found for piece in getattr(item, role)])
    return (float(len(left & right)), float(len(right)), float(len(left)))
