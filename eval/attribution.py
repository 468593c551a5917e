r"""Attribution benchmark: our extractor beside textacy and a regular-expression baseline.

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

Matching is one to one, best overlap first. Intervals: 95 % percentile bootstrap over articles.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from eval.attribution_systems import Attributed, AttributionConfig, Range, System, system
from stance.errors import DataError
from stance.extract.document import Document
from stance.jsonl import read_jsonl

_WORD = re.compile(r"\w+")
_OPEN = "“\"‘'«"
_CLOSE = "”\"’'»"
_HEAD_STOP = re.compile(
    r",| (?:of|for|at|in|on|with|from|who|which|that|to|by|about|—|–|-|\() ", re.IGNORECASE
)
PRONOUNS = frozenset("he she they it i we you who which that him her his their one".split())


@dataclass(frozen=True)
class Article:
    """One article with its gold attributions."""

    id: str
    text: str
    gold: tuple[Attributed, ...]


@dataclass
class SystemResult:
    """Per-article counts, prediction errors and times of one system."""

    name: str
    counts: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    raised: int = 0
    seconds: list[float] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)


def load_articles(path: Path) -> list[Article]:
    """Read an attribution file (JSONL, optionally gzip).

    Raises:
        DataError: the file is missing or damaged, or a line has no usable ``text`` or
            ``attributions``; the message names file and line.
    """
    if not path.is_file():
        raise DataError(f"no attribution file at {path}: give one with --data FILE")
    articles = []
    for number, row in read_jsonl(path):
        text, listed = row.get("text"), row.get("attributions")
        try:
            if not isinstance(text, str) or not isinstance(listed, list):
                raise TypeError("needs a 'text' and a list of 'attributions'")
            gold = tuple(_gold(text, item) for item in listed)
        except (AttributeError, TypeError, ValueError) as error:
            raise DataError(f"{path}, line {number}: {error}") from error
        articles.append(Article(str(row.get("id", number)), text, gold))
    return articles


def _gold(text: str, item: dict[str, list[list[int]]]) -> Attributed:
    content = tuple((s, e) for s, e in sorted(item.get("content") or []))
    source = tuple((s, e) for s, e in sorted(item.get("source") or []))
    return Attributed(content, source, is_direct(text, content))


def is_direct(text: str, content: Sequence[Range]) -> bool:
    """Whether every piece begins and ends with a quotation mark."""

    def marked(start: int, end: int) -> bool:
        piece = text[start:end].strip().rstrip(".,;:")
        return len(piece) > 2 and piece[0] in _OPEN and piece[-1] in _CLOSE

    def one(start: int, end: int) -> bool:
        inner = text[start:end].strip(" .,;:" + _OPEN + _CLOSE)
        return not re.search(r"[”] [^“]*[“]", inner)

    return bool(content) and all(marked(s, e) and one(s, e) for s, e in content)


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


Counts = dict[str, tuple[float, float, float]]


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
    text, words = article.text, Words(article.text)
    gold_direct = quoted_pieces(article.gold)
    other = words.of([p for item in article.gold if not item.direct for p in item.content])
    found_direct = quoted_pieces(found)
    gold_sets = [words.of(item.content) for item in gold_direct]
    found_sets = [words.of(item.content) for item in found_direct]
    matched = {j for _, j in match(gold_sets, found_sets, 0.8)}
    keep = [
        j
        for j, indices in enumerate(found_sets)
        if j in matched or 2 * len(indices & other) <= len(indices)
    ]
    found_direct = [found_direct[j] for j in keep]
    found_sets = [found_sets[j] for j in keep]
    exact = match(gold_sets, found_sets, 1.0)
    overlap = match(gold_sets, found_sets, 0.8)
    sizes = (float(len(found_direct)), float(len(gold_direct)))
    counts: Counts = {
        "direct span, exact": (float(len(exact)), *sizes),
        "direct span, overlap": (float(len(overlap)), *sizes),
    }
    sourced = [(i, j) for i, j in overlap if gold_direct[i].source]
    heads = [head_match(text, gold_direct[i], found_direct[j], words) for i, j in sourced]
    same = [words.of(gold_direct[i].source) == words.of(found_direct[j].source) for i, j in sourced]
    counts["speaker on matched, exact"] = _accuracy(sum(same), len(sourced))
    counts["speaker on matched, head"] = _accuracy(sum(heads), len(sourced))
    joint = len(overlap) - len(sourced) + sum(heads)
    counts["direct span and speaker"] = (float(joint), *sizes)
    nominal = {
        i
        for i, item in enumerate(gold_direct)
        if item.source and text[slice(*item.source[0])].lower() not in PRONOUNS
    }
    right = sum(ok for (i, _), ok in zip(sourced, heads, strict=True) if i in nominal)
    counts["speaker of nominal direct"] = _accuracy(right, len(nominal))
    counts["content tokens, all kinds"] = _token_counts(article.gold, found, words, "content")
    counts["source tokens, all kinds"] = _token_counts(article.gold, found, words, "source")
    gold_all = [item for item in article.gold if item.content and item.source]
    found_all = [item for item in found if item.content]
    pairs = match(
        [words.of(item.content) for item in gold_all],
        [words.of(item.content) for item in found_all],
        0.5,
    )
    hits = sum(head_match(text, gold_all[i], found_all[j], words) for i, j in pairs)
    unsourced = [
        words.of(item.content) for item in article.gold if item.content and not item.source
    ]
    spare = match(unsourced, [words.of(found_all[j].content) for j in _rest(found_all, pairs)], 0.5)
    counts["attribution and speaker, all kinds"] = (
        float(hits),
        float(len(found_all) - len(spare)),
        float(len(gold_all)),
    )
    return counts


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


def sentence_items(articles: Sequence[Article]) -> list[Article]:
    """Single sentences with balanced marks that hold a direct quote, its source and its cue."""
    items = []
    for article in articles:
        for sentences in Document(article.text).sentences:
            spans = _merge_quoted(article.text, sentences)
            for lo, hi in spans:
                inside = tuple(
                    Attributed(
                        tuple((s - lo, e - lo) for s, e in item.content),
                        tuple((s - lo, e - lo) for s, e in item.source),
                        item.direct,
                    )
                    for item in article.gold
                    if item.content
                    and all(lo <= s and e <= hi for s, e in item.content + item.source)
                )
                body = article.text[lo:hi]
                balanced = body.count('"') % 2 == 0 and body.count("“") == body.count("”")
                if balanced and any(item.direct and item.source for item in inside):
                    items.append(Article(f"{article.id}:{lo}", body, inside))
    return items


def _merge_quoted(text: str, sentences: Sequence[Range]) -> Iterator[Range]:
    """Sentences, with those that a quotation runs over joined."""
    start: int | None = None
    for lo, hi in sentences:
        start = lo if start is None else start
        body = text[start:hi]
        if body.count("“") == body.count("”") and body.count('"') % 2 == 0:
            yield start, hi
            start = None
    if start is not None:
        yield start, sentences[-1][1]


def run_system(name: str, extract: System, articles: Sequence[Article]) -> SystemResult:
    """Run one system over all articles; one that raises on an article finds nothing there."""
    result = SystemResult(name)
    for article in articles:
        started = time.perf_counter()
        try:
            found = extract(article.text)
        except (ValueError, IndexError, KeyError):
            result.raised += 1
            found = []
        result.seconds.append(time.perf_counter() - started)
        for key, value in score_article(article, found).items():
            result.counts.setdefault(key, []).append(value)
    return result


def f1(counts: np.ndarray[Any, Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 of summed counts (true positives, predicted, gold)."""
    hit, predicted, gold = counts
    precision = hit / predicted if predicted else 0.0
    recall = hit / gold if gold else 0.0
    total = predicted + gold
    return float(precision), float(recall), float(2 * hit / total) if total else 0.0


def summarize(
    result: SystemResult, *, bootstrap: int, seed: int
) -> dict[str, dict[str, float | list[float]]]:
    """Precision, recall, F1 and the bootstrap interval of F1 for every measure."""
    rng = np.random.default_rng(seed)
    summary: dict[str, dict[str, float | list[float]]] = {}
    for key, rows in result.counts.items():
        table = np.array(rows)
        precision, recall, value = f1(table.sum(axis=0))
        draws = rng.integers(0, len(table), size=(bootstrap, len(table)))
        samples = [f1(table[draw].sum(axis=0))[2] for draw in draws]
        low, high = np.percentile(samples, [2.5, 97.5]) if samples else (value, value)
        summary[key] = {
            "precision": precision,
            "recall": recall,
            "f1": value,
            "interval": [float(low), float(high)],
        }
    return summary


def evaluate(config: AttributionConfig, data: Path, *, limit: int | None = None) -> dict[str, Any]:
    """Run every system of the configuration on an attribution file.

    Returns:
        Per system: the summary of every measure, articles on which it raised, seconds an article.
    """
    articles = load_articles(data)[:limit]
    singles = sentence_items(articles) if config.single_sentences else []
    report: dict[str, Any] = {"articles": len(articles), "sentences": len(singles), "systems": {}}
    for name in config.systems:
        try:
            extract = system(name, config)
        except DataError as error:
            if not name.startswith("textacy"):
                raise
            report["systems"][name] = {"not_run": str(error)}
            continue
        if articles:
            extract(articles[0].text[:200].replace('"', ""))
        result = run_system(name, extract, articles)
        summary = summarize(result, bootstrap=config.bootstrap, seed=config.seed)
        if singles:
            alone = run_system(name, extract, singles)
            joint = summarize(alone, bootstrap=config.bootstrap, seed=config.seed)
            summary["single sentences, span and speaker"] = joint["direct span and speaker"]
        report["systems"][name] = {
            "measures": summary,
            "raised": result.raised,
            "seconds_per_article": float(np.mean(result.seconds)) if result.seconds else 0.0,
            "seconds_longest": max(result.seconds, default=0.0),
        }
    return report


def markdown(report: dict[str, Any]) -> str:
    """The results as one Markdown table, systems side by side."""
    names = [name for name, item in report["systems"].items() if "measures" in item]
    lines = [
        f"{report['articles']} articles, {report['sentences']} single sentences. "
        "F1 (accuracy for speakers) with the 95 % interval over articles.",
        "",
        "| measure | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
    ]
    measures = list(report["systems"][names[0]]["measures"]) if names else []
    for measure in measures:
        cells = []
        for name in names:
            item = report["systems"][name]["measures"][measure]
            low, high = item["interval"]
            cells.append(f"{item['f1']:.3f} [{low:.3f}, {high:.3f}]")
        lines.append(f"| {measure} | " + " | ".join(cells) + " |")
    for label, key, form in (
        ("articles on which it raises", "raised", "{}"),
        ("seconds an article, mean", "seconds_per_article", "{:.3f}"),
        ("seconds an article, longest", "seconds_longest", "{:.3f}"),
    ):
        cells = [form.format(report["systems"][name][key]) for name in names]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    for name, item in report["systems"].items():
        if "not_run" in item:
            lines += ["", f"{name} was not run: {item['not_run']}"]
    return "\n".join(lines) + "\n"
