"""What the page shows and lets download, made while it is told how far it is."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from stance.analysis import Analysis
from stance.columns import COLUMNS, PREDICTION_COLUMNS
from stance.engine.arguments import Columns
from stance.engine.article_rows import ArticleReader, article_table
from stance.engine.articles import ArticleJob
from stance.engine.jobs import Counts, Job, Made, RowError, output_rows
from stance.engine.rows import RowJob
from stance.errors import DataError, StanceError
from stance.evaluation.summary import summarize
from stance.model import judged_text
from stance.schema import Explanation, Statement
from stance.serve.worker import Progress, Worker
from stance.tables import Cells, RowWriter, arrow_fields, read_table, table_format, to_list

logger = logging.getLogger(__name__)

Work = Callable[[Progress], Awaitable[dict[str, object]]]
_PART_ROWS = 32
_PART_ARTICLES = 2
_SHOWN_ROWS = 100
_SHOWN_INPUT = 3  # columns of the input that are shown; all are in the download
_SHOWN_ERRORS = 10
_SHOWN_COLUMNS = frozenset(
    "speaker statement target stance stance_favor stance_neutral stance_against sentiment "
    "abstained_because error".split()
)


class RowKind(str, Enum):
    """What a row of a table holds."""

    statements = "statements"
    articles = "articles"


async def stream_events(work: Work) -> AsyncIterator[bytes]:
    """Lines of JSON: how far the work is, and at last its ``result`` or an ``error``."""
    events: asyncio.Queue[dict[str, object] | None] = asyncio.Queue()

    def tell(done: int, total: int) -> None:
        events.put_nowait({"done": done, "total": total})

    async def finish() -> None:
        try:
            events.put_nowait({"result": await work(tell)})
        except StanceError as error:
            events.put_nowait({"error": str(error)})
        except Exception:
            logger.exception("a request of the page failed")
            events.put_nowait({"error": "something went wrong; see where the server runs"})
        finally:
            events.put_nowait(None)

    task = asyncio.create_task(finish())
    try:
        while (event := await events.get()) is not None:
            yield json.dumps(event).encode() + b"\n"
    finally:
        task.cancel()


def article_results(analysis: Analysis) -> dict[str, object]:
    """The view of an article, and its table and records to download."""
    schema = pa.schema(arrow_fields(COLUMNS))
    cells = output_rows(analysis.to_records(), schema)
    return {
        "page": analysis.to_html(),
        "csv": _csv(schema, [cells], schema.names),
        "json": json.dumps(analysis.to_dict(), ensure_ascii=False, indent=1),
        "statements": len(analysis.statements),
        "targets": analysis.targets,
        "questions": [_question(analysis, statement) for statement in analysis.statements],
    }


def _question(analysis: Analysis, statement: Statement) -> dict[str, object]:
    """A statement as ``/v1/explain`` takes it, without its target."""
    words, context = judged_text(analysis.text, statement)
    return {
        "statement": words,
        "context": context if context.strip() else None,
        "speaker": statement.speaker,
    }


def explanation_fields(explanation: Explanation) -> dict[str, object]:
    """An explanation as JSON can hold it, with what a reader is shown of it."""
    sentence = explanation.sentence
    return {
        **explanation.to_record(),
        "strongest": [word.to_record() for word in explanation.strongest()],
        "sentence": None if sentence is None else sentence.to_record(),
    }


@dataclass(frozen=True, slots=True)
class TableUpload:
    """A table that was sent.

    Attributes:
        content: the file.
        name: of the file, whose ending tells the format.
        rows: what a row holds.
        targets: of all rows.
        statement_column: of rows that are statements; found by its usual name when None.
        target_column: that holds each row's own target, if any.
    """

    content: bytes
    name: str
    rows: RowKind
    targets: tuple[str, ...]
    statement_column: str | None = None
    target_column: str | None = None

    async def results(self, worker: Worker, progress: Progress) -> dict[str, object]:
        """Judge all rows; the file exists on disk only while that takes.

        Raises:
            DataError: it is no table, lacks a column, or there is no target.
        """
        with tempfile.TemporaryDirectory(prefix="stance-serve-") as folder, _notes() as notes:
            job = await worker.run(lambda: self._job(worker, Path(folder)))
            made: list[Made] = []
            done = 0
            progress(0, job.total)
            for batch in job.batches():
                made.append(await worker.run(partial(job.make, batch)))
                done += made[-1].counts.inputs
                progress(done, job.total)
            found = await worker.run(lambda: _table_results(job, made, notes))
            found["page"] = await worker.run(
                partial(self._summary, Path(folder), found["csv"], job)
            )
            return found

    def _summary(self, folder: Path, scored: object, job: Job[Any]) -> str | None:
        """The page of the corpus; None where there is nothing to count, or no SciPy."""
        path = folder / "scored.csv"
        path.write_text(str(scored), encoding="utf-8", newline="")
        columns = {}
        if isinstance(job, RowJob):
            given = {"statement": job.columns.statement, "target": job.columns.target}
            columns = {field: name for field, name in given.items() if name is not None}
        try:
            summary = summarize(path, columns=columns)
            return summary.to_html(self.name)
        except StanceError as error:
            said = str(error).replace(str(path), self.name)
            logger.info("no view of the whole table: %s", said)
            return None

    def _job(self, worker: Worker, folder: Path) -> Job[Any]:
        wanted = Path(self.name.replace("\\", "/")).name or "table"
        table_format(Path(wanted))
        path = folder / ("table" + "".join(Path(wanted).suffixes[-2:]))
        path.write_bytes(self.content)
        table = read_table(path, name=wanted)
        for note in table.notes:
            logger.info("%s", note)
        if self.rows is RowKind.articles:
            if self.target_column or self.statement_column:
                raise DataError("columns of statements and targets are of rows that are statements")
            reader = ArticleReader([], [article_table(table)], part_articles=_PART_ARTICLES)
            return ArticleJob(reader, self.targets, worker.extractor, worker.judge)
        columns = Columns(self.statement_column or None, self.target_column or None)
        return RowJob(
            [table], self.targets or None, worker.judge, columns=columns, part_rows=_PART_ROWS
        )


@contextmanager
def _notes() -> Iterator[list[str]]:
    """What the library tells meanwhile: the encoding, the delimiter, the columns it found."""
    told: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if len(told) < _SHOWN_ERRORS:
                told.append(record.getMessage())

    library, keep = logging.getLogger("stance"), Keep()
    before = library.level
    library.addHandler(keep)
    library.setLevel(logging.INFO)
    try:
        yield told
    finally:
        library.removeHandler(keep)
        library.setLevel(before)


def _table_results(job: Job[Any], made: Sequence[Made], notes: list[str]) -> dict[str, object]:
    counts, errors = Counts(), list[RowError]()
    for part in made:
        counts += part.counts
        errors += part.errors
    parts = [part.columns for part in made]
    names = job.schema.names
    ours = {column.name for column in PREDICTION_COLUMNS} | _SHOWN_COLUMNS
    own = [name for name in names if name not in ours][:_SHOWN_INPUT]
    shown = [at for at, name in enumerate(names) if name in own or name in _SHOWN_COLUMNS]
    rows: list[list[object]] = []
    for part_columns in parts:
        columns = [to_list(part_columns[at], names[at]) for at in shown]
        rows += [list(row) for row in zip(*columns, strict=True)]
        if len(rows) >= _SHOWN_ROWS:
            break
    return {
        "csv": _csv(job.schema, parts, job.guarded),
        "columns": [names[at] for at in shown],
        "rows": [[_text(cell) for cell in row] for row in rows[:_SHOWN_ROWS]],
        "written": counts.written,
        "scored": counts.scored,
        "abstained": counts.abstained,
        "errors": counts.errors,
        "reasons": [f"row {error.row}: {error.reason}" for error in errors[:_SHOWN_ERRORS]],
        "notes": notes,
    }


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def _csv(schema: pa.Schema, parts: Sequence[Sequence[Cells]], guarded: Collection[str]) -> str:
    handle = io.BytesIO()
    with RowWriter(handle, schema, "csv", guarded=guarded) as writer:
        for part in parts:
            writer.write(part)
        writer.flush()
    return handle.getvalue().decode("utf-8")
