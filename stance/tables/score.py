"""Scoring of tables whose rows are statements already."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from stance.columns import prediction_fields
from stance.errors import DataError
from stance.files import check_output
from stance.pipeline import check_options, default_classifier
from stance.tables.arguments import (
    Columns,
    added_columns,
    check_choice,
    check_columns,
    check_dataset,
    check_format,
)
from stance.tables.readers import Cells, TableFormat, open_table, table_format, to_list
from stance.tables.writer import TableWriter, arrow_fields

if TYPE_CHECKING:
    from datasets import Dataset

    from stance.model import StanceClassifier


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Counts of one run.

    Attributes:
        rows: rows written; with several targets, one a (statement, target).
        failed: those of them with an ``error``.
        abstained: those of them without a stance that have no ``error``.
        truncated: those of them whose statement was cut to fit the model.
    """

    rows: int
    failed: int
    abstained: int
    truncated: int


@dataclass(frozen=True, slots=True)
class _Job:
    """What is the same for all rows of a run; no targets where a column has them."""

    classifier: StanceClassifier
    targets: tuple[str, ...]
    columns: Columns
    strict: bool
    batch_size: int
    abstain_below: float | None
    coverage: float | None

    @property
    def width(self) -> int:
        """Output rows for each input row."""
        return len(self.targets) or 1


def score_table(
    source: str | Path,
    output: str | Path,
    targets: str | Sequence[str] | None = None,
    *,
    classifier: StanceClassifier | None = None,
    columns: Columns | None = None,
    strict: bool = False,
    overwrite: bool = False,
    output_format: TableFormat | None = None,
    batch_size: int = 32,
    chunk_rows: int = 4096,
    abstain_below: float | None = None,
    coverage: float | None = None,
    spreadsheet_safe: bool = False,
    on_rows: Callable[[int], None] | None = None,
) -> ScoreReport:
    """Score a table of statements; every input row is written, in order, with all its columns.

    With one target, or a column of targets, an input row becomes one output row; with several
    targets, one row for each of them, in the order given. Blank lines of CSV, TSV and JSONL are no
    rows. A key that is absent from some JSONL rows is null there; so are NaN and infinities in
    JSONL output. From JSONL to Parquet, a column whose values share no type becomes text, nested
    values as JSON.

    Args:
        source: CSV, TSV, JSONL or Parquet with a column of statements.
        output: CSV, TSV, JSONL or Parquet; appears only when complete. Its folder is made.
        targets: one target or several, for all rows; None where ``columns.target`` names the
            column that holds each row's own.
        classifier: from :func:`stance.load`; the bundled one when None.
        columns: names of the input columns.
        strict: raise at the first bad row; otherwise it is written with its ``error`` filled.
        overwrite: replace an existing output.
        output_format: format of the output; told by the ending of its name when None.
        batch_size: pairs in one forward pass.
        chunk_rows: input rows in memory at a time.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`; fills ``stance_set``.
        spreadsheet_safe: in CSV and TSV, put an apostrophe before whatever a spreadsheet would run
            as a formula in your own columns, too; in those that scoring adds it always stands.
        on_rows: called after each chunk with the number of input rows in it.

    Raises:
        DataError: there is no target; the input is missing, empty or unreadable, lacks a named
            column or already has an output column, or holds bytes that the output cannot; the
            output exists or cannot be written; the checkpoint cannot read a target; or (strict) a
            row is bad.
        CalibrationError: ``coverage`` is out of range for the checkpoint.
    """
    source, output = Path(source), Path(output)
    columns = columns or Columns()
    chosen = check_choice(targets, columns)
    if chunk_rows < 1:
        raise DataError(f"chunk_rows is {chunk_rows}: give 1 or more")
    check_output(output, overwrite=overwrite)
    if output.exists() and os.path.exists(source) and output.samefile(source):
        raise DataError(f"{output} is the table to score: name another output")
    kind = output_format or table_format(output)
    check_format(kind)
    schema, chunks = open_table(source, chunk_rows)
    check_columns(schema.names, columns, str(source), unique=kind in ("jsonl", "parquet"))
    job = _Job(
        classifier=classifier or default_classifier(),
        targets=chosen,
        columns=columns,
        strict=strict,
        batch_size=batch_size,
        abstain_below=abstain_below,
        coverage=coverage,
    )
    check_options(abstain_below, coverage, classifier=job.classifier, targets=job.targets)
    added = arrow_fields(added_columns(columns))
    done = rows = failed = abstained = truncated = 0
    whole = pa.schema([*schema, *added])
    guarded = whole.names if spreadsheet_safe else [field.name for field in added]
    with TableWriter(
        output, whole, output_format=kind, overwrite=overwrite, guarded=guarded
    ) as writer:
        for chunk in chunks:
            index = {name: schema.names.index(name) for name in columns.named}
            cells = {name: to_list(chunk[i], name) for name, i in index.items()}
            made = _score_rows(cells, job, done)
            repeated = [_repeat(column, job.width) for column in chunk]
            writer.write([*repeated, *([row.get(f.name) for row in made] for f in added)])
            rows += len(made)
            failed += sum("error" in row for row in made)
            abstained += sum(bool(row.get("abstained")) for row in made)
            truncated += sum(bool(row.get("truncated")) for row in made)
            done += len(made) // job.width
            if on_rows is not None:
                on_rows(len(made) // job.width)
    return ScoreReport(rows, failed, abstained, truncated)


def score_dataset(
    dataset: Dataset,
    targets: str | Sequence[str] | None = None,
    *,
    classifier: StanceClassifier | None = None,
    columns: Columns | None = None,
    batch_size: int = 32,
    abstain_below: float | None = None,
    coverage: float | None = None,
) -> Dataset:
    """Score a ``datasets.Dataset``; returns it with the prediction columns added.

    With several targets each row stands once for each of them, in the order given.

    Args:
        dataset: rows with a column of statements.
        targets: one target or several, for all rows; None where ``columns.target`` names the
            column that holds each row's own.
        classifier: from :func:`stance.load`; the bundled one when None.
        columns: names of the input columns.
        batch_size: pairs in one forward pass.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`; fills ``stance_set``.

    Raises:
        DataError: there are no rows or no target, a column is missing, an output column exists,
            the checkpoint cannot read a target, or a row has no statement or a bad target.
        CalibrationError: ``coverage`` is out of range for the checkpoint.
    """
    from datasets import Dataset, Features, concatenate_datasets

    check_dataset(dataset)
    columns = columns or Columns()
    chosen = check_choice(targets, columns)
    check_columns(dataset.column_names, columns, "the dataset", unique=True)
    job = _Job(
        classifier=classifier or default_classifier(),
        targets=chosen,
        columns=columns,
        strict=True,
        batch_size=batch_size,
        abstain_below=abstain_below,
        coverage=coverage,
    )
    check_options(abstain_below, coverage, classifier=job.classifier, targets=job.targets)
    added = arrow_fields(added_columns(columns))
    plain = dataset.with_format(None)
    made = _score_rows({name: list(plain[name]) for name in columns.named}, job, 0)
    scored = Dataset.from_dict(
        {field.name: [row.get(field.name) for row in made] for field in added},
        features=Features.from_arrow_schema(pa.schema(added)),
    )
    if job.width > 1:
        dataset = dataset.select([i for i in range(len(dataset)) for _ in range(job.width)])
    return concatenate_datasets([dataset, scored], axis=1)


def _repeat(cells: Cells, times: int) -> Cells:
    if times == 1:
        return cells
    order = [i for i in range(len(cells)) for _ in range(times)]
    return cells.take(pa.array(order)) if isinstance(cells, pa.Array) else [cells[i] for i in order]


def _score_rows(cells: dict[str, list[object]], job: _Job, offset: int) -> list[dict[str, object]]:
    """The added cells of each (row, target); of a bad one its ``target`` and ``error`` alone."""
    columns = job.columns
    statements = cells[columns.statement]
    nothing: list[object] = [None] * len(statements)
    contexts = cells[columns.context] if columns.context else nothing
    speakers = cells[columns.speaker] if columns.speaker else nothing
    own = cells[columns.target] if columns.target else nothing
    problems: dict[str, str | None] = {}
    made: list[dict[str, object]] = []
    good: list[tuple[int, int, str, str]] = []
    for row, statement in enumerate(statements):
        for target in job.targets or (own[row],):
            problem = _problem(statement, target, job, problems)
            if problem is None:
                good.append((len(made), row, str(statement), str(target)))
                made.append({})
                continue
            error = f"row {offset + row + 1}: {problem}"
            if job.strict:
                raise DataError(f"{error}. Correct or drop the row")
            made.append({"target": target, "error": error})
    predictions = job.classifier.predict(
        [statement for *_, statement, _ in good],
        [target for *_, target in good],
        [_text_or_none(contexts[row]) for _, row, *_ in good],
        speakers=[_text_or_none(speakers[row]) for _, row, *_ in good],
        progress=False,
        batch_size=job.batch_size,
        abstain_below=job.abstain_below,
        coverage=job.coverage,
    )
    for (place, *_), prediction in zip(good, predictions, strict=True):
        made[place] = prediction_fields(prediction)
    return made


def _problem(
    statement: object, target: object, job: _Job, known: dict[str, str | None]
) -> str | None:
    """Why a row cannot be judged, or None; each target is asked about once."""
    columns = job.columns
    for value, name in ((statement, columns.statement), (target, columns.target or "target")):
        if not isinstance(value, str) or not value.strip():
            return f"{name!r} is empty or not text: {value!r}"
    if str(target) not in known:
        known[str(target)] = job.classifier.target_problem(str(target))
    return known[str(target)]


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
