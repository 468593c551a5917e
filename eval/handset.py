"""Reads labelled sets for evaluation: hand-labelled JSONL and the public stance and tone files.

A hand-labelled row needs ``id``, ``text``, ``target`` and ``stance``; ``sentiment``, ``context``,
``speaker``, ``rationale``, ``group`` (an article or topic whose rows are not independent),
``source``, ``start`` and ``end`` are optional, other fields are ignored. One id may stand in
several rows when each has another target. A row of a public stance file has ``text``, ``target``,
``stance`` and ``source``.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from stance.errors import DataError
from stance.jsonl import read_jsonl, read_label
from stance.labels import Sentiment, Stance
from stance.model.pairs import carve_at
from stance.training.sources import read_tone_pairs

Format = Literal["hand", "public-stance", "public-tone"]
REQUIRED = ("id", "text", "target", "stance")
OPTIONAL = ("sentiment", "context", "speaker", "rationale", "group", "source", "start", "end")


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One labelled (statement, target) pair.

    Attributes:
        id: names the row; unique together with the target.
        text: the statement that is judged.
        target: what the stance is toward.
        stance: gold stance, or None in a set that labels tone only.
        sentiment: gold tone, or None where it is not labelled.
        context: the text around the statement, or ``""``.
        speaker: who says it, or None.
        rationale: why the annotator chose the label, or ``""``.
        group: article or topic, for clustered intervals, or None.
        source: the subset a row is reported under, or ``""``.
        start: first code point in the article, or None.
        end: one past the last code point in the article, or None.
    """

    id: str
    text: str
    target: str
    stance: Stance | None
    sentiment: Sentiment | None = None
    context: str = ""
    speaker: str | None = None
    rationale: str = ""
    group: str | None = None
    source: str = ""
    start: int | None = None
    end: int | None = None


def read_hand_set(path: Path, article: str | None = None) -> list[GoldItem]:
    """Read and check a hand-labelled JSONL file.

    Args:
        path: the file, gzipped or not.
        article: text that ``start`` and ``end`` refer to, and of which the contexts are passages;
            the rows are checked against it, and a hole is put into each context where its
            statement stands.

    Raises:
        DataError: a field is missing, empty, misspelt, of the wrong type or an unknown label, an id
            is used twice for one target, or two rows contradict each other; the message names file,
            line and field.
    """
    items: list[GoldItem] = []
    seen: dict[tuple[str, str], int] = {}
    labels: dict[tuple[str, str, str, str | None], tuple[Stance, int]] = {}
    for number, row in read_jsonl(path):
        where = f"{path.name}, line {number}"
        item = _hand_item(row, where)
        key = (item.id, item.target)
        if key in seen:
            raise DataError(
                f"{where}: field 'id': {item.id!r} is already used for this target in line "
                f"{seen[key]}"
            )
        seen[key] = number
        stance = item.stance
        inputs = (item.text, item.target, item.context, item.speaker)
        if stance is not None:
            earlier, line = labels.setdefault(inputs, (stance, number))
            if earlier is not stance:
                raise DataError(
                    f"{where}: field 'stance': {stance} contradicts {earlier} of the same "
                    f"statement and target in line {line}"
                )
        items.append(item if article is None else _in_article(item, article, where))
    if not items:
        raise DataError(f"{path.name}: no rows: give one JSON object a line")
    return items


def _in_article(item: GoldItem, article: str, where: str) -> GoldItem:
    if item.start is None or item.end is None:
        raise DataError(f"{where}: field 'start' is missing: the set has an article")
    there = article[item.start : item.end].split()
    words = item.text.split()
    if not there or item.end > len(article) or (there[0], there[-1]) != (words[0], words[-1]):
        raise DataError(
            f"{where}: field 'start': [{item.start}, {item.end}) of the article is no such text"
        )
    if not item.context:
        return item
    try:
        return replace(item, context=carve_at(article, item.context, item.start, item.end))
    except DataError as error:
        raise DataError(f"{where}: field 'context': {error}") from None


def _hand_item(row: dict[str, object], where: str) -> GoldItem:
    known = REQUIRED + OPTIONAL
    for key in sorted(set(row) - set(known)):
        near = difflib.get_close_matches(key, [k for k in known if k not in row], n=1, cutoff=0.8)
        if near:
            raise DataError(f"{where}: unknown field {key!r}; did you mean {near[0]!r}?")
    start, end = _offset(row, "start", where), _offset(row, "end", where)
    if (start is None) != (end is None):
        missing = "start" if start is None else "end"
        raise DataError(f"{where}: field {missing!r} is missing: give both offsets or none")
    if start is not None and end is not None and not 0 <= start < end:
        raise DataError(f"{where}: field 'start': [{start}, {end}) is not a range of characters")
    sentiment = None
    if row.get("sentiment") is not None:
        sentiment = read_label(Sentiment, row, "sentiment", where)
    return GoldItem(
        id=_required(row, "id", where),
        text=_required(row, "text", where),
        target=_required(row, "target", where),
        stance=read_label(Stance, row, "stance", where),
        sentiment=sentiment,
        context=_optional(row, "context", where) or "",
        speaker=_optional(row, "speaker", where),
        rationale=_optional(row, "rationale", where) or "",
        group=_optional(row, "group", where),
        source=_optional(row, "source", where) or "",
        start=start,
        end=end,
    )


def _required(row: dict[str, object], key: str, where: str) -> str:
    value = row.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        state = "is missing" if value is None else f"is not usable text: {value!r}"
        raise DataError(f"{where}: field {key!r} {state}")
    return value


def _optional(row: dict[str, object], key: str, where: str) -> str | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise DataError(f"{where}: field {key!r} must be text or null, not {value!r}")
    return value if value.strip() else None


def _offset(row: dict[str, object], key: str, where: str) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise DataError(f"{where}: field {key!r} must be a whole number or null, not {value!r}")
    return value


def read_public_stance(path: Path) -> list[GoldItem]:
    """Read a public stance file; a row's group is its target.

    Raises:
        DataError: a row lacks a field or has an unknown label; the message names line and field.
    """
    items = []
    for number, row in read_jsonl(path):
        where = f"{path.name}, line {number}"
        source, target = _required(row, "source", where), _required(row, "target", where)
        items.append(
            GoldItem(
                id=f"{source}-{number}",
                text=_required(row, "text", where),
                target=target,
                stance=read_label(Stance, row, "stance", where),
                group=target,
                source=source,
            )
        )
    return items


def read_public_tone(path: Path) -> list[GoldItem]:
    """Read the sentences of a mention-level sentiment file whose mentions carry one polarity.

    Raises:
        DataError: a row lacks a field or has an unknown label.
    """
    return [
        GoldItem(
            id=f"tone-{position}",
            text=pair.statement,
            target=pair.target,
            stance=None,
            sentiment=pair.sentiment,
            source=pair.source,
        )
        for position, pair in enumerate(read_tone_pairs(path), start=1)
    ]


def detect_format(path: Path) -> Format:
    """Tell by the fields of its first row which kind of set a file is.

    Raises:
        DataError: the file is empty or its first row fits none.
    """
    for number, row in read_jsonl(path):
        if "stance" in row and row.keys() & ({"id", *OPTIONAL} - {"source"}):
            return "hand"  # whose reader tells what is missing
        if "stance" in row and "source" in row:
            return "public-stance"
        if "sentiment" in row and "start" in row:
            return "public-tone"
        raise DataError(
            f"{path.name}, line {number}: a labelled row needs the fields {', '.join(REQUIRED)}; "
            f"this one has {', '.join(row) or 'none'}"
        )
    raise DataError(f"{path.name}: no rows: give one JSON object a line")


def read_set(path: Path, form: Format, article: str | None = None) -> list[GoldItem]:
    """Read a set of a given format; only hand-labelled ones have an article.

    Raises:
        DataError: the file is missing, empty or breaks its schema.
    """
    if form == "hand":
        return read_hand_set(path, article)
    items = read_public_stance(path) if form == "public-stance" else read_public_tone(path)
    if not items:
        raise DataError(f"{path.name}: no usable rows")
    return items
