"""What another system, or a human coder, says of labelled rows: read from a file of predictions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from stance.errors import DataError
from stance.evaluation.label_names import LabelNames
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.predictions import Answer, as_stored
from stance.evaluation.rows import Place, Row, read_rows
from stance.evaluation.scored import PROBABILITY_COLUMNS, number
from stance.labels import Stance

_PROBABILITIES = (PROBABILITY_COLUMNS, tuple(f"p_{label}" for label in Stance))
_TEXTS = ("statement", "text")
_WORD = re.compile(r"\w+")
Key = tuple[str, str | None]
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    """The stored predictions of one system.

    Attributes:
        name: of the system.
        file: that they were read from.
        by_id: by id and target; the target is None where the file has none.
        by_words: by statement and target, likewise.
        words: the statement of each key of ``by_id``, where the file has it.
        names: what its labels are called.
    """

    name: str
    file: Path
    by_id: Mapping[Key, Answer]
    by_words: Mapping[Key, Answer]
    words: Mapping[Key, str]
    names: LabelNames

    def answers(self, rows: Sequence[LabelledRow]) -> dict[int, Answer]:
        """What it says of the rows, by their position; those that it lacks are left out.

        Rows are found by id and target, or, where the file has no such id or calls other
        statements by it, by statement and target.

        Raises:
            DataError: it says something of none of them.
        """
        by_id = _found(self.by_id, [(row.id, row.target) for row in rows])
        words = _found(self.words, [(row.id, row.target) for row in rows])
        others = sum(_said(text) != _said(rows[at].text) for at, text in words.items())
        if by_id and 2 * others <= len(words):
            return by_id
        by_words = _found(self.by_words, [(row.text, row.target) for row in rows])
        if by_words:
            return by_words
        if by_id:
            raise DataError(
                f"{self.file} calls other statements by the ids of the labelled rows ({others} of "
                f"{len(words)}): give both files the same column 'id', or leave the statements of "
                "the predictions out where the ids are right"
            )
        raise DataError(
            f"{self.file} has none of the labelled rows, neither by id and target nor by statement "
            "and target: are these predictions of the same statements?"
        )


def _said(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _found(known: Mapping[Key, _Value], keys: Sequence[tuple[str, str]]) -> dict[int, _Value]:
    """What is known of the keys, by their position, of any target where none is told."""
    found = {}
    for at, (name, target) in enumerate(keys):
        value = known.get((name, target), known.get((name, None)))
        if value is not None:
            found[at] = value
    return found


def read_answers(
    name: str,
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
) -> StoredAnswers:
    """Read stored predictions.

    Args:
        name: of the system. Of a file with the labels of several coders it is the coder's.
        path: CSV, TSV, JSONL, Parquet or Label Studio's JSON, with ``stance`` and with ``id`` or
            ``statement`` (or ``text``); ``target`` where there are several; with probabilities
            ``stance_against``, ``stance_neutral`` and ``stance_favor``, or ``p_against`` and so on.
            Tables of ``stance score`` and stored ``predictions.csv`` are such. A row without a
            stance is not answered; one that is ``abstained`` counts as neutral.
        columns: ``id``, ``text``, ``target``, ``stance`` -> its column, where that has another
            name.
        given: names of labels, see :class:`LabelNames`.

    Raises:
        DataError: a column is missing, a label unknown, or two rows of one statement and target
            differ; the message names file, row and field.
    """
    names = LabelNames(given)
    rows = _of_coder(name, path, list(read_rows(path)))
    chosen = _columns(rows[0][1], dict(columns or {}), rows[0][0])
    by_id: dict[Key, Answer] = {}
    by_words: dict[Key, Answer] = {}
    words_of: dict[Key, str] = {}
    twice: set[Key] = set()
    for place, cells in rows:
        answer = _answer(cells, chosen, names, place)
        if answer is None:
            continue
        target = _text(cells, chosen.get("target"))
        named, words = (_text(cells, chosen.get(field)) for field in ("id", "text"))
        if named is not None and by_id.setdefault((named, target), answer) != answer:
            raise DataError(f"{place}: {named!r} has another prediction before: give one a row")
        if named is not None and words is not None:
            words_of[named, target] = words
        if words is not None and by_words.setdefault((words, target), answer) != answer:
            if named is None:
                raise DataError(f"{place}: the same statement has another prediction before")
            twice.add((words, target))  # told apart by its id alone
    names.check(path.name)
    known = {key: answer for key, answer in by_words.items() if key not in twice}
    return StoredAnswers(name, path, by_id, known, words_of, names)


def check_name(name: str) -> str:
    """A name of a system, as a report and the columns of a table can hold it.

    Raises:
        DataError: it is empty, or begins or goes on in a way that they cannot.
    """
    if not name.strip() or not name.isprintable() or name[0] in "=+-@":
        raise DataError(
            f"{name!r} is no name of a system: give one that begins with a letter or digit"
        )
    return name


def _of_coder(name: str, path: Path, rows: list[tuple[Place, Row]]) -> list[tuple[Place, Row]]:
    """The rows of one coder, where a file has those of several."""
    if not rows:
        raise DataError(f"{path.name}: no rows: give one prediction a line")
    coders = {str(cells["coder"]) for _, cells in rows if cells.get("coder") is not None}
    if len(coders) < 2:
        return rows
    if name not in coders:
        raise DataError(
            f"{path} has the labels of {', '.join(sorted(coders))}: name the one that is meant, "
            f"such as {sorted(coders)[0]}={path.name}"
        )
    return [(place, cells) for place, cells in rows if str(cells.get("coder")) == name]


def _columns(cells: Row, named: dict[str, str], place: Place) -> dict[str, str]:
    """The column of each field. One that was named for the labels may be called as usual here."""
    found: dict[str, str] = {field: field for field in ("id", "target", "stance") if field in cells}
    words = next((name for name in _TEXTS if name in cells), None)
    if words is not None:
        found["text"] = words
    found |= {field: name for field, name in named.items() if name in cells}
    if "stance" not in found or not {"id", "text"} & set(found):
        raise DataError(
            f"{place}: predictions need 'stance', and 'id' or 'statement'; there are "
            f"{', '.join(cells)}"
        )
    return found


def _text(cells: Row, column: str | None) -> str | None:
    value = cells.get(column) if column is not None else None
    return None if value is None else str(value)


def _answer(
    cells: Row, chosen: Mapping[str, str], names: LabelNames, place: Place
) -> Answer | None:
    if cells.get("error"):
        return None
    value = cells.get(chosen["stance"])
    if value is None and str(cells.get("abstained")).lower() not in ("true", "1"):
        return None
    stance = Stance.NEUTRAL
    if value is not None:
        stance = names.read(Stance, value, chosen["stance"], str(place))
    return Answer(stance, _probabilities(cells, place))


def _probabilities(cells: Row, place: Place) -> tuple[float, ...] | None:
    for columns in _PROBABILITIES:
        if any(cells.get(column) is not None for column in columns):
            values = [number(cells, column, place) for column in columns]
            total = sum(values)
            if not all(0.0 <= value <= 1.0 for value in values) or abs(total - 1.0) > 0.01:
                raise DataError(
                    f"{place}: {', '.join(columns)} are {values}: they must be from 0 to 1 and sum "
                    "to 1"
                )
            return tuple(as_stored(value / total) for value in values)
    return None
