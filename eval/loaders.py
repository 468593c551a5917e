"""Reads files that are not ours: public sets, and news statements labelled for this project.

Their text is never kept here; ``--data`` names the folder that holds them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from eval.slices import news_slices
from stance.errors import DataError
from stance.evaluation.labelled_sets import LabelledRow, read_labelled, required_text
from stance.evaluation.news import is_agreed, news_words, read_spans, says_statement
from stance.evaluation.rows import FIELDS
from stance.jsonl import read_jsonl, read_label
from stance.labels import Sentiment, Stance
from stance.training.formats import read_mentions

Format = Literal["labelled", "public-stance", "public-sentiment", "news"]


def read_set(
    path: Path, form: Format, article: str | None = None, *, agreed_only: bool = False
) -> list[LabelledRow]:
    """Read a set of a given format.

    Args:
        path: its file.
        form: its format.
        article: of a labelled set, the text that its offsets refer to.
        agreed_only: of news, see :func:`read_news`.

    Raises:
        DataError: the file is missing, empty or breaks its schema.
    """
    if form == "labelled":
        return read_labelled(path, article=article)
    if form == "news":
        rows = read_news(path, agreed_only=agreed_only)
    elif form == "public-stance":
        rows = read_public_stance(path)
    else:
        rows = read_public_sentiment(path)
    if not rows:
        raise DataError(f"{path.name}: no usable rows")
    return rows


def detect_format(path: Path) -> Format:
    """Tell by the fields of its first row which kind of set a file is.

    Raises:
        DataError: the file is empty.
    """
    if not path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        return "labelled"
    for _, row in read_jsonl(path):
        if {"article", "n", "sure"} <= row.keys():
            return "news"
        own = row.keys() & (set(FIELDS) - {"text", "target", "stance", "sentiment", "source"})
        if "stance" in row and "source" in row and not own:
            return "public-stance"
        if "sentiment" in row and "stance" not in row and "start" in row:
            return "public-sentiment"
        return "labelled"  # whose reader tells what is missing
    raise DataError(f"{path.name}: no rows: give one JSON object a line")


def read_public_stance(path: Path) -> list[LabelledRow]:
    """Read a public stance file: ``text``, ``target``, ``stance``, ``source`` a row.

    A row's group is its target.

    Raises:
        DataError: a row lacks a field or has an unknown label; the message names line and field.
    """
    rows = []
    for number, row in read_jsonl(path):
        where = f"{path.name}, line {number}"
        source, target = required_text(row, "source", where), required_text(row, "target", where)
        rows.append(
            LabelledRow(
                id=f"{source}-{number}",
                text=required_text(row, "text", where),
                target=target,
                stance=read_label(Stance, row, "stance", where),
                group=target,
                source=source,
            )
        )
    return rows


def read_public_sentiment(path: Path) -> list[LabelledRow]:
    """Read the sentences of a mention-level sentiment file whose mentions carry one polarity.

    Sentences with mixed mentions are left out; see :func:`stance.training.formats.read_mentions`.

    Raises:
        DataError: a row lacks a field or has an unknown label; the message names line and field.
    """
    return [
        LabelledRow(
            id=f"sentiment-{number}",
            text=pair.statement,
            target=pair.target,
            stance=None,
            sentiment=pair.sentiment,
            source="news-sentiment",
        )
        for number, pair in enumerate(read_mentions(path), start=1)
    ]


def read_news(path: Path, *, agreed_only: bool = False) -> list[LabelledRow]:
    """Read labelled statements of news articles, in the words that the pipeline would judge.

    A row has ``article``, ``n`` (number of the statement in it), ``target``, ``stance``,
    ``sentiment`` and the fields of :func:`~stance.evaluation.news.news_words`. Rows whose words are
    no statement (``statement: false``) are left out. A row's group is its article, in which
    ``start`` is the start of its first span and ``end`` the end of its last.

    Args:
        path: a JSONL file.
        agreed_only: leave out rows to which a second annotator (``second``) gives another stance.

    Raises:
        DataError: a row lacks a field or has an unknown label; the message names line and field.
    """
    rows = []
    for number, row in read_jsonl(path):
        where = f"{path.name}, line {number}"
        article, n = required_text(row, "article", where), row.get("n")
        if not isinstance(n, int) or isinstance(n, bool):
            raise DataError(f"{where}: field 'n' must be a whole number, not {n!r}")
        words = news_words({**row, "text": required_text(row, "text", where)}, where)
        spans = read_spans(row, "spans", where)
        item = LabelledRow(
            id=f"{article}#{n}",
            text=words.text,
            target=required_text(row, "target", where),
            stance=read_label(Stance, row, "stance", where),
            sentiment=read_label(Sentiment, row, "sentiment", where),
            context=words.context,
            speaker=words.speaker,
            group=article,
            start=spans[0][0] if spans else None,
            end=spans[-1][1] if spans else None,
            slices=news_slices(row, words, where),
        )
        agreed = is_agreed(row, where)
        if says_statement(row, where) and (agreed or not agreed_only):
            rows.append(item)
    return rows
