"""``stance.score`` and ``stance.analyze_many``: the engine from Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from stance.engine.arguments import Columns
from stance.engine.article_rows import ArticleReader, article_table
from stance.engine.articles import ArticleJob
from stance.engine.frames import PLACE, FrameTable, kind_of_frame, refuse_other, with_results
from stance.engine.inputs import TableOptions, find_files, read_tables
from stance.engine.jobs import Engine, output_rows
from stance.engine.judging import Judge
from stance.engine.parts import check_outputs
from stance.engine.rows import PART_ROWS, RowJob
from stance.engine.run import RunReport
from stance.engine.shards import Shard, run_shard
from stance.engine.sources import (
    find_groups,
    find_sources,
    output_target,
    refuse_inputs,
    tell_notes,
)
from stance.errors import DataError
from stance.extract import default_extractor
from stance.pipeline import default_classifier
from stance.tables import TableFormat

if TYPE_CHECKING:
    from stance.extract import Extractor
    from stance.model import StanceClassifier

FrameT = TypeVar("FrameT")
Paths = str | Path | Sequence[str | Path]


@overload
def score(
    source: Paths,
    targets: str | Sequence[str] | None = None,
    *,
    output: str | Path,
    classifier: StanceClassifier | None = None,
    columns: Columns | None = None,
    keep: Sequence[str] | None = None,
    strict: bool = False,
    overwrite: bool = False,
    output_format: TableFormat | None = None,
    tables: TableOptions | None = None,
    batch_size: int | None = None,
    part_rows: int = PART_ROWS,
    abstain_below: float | None = None,
    coverage: float | None = None,
    spreadsheet_safe: bool = False,
    shard: Shard | None = None,
    engine: Engine | None = None,
    progress: bool | None = False,
) -> RunReport: ...


@overload
def score(
    source: FrameT,
    targets: str | Sequence[str] | None = None,
    *,
    output: None = None,
    classifier: StanceClassifier | None = None,
    columns: Columns | None = None,
    strict: bool = False,
    batch_size: int | None = None,
    abstain_below: float | None = None,
    coverage: float | None = None,
) -> FrameT: ...


def score(
    source: object,
    targets: str | Sequence[str] | None = None,
    *,
    output: str | Path | None = None,
    classifier: StanceClassifier | None = None,
    columns: Columns | None = None,
    keep: Sequence[str] | None = None,
    strict: bool = False,
    overwrite: bool = False,
    output_format: TableFormat | None = None,
    tables: TableOptions | None = None,
    batch_size: int | None = None,
    part_rows: int = PART_ROWS,
    abstain_below: float | None = None,
    coverage: float | None = None,
    spreadsheet_safe: bool = False,
    shard: Shard | None = None,
    engine: Engine | None = None,
    progress: bool | None = False,
) -> object:
    """Score rows that are statements already; each comes back with its cells, in order.

    A row gives one output row toward each of its targets. Files are streamed: memory does not grow
    with their rows. The output appears when it is whole; until then its parts lie in
    ``OUT.parts``, from where the same call goes on. Bad rows stay, with their ``error``, and are
    listed in ``OUT.errors.jsonl``; ``OUT.manifest.json`` says what was made of what.

    Args:
        source: one or several files (CSV, TSV, JSONL, Parquet; the text ones also with ``.gz`` or
            ``.zst``), patterns of files, folders of saved Hugging Face datasets, or ``-`` for
            standard input. Or a pandas or polars DataFrame or a ``datasets.Dataset``.
        targets: one target or several, for all rows; None where ``columns.target`` names the
            column that holds each row's own.
        output: the file to write (CSV, TSV, JSONL or Parquet, also packed); none for a frame.
        classifier: from :func:`stance.load`; the bundled one when None.
        columns: names of the input columns.
        keep: the input columns that are written; all when None.
        strict: raise at the first bad row.
        overwrite: replace an existing output, when the new one is whole.
        output_format: of the output; told by the ending of its name when None.
        tables: how the files are read, where that is not to be found out.
        batch_size: pairs in one forward pass, at most; None takes as many as compute fastest.
        part_rows: rows of a part: what is lost at most when a run dies.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`; fills ``stance_set``.
        spreadsheet_safe: in CSV and TSV, put an apostrophe before whatever a spreadsheet would run
            as a formula in your own columns, too; in those that scoring adds it always stands.
        shard: take this share of the rows only; :func:`stance.engine.merge` joins the outputs.
        engine: what computes, such as :class:`stance.engine.RayEngine`; this process when None.
        progress: show a bar on stderr; None shows it only on a terminal.

    Returns:
        What was done; for a frame, the frame with the results: the same index and the same
        columns, and those of ``stance.columns.PREDICTION_COLUMNS`` and ``error``.

    Raises:
        DataError: there is no target; an input is missing, unreadable, lacks a named column or
            already has an output column; the output exists, is an input, is being written by
            another run or cannot be written; the folder of its parts is of another run; or
            (strict) a row is bad.
        CalibrationError: ``coverage`` is out of range for the checkpoint.
    """
    if output is None:
        if kind_of_frame(source) is None:
            if isinstance(source, (str, Path)):
                raise DataError("output is missing: name the file to write")
            refuse_other(source)
        judge = Judge(classifier or default_classifier(), batch_size, abstain_below, coverage)
        return _score_frame(source, targets, judge, columns, strict)
    target = output_target(output, output_format, overwrite=overwrite)
    check_outputs(target.path, overwrite=overwrite)
    files = find_files(_names(source))
    refuse_inputs(target.path, files)
    read = read_tables(files, tables or TableOptions())
    tell_notes(note for table in read for note in table.notes)
    job = RowJob(
        read,
        targets,
        Judge(classifier or default_classifier(), batch_size, abstain_below, coverage),
        columns=columns,
        keep=keep,
        strict=strict,
        spreadsheet_safe=spreadsheet_safe,
        typed=target.kind == "parquet",
        part_rows=part_rows,
    )
    return run_shard(job, target, shard, engine=engine, progress=progress)


def _score_frame(
    frame: object,
    targets: str | Sequence[str] | None,
    judge: Judge,
    columns: Columns | None,
    strict: bool,
) -> object:
    table = FrameTable(frame)
    job = RowJob([table], targets, judge, columns=columns, keep=[PLACE], strict=strict, typed=True)
    places: list[int] = []
    made: list[list[Any]] = [[] for _ in job.schema.names[1:]]
    for batch in job.batches():
        first, *rest = job.make(batch).columns
        places += [int(str(place)) for place in first]
        for cells, more in zip(made, rest, strict=True):
            cells += more
    return with_results(frame, places, made, list(job.schema)[1:])


@overload
def analyze_many(
    source: Paths,
    targets: str | Sequence[str],
    *,
    output: str | Path,
    extractor: Extractor | None = None,
    classifier: StanceClassifier | None = None,
    columns: Mapping[str, str] | None = None,
    keep: Sequence[str] | None = None,
    near_duplicates: bool = False,
    strict: bool = False,
    overwrite: bool = False,
    output_format: TableFormat | None = None,
    tables: TableOptions | None = None,
    abstain_below: float | None = None,
    coverage: float | None = None,
    shard: Shard | None = None,
    engine: Engine | None = None,
    progress: bool | None = False,
) -> RunReport: ...


@overload
def analyze_many(
    source: FrameT,
    targets: str | Sequence[str],
    *,
    output: None = None,
    extractor: Extractor | None = None,
    classifier: StanceClassifier | None = None,
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    abstain_below: float | None = None,
    coverage: float | None = None,
) -> FrameT: ...


def analyze_many(
    source: object,
    targets: str | Sequence[str],
    *,
    output: str | Path | None = None,
    extractor: Extractor | None = None,
    classifier: StanceClassifier | None = None,
    columns: Mapping[str, str] | None = None,
    keep: Sequence[str] | None = None,
    near_duplicates: bool = False,
    strict: bool = False,
    overwrite: bool = False,
    output_format: TableFormat | None = None,
    tables: TableOptions | None = None,
    abstain_below: float | None = None,
    coverage: float | None = None,
    shard: Shard | None = None,
    engine: Engine | None = None,
    progress: bool | None = False,
) -> object:
    """Find the statements of many articles and judge them: one output row a (statement, target).

    What is said of files, parts, errors and manifest at :func:`stance.score` holds here, too. An
    article that cannot be read has one row, with its ``error``; one without statements has none.

    Args:
        source: text and HTML files, folders and patterns of them; tables with an article a row;
            folders of saved Hugging Face datasets. Or a frame with an article a row.
        targets: one target or several.
        output: the file to write; none for a frame.
        extractor: from :func:`stance.load_extractor`; the bundled one when None.
        classifier: from :func:`stance.load`; the bundled one when None.
        columns: of tables: field of :class:`stance.Document` -> name of its column; others are
            found by their usual names, which the log tells.
        keep: columns of article and statement that are written beside the results; all when None.
        near_duplicates: add a column with one name for articles that are nearly the same text.
        strict: raise at the first bad article.
        overwrite: replace an existing output, when the new one is whole.
        output_format: of the output; told by the ending of its name when None.
        tables: how tables are read, where that is not to be found out.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`.
        shard: see :func:`stance.score`.
        engine: see :func:`stance.score`.
        progress: show a bar on stderr; None shows it only on a terminal.

    Returns:
        What was done; for a frame, a frame with the rows and the index of each row's article.

    Raises:
        DataError: as :func:`stance.score`; or no file is an article.
        MissingExtraError: near duplicates are asked for and datasketch is not installed.
        CalibrationError: ``coverage`` is out of range for the checkpoint.
    """
    judge = Judge(
        classifier or default_classifier(), abstain_below=abstain_below, coverage=coverage
    )
    finder = extractor or default_extractor()
    if output is None:
        if kind_of_frame(source) is None:
            if isinstance(source, (str, Path)):
                raise DataError("output is missing: name the file to write")
            refuse_other(source)
        table = article_table(FrameTable(source), columns)
        job = ArticleJob(ArticleReader([], [table]), targets, finder, judge, strict=strict)
        return _analyze_frame(source, job)
    target = output_target(output, output_format, overwrite=overwrite)
    check_outputs(target.path, overwrite=overwrite)
    files, found, problems = find_sources(_names(source), tables or TableOptions(), columns)
    refuse_inputs(target.path, [*files, *(part.table.file.name for part in found)])
    reader = ArticleReader(files, found, problems)
    job = ArticleJob(
        reader,
        targets,
        finder,
        judge,
        groups=find_groups(reader) if near_duplicates else None,
        keep=keep,
        strict=strict,
    )
    return run_shard(job, target, shard, engine=engine, progress=progress)


def _analyze_frame(frame: object, job: ArticleJob) -> object:
    places: list[int] = []
    records: list[dict[str, object]] = []
    for batch in job.batches():
        for article in job.judge(batch):
            rows = article.records()
            records += rows
            places += [article.item.row - 1] * len(rows)
    return with_results(frame, places, output_rows(records, job.schema), list(job.schema))


def _names(source: object) -> list[str]:
    if isinstance(source, (str, os.PathLike)):
        return [os.fspath(source)]
    if isinstance(source, Sequence) and all(isinstance(s, (str, os.PathLike)) for s in source):
        return [os.fspath(item) for item in source]
    refuse_other(source)
    return []
