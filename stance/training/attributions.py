"""The words of marked attributions as statements to train on."""

from __future__ import annotations

from pathlib import Path

from stance.evaluation import read_marked_articles
from stance.extract import Document
from stance.training.formats import Reading
from stance.training.records import TrainingPair


def read_contents(path: Path, reading: Reading | None = None) -> list[TrainingPair]:
    """The words of every attribution as statements without label or target, with their paragraph.

    Raises:
        DataError: as :func:`stance.evaluation.read_marked_articles`.
    """
    pairs = []
    for article in read_marked_articles(path):
        paragraphs = Document(article.text).paragraphs
        for marked in article.attributions:
            if not marked.content:
                continue
            start, end = marked.content[0][0], marked.content[-1][1]
            around = [article.text[a:b] for a, b in paragraphs if a < end and b > start]
            pairs.append(
                TrainingPair(
                    statement=" ".join(article.text[a:b] for a, b in marked.content),
                    target="",
                    context="\n\n".join(around),
                    speaker=" ".join(article.text[a:b] for a, b in marked.source) or None,
                    cue=" ".join(article.text[a:b] for a, b in marked.cue) or None,
                    group=article.id,
                )
            )
    return pairs
