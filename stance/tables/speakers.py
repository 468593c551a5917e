"""Speakers and files: the reader's list of people, tables of ``stance analyze``, and the output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from stance.columns import ABSTAINED, SPEAKER_COLUMNS
from stance.errors import DataError
from stance.labels import Stance
from stance.people import NAME, People, Person
from stance.schema import Speaker
from stance.speaker_counts import SpeakerCounter, SpeakerTable
from stance.tables.formats import DELIMITERS, table_format
from stance.tables.readers import open_table, to_list
from stance.tables.spreadsheet import unguard_cell
from stance.tables.writer import arrow_fields, write_records
from stance.untrusted import parse_json

_NEEDED = ("document_id", "number", "speakers", "speaker_confidence", "target", "stance")
_CHUNK_ROWS = 4096


def read_people(path: str | Path) -> People:
    """Read a list of people and bodies, to join to a table of speakers.

    Args:
        path: CSV, TSV, JSONL or Parquet, one row each. The column ``name`` holds the full name.
            ``aliases`` (other spellings and names) and ``role`` may be there; semicolons part
            several. All columns (party, country, a Wikidata id …) are carried along.

    Raises:
        DataError: the file is missing or unreadable, has no column ``name``, two columns have one
            name, a row has no name, two rows share a name or an alias and no role tells them
            apart, or two rows have one Wikidata id; file and row are named.
    """
    path = Path(path)
    names, rows = _rows(path)
    if NAME not in names:
        raise DataError(
            f"{path} has no column {NAME!r}; it has {', '.join(names)}: call the column of the "
            f"full names {NAME!r}"
        )
    return People(tuple(names), tuple(Person.of_row(row, place) for place, row in rows))


def read_speaker_table(
    sources: Iterable[str | Path], *, people: People | None = None
) -> SpeakerTable:
    """The speakers of tables that ``stance analyze`` wrote, each with its counts.

    Args:
        sources: CSV, TSV, JSONL or Parquet; each article in one of them.
        people: from :func:`read_people`; its columns join the rows.

    Raises:
        DataError: a file is missing, unreadable or no such table, a cell is damaged, or a
            statement is listed twice; file and row are named.
    """
    counter = SpeakerCounter(people)
    seen: dict[tuple[str, object], str] = {}
    for path in map(Path, sources):
        for place, article, rows in _statements(path):
            first = rows[0]
            key = (article, first["number"])
            if key in seen:
                raise DataError(
                    f"{place}: statement {first['number']} of {article} is already in {seen[key]}: "
                    "give each article once, with all its targets"
                )
            seen[key] = place
            name = first["document_id"]
            counter.add(
                article,
                None if name is None else str(name),
                _speakers(first["speakers"], place),
                _number(first["speaker_confidence"], place),
                {str(row["target"]): _stance(row["stance"], place) for row in rows},
            )
    return counter.table()


def write_speaker_table(table: SpeakerTable, path: str | Path, *, overwrite: bool = False) -> None:
    """Write a table of speakers as CSV, TSV, JSONL or Parquet, as the ending tells.

    In CSV and TSV no cell of the table's own columns is a formula to a spreadsheet.

    Raises:
        DataError: the file exists, its ending is another one, or it cannot be written.
    """
    own = arrow_fields(SPEAKER_COLUMNS)
    more = [pa.field(name, pa.string()) for name in table.columns[len(own) :]]
    guarded = [column.name for column in SPEAKER_COLUMNS]
    schema = pa.schema([*own, *more])
    records = table.to_records()
    write_records(Path(path), schema, records, overwrite=overwrite, guarded=guarded)


def _statements(path: Path) -> Iterator[tuple[str, str, list[Mapping[str, object]]]]:
    """Place, article and rows (one a target) of each statement of a table."""
    names, rows = _rows(path)
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise DataError(
            f"{path} has no column {', '.join(map(repr, missing))}: give a table that stance "
            f"analyze wrote (stance analyze ARTICLE --target TARGET -o TABLE.csv)"
        )
    before: tuple[str, str, list[Mapping[str, object]]] | None = None
    guarded = table_format(path) in DELIMITERS
    for place, row in rows:
        if row.get("error") is not None:  # of an article or statement that could not be judged
            continue
        if guarded:
            row = {k: unguard_cell(v) if isinstance(v, str) else v for k, v in row.items()}
        name = row["document_id"]
        article = f"the article without an id of {path}" if name is None else f"article {name!r}"
        if before and before[1] == article and before[2][0]["number"] == row["number"]:
            if any(row["target"] == other["target"] for other in before[2]):
                raise DataError(f"{place}: target {row['target']!r} is listed twice: drop one row")
            before[2].append(row)
            continue
        if before:
            yield before
        before = (place, article, [row])
    if before:
        yield before


def _rows(path: Path) -> tuple[list[str], Iterator[tuple[str, dict[str, object]]]]:
    """The columns of a table, and each row's place and cells; empty text is None."""
    schema, chunks = open_table(path, _CHUNK_ROWS)
    names = list(schema.names)
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{path} has several columns called {name!r}: rename all but one")

    def cells() -> Iterator[tuple[str, dict[str, object]]]:
        number = 0
        for chunk in chunks:
            columns = [to_list(column, name) for column, name in zip(chunk, names, strict=True)]
            for row in zip(*columns, strict=True):
                number += 1
                cleaned = (None if cell == "" else cell for cell in row)
                yield f"{path}, row {number}", dict(zip(names, cleaned, strict=True))

    return names, cells()


def _speakers(cell: object, place: str) -> tuple[Speaker, ...]:
    """The speakers of a cell; only what is counted is read."""
    try:
        items = parse_json(cell) if isinstance(cell, str) else cell or []
        return tuple(
            Speaker.from_record({k: item[k] for k in ("name", "kind", "role", "affiliation")})
            for item in _list(items)
        )
    except (ValueError, TypeError, KeyError, DataError) as error:
        raise DataError(
            f"{place}: column 'speakers' is not what stance analyze writes: {error}"
        ) from error


def _list(items: object) -> Sequence[Mapping[str, object]]:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise DataError(f"{items!r} is no list of objects")
    return items


def _stance(cell: object, place: str) -> str:
    names = [*map(str, Stance), None]
    if cell not in names:
        raise DataError(
            f"{place}: column 'stance' is {cell!r}: use favor, neutral, against or an empty cell"
        )
    return ABSTAINED if cell is None else str(cell)


def _number(cell: object, place: str) -> float:
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise DataError(f"{place}: column 'speaker_confidence' is {cell!r}: no number") from None
