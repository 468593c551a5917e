"""Reads labelled rows: CSV, TSV, JSONL, Parquet or Label Studio's JSON.

A row needs ``text`` (or ``statement``), ``target``, and ``stance`` or ``sentiment``; ``id``,
``context``, ``speaker``, ``cue``, ``rationale``, ``group`` (or ``near_duplicates``, ``document_id``
or ``article``: an article or topic whose rows are not independent), ``source`` (a subset reported
apart), ``start`` and ``end`` are optional, other fields are ignored. One id may stand in several
rows when each has another target.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.label_names import LabelNames
from stance.evaluation.row_slices import slices_of
from stance.evaluation.rows import (
    FIELDS,
    Place,
    Row,
    RowChecks,
    group_of,
    judges_no_stance,
    read_rows,
    refuse_misspelt,
)
from stance.labels import Sentiment, Stance

logger = logging.getLogger(__name__)
_NUMBERS = ("start", "end")
_NAMES = ("id", "group")  # often numbered


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
        slices: what the row can be told apart by, and which it is (``{"kind": "direct"}``).
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
    slices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Rows that are scored together.

    Attributes:
        name: shown in the report.
        rows: at least one.
        file: that they were read from.
        about: how the labels were made and the licence of the texts, or ``""``.
    """

    name: str
    rows: tuple[LabelledRow, ...]
    file: Path
    about: str = ""


def read_labelled(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    target: str | None = None,
    article: str | None = None,
    names: LabelNames | None = None,
    slices: Sequence[str] | None = None,
) -> list[LabelledRow]:
    """Read and check a file of labelled rows.

    Args:
        path: ``.csv``, ``.tsv``, ``.parquet``, ``.jsonl``, the last also gzipped, or ``.json`` of
            Label Studio.
        columns: field of :class:`LabelledRow` -> its column in the file, where that has another
            name.
        target: what all rows are judged toward, where they name no target of their own.
        article: text that ``start`` and ``end`` refer to, and of which the contexts are passages;
            the rows are checked against it, and each statement is replaced by ``[...]`` in its
            context.
        names: what labels are called; it notes those that are not our own names.
        slices: columns whose values tell rows apart in the report, besides the usual ones
            (:func:`stance.evaluation.row_slices.slices_of`); None gives no slices at all.

    Raises:
        DataError: a field is missing, empty, misspelt, of the wrong type or an unknown label, an id
            is used twice for one target, or two rows contradict each other; the message names file,
            line and field.
    """
    rows: list[LabelledRow] = []
    checks, has_stance, left_out = RowChecks(), None, 0
    names = names or LabelNames()
    coders: set[object] = set()
    for place, cells in read_rows(path):
        if judges_no_stance(cells):
            left_out += 1
            continue
        where = str(place)
        fields = _renamed(_with_numbers(cells, place), columns or {}, target, where)
        if not rows:
            _check_fields(fields, list(cells), where)
        coders.add(cells.get("coder"))
        if len(coders) > 1:
            raise DataError(
                f"{where}: the labels of several coders stand here ({_listed(coders)}): join them "
                "with `stance agree -o`, whose output is read here"
            )
        row = _row(fields, str(place.number), where, names)
        if slices is not None:
            own = slices_of(
                cells,
                text=row.text,
                target=row.target,
                context=row.context,
                columns=slices,
                where=where,
            )
            row = replace(row, slices=own)
        read = (row.text, row.target, row.context, row.speaker)
        checks.add(place, id=row.id, stance=row.stance, read=read)
        if has_stance not in (None, row.stance is not None):
            raise DataError(
                f"{where}: field 'stance' is {'missing' if has_stance else 'given'} here and "
                "not in the rows before: label the stance of every row or of none"
            )
        has_stance = row.stance is not None
        rows.append(row if article is None else _in_article(row, article, where))
    if left_out:
        logger.warning("%s: %d corrections judge no stance and are left out", path.name, left_out)
    if not rows:
        raise DataError(f"{path.name}: no rows: give one labelled statement a line")
    names.check(path.name)
    return rows


def _listed(values: set[object]) -> str:
    return ", ".join(sorted(repr(value) for value in values))


def _with_numbers(cells: Row, place: Place) -> Row:
    """The offsets of a text table are numbers."""
    if place.unit == "line":
        return cells
    return {
        key: int(cell)
        if key in _NUMBERS and isinstance(cell, str) and cell.strip().isdecimal()
        else cell
        for key, cell in cells.items()
    }


def _renamed(
    cells: dict[str, object], columns: Mapping[str, str], target: str | None, where: str
) -> dict[str, object]:
    """The row with our names for its fields."""
    taken = list(columns.values())
    for column in taken:
        if taken.count(column) > 1:
            raise DataError(f"{where}: column {column!r} is named twice: each field has its own")
    fields = {key: value for key, value in cells.items() if key not in taken}
    for name, column in columns.items():
        if column not in cells:
            raise DataError(f"{where}: no column {column!r}; there are {', '.join(cells)}")
        fields[name] = cells[column]
    if "statement" in fields and "text" not in fields:
        fields["text"] = fields.pop("statement")
    if "group" not in columns:
        fields["group"] = group_of(fields)
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
        refuse_misspelt(fields, where, FIELDS)
        raise DataError(f"{where}: no field {problem}; this row has {', '.join(given) or 'none'}")


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


def _row(row: dict[str, object], name: str, where: str, names: LabelNames) -> LabelledRow:
    refuse_misspelt(row, where, FIELDS)
    start, end = _offset(row, "start", where), _offset(row, "end", where)
    if (start is None) != (end is None):
        missing = "start" if start is None else "end"
        raise DataError(f"{where}: field {missing!r} is missing: give both offsets or none")
    if start is not None and end is not None and not 0 <= start < end:
        raise DataError(f"{where}: field 'start': [{start}, {end}) is not a range of characters")
    stance = sentiment = None
    if row.get("stance") is not None:
        stance = names.read(Stance, row["stance"], "stance", where)
    if row.get("sentiment") is not None:
        sentiment = names.read(Sentiment, row["sentiment"], "sentiment", where)
    if stance is None and sentiment is None:
        raise DataError(
            f"{where}: field 'stance' is missing, and so is 'sentiment': label the row, or take it "
            "out of the file"
        )
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
    """The text in a field; an id or a group may also be a whole number.

    Raises:
        DataError: it is missing, empty or not text.
    """
    value = row.get(key)
    if key in _NAMES and isinstance(value, int) and not isinstance(value, bool):
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
    if key in _NAMES and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
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
