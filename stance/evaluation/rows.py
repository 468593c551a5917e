"""Labelled rows of any table file, read and checked alike for evaluation and for training."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError
from stance.jsonl import read_jsonl
from stance.labels import Stance
from stance.tables import open_table, read_label_studio, to_list

Row = dict[str, object]
FIELDS = (
    *("id", "text", "target", "stance", "sentiment", "context", "speaker", "cue", "rationale"),
    *("group", "source", "start", "end"),
)
GROUP_COLUMNS = ("group", "near_duplicates", "document_id", "article")
"""What names the article of a row, or what else depends on it; the first that a row has."""
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its file, and ``line`` 3, ``row`` 3 or ``task`` 3, counted from 1.

    The header of a table is no row.
    """

    file: Path
    unit: str
    number: int

    @property
    def short(self) -> str:
        """Without the file."""
        return f"{self.unit} {self.number}"

    def __str__(self) -> str:
        return f"{self.file}, {self.short}"


def read_rows(path: Path) -> Iterator[tuple[Place, Row]]:
    """Yield (place, cells by column) of a CSV, TSV, JSONL (also gzip) or Parquet file.

    A ``.json`` file is one that Label Studio exported. Empty cells are None.

    Raises:
        DataError: the file is missing, damaged or of another kind, two columns have one name, or a
            row has fewer or more cells than the header.
    """
    if path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        for number, row in read_jsonl(path):
            yield Place(path, "line", number), row
        return
    if path.name.lower().endswith(".json"):
        for number, row in read_label_studio(path):
            yield Place(path, "task", number), row
        return
    schema, chunks = open_table(path, _CHUNK)
    for name in schema.names:
        if schema.names.count(name) > 1:
            raise DataError(f"{path}: two columns are called {name!r}")
    number = 0
    for chunk in chunks:
        columns = [to_list(cells, name) for cells, name in zip(chunk, schema.names, strict=True)]
        for cells in zip(*columns, strict=True):
            number += 1
            row = {
                name: None if cell == "" else cell
                for name, cell in zip(schema.names, cells, strict=True)
            }
            yield Place(path, "row", number), row


def refuse_misspelt(row: Mapping[str, object], where: str, fields: Collection[str]) -> None:
    """Refuse a column whose name is nearly that of a field that the row lacks.

    Raises:
        DataError: there is one; the message names the field.
    """
    for key in sorted(set(row) - set(fields)):
        free = [field for field in fields if field not in row]
        near = difflib.get_close_matches(key, free, n=1, cutoff=0.8)
        if near:
            raise DataError(f"{where}: unknown field {key!r}; did you mean {near[0]!r}?")


def group_of(row: Mapping[str, object]) -> object:
    """The cell that names the article of a row, or None."""
    return next((row[name] for name in GROUP_COLUMNS if row.get(name) is not None), None)


def judges_no_stance(row: Mapping[str, object]) -> bool:
    """Whether a row is a reader's correction (:class:`stance.schema.Correction`) of no stance."""
    return row.get("correction") is not None and row.get("stance") is None


class RowChecks:
    """What one row cannot show: an id used twice for a target, and contradictions."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], str] = {}
        self._labels: dict[tuple[str, str, str, str | None], tuple[Stance, str]] = {}

    def add(
        self,
        place: Place,
        *,
        id: str | None,
        stance: Stance | None,
        read: tuple[str, str, str, str | None],
    ) -> None:
        """Check a row against those before it.

        Args:
            place: of the row.
            id: of the row, or None.
            stance: its label, or None.
            read: statement, target, context and speaker.

        Raises:
            DataError: the id is used for this target already, or the label is another than that of
                the same words before.
        """
        if id is not None:
            before = self._ids.setdefault((id, read[1]), place.short)
            if before != place.short:
                raise DataError(
                    f"{place}: field 'id': {id!r} is already used for this target in {before}"
                )
        if stance is None:
            return
        earlier, at = self._labels.setdefault(read, (stance, place.short))
        if earlier is not stance:
            raise DataError(
                f"{place}: field 'stance': {stance} contradicts {earlier} of the same statement "
                f"and target in {at}"
            )
