"""Marked articles as wordpieces with their gold tags, cut into windows and batches."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from stance.evaluation import Attributed, MarkedArticle
from stance.extract import (
    TAG_INDEX,
    Document,
    EncodedText,
    Range,
    encode_text,
    pack_windows,
    pad_windows,
)
from stance.training.batches import Plan, Tensors
from stance.training.losses import IGNORED

Window = tuple[int, Range]  # number of the article, range of its wordpieces


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """One article as wordpieces with their gold tags."""

    encoded: EncodedText
    tags: NDArray[np.int64]


def gold_tags(attributions: Sequence[Attributed], encoded: EncodedText) -> NDArray[np.int64]:
    """Tags of every wordpiece; cue and source win over content where they overlap.

    What only an optional attribution covers, which careful readers may leave out, is ``IGNORED``.
    """
    tags = np.zeros(len(encoded.ids), dtype=np.int64)
    starts, ends = encoded.offsets[:, 0], encoded.offsets[:, 1]
    for item in sorted(attributions, key=lambda item: not item.optional):
        for role, spans in (
            ("content", item.content),
            ("source", item.source),
            ("cue", item.cue),
        ):
            for number, (start, end) in enumerate(spans):
                low = int(np.searchsorted(ends, start, side="right"))
                high = int(np.searchsorted(starts, end, side="left"))
                if high <= low:
                    continue
                if item.optional:
                    tags[low:high] = IGNORED
                    continue
                tags[low:high] = TAG_INDEX[f"I-{role}"]
                further = role == "content" and number > 0
                tags[low] = TAG_INDEX["J-content" if further else f"B-{role}"]
    return tags


def tag_articles(articles: Sequence[MarkedArticle], tokenizer: Tokenizer) -> list[TaggedArticle]:
    """Encode articles with their gold tags."""
    tagged = []
    for article in articles:
        encoded = encode_text(Document(article.text), tokenizer)
        tagged.append(TaggedArticle(encoded, gold_tags(article.attributions, encoded)))
    return tagged


def cut_windows(articles: Sequence[TaggedArticle], size: int, rng: random.Random) -> list[Window]:
    """Windows of whole paragraphs, with a random first cut in every article."""
    windows: list[Window] = []
    for number, article in enumerate(articles):
        paragraphs = article.encoded.paragraphs
        if not paragraphs:
            continue
        cut = rng.randint(0, min(3, len(paragraphs) - 1))
        for part in (paragraphs[:cut], paragraphs[cut:]):
            windows.extend((number, core) for _, core in pack_windows(part, core=size, margin=0))
    return windows


def make_batches(windows: Sequence[Window], tokens: int) -> list[list[Window]]:
    """Batches of windows of like length, at most ``tokens`` with padding."""
    batches: list[list[Window]] = []
    batch: list[Window] = []
    for window in sorted(windows, key=lambda item: item[1][1] - item[1][0]):
        length = window[1][1] - window[1][0] + 2
        if batch and length * (len(batch) + 1) > tokens:
            batches.append(batch)
            batch = []
        batch.append(window)
    if batch:
        batches.append(batch)
    return batches


def plan_windows(
    articles: Sequence[TaggedArticle], *, window: int, tokens: int, epochs: float, seed: int
) -> Plan:
    """Plan the batches of a run; windows are cut anew every epoch.

    Args:
        articles: with their tags.
        window: most wordpieces of a window.
        tokens: wordpieces of a batch, with padding.
        epochs: passes over the articles.
        seed: of cuts and order.

    Returns:
        A plan whose batches hold ``ids``, ``features``, ``mask`` and ``tags``.
    """
    steps: list[list[Window]] = []
    for epoch in range(math.ceil(epochs)):
        rng = random.Random(1000 * seed + epoch)
        batches = make_batches(cut_windows(articles, window, rng), tokens)
        rng.shuffle(batches)
        steps += batches[: math.ceil(min(1.0, epochs - epoch) * len(batches))]
    return Plan([partial(_tensors, articles, batch) for batch in steps])


def _tensors(articles: Sequence[TaggedArticle], batch: Sequence[Window]) -> Tensors:
    length = max(end - start for _, (start, end) in batch) + 2
    ids, features, mask = (
        torch.zeros((len(batch), length, *tail), dtype=torch.int64) for tail in ((), (3,), ())
    )
    tags = torch.full((len(batch), length), IGNORED, dtype=torch.int64)
    for row, (number, (start, end)) in enumerate(batch):
        parts = pad_windows(articles[number].encoded, [(start, end)])
        for whole, part in zip((ids, features, mask), parts, strict=True):
            whole[row, : part.shape[1]] = part[0]
        tags[row, 1 : 1 + end - start] = torch.from_numpy(articles[number].tags[start:end])
    return {"ids": ids, "features": features, "mask": mask, "tags": tags}
