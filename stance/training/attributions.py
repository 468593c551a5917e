"""The words of marked attributions as statements to train on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stance.evaluation import news_words, read_marked_articles
from stance.extract import Document
from stance.training.formats import Reading
from stance.training.records import TrainingPair


def read_contents(path: Path, reading: Reading | None = None) -> list[TrainingPair]:
    """The words of every attribution as statements without label or target.

    They are those that the pipeline would judge (:func:`~stance.evaluation.news.news_words`), read
    in their paragraph and its two neighbours. Statements are numbered as the file lists the
    attributions, from 0.

    Raises:
        DataError: as :func:`stance.evaluation.read_marked_articles`.
    """
    pairs = []
    for article in read_marked_articles(path):
        document = Document(article.text)
        for number, marked in enumerate(article.attributions):
            if not marked.content:
                continue
            row = {
                "text": _text(article.text, marked.content),
                "spans": [list(span) for span in marked.content],
                "speaker": _text(article.text, marked.source),
                "source_spans": [list(span) for span in marked.source],
                "cue": _text(article.text, marked.cue),
                "cue_spans": [list(span) for span in marked.cue],
                "context": _around(document, marked.content),
            }
            words = news_words(row, f"{path}: article {article.id}, attribution {number}")
            pairs.append(
                TrainingPair(
                    statement=words.text,
                    target="",
                    context=words.context,
                    speaker=words.speaker,
                    cue=str(row["cue"]) or None,
                    group=article.id,
                    number=str(number),
                )
            )
    return pairs


def _text(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _around(document: Document, spans: Sequence[tuple[int, int]]) -> str:
    """The paragraphs of the spans, with the one before and the one after them."""
    paragraphs = document.paragraphs
    first = max(0, document.paragraph_at(spans[0][0]) - 1)
    last = min(len(paragraphs) - 1, document.paragraph_at(spans[-1][1] - 1) + 1)
    return document.text[paragraphs[first][0] : paragraphs[last][1]]
