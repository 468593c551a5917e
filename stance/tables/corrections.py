"""Files of corrections, as the page of an article gives them."""

from __future__ import annotations

from pathlib import Path

from stance.errors import DataError, SpanError
from stance.jsonl import read_jsonl
from stance.schema import Correction


def read_corrections(path: str | Path) -> list[Correction]:
    """Read a file of corrections (JSONL); docs/corrections.md describes it.

    Raises:
        DataError: the file is missing or damaged, holds nothing, a line is no correction, or two
            are about one statement and target; file and line are named.
    """
    path = Path(path)
    found: list[Correction] = []
    lines: dict[tuple[str, str | None], int] = {}
    for number, row in read_jsonl(path):
        try:
            correction = Correction.from_record(row)
        except (DataError, SpanError) as error:
            raise DataError(f"{path}, line {number}: {error}") from None
        before = lines.setdefault((correction.id, correction.target), number)
        if before != number:
            raise DataError(
                f"{path}, line {number}: {correction.id} is corrected in line {before} already: "
                "keep one of them"
            )
        found.append(correction)
    if not found:
        raise DataError(f"{path} holds no correction")
    return found
