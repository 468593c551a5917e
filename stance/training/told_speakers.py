"""Statements whose speaker a reader told, as further mentions to fit the antecedents on.

The rows are statements that an earlier extractor listed (``article``, ``n``, ``spans``,
``speaker``; ``statement: false`` where they are none), so they tell nothing of what it missed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from stance.errors import DataError
from stance.evaluation import Attributed, MarkedArticle
from stance.evaluation.rows import read_rows
from stance.evaluation.tasks.attribution.articles import MarkedSpeaker
from stance.evaluation.tasks.attribution.outcomes import judge
from stance.extract import Document
from stance.extract.confidence import Evidence
from stance.extract.lexicon import lexicon
from stance.extract.names import is_organisation
from stance.extract.quotations import Attribution
from stance.schema import SpeakerKind
from stance.training.antecedents import Weighed, mentions_of

_PRONOUNS = frozenset(["he", "they", "it"])
_UNKNOWN = frozenset(["", "unknown"])


class Finder(Protocol):
    """An extractor that tells what it links, such as :class:`TaggerExtractor`."""

    def attributions(self, document: Document) -> tuple[list[Attribution], Evidence]:
        """All attributions of a document and the evidence for them."""


def told_mentions(
    rows: Path, articles: Path, extractor: Finder, *, without: Collection[str] = ()
) -> list[Weighed]:
    """The pronouns and nouns of the told speakers, as an extractor finds these statements again.

    A noun that the reader left as it stood tells nothing where it is definite: readers accept "the
    company" where they would not write it.

    Args:
        rows: the statements.
        articles: rows with ``id`` and ``text``.
        extractor: finds the statements and what names their speakers.
        without: texts to leave out, those that the result is measured on.

    Raises:
        DataError: a file or a field is missing or damaged.
    """
    found = []
    for marked in told_articles(rows, articles):
        if marked.text not in without:
            found += mentions_of(_with_sources(marked, extractor))
    return [item for item in found if _tells(item)]


def _tells(item: Weighed) -> bool:
    """Whether a reader's word for a mention says whom it means."""
    itself = item.right[-1]
    return item.model in _PRONOUNS or not itself or bool(item.features[-1].get("none a"))


def told_articles(rows: Path, articles: Path) -> list[MarkedArticle]:
    """The articles with their told statements, which have content and speaker only.

    Raises:
        DataError: as :func:`told_mentions`.
    """
    texts = {str(row.get("id")): row.get("text") for _, row in read_rows(articles)}
    told: dict[str, dict[object, Attributed]] = {}
    for place, row in read_rows(rows):
        spans, speaker = row.get("spans"), row.get("speaker") or ""
        if not isinstance(texts.get(str(row.get("article"))), str):
            raise DataError(f"{place}: article {row.get('article')!r} has no text in {articles}")
        if not isinstance(spans, list) or not isinstance(speaker, str):
            raise DataError(f"{place}: 'spans' must be a list, and 'speaker' a string or null")
        if row.get("statement", True):
            content = tuple((int(start), int(end)) for start, end in spans)
            names = () if speaker.lower() in _UNKNOWN else (speaker,)
            known = told.setdefault(str(row["article"]), {})
            known.setdefault(row.get("n"), Attributed(content, speakers=names))
    result = []
    for article, statements in told.items():
        told_names = sorted({name for item in statements.values() for name in item.speakers})
        people = tuple(MarkedSpeaker(name, _kind(name)) for name in told_names)
        result.append(
            MarkedArticle(article, str(texts[article]), tuple(statements.values()), people)
        )
    return result


def _with_sources(marked: MarkedArticle, extractor: Finder) -> MarkedArticle:
    """The told statements that are found again, with the words that name their speakers."""
    found, _ = extractor.attributions(Document(marked.text))
    sources = {item.content: item.source for item in found}
    matched = judge(marked, [Attributed(item.content) for item in found])
    again = []
    for outcome in matched:
        if outcome.gold is not None and outcome.found is not None:
            content = outcome.found.content
            source = sources[content]
            if source is not None:
                again.append(replace(outcome.gold, content=content, source=(source,)))
    return replace(marked, attributions=tuple(again))


def _kind(name: str) -> SpeakerKind:
    """The kind of a speaker, by the form of the name."""
    words = name.split()
    if name.lower() in lexicon().countries:
        return "country"
    if not all(word[0].isupper() for word in words):
        return "unnamed"
    return "organisation" if is_organisation(words) or words[0] == "The" else "person"
