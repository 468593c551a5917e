"""What rows of any labelled table are told apart by in a report: own columns, plain rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from stance.errors import DataError

LONGEST = {"up to 10 words": 10, "11 to 25 words": 25}
LONGER = "26 words and more"
OWN_COLUMNS = ("outlet", "kind", "speaker_role", "modality")  # as `stance analyze` writes them
NOT_STATED = "not stated"
_MONTH = re.compile(r"(\d{4})-(\d{2})\b")


def slices_of(
    cells: Mapping[str, object],
    *,
    text: str,
    target: str,
    context: str,
    columns: Sequence[str],
    where: str,
) -> dict[str, str]:
    """What a row is told apart by.

    Args:
        cells: of the row. ``outlet``, ``kind``, ``speaker_role`` and ``modality`` count where the
            table has them; ``date`` gives the month.
        text: the statement, for its length in words.
        target: what the stance is toward.
        context: around it, or ``""``.
        columns: more columns, which the table must have.
        where: file and line, for messages.

    Raises:
        DataError: the table lacks a column of ``columns``, or a cell is no text, number or flag.
    """
    lacking = [name for name in columns if name not in cells]
    if lacking:
        raise DataError(f"{where}: no column {lacking[0]!r}; there are {', '.join(cells)}")
    found = {"target": target, "length": length_of(text)}
    found["context"] = "with context" if context else "without context"
    if "date" in cells:
        month = _MONTH.match(str(cells["date"] or ""))
        found["month"] = month.group() if month else NOT_STATED
    for name in (*(own for own in OWN_COLUMNS if own in cells), *columns):
        value = cells[name]
        if value is not None and not isinstance(value, (str, int, float, bool)):
            raise DataError(f"{where}: field {name!r} tells no rows apart: {value!r}")
        found[name] = NOT_STATED if value is None or value == "" else str(value)
    return found


def length_of(text: str) -> str:
    """The length of a statement in words, in three classes."""
    words = len(text.split())
    return next((name for name, most in LONGEST.items() if words <= most), LONGER)
