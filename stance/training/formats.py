"""Readers of labelled files: one function for each format, rows in, training pairs out.

Every reader is generic; ``configs/train/README.md`` describes the formats as schemas that any user
can write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stance.errors import DataError, LabelError
from stance.evaluation import (
    FIELDS,
    Place,
    Row,
    RowChecks,
    is_agreed,
    judges_no_stance,
    news_words,
    refuse_misspelt,
)
from stance.evaluation.rows import GROUP_COLUMNS
from stance.labels import AnyLabel, Sentiment, Stance, parse_label
from stance.training.records import TrainingPair
from stance.training.rows import filled_rows, optional_text, text_of

logger = logging.getLogger(__name__)

STATEMENT = ("statement", "text")
_PAIR_FIELDS = (*FIELDS, *GROUP_COLUMNS, "statement", "sure")
SURE = (0.5, 0.8, 1.0)  # Loss weights of labels of which the annotator was little to wholly sure.


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of a file are read.

    Attributes:
        where: keep only rows whose field has the value, compared as text.
        sure_weights: loss weight of a row by its ``sure``, 1, 2, 3; empty ignores the field.
        unattributed: what becomes of rows with ``statement: false`` (the words are no statement of
            the speaker): ``drop`` them, or keep them as ``neutral``.
        checked: refuse ids used twice and labels that contradict each other.
        agreed_only: leave out rows to which a second annotator (``second``) gives another stance.
    """

    where: dict[str, str]
    sure_weights: tuple[float, ...] = ()
    unattributed: Literal["drop", "neutral"] = "drop"
    agreed_only: bool = False
    checked: bool = True


def read_pairs(path: str | Path, reading: Reading | None = None) -> list[TrainingPair]:
    """Read a table of labelled pairs.

    Columns: ``statement`` (or ``text``), ``target``, ``stance`` and, where there are any,
    ``sentiment``, ``context``, ``speaker``, ``cue``, ``kind``, ``group`` (or ``near_duplicates``,
    ``document_id`` or ``article``), ``source`` (scored apart), ``id``, ``sure``; the same as
    ``stance evaluate`` reads.

    Raises:
        DataError: a row lacks a field or has an unknown label, a column's name is misspelt or used
            twice, an id is used twice for one target, or two rows contradict each other; file, row
            and field are named.
    """
    path = Path(path)
    reading = reading or Reading({})
    pairs: list[TrainingPair] = []
    checks = RowChecks()
    for place, row in _kept(path, reading):
        if not pairs:
            refuse_misspelt(row, str(place), _PAIR_FIELDS)
        pair = _pair(row, str(place), path, reading)
        if reading.checked:
            read = (pair.statement, pair.target, pair.context, pair.speaker)
            checks.add(place, id=_identity(row, ("id",)) or None, stance=pair.stance, read=read)
        pairs.append(pair)
    if not pairs:
        raise DataError(f"{path} has no rows to learn from{_after(reading)}")
    return pairs


def read_news(path: Path, reading: Reading | None = None) -> list[TrainingPair]:
    """Read attributed statements of articles, in the words that the pipeline would judge.

    The columns are those of :func:`read_pairs` and of
    :func:`~stance.evaluation.news.news_words`.

    Raises:
        DataError: a row lacks a field, has an unknown label, or spans that do not fit its text.
    """
    reading = reading or Reading({}, SURE)
    pairs = []
    for place, row in _kept(path, reading):
        where = str(place)
        if reading.agreed_only and not is_agreed(row, where):
            continue
        words = news_words({**row, "text": text_of(row, STATEMENT, where)}, where)
        judged = {"text": words.text, "context": words.context, "speaker": words.speaker}
        pairs.append(_pair({**row, **judged}, where, path, reading))
    if not pairs:
        raise DataError(f"{path} has no rows to learn from{_after(reading)}")
    return pairs


def read_statements(path: Path, reading: Reading | None = None) -> list[TrainingPair]:
    """Read statements with several targets each: ``text``, ``targets`` [{``target``, ``stance``}].

    ``group`` joins rows that share a text under different contexts, so that the context decides;
    ``theme`` (else the file's name) is what is held out whole.

    Raises:
        DataError: a row lacks a field, repeats an id or has an unknown label.
    """
    reading = reading or Reading({})
    pairs: list[TrainingPair] = []
    seen: set[str] = set()
    for place, row in _kept(path, reading):
        where = str(place)
        identity = text_of(row, ("id",), where)
        if identity in seen:
            raise DataError(f"{where}: id {identity!r} is used twice")
        seen.add(identity)
        listed = row.get("targets")
        if not isinstance(listed, list) or not listed:
            raise DataError(f"{where}: field 'targets' must be a non-empty list")
        theme = optional_text(row, ("theme",), where) or path.stem
        for item in listed:
            if not isinstance(item, dict):
                raise DataError(f"{where}: field 'targets': {item!r} is not an object")
            labelled = {**row, "target": item.get("target"), "stance": item.get("stance")}
            pairs.append(
                _pair(
                    {**labelled, "group": theme},
                    where,
                    path,
                    reading,
                    decided=bool(row.get("group")),
                )
            )
    if not pairs:
        raise DataError(f"{path} has no rows to learn from{_after(reading)}")
    return pairs


def read_mentions(path: Path, reading: Reading | None = None) -> list[TrainingPair]:
    """Read sentences with the sentiment toward each mention: ``text``, ``target``, ``sentiment``.

    Only sentences whose mentions all carry one polarity are kept, one pair each: that polarity is
    the sentence's sentiment. The target is one of the mentions, so that sentiment is learned
    beside a target that does not matter to it.

    Raises:
        DataError: a row lacks a field or has an unknown label.
    """
    reading = reading or Reading({})
    by_text: dict[str, list[TrainingPair]] = {}
    for place, row in _kept(path, reading):
        where = str(place)
        if "sentiment" not in row:
            raise DataError(f"{where}: field 'sentiment' is missing or empty")
        pair = _pair({**row, "stance": None}, where, path, reading)
        by_text.setdefault(pair.statement, []).append(pair)
    return [
        mentions[0]
        for mentions in by_text.values()
        if len({mention.sentiment for mention in mentions}) == 1
    ]


READERS: dict[str, Callable[[Path, Reading | None], list[TrainingPair]]] = {
    "pairs": read_pairs,
    "news": read_news,
    "statements": read_statements,
    "mentions": read_mentions,
}


def _kept(path: Path, reading: Reading) -> list[tuple[Place, Row]]:
    """The rows to read; the flag ``statement``, where it is one, is applied and taken out."""
    kept = []
    dropped = unjudged = 0
    for place, row in filled_rows(path):
        if judges_no_stance(row):
            unjudged += 1
            continue
        if any(str(row.get(key, "")) != value for key, value in reading.where.items()):
            continue
        if isinstance(row.get("statement"), bool):
            if not row["statement"] and reading.unattributed == "drop":
                dropped += 1
                continue
            if not row["statement"]:
                row["stance"] = Stance.NEUTRAL.value
            del row["statement"]
        kept.append((place, row))
    if unjudged:
        logger.warning("%s: %d corrections judge no stance and are left out", path, unjudged)
    if dropped:
        message = "%s: %d rows say that their words are no statement and are left out"
        logger.info(message, path, dropped)
    return kept


def _after(reading: Reading) -> str:
    if not reading.where:
        return ""
    return " where " + ", ".join(f"{key} is {value!r}" for key, value in reading.where.items())


def _pair(
    row: Row, where: str, path: Path, reading: Reading, *, decided: bool = False
) -> TrainingPair:
    """The pair of a row; one of stance and sentiment must be there."""
    stance = _label(Stance, row, "stance", where)
    sentiment = _label(Sentiment, row, "sentiment", where)
    if stance is None and sentiment is None:
        raise DataError(
            f"{where}: field 'stance' is missing or empty (the row has "
            f"{', '.join(map(repr, row)) or 'nothing'})"
        )
    return TrainingPair(
        statement=text_of(row, STATEMENT, where),
        target=text_of(row, ("target",), where),
        stance=stance,
        sentiment=sentiment,
        context=optional_text(row, ("context",), where),
        speaker=optional_text(row, ("speaker",), where) or None,
        cue=optional_text(row, ("cue",), where) or None,
        kind=_identity(row, ("kind",)) or None,
        group=_identity(row, GROUP_COLUMNS),
        number=_identity(row, ("n",)),
        source=optional_text(row, ("source",), where) or path.name.split(".")[0],
        weight=_weight(row, reading, where),
        context_decides=decided,
    )


def _identity(row: Row, names: tuple[str, ...]) -> str:
    """A group as text: tables often number their articles."""
    return next((str(row[name]) for name in names if row.get(name) is not None), "")


def _label(kind: type[AnyLabel], row: Row, key: str, where: str) -> AnyLabel | None:
    value = row.get(key)
    return None if value is None else parsed_label(kind, value, f"{where}: field {key!r}")


def parsed_label(kind: type[AnyLabel], value: object, where: str) -> AnyLabel:
    """A label by its name or an alias.

    Raises:
        DataError: there is no such label; ``where`` begins what is said of it.
    """
    try:
        return parse_label(kind, str(value))
    except LabelError as error:
        raise DataError(f"{where}: {error}") from None


def _weight(row: Row, reading: Reading, where: str) -> float:
    value = row.get("sure")
    return 1.0 if value is None else sure_weight(value, reading.sure_weights, where)


def sure_weight(value: object, weights: Sequence[float], where: str) -> float:
    """The loss weight of a label by how sure its annotator was, 1 to 3; 1.0 without weights.

    Raises:
        DataError: the value is no such number.
    """
    if not weights:
        return 1.0
    try:
        sure = int(str(value))
    except ValueError:
        sure = 0
    if sure not in range(1, len(weights) + 1):
        raise DataError(f"{where}: field 'sure' is {value!r}: give 1 to {len(weights)}")
    return weights[sure - 1]
