"""What the sources and the output of a run stand for."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from stance.engine.article_files import ENDINGS, find_articles
from stance.engine.article_rows import (
    ArticleReader,
    ArticleTable,
    article_table,
    check_fields,
)
from stance.engine.inputs import TableOptions, find_files, note_problem, read_tables
from stance.engine.near_duplicates import group_near_duplicates
from stance.engine.run import Target
from stance.errors import DataError
from stance.tables import TableFormat, compression_of, is_saved_dataset, table_format

logger = logging.getLogger(__name__)


def find_sources(
    sources: Sequence[str],
    options: TableOptions,
    columns: Mapping[str, str] | None,
    leave_out: Path | None = None,
) -> tuple[list[str], list[ArticleTable], dict[str, str]]:
    """The article files and the tables of articles that are meant; what was guessed is logged.

    Args:
        sources: files, folders, patterns, ``-``.
        options: how tables are read; with a format, standard input is a table.
        columns: see :func:`analyze_many`.
        leave_out: a folder whose files are no articles.

    Returns:
        The files, the tables, and of the sources of which nothing can be read what to say of each:
        folders without articles, patterns without files, tables that are missing, damaged or
        without texts. They are among the files.

    Raises:
        DataError: nothing can be read of any source, or ``columns`` names no field of an article.
    """
    check_fields(columns)
    tables: list[ArticleTable] = []
    files: list[str] = []
    problems: dict[str, str] = {}
    for source in find_files(sources, problems):
        if source in problems or not _holds_rows(source, options):
            files.append(source)
            continue
        try:
            (table,) = read_tables([source], options)
            tell_notes(table.notes)
            tables.append(article_table(table, columns))
        except DataError as error:
            note_problem(problems, source, str(error))
            files.append(source)
    articles = find_articles(files, leave_out, problems)
    if problems and not tables and all(file in problems for file in articles):
        raise DataError("\n".join(problems.values()))
    return articles, tables, problems


def _holds_rows(source: str, options: TableOptions) -> bool:
    """Whether a source is a table with an article a row."""
    path = Path(source)
    if source == "-":
        return options.kind is not None
    return is_saved_dataset(path) or (not os.path.isdir(source) and _is_table(path))


def _is_table(path: Path) -> bool:
    if path.suffix.lower() in ENDINGS:
        return False
    try:
        table_format(path)
    except DataError:
        return False
    return True


def find_groups(reader: ArticleReader) -> dict[tuple[str, int], str]:
    """The names of near-duplicates, by file and row; every article is read for it once.

    Raises:
        DataError: standard input is among them, which can be read once only.
        MissingExtraError: datasketch is not installed.
    """
    if "-" in reader.files:
        raise DataError("near duplicates are looked for in files: write standard input to one")
    return group_near_duplicates(
        ((item.file, item.row), item.document.id or item.file, item.document.text)
        for batch in reader.batches()
        for item in reader.read(batch)
    )


def output_target(
    output: str | Path, output_format: TableFormat | None, *, overwrite: bool
) -> Target:
    """Where rows go, in which format; ``-`` is standard output, and CSV.

    Raises:
        DataError: the format is not told.
    """
    path = Path(output)
    if output_format is not None and output_format not in get_args(TableFormat):
        known = ", ".join(get_args(TableFormat))
        raise DataError(f"output_format is {output_format!r}: use one of {known}")
    kind = output_format or ("csv" if str(path) == "-" else table_format(path))
    return Target(path, kind, compression_of(path), overwrite)


def refuse_inputs(output: Path, sources: Iterable[str | Path]) -> None:
    """Refuse an output that is one of the inputs, also where files may be replaced.

    Raises:
        DataError: it is.
    """
    if not os.path.isfile(output):
        return
    for source in sources:
        if os.path.isfile(source) and os.path.samefile(source, output):
            raise DataError(f"{output} is one of the inputs: name another output")


def tell_notes(notes: Iterable[str]) -> None:
    """Log what was found out of the inputs."""
    for note in notes:
        logger.info("%s", note)
