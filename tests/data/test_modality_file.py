"""Own sentences of each modality: enough of each, each with one content."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from stance.evaluation import read_marked_articles

FILE = Path(__file__).resolve().parents[2] / "eval" / "attribution" / "modality.jsonl"


def test_there_are_forty_sentences_of_each_modality() -> None:
    articles = read_marked_articles(FILE)
    counts = Counter(article.attributions[0].modality for article in articles)
    assert len(counts) == 5
    assert min(counts.values()) >= 40
    assert all(len(article.attributions) == 1 for article in articles)
    assert len({article.text for article in articles}) == len(articles)
