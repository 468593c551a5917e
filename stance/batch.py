"""Scoring of statement tables: CSV, JSONL or Parquet in and out, streamed in chunks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stance.classify import StanceClassifier
from stance.errors import DataError
from stance.table import prediction_fields

if TYPE_CHECKING:
    from datasets import Dataset

SUFFIXES = (".csv", ".jsonl", ".parquet")


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


def read_chunks(path: Path, size: int) -> Iterator[pd.DataFrame]:
    """Yield data frames of at most ``size`` rows.

    Raises:
        DataError: the file is missing, empty, or not what its name says.
    """
    suffix = table_suffix(path)
    if not path.is_file():
        raise DataError(f"{path} does not exist")
    if path.stat().st_size == 0:
        raise DataError(f"{path} is empty")
    try:
        if suffix == ".csv":
            yield from pd.read_csv(path, chunksize=size, dtype=object, encoding="utf-8")
        elif suffix == ".jsonl":
            yield from _read_jsonl(path, size)
        else:
            for batch in pq.ParquetFile(path).iter_batches(batch_size=size):
                yield batch.to_pandas()
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(f"{path} is not readable as {suffix[1:]}: {error}") from error
    except pa.ArrowException as error:
        raise DataError(f"{path} is not readable as parquet: {error}") from error


def _read_jsonl(path: Path, size: int) -> Iterator[pd.DataFrame]:
    rows: list[dict[str, object]] = []
    with path.open(encoding="utf-8") as handle:
        for number, line in enumerate(handle, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise DataError(f"{path}, line {number}: not JSON: {error}") from error
            if not isinstance(row, dict):
                raise DataError(f"{path}, line {number}: not a JSON object")
            rows.append(row)
            if len(rows) == size:
                yield pd.DataFrame(rows, dtype=object)
                rows = []
    if rows:
        yield pd.DataFrame(rows, dtype=object)


class _Writer:
    """Appends chunks to one output file, under a temporary name until it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.suffix = table_suffix(path)
        self.partial = path.with_name(path.name + ".partial")
        self.partial.unlink(missing_ok=True)
        self._parquet: pq.ParquetWriter | None = None

    def write(self, frame: pd.DataFrame) -> None:
        first = not self.partial.exists()
        if self.suffix == ".csv":
            frame.to_csv(self.partial, mode="a", header=first, index=False)
        elif self.suffix == ".jsonl":
            frame.to_json(self.partial, mode="a", orient="records", lines=True, force_ascii=False)
        else:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            if self._parquet is None:
                self._parquet = pq.ParquetWriter(self.partial, table.schema)
            self._parquet.write_table(table.cast(self._parquet.schema))

    def close(self) -> None:
        if self._parquet is not None:
            self._parquet.close()
        self.partial.replace(self.path)


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
    on_rows: Callable[[int], None] | None = None,
) -> ScoreReport:
    """Score a table; every input row becomes one output row, in order, with all its columns.

    Args:
        source: CSV, JSONL or Parquet with a column of statements.
        output: CSV, JSONL or Parquet; appears only when complete.
        classifier: from :func:`stance.load`.
        target: target of the rows, unless ``columns.target`` names a column.
        columns: names of the input columns.
        strict: raise at the first bad row; otherwise it is written with its ``error`` filled.
        overwrite: replace an existing output.
        batch_size: pairs in one forward pass.
        chunk_rows: rows in memory at a time.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        on_rows: called with the number of rows after each chunk.

    Raises:
        DataError: the input is missing, empty or unreadable, lacks a named column or already has
            an output column, the output exists, or (strict) a row is bad.
    """
    columns = columns or Columns()
    if output.exists() and not overwrite:
        raise DataError(f"{output} exists: choose another name or pass --overwrite")
    writer = _Writer(output)
    rows = failed = truncated = 0
    for frame in read_chunks(source, chunk_rows):
        _check_columns(frame, columns, source)
        scored = _score_chunk(
            frame, classifier, target, columns, strict, batch_size, abstain_below, rows
        )
        writer.write(scored)
        rows += len(frame)
        failed += int(scored["error"].notna().sum())
        truncated += int(scored["truncated"].fillna(False).astype(bool).sum())
        if on_rows is not None:
            on_rows(len(frame))
    if rows == 0:
        raise DataError(f"{source} has no rows")
    writer.close()
    return ScoreReport(rows, failed, truncated)


_OUTPUT = tuple(
    "target stance stance_against stance_neutral stance_favor sentiment sentiment_negative "
    "sentiment_neutral sentiment_positive abstained truncated warnings error".split()
)


def _check_columns(frame: pd.DataFrame, columns: Columns, source: Path) -> None:
    named = (columns.statement, columns.target, columns.context, columns.speaker)
    missing = [name for name in named if name is not None and name not in frame.columns]
    if missing:
        raise DataError(
            f"{source} has no column {', '.join(map(repr, missing))}; it has "
            f"{', '.join(map(str, frame.columns))}. Name yours with --statement-column and so on"
        )
    taken = [name for name in _OUTPUT if name in frame.columns and name != columns.target]
    if taken:
        raise DataError(
            f"{source} already has a column {', '.join(map(repr, taken))}, which scoring would "
            "overwrite: rename it first"
        )


def _score_chunk(
    frame: pd.DataFrame,
    classifier: StanceClassifier,
    target: str,
    columns: Columns,
    strict: bool,
    batch_size: int,
    abstain_below: float | None,
    offset: int,
) -> pd.DataFrame:
    def cells(name: str | None) -> list[object]:
        return frame[name].tolist() if name else [None] * len(frame)

    statements, targets = cells(columns.statement), cells(columns.target)
    contexts, speakers = cells(columns.context), cells(columns.speaker)
    if columns.target is None:
        targets = [target] * len(frame)
    errors: list[str | None] = [None] * len(frame)
    for i, (statement, wanted) in enumerate(zip(statements, targets, strict=True)):
        for value, name in ((statement, columns.statement), (wanted, columns.target or "target")):
            if not isinstance(value, str) or not value.strip():
                errors[i] = f"row {offset + i + 1}: {name!r} is empty or not text: {value!r}"
                if strict:
                    raise DataError(f"{errors[i]}. Fill it, drop the row, or leave out --strict")
                break
    good = [i for i, error in enumerate(errors) if error is None]
    predictions = classifier.predict(
        [str(statements[i]) for i in good],
        [str(targets[i]) for i in good],
        [_text_or_none(contexts[i]) for i in good],
        speakers=[_text_or_none(speakers[i]) for i in good],
        batch_size=batch_size,
        abstain_below=abstain_below,
        progress=False,
    )
    empty = dict.fromkeys(_OUTPUT)
    made: list[dict[str, object]] = [
        {**empty, "target": targets[i], "error": errors[i]} for i in range(len(frame))
    ]
    for i, prediction in zip(good, predictions, strict=True):
        made[i].update(prediction_fields(prediction))
    scored = pd.DataFrame(made, columns=list(_OUTPUT), index=frame.index).astype(
        {
            **{n: "float64" for n in _OUTPUT if n.startswith(("stance_", "sentiment_"))},
            **{n: "string" for n in ("stance", "sentiment", "warnings", "error")},
            **{n: "boolean" for n in ("abstained", "truncated")},
        }
    )
    if columns.target is not None:
        scored = scored.drop(columns="target")
    return pd.concat([frame, scored], axis=1)


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
        DataError: a column is missing, an output column exists, or a row has no statement.
    """
    from datasets import Dataset

    frame = dataset.to_pandas()
    columns = columns or Columns()
    _check_columns(frame, columns, Path("dataset"))
    scored = _score_chunk(frame, classifier, target, columns, True, batch_size, None, 0)
    return Dataset.from_pandas(scored, preserve_index=False)
