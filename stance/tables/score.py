"""Scoring of statement tables: CSV, JSONL or Parquet in and out, streamed in chunks."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from stance.errors import DataError, StanceError
from stance.jsonl import read_jsonl
from stance.labels import Sentiment, Stance
from stance.model.classifier import StanceClassifier
from stance.tables.rows import COLUMNS, prediction_fields

if TYPE_CHECKING:
    from datasets import Dataset

SUFFIXES = (".csv", ".jsonl", ".parquet")

T = TypeVar("T")
_Column = Any  # A list of cells, or the arrow array of a Parquet file, which keeps its type.
_LONGEST_CELL = 2**24  # Stops a quote that is never closed from taking in the whole file.
_PROBABILITIES = {f"stance_{name}" for name in Stance} | {f"sentiment_{name}" for name in Sentiment}
_FLAGS = {"abstained", "truncated"}
_OUTPUT = (*COLUMNS[COLUMNS.index("target") :], "error")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the input columns; target, context and speaker are optional."""

    statement: str = "statement"
    target: str | None = None
    context: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Counts of one run."""

    rows: int
    failed: int
    truncated: int


def table_suffix(path: Path) -> str:
    """The file's kind.

    Raises:
        DataError: it is not CSV, JSONL or Parquet.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(f"{path}: cannot tell the format; use one of {', '.join(SUFFIXES)}")
    return suffix


def _open_table(path: Path, size: int) -> tuple[pa.Schema, Iterator[list[_Column]]]:
    """The columns of a table, and its rows as chunks of at most ``size``, column by column.

    CSV and JSONL are read through once before: broken lines are found before anything is scored,
    and a JSONL key has its column wherever it first appears.

    Raises:
        DataError: the file is missing, has no rows, or is not what its name says.
    """
    suffix = table_suffix(path)
    if not path.is_file():
        raise DataError(f"{path} does not exist")
    if path.stat().st_size == 0:
        raise DataError(f"{path} is empty")
    if suffix == ".csv":
        schema, count = _scan_csv(path)
        chunks = _csv_chunks(path, size)
    elif suffix == ".jsonl":
        schema, count = _scan_jsonl(path)
        chunks = _jsonl_chunks(path, size, schema.names)
    else:
        with _reading(path), pq.ParquetFile(path) as file:
            # The metadata of pandas or datasets would not tell of the columns that scoring adds.
            schema, count = file.schema_arrow.remove_metadata(), file.metadata.num_rows
        chunks = _parquet_chunks(path, size)
    if not count:
        raise DataError(f"{path} has no rows")
    return schema, chunks


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except StanceError:
        raise
    except (OSError, ValueError, OverflowError, pa.ArrowException) as error:
        raise DataError(f"{path} is not readable as {path.suffix[1:].lower()}: {error}") from error


def _chunked(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _csv_rows(path: Path) -> Iterator[list[str]]:
    """The header and the rows, all of its length; blank lines are left out."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    with _reading(path), path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, strict=True)
        width = 0
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise DataError(f"{path}, line {line}: not CSV: {error}") from error
            if row is None:
                return
            if not row or (width > 1 and len(row) == 1 and not row[0].strip()):
                continue
            width = width or len(row)
            if len(row) != width:
                hint = ". Put double quotes around cells that hold a comma"
                raise DataError(
                    f"{path}, line {line}: {len(row)} cells, but the header has {width}"
                    f"{hint if len(row) > width else ''}"
                )
            yield row


def _scan_csv(path: Path) -> tuple[pa.Schema, int]:
    rows = _csv_rows(path)
    header = next(rows, [])
    return pa.schema([(name, pa.string()) for name in header]), sum(1 for _ in rows)


def _csv_chunks(path: Path, size: int) -> Iterator[list[_Column]]:
    for rows in _chunked(islice(_csv_rows(path), 1, None), size):
        yield [[cell or None for cell in column] for column in zip(*rows, strict=True)]


def _scan_jsonl(path: Path) -> tuple[pa.Schema, int]:
    kinds: dict[str, set[str]] = {}
    count = 0
    for _, row in read_jsonl(path):
        count += 1
        for key, value in row.items():
            seen = kinds.setdefault(key, set())
            if value is not None:
                seen.add(_json_kind(value))
    return pa.schema([(key, _arrow_type(seen)) for key, seen in kinds.items()]), count


def _json_kind(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        # Of the integers, float64 holds the short ones and int64 the long ones.
        return "short" if abs(value) <= 2**53 else "long" if -(2**63) <= value < 2**63 else "text"
    return "float" if isinstance(value, float) else "text"


def _arrow_type(kinds: set[str]) -> pa.DataType:
    """The type in Parquet of a column of JSON values; text where no other holds them all."""
    if not kinds:
        return pa.string()
    if kinds == {"flag"}:
        return pa.bool_()
    if kinds <= {"short", "long"}:
        return pa.int64()
    return pa.float64() if kinds <= {"short", "float"} else pa.string()


def _jsonl_chunks(path: Path, size: int, names: list[str]) -> Iterator[list[_Column]]:
    for rows in _chunked((row for _, row in read_jsonl(path)), size):
        yield [[row.get(name) for row in rows] for name in names]


def _parquet_chunks(path: Path, size: int) -> Iterator[list[_Column]]:
    with _reading(path), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=size):
            if len(batch):
                yield batch.columns


def _cells(column: _Column, name: str) -> list[object]:
    try:
        return list(column.to_pylist() if isinstance(column, pa.Array) else column)
    except (ValueError, OverflowError, pa.ArrowException) as error:
        raise DataError(f"column {name!r} of {column.type} is not readable: {error}") from error


class _Writer:
    """Appends chunks to one output file, under a temporary name until it is whole.

    A context manager, which leaves no file behind when an error ends it.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.schema = schema
        self.suffix = table_suffix(path)
        self.partial = path.with_name(path.name + ".partial")

    def __enter__(self) -> _Writer:
        with self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.suffix == ".parquet":
                self._file: Any = pq.ParquetWriter(self.partial, self.schema)
            else:
                self._file = self.partial.open("w", encoding="utf-8", newline="")
            if self.suffix == ".csv":
                # With "\r\n" as the end of a row, cells with either of the two are quoted.
                self._csv = csv.writer(self._file, lineterminator="\r\n")
                self._csv.writerow(self.schema.names)
        return self

    def write(self, chunk: Sequence[_Column]) -> None:
        """Append rows, given column by column in the order of the schema."""
        with self._explained():
            if self.suffix == ".parquet":
                pairs = zip(chunk, self.schema, strict=True)
                arrays = [self._array(column, field) for column, field in pairs]
                self._file.write_table(pa.Table.from_arrays(arrays, schema=self.schema))
                return
            rows = zip(*map(_cells, chunk, self.schema.names), strict=True)
            if self.suffix == ".csv":
                self._csv.writerows([_csv_cell(cell) for cell in row] for row in rows)
                return
            for row in rows:
                cells = dict(zip(self.schema.names, row, strict=True))
                self._file.write(_to_json(cells) + "\n")

    def _array(self, column: _Column, field: pa.Field) -> pa.Array:
        if isinstance(column, pa.Array):
            return column
        if pa.types.is_string(field.type):
            column = [x if x is None or isinstance(x, str) else _to_json(x) for x in column]
        try:
            return pa.array(column, field.type)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise DataError(f"cannot write {self.path}, column {field.name!r}: {error}") from error

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                with self._explained():
                    self._file.close()
                    self.partial.replace(self.path)
            else:
                with suppress(OSError, pa.ArrowException):
                    self._file.close()
        finally:
            self.partial.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except StanceError:
            raise
        except (OSError, ValueError, pa.ArrowException) as error:
            raise DataError(f"cannot write {self.path}: {error}") from error


def _csv_cell(value: object) -> object:
    if isinstance(value, float) and math.isnan(value):
        return None
    if value is None or isinstance(value, (str, int, float)):
        return value
    return _to_json(value) if isinstance(value, (dict, list, tuple)) else _to_text(value)


def _to_json(value: object) -> str:
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, default=_to_text)


def _finite(value: object) -> object:
    """JSON has no infinities and no NaN: they become null."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _to_text(value: object) -> str:
    """Dates and times in ISO 8601; other values as Python writes them."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def score_table(
    source: Path,
    output: Path,
    classifier: StanceClassifier,
    *,
    target: str = "foreign intervention",
    columns: Columns | None = None,
    strict: bool = False,
    overwrite: bool = False,
    batch_size: int = 32,
    chunk_rows: int = 4096,
    abstain_below: float | None = None,
    coverage: float | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> ScoreReport:
    """Score a table; every input row becomes one output row, in order, with all its columns.

    Blank lines of CSV and JSONL are no rows. A key that is absent from some JSONL rows is null
    there; so are NaN and infinities in JSONL output. From JSONL to Parquet, a column whose values
    share no type becomes text, nested values as JSON.

    Args:
        source: CSV, JSONL or Parquet with a column of statements.
        output: CSV, JSONL or Parquet; appears only when complete. Its folder is made.
        classifier: from :func:`stance.load`.
        target: target of the rows, unless ``columns.target`` names a column.
        columns: names of the input columns.
        strict: raise at the first bad row; otherwise it is written with its ``error`` filled.
        overwrite: replace an existing output.
        batch_size: pairs in one forward pass.
        chunk_rows: rows in memory at a time.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`; fills ``stance_set``.
        on_rows: called with the number of rows after each chunk.

    Raises:
        DataError: the input is missing, empty or unreadable, lacks a named column or already has
            an output column, holds bytes that the output cannot, the output exists or cannot be
            written, the checkpoint cannot read ``target``, or (strict) a row is bad.
        CalibrationError: ``coverage`` is out of range for the checkpoint.
    """
    columns = columns or Columns()
    if chunk_rows < 1:
        raise DataError(f"chunk_rows is {chunk_rows}: give 1 or more")
    if output.is_dir():
        raise DataError(f"{output} is a folder: name a file")
    unique = table_suffix(output) != ".csv"
    if output.exists() and not overwrite:
        raise DataError(f"{output} exists: choose another name or pass --overwrite")
    schema, chunks = _open_table(source, chunk_rows)
    _check_columns(schema.names, columns, str(source), unique=unique)
    if table_suffix(output) != ".parquet":
        _refuse_bytes(schema, source)
    _check_target(classifier, target, columns)
    added = _added(columns)
    index = {name: schema.names.index(name) for name in _named(columns)}
    rows = failed = truncated = 0
    with _Writer(output, pa.schema([*schema, *added])) as writer:
        for chunk in chunks:
            made = _score_chunk(
                {name: _cells(chunk[i], name) for name, i in index.items()},
                classifier,
                target,
                columns,
                strict,
                rows,
                batch_size=batch_size,
                abstain_below=abstain_below,
                coverage=coverage,
            )
            writer.write([*chunk, *([row.get(field.name) for row in made] for field in added)])
            rows += len(made)
            failed += sum("error" in row for row in made)
            truncated += sum(bool(row.get("truncated")) for row in made)
            if on_rows is not None:
                on_rows(len(made))
    return ScoreReport(rows, failed, truncated)


def _named(columns: Columns) -> list[str]:
    names = (columns.statement, columns.target, columns.context, columns.speaker)
    return [name for name in names if name is not None]


def _added(columns: Columns) -> list[pa.Field]:
    """The columns that scoring adds; rows with targets of their own need no ``target``."""

    def kind(name: str) -> pa.DataType:
        if name in _PROBABILITIES:
            return pa.float64()
        return pa.bool_() if name in _FLAGS else pa.string()

    names = [name for name in _OUTPUT if name != "target" or columns.target is None]
    return [pa.field(name, kind(name)) for name in names]


def _check_columns(names: list[str], columns: Columns, source: str, *, unique: bool) -> None:
    missing = [name for name in _named(columns) if name not in names]
    if missing:
        raise DataError(
            f"{source} has no column {', '.join(map(repr, missing))}; it has "
            f"{', '.join(names)}. Name yours with --statement-column and so on"
        )
    taken = [field.name for field in _added(columns) if field.name in names]
    if taken:
        raise DataError(
            f"{source} already has a column {', '.join(map(repr, taken))}, which scoring would "
            "overwrite: rename it first"
            + (", or judge toward its targets with --target-column target" * ("target" in taken))
        )
    for name in names if unique else _named(columns):
        if names.count(name) > 1:
            raise DataError(f"{source} has several columns called {name!r}: rename all but one")


def _refuse_bytes(schema: pa.Schema, source: Path) -> None:
    kinds = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    for field in schema:
        if any(check(field.type) for check in kinds):
            raise DataError(
                f"{source}: column {field.name!r} holds bytes, which only Parquet can: write to a "
                ".parquet file, or make it text or drop it first"
            )


def _check_target(classifier: StanceClassifier, target: str, columns: Columns) -> None:
    """Refuse a target of all rows that would make each of them a bad row."""
    if columns.target is None:
        problem = classifier.target_problem(target) if target.strip() else "the target is empty"
        if problem:
            raise DataError(problem)


def _score_chunk(
    cells: dict[str, list[object]],
    classifier: StanceClassifier,
    target: str,
    columns: Columns,
    strict: bool,
    offset: int,
    **options: Any,
) -> list[dict[str, object]]:
    """The added cells of each row; of a bad row its ``target`` and ``error`` alone."""
    statements = cells[columns.statement]
    nothing: list[object] = [None] * len(statements)
    targets = cells[columns.target] if columns.target else [target] * len(statements)
    contexts = cells[columns.context] if columns.context else nothing
    speakers = cells[columns.speaker] if columns.speaker else nothing
    problems: dict[object, str | None] = {}

    def problem_of(statement: object, wanted: object) -> str | None:
        for value, name in ((statement, columns.statement), (wanted, columns.target or "target")):
            if not isinstance(value, str) or not value.strip():
                return f"{name!r} is empty or not text: {value!r}"
        if wanted not in problems:
            problems[wanted] = classifier.target_problem(str(wanted))
        return problems[wanted]

    made: list[dict[str, object]] = []
    good = []
    for i, (statement, wanted) in enumerate(zip(statements, targets, strict=True)):
        problem = problem_of(statement, wanted)
        if problem is None:
            made.append({})
            good.append(i)
            continue
        error = f"row {offset + i + 1}: {problem}"
        if strict:
            raise DataError(f"{error}. Correct or drop the row, or leave out --strict")
        made.append({"target": wanted, "error": error})
    predictions = classifier.predict(
        [str(statements[i]) for i in good],
        [str(targets[i]) for i in good],
        [_text_or_none(contexts[i]) for i in good],
        speakers=[_text_or_none(speakers[i]) for i in good],
        progress=False,
        **options,
    )
    for i, prediction in zip(good, predictions, strict=True):
        made[i] = prediction_fields(prediction)
    return made


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def score_dataset(
    dataset: Dataset,
    classifier: StanceClassifier,
    *,
    target: str = "foreign intervention",
    columns: Columns | None = None,
    batch_size: int = 32,
) -> Dataset:
    """Score a ``datasets.Dataset``; returns it with the prediction columns added.

    Args:
        dataset: rows with a column of statements.
        classifier: from :func:`stance.load`.
        target: target of the rows, unless ``columns.target`` names a column.
        columns: names of the input columns.
        batch_size: pairs in one forward pass.

    Raises:
        DataError: there are no rows, a column is missing, an output column exists, the checkpoint
            cannot read ``target``, or a row has no statement or a bad target.
    """
    from datasets import Dataset, Features, concatenate_datasets

    if not len(dataset):
        raise DataError("the dataset has no rows")
    columns = columns or Columns()
    _check_columns(dataset.column_names, columns, "the dataset", unique=True)
    _check_target(classifier, target, columns)
    plain = dataset.with_format(None)
    cells = {name: list(plain[name]) for name in _named(columns)}
    made = _score_chunk(cells, classifier, target, columns, True, 0, batch_size=batch_size)
    added = _added(columns)
    scored = Dataset.from_dict(
        {field.name: [row.get(field.name) for row in made] for field in added},
        features=Features.from_arrow_schema(pa.schema(added)),
    )
    return concatenate_datasets([dataset, scored], axis=1)
