"""The filled cells of table rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stance.errors import DataError
from stance.evaluation import Place, Row, read_rows


def filled_rows(path: Path) -> Iterator[tuple[Place, Row]]:
    """The rows of a table file without their empty cells: see :func:`stance.evaluation.read_rows`.

    Raises:
        DataError: as there.
    """
    for place, row in read_rows(path):
        yield place, {key: value for key, value in row.items() if value not in (None, "")}


def text_of(row: Row, names: tuple[str, ...], where: str) -> str:
    """The text in the first of several columns that the row has.

    Raises:
        DataError: it has none of them, or no text there.
    """
    found = optional_text(row, names, where)
    if not found:
        wanted = " or ".join(repr(name) for name in names)
        raise DataError(
            f"{where}: field {wanted} is missing or empty (the row has "
            f"{', '.join(map(repr, row)) or 'nothing'})"
        )
    return found


def optional_text(row: Row, names: tuple[str, ...], where: str) -> str:
    """Like :func:`text_of`, "" where there is none.

    Raises:
        DataError: the field holds something that is not text.
    """
    for name in names:
        value = row.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise DataError(f"{where}: field {name!r} is {value!r}: give text")
        if value.strip():
            return value
    return ""
