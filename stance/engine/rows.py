"""The job of scoring rows that are statements already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

import stance
from stance.engine.arguments import (
    Columns,
    added_columns,
    check_choice,
    check_columns,
    check_kept,
    choose_columns,
)
from stance.engine.inputs import AnyTable, InputFiles, describe_files, joint_schema
from stance.engine.jobs import Made, RowError, count_rows, output_rows
from stance.engine.judging import Judge, Question, answer_fields
from stance.errors import DataError
from stance.pipeline import check_options
from stance.tables import Cells, Piece, Problem, arrow_fields
from stance.untrusted import in_short

PART_ROWS = 512
"""Rows of a part: what is lost at most when a run dies."""
_KIND = "kind"  # of a statement, as analyze writes it; prediction sets may go by it


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Rows of one table: its number among the tables, the rows before them, and the rows."""

    table: int
    start: int
    piece: Piece

    def __len__(self) -> int:
        return len(self.piece)


class RowJob:
    """Judges the rows of tables.

    Args:
        tables: read through.
        targets: of all rows; None where a column holds them.
        judge: the classifier.
        columns: names of the input columns.
        keep: input columns that are written; all when None.
        strict: raise at the first bad row.
        spreadsheet_safe: let CSV and TSV hold no formulas in the user's own columns either.
        typed: whether the output has Arrow's types, so that cells that Python cannot hold may stay.
        part_rows: rows of a part.

    Raises:
        DataError: a table lacks a column or has one that scoring adds, there is no target, or the
            checkpoint cannot read one.
        CalibrationError: the coverage is out of range for the checkpoint.
    """

    unit = "row"

    def __init__(
        self,
        tables: Sequence[AnyTable],
        targets: str | Sequence[str] | None,
        judge: Judge,
        *,
        columns: Columns | None = None,
        keep: Sequence[str] | None = None,
        strict: bool = False,
        spreadsheet_safe: bool = False,
        typed: bool = False,
        part_rows: int = PART_ROWS,
    ) -> None:
        if part_rows < 1:
            raise DataError(f"part_rows is {part_rows}: give 1 or more")
        self._tables = list(tables)
        self._judge = judge
        self._strict = strict
        self._part_rows = part_rows
        self._safe = spreadsheet_safe
        self._typed = typed
        self._targets = check_choice(targets, columns or Columns())
        read = joint_schema(self._tables)
        first = self._tables[0].file.name
        self._columns = choose_columns(read.names, columns or Columns(), first)
        target = self._columns.target
        own = target is not None and not any(target in table.lists for table in self._tables)
        self._added = arrow_fields(added_columns(own))
        names = [field.name for field in self._added]
        for table in self._tables:
            check_columns(table.schema.names, self._columns, names, table.file.name)
        self._kept = check_kept(keep, read.names, first)
        if keep is None and len(set(read.names)) < len(read.names):
            kept = list(read)  # CSV may have several columns of one name
        else:
            kept = [read.field(name) for name in self._kept]
        self.schema = pa.schema([*kept, *self._added])
        check_options(
            judge.abstain_below,
            judge.coverage,
            classifier=judge.classifier,
            targets=self._targets,
        )
        if strict:
            for table in self._tables:
                if table.bad:
                    raise DataError(f"{table.file.name}, {table.first}. Correct or drop the row")
        self._files: InputFiles | None = None

    @property
    def columns(self) -> Columns:
        """The names of the input columns, given or found."""
        return self._columns

    @property
    def guarded(self) -> list[str]:
        """Columns of which CSV and TSV hold no spreadsheet formulas."""
        return list(self.schema.names) if self._safe else [field.name for field in self._added]

    @property
    def total(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self._tables)

    @property
    def fingerprint(self) -> dict[str, object]:
        """What tells this job from another."""
        columns = self._columns
        return {
            "input": self._input().fingerprint,
            "config": {
                "version": stance.__version__,
                "targets": list(self._targets),
                "columns": {
                    "statement": columns.statement,
                    "target": columns.target,
                    "context": columns.context,
                    "speaker": columns.speaker,
                },
                "keep": self._kept,
                "abstain_below": self._judge.abstain_below,
                "coverage": self._judge.coverage,
                "spreadsheet_safe": self._safe,
                "part_rows": self._part_rows,
                "read_as": [
                    [table.file.kind, table.file.encoding, table.file.delimiter]
                    for table in self._tables[:16]
                ],
            },
            "model": self._judge.fingerprint,
        }

    def _input(self) -> InputFiles:
        if self._files is None:
            names = (table.file.name for table in self._tables)
            self._files = describe_files(names, (table.file.path for table in self._tables))
        return self._files

    def check_input(self) -> None:
        """See whether the files are still the same.

        Raises:
            DataError: one changed.
        """
        self._input().check()

    def batches(self) -> Iterator[RowBatch]:
        """The rows in parts; none holds rows of two tables."""
        for number, table in enumerate(self._tables):
            start = 0
            for piece in table.pieces(self._part_rows):
                yield RowBatch(number, start, piece)
                start += len(piece)

    def make(self, batch: RowBatch) -> Made:
        """The output rows of a part.

        Raises:
            DataError: (strict) a row is bad.
        """
        table = self._tables[batch.table]
        names = table.schema.names
        problems = dict(batch.piece.problems)
        sets = {_KIND} if self._judge.coverage is not None else set()
        wanted = [n for n in names if n in {*self._kept, *self._columns.named, *sets}]
        cells: dict[str, Cells] = {}
        for name in dict.fromkeys(wanted):
            column = batch.piece.columns[names.index(name)]
            plain = name in self._columns.named or not self._typed
            cells[name] = readable(column, name, problems) if plain else column
        repeats, records, errors = self._judged(batch, cells, problems)
        kept = self._kept_cells(batch, cells)
        columns = [
            *(_repeat(c, repeats) for c in kept),
            *output_rows(records, pa.schema(self._added)),
        ]
        return Made(columns, count_rows(len(batch.piece), records), errors)

    def _kept_cells(self, batch: RowBatch, cells: dict[str, Cells]) -> list[Cells]:
        names = self._tables[batch.table].schema.names
        kept = self.schema.names[: len(self.schema) - len(self._added)]
        if len(set(kept)) < len(kept):
            return list(batch.piece.columns)
        nothing: list[object] = [None] * len(batch.piece)
        return [cells[name] if name in names else nothing for name in kept]

    def _judged(
        self, batch: RowBatch, cells: dict[str, Cells], problems: dict[int, Problem]
    ) -> tuple[list[int], list[dict[str, object]], list[RowError]]:
        """How often each row is written, the added cells, and what was wrong."""
        columns, rows = self._columns, len(batch.piece)
        read = {name: _list(cells[name]) for name in columns.named}
        nothing: list[object] = [None] * rows
        statements = read[columns.statement or ""]
        contexts = read[columns.context] if columns.context else nothing
        speakers = read[columns.speaker] if columns.speaker else nothing
        kinds = _list(cells[_KIND]) if _KIND in cells else nothing
        own = read[columns.target] if columns.target else nothing
        repeats: list[int] = []
        places: list[tuple[int, object]] = []
        answers: list[dict[str, object]] = []
        errors: list[RowError] = []
        asked: list[tuple[int, Question]] = []
        known: dict[str, str | None] = {}
        for row in range(rows):
            targets = self._targets or _targets_of(own[row])
            repeats.append(len(targets))
            for target in targets:
                problem = problems.get(row) or self._problem(statements[row], target, known)
                if problem is None:
                    context, speaker = _text(contexts[row]), _text(speakers[row])
                    words, kind = str(statements[row]), _text(kinds[row])
                    question = Question(words, str(target), context, speaker, kind)
                    asked.append((len(answers), question))
                    answers.append({})
                else:
                    answers.append(self._bad(batch, row, target, problem, errors))
                places.append((row, target))
        found = self._judge.ask([question for _, question in asked])
        for (place, _), answer in zip(asked, found, strict=True):
            row, target = places[place]
            if isinstance(answer, str):
                answers[place] = self._bad(batch, row, target, Problem(answer), errors)
            else:
                answers[place] = answer_fields(answer, target)
        return repeats, answers, errors

    def _bad(
        self, batch: RowBatch, row: int, target: object, problem: Problem, errors: list[RowError]
    ) -> dict[str, object]:
        file, number = self._tables[batch.table].file.name, batch.start + row + 1
        where = f"row {number}" if len(self._tables) == 1 else f"{file}, row {number}"
        said = f"{where}: {problem.reason}"
        if self._strict:
            raise DataError(f"{said}. Correct or drop the row")
        errors.append(RowError(file, number, problem.field, problem.reason))
        return {"target": target if isinstance(target, str) else None, "error": said}

    def _problem(
        self, statement: object, target: object, known: dict[str, str | None]
    ) -> Problem | None:
        """Why a row cannot be judged, or None; each target is asked about once."""
        columns = self._columns
        named = ((statement, columns.statement), (target, columns.target or "target"))
        for value, name in named:
            if not isinstance(value, str) or not value.strip():
                return Problem(f"{name!r} is empty or not text: {in_short(value)}", name)
        if str(target) not in known:
            known[str(target)] = self._judge.classifier.target_problem(str(target))
        reason = known[str(target)]
        return None if reason is None else Problem(reason, columns.target)


def readable(cells: Cells, name: str, problems: dict[int, Problem]) -> Cells:
    """The cells, with None in place of those that have no counterpart in Python.

    Args:
        cells: of a column.
        name: of the column.
        problems: gets the place of each such cell.
    """
    if not isinstance(cells, pa.Array):
        return cells
    try:
        cells.to_pylist()
        return cells
    except (ValueError, OverflowError, pa.ArrowException):
        pass
    found: list[object] = []
    for place, cell in enumerate(cells):
        try:
            found.append(cell.as_py())
        except (ValueError, OverflowError, pa.ArrowException) as error:
            found.append(None)
            problems.setdefault(place, Problem(f"{name!r} is not readable: {error}", name))
    return found


def _list(cells: Cells) -> list[object]:
    return cells.to_pylist() if isinstance(cells, pa.Array) else list(cells)


def _targets_of(cell: object) -> Sequence[object]:
    return cell if isinstance(cell, list) and cell else (cell,)


def _repeat(cells: Cells, times: Sequence[int]) -> Cells:
    if all(count == 1 for count in times):
        return cells
    order = [i for i, count in enumerate(times) for _ in range(count)]
    return cells.take(pa.array(order)) if isinstance(cells, pa.Array) else [cells[i] for i in order]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
