"""Reads labelled rows: CSV, TSV or JSONL, the user's own or the project's.

A row needs ``text`` (or ``statement``), ``target``, and ``stance`` or ``sentiment``; ``id``,
``context``, ``speaker``, ``rationale``, ``group`` (an article or topic whose rows are not
independent), ``source`` (a subset reported apart), ``start`` and ``end`` are optional, other fields
are ignored. One id may stand in several rows when each has another target.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.files import read_csv
from stance.jsonl import read_jsonl, read_label
from stance.labels import Sentiment, Stance

FIELDS = (
    *("id", "text", "target", "stance", "sentiment", "context", "speaker", "rationale", "group"),
    *("source", "start", "end"),
)
_ALIASES = {"statement": "text"}
_NUMBERS = ("start", "end")


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One labelled (statement, target) pair.

    Attributes:
        id: names the row; unique together with the target.
        text: the statement that is judged.
        target: what the stance is toward.
        stance: gold stance, or None in a set that labels sentiment only.
        sentiment: gold sentiment, or None where it is not labelled.
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


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Rows that are scored together.

    Attributes:
        name: shown in the report.
        rows: at least one.
        file: that they were read from.
    """

    name: str
    rows: tuple[LabelledRow, ...]
    file: Path


def read_labelled(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    target: str | None = None,
    article: str | None = None,
) -> list[LabelledRow]:
    """Read and check a file of labelled rows.

    Args:
        path: ``.csv``, ``.tsv`` or ``.jsonl``, the last also gzipped.
        columns: field of :class:`LabelledRow` -> its column in the file, where that has another
            name.
        target: what all rows are judged toward, where they name no target of their own.
        article: text that ``start`` and ``end`` refer to, and of which the contexts are passages;
            the rows are checked against it, and each statement is replaced by ``[...]`` in its
            context.

    Raises:
        DataError: a field is missing, empty, misspelt, of the wrong type or an unknown label, an id
            is used twice for one target, or two rows contradict each other; the message names file,
            line and field.
    """
    rows: list[LabelledRow] = []
    check = _Consistency()
    for number, cells in _raw_rows(path):
        where = f"{path.name}, line {number}"
        fields = _renamed(cells, columns or {}, target, where)
        if not rows:
            _check_fields(fields, list(cells), where)
        row = _row(fields, f"{number}", where)
        check.add(row, number, where)
        rows.append(row if article is None else _in_article(row, article, where))
    if not rows:
        raise DataError(f"{path.name}: no rows: give one labelled statement a line")
    return rows


def _raw_rows(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """(line, cells) of a file; the empty cells of a table are None."""
    name = path.name.lower()
    if name.endswith((".jsonl", ".jsonl.gz")):
        yield from read_jsonl(path)
    elif name.endswith((".csv", ".tsv")):
        delimiter = "," if name.endswith(".csv") else "\t"
        for number, row in read_csv(path, delimiter=delimiter):
            yield number, {key: _cell(key, value) for key, value in row.items()}
    else:
        raise DataError(f"{path.name}: cannot tell what it is: give a .csv, .tsv or .jsonl file")


def _cell(column: str, text: str) -> object:
    """A cell of a table: empty is None, and offsets are numbers."""
    if column in _NUMBERS and text.strip().isdecimal():
        return int(text)
    return text or None


def _renamed(
    cells: dict[str, object], columns: Mapping[str, str], target: str | None, where: str
) -> dict[str, object]:
    """The row with our names for its fields."""
    taken = list(columns.values())
    for column in taken:
        if taken.count(column) > 1:
            raise DataError(f"{where}: column {column!r} is named twice: each field has its own")
    fields = {key: value for key, value in cells.items() if key not in taken}
    for field, column in columns.items():
        if column not in cells:
            raise DataError(f"{where}: no column {column!r}; there are {', '.join(cells)}")
        fields[field] = cells[column]
    for alias, field in _ALIASES.items():
        if alias in fields and field not in fields:
            fields[field] = fields.pop(alias)
    if target is not None:
        if "target" in fields:
            raise DataError(f"{where}: the row names a target of its own: leave out --target")
        fields["target"] = target
    return fields


def _check_fields(fields: Mapping[str, object], given: Sequence[str], where: str) -> None:
    """Tell what the first row lacks in a way that helps with a file of other names."""
    problem = ""
    if "text" not in fields:
        problem = "'text' or 'statement'"
    elif "target" not in fields:
        problem = "'target' (--target gives one for all rows)"
    elif "stance" not in fields and "sentiment" not in fields:
        problem = "'stance' or 'sentiment'"
    if problem:
        _refuse_misspelt(fields, where)
        raise DataError(f"{where}: no field {problem}; this row has {', '.join(given) or 'none'}")


class _Consistency:
    """What one row cannot show: ids used twice, contradictions, stances in some rows only."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], int] = {}
        self._labels: dict[tuple[str, str, str, str | None], tuple[Stance, int]] = {}
        self._has_stance: bool | None = None

    def add(self, row: LabelledRow, number: int, where: str) -> None:
        key = (row.id, row.target)
        if key in self._lines:
            raise DataError(
                f"{where}: field 'id': {row.id!r} is already used for this target in line "
                f"{self._lines[key]}"
            )
        self._lines[key] = number
        if self._has_stance is None:
            self._has_stance = row.stance is not None
        elif self._has_stance != (row.stance is not None):
            raise DataError(
                f"{where}: field 'stance' is {'missing' if self._has_stance else 'given'} here and "
                "not in the rows before: label the stance of every row or of none"
            )
        if row.stance is not None:
            inputs = (row.text, row.target, row.context, row.speaker)
            earlier, line = self._labels.setdefault(inputs, (row.stance, number))
            if earlier is not row.stance:
                raise DataError(
                    f"{where}: field 'stance': {row.stance} contradicts {earlier} of the same "
                    f"statement and target in line {line}"
                )


def _in_article(row: LabelledRow, article: str, where: str) -> LabelledRow:
    if row.start is None or row.end is None:
        raise DataError(f"{where}: field 'start' is missing: the set has an article")
    there = article[row.start : row.end].split()
    words = row.text.split()
    if not there or row.end > len(article) or (there[0], there[-1]) != (words[0], words[-1]):
        raise DataError(
            f"{where}: field 'start': [{row.start}, {row.end}) of the article is no such text"
        )
    if not row.context:
        return row
    from stance.model import mask_range  # brings a tokenizer, which a report does without

    try:
        return replace(row, context=mask_range(article, row.context, row.start, row.end))
    except DataError as error:
        raise DataError(f"{where}: field 'context': {error}") from None


def _refuse_misspelt(row: Mapping[str, object], where: str) -> None:
    for key in sorted(set(row) - set(FIELDS)):
        near = difflib.get_close_matches(key, [k for k in FIELDS if k not in row], n=1, cutoff=0.8)
        if near:
            raise DataError(f"{where}: unknown field {key!r}; did you mean {near[0]!r}?")


def _row(row: dict[str, object], name: str, where: str) -> LabelledRow:
    _refuse_misspelt(row, where)
    start, end = _offset(row, "start", where), _offset(row, "end", where)
    if (start is None) != (end is None):
        missing = "start" if start is None else "end"
        raise DataError(f"{where}: field {missing!r} is missing: give both offsets or none")
    if start is not None and end is not None and not 0 <= start < end:
        raise DataError(f"{where}: field 'start': [{start}, {end}) is not a range of characters")
    stance = sentiment = None
    if row.get("stance") is not None:
        stance = read_label(Stance, row, "stance", where)
    if row.get("sentiment") is not None:
        sentiment = read_label(Sentiment, row, "sentiment", where)
    if stance is None and sentiment is None:
        raise DataError(f"{where}: field 'stance' is missing, and so is 'sentiment': label the row")
    return LabelledRow(
        id=required_text(row, "id", where) if row.get("id") is not None else name,
        text=required_text(row, "text", where),
        target=required_text(row, "target", where),
        stance=stance,
        sentiment=sentiment,
        context=optional_text(row, "context", where) or "",
        speaker=optional_text(row, "speaker", where),
        rationale=optional_text(row, "rationale", where) or "",
        group=optional_text(row, "group", where),
        source=optional_text(row, "source", where) or "",
        start=start,
        end=end,
    )


def required_text(row: Mapping[str, object], key: str, where: str) -> str:
    """The text in a field; an id may also be a whole number.

    Raises:
        DataError: it is missing, empty or not text.
    """
    value = row.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        state = "is missing" if value is None else f"is not usable text: {value!r}"
        raise DataError(f"{where}: field {key!r} {state}")
    return value


def optional_text(row: Mapping[str, object], key: str, where: str) -> str | None:
    """The text in a field, or None where it is missing or blank.

    Raises:
        DataError: it holds something else.
    """
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise DataError(f"{where}: field {key!r} must be text or null, not {value!r}")
    return value if value.strip() else None


def _offset(row: Mapping[str, object], key: str, where: str) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise DataError(f"{where}: field {key!r} must be a whole number or null, not {value!r}")
    return value
