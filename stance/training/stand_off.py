"""Labels kept apart from the texts they are of, which may not be passed on.

A file of stand-off labels is JSONL, one article a line::

    {"article": "a1", "sentiment": {"3": "negative"}, "stance": {"the bill": {"3": ["against", 2]}}}

``stance`` gives for every target the labels of statements by their number, each with how sure the
annotator was (1 to 3); ``sentiment`` the tone of statements, where it was labelled anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stance.errors import DataError
from stance.evaluation import Row
from stance.labels import Sentiment, Stance
from stance.training.formats import Reading, parsed_label, sure_weight
from stance.training.records import TrainingPair
from stance.training.rows import filled_rows

logger = logging.getLogger(__name__)


def label_statements(
    statements: Sequence[TrainingPair], files: Sequence[Path], reading: Reading
) -> list[TrainingPair]:
    """One pair for every label of a statement; statements without a label are left out.

    Args:
        statements: with group and number; of several pairs of one statement the first is taken.
        files: the labels.
        reading: its ``sure_weights`` weigh the labels.

    Raises:
        DataError: a label is of a statement that is not there, a field is missing or of the wrong
            type, or a label is unknown; file, line and field are named.
    """
    known: dict[tuple[str, str], TrainingPair] = {}
    for pair in statements:
        if pair.group and pair.number:
            known.setdefault((pair.group, pair.number), pair)
    made: list[TrainingPair] = []
    used = set()
    for file in files:
        for place, row in filled_rows(file):
            where = str(place)
            article = row.get("article")
            if not isinstance(article, str):
                raise DataError(f"{where}: field 'article' is {article!r}: give an article's id")
            tones = _labels(row, "sentiment", where)
            for target, labels in _labels(row, "stance", where).items():
                for number, label in _items(labels, f"{where}: field 'stance': {target!r}"):
                    statement = known.get((article, number))
                    if statement is None:
                        raise DataError(
                            f"{where}: article {article!r} has no statement {number!r}: the labels "
                            "are of another version of the texts"
                        )
                    used.add((article, number))
                    made.append(_labelled(statement, target, label, tones, reading, where))
    logger.info("labels of %d of %d statements", len(used), len(known))
    return made


def _labelled(
    statement: TrainingPair, target: str, label: object, tones: Row, reading: Reading, where: str
) -> TrainingPair:
    where = f"{where}: {target!r}, statement {statement.number!r}"
    if not isinstance(label, list) or len(label) != 2:
        raise DataError(f"{where}: {label!r} is no label: give a stance and how sure, 1 to 3")
    tone = tones.get(statement.number)
    return replace(
        statement,
        target=target,
        stance=parsed_label(Stance, label[0], where),
        sentiment=statement.sentiment if tone is None else parsed_label(Sentiment, tone, where),
        weight=sure_weight(label[1], reading.sure_weights, where),
    )


def _labels(row: Row, field: str, where: str) -> dict[str, object]:
    return dict(_items(row.get(field, {}), f"{where}: field {field!r}"))


def _items(value: object, where: str) -> Iterator[tuple[str, object]]:
    if not isinstance(value, dict):
        raise DataError(f"{where} is {value!r}: give an object")
    yield from value.items()
