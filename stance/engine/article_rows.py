"""Articles in: from files and from the rows of tables, in parts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from stance.engine.arguments import find_column
from stance.engine.article_files import About, read_article
from stance.engine.inputs import AnyTable, InputFiles, describe_files
from stance.engine.rows import readable
from stance.errors import DataError, StanceError
from stance.extract import Document
from stance.tables import Piece

logger = logging.getLogger(__name__)

PART_ARTICLES = 32
"""Articles of a part, whose statements are judged together."""
USUAL_NAMES = {
    "text": ("text", "body", "article", "content", "fulltext"),
    "id": ("document_id", "id", "article_id", "doc_id"),
    "title": ("title", "headline"),
    "date": ("date", "published", "published_at", "publication_date", "pub_date"),
    "outlet": ("outlet", "source", "publisher", "newspaper", "media"),
    "authors": ("authors", "author", "byline"),
    "url": ("url", "link", "address"),
}


@dataclass(frozen=True, slots=True)
class ArticleTable:
    """A table with an article a row.

    Attributes:
        table: read through.
        columns: field of :class:`stance.Document` -> name of its column.
    """

    table: AnyTable
    columns: dict[str, str]


def check_fields(columns: Mapping[str, str] | None) -> None:
    """Refuse columns of what no article has.

    Raises:
        DataError: a key is no field of an article.
    """
    for key in columns or ():
        if key not in USUAL_NAMES:
            known = ", ".join(USUAL_NAMES)
            raise DataError(f"an article has no {key!r}: name the columns of {known}")


def article_table(table: AnyTable, columns: Mapping[str, str] | None = None) -> ArticleTable:
    """A table with its columns found by their usual names, where not given; the log tells which.

    Raises:
        DataError: there is no column of texts, or a given one is not there.
    """
    check_fields(columns)
    names, given = table.schema.names, dict(columns or {})
    for name in given.values():
        if name not in names:
            raise DataError(f"{table.file.name} has no column {name!r}; it has {', '.join(names)}")
    found = {key: find_column(names, usual) for key, usual in USUAL_NAMES.items()}
    chosen = {**{key: name for key, name in found.items() if name is not None}, **given}
    if "text" not in chosen:
        raise DataError(
            f"{table.file.name} has no column {', '.join(map(repr, USUAL_NAMES['text']))}; it has "
            f"{', '.join(names)}. Name yours with columns={{'text': ...}}, on the command line "
            "with --column text=NAME"
        )
    guessed = [f"{key} from {name!r}" for key, name in chosen.items() if key not in given]
    if guessed:
        told = ", ".join(guessed)
        logger.info("%s: %s (others: --column FIELD=NAME)", table.file.name, told)
    return ArticleTable(table, chosen)


@dataclass(frozen=True, slots=True)
class Item:
    """An article of a batch: its file and row, and the document or what is wrong with it."""

    file: str
    row: int
    document: Document
    problem: str | None = None
    blamed: str | None = None
    from_table: bool = False

    @property
    def name(self) -> str:
        """What the article is called among those of a run, as a file could be."""
        return _name(self.file, self.row) if self.from_table else self.file


@dataclass(frozen=True, slots=True)
class ArticleBatch:
    """Articles of one part: files, or rows of one table."""

    start: int
    files: tuple[str, ...] = ()
    table: int = 0
    piece: Piece | None = None

    def __len__(self) -> int:
        return len(self.files) if self.piece is None else len(self.piece)


class ArticleReader:
    """Articles in parts: files first, then the rows of tables.

    Args:
        files: articles that are files, in order.
        tables: tables of articles.
        problems: of files that cannot be read what to say of each.
        about: what is known of the one file.
        part_articles: articles of a part.
    """

    def __init__(
        self,
        files: Sequence[str],
        tables: Sequence[ArticleTable],
        problems: Mapping[str, str] | None = None,
        about: About | None = None,
        part_articles: int = PART_ARTICLES,
    ) -> None:
        self.files = tuple(files)
        self.tables = list(tables)
        self.problems = dict(problems or {})
        self.about = about or About()
        self.part = part_articles

    @property
    def total(self) -> int:
        """Files, and rows of the tables."""
        return len(self.files) + sum(part.table.rows for part in self.tables)

    def names(self) -> list[str]:
        """What the articles are called; see :class:`Item`."""
        rows = [
            _name(part.table.file.name, row)
            for part in self.tables
            for row in range(1, part.table.rows + 1)
        ]
        return [*self.files, *rows]

    @cached_property
    def input_files(self) -> InputFiles:
        """The files that are read, as they are when first asked for."""
        tables = [part.table.file for part in self.tables]
        files = [file for file in self.files if file not in self.problems]
        names = [*files, *(file.name for file in tables)]
        return describe_files(names, [*map(Path, files), *(file.path for file in tables)])

    def batches(self) -> Iterator[ArticleBatch]:
        """The articles in parts: files first, then tables, in order."""
        for start in range(0, len(self.files), self.part):
            yield ArticleBatch(start, self.files[start : start + self.part])
        for number, part in enumerate(self.tables):
            start = 0
            for piece in part.table.pieces(self.part):
                yield ArticleBatch(start, table=number, piece=piece)
                start += len(piece)

    def read(self, batch: ArticleBatch) -> list[Item]:
        """The documents of a part."""
        if batch.piece is None:
            return [self._read_file(file) for file in batch.files]
        return self._read_rows(batch, batch.piece)

    def _read_file(self, file: str) -> Item:
        if file in self.problems:
            return Item(file, 1, Document("", id=file), self.problems[file])
        try:
            return Item(file, 1, read_article(file, self.about))
        except StanceError as error:
            return Item(file, 1, Document("", id=file), str(error))

    def _read_rows(self, batch: ArticleBatch, piece: Piece) -> list[Item]:
        part = self.tables[batch.table]
        name, names = part.table.file.name, part.table.schema.names
        problems = dict(piece.problems)
        cells = {}
        for key, column in part.columns.items():
            read = readable(piece.columns[names.index(column)], column, problems)
            cells[key] = read.to_pylist() if isinstance(read, pa.Array) else list(read)
        items = []
        for place in range(len(piece)):
            row = batch.start + place + 1
            values = {key: _meta(column[place]) for key, column in cells.items()}
            text = cells["text"][place]
            about = {k: v for k, v in values.items() if k not in ("text", "authors") and v}
            about.setdefault("id", f"{name}, row {row}")
            authors = (values["authors"],) if values.get("authors") else ()
            problem, blamed = None, None
            if place in problems:
                problem, blamed = problems[place].reason, problems[place].field
            elif not isinstance(text, str) or not text.strip():
                blamed = part.columns["text"]
                problem = f"{blamed!r} is empty or not text"
            said = None if problem is None else f"{name}, row {row}: {problem}"
            words = text if isinstance(text, str) else ""
            document = Document(words, authors=authors, **about)  # type: ignore[arg-type]
            items.append(Item(name, row, document, said, blamed, from_table=True))
        return items


def _meta(value: object) -> str | None:
    """A cell of what is known of an article, as text."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, list):
        return "; ".join(str(part) for part in value) or None
    return value.isoformat() if isinstance(value, date) else str(value)


def _name(file: str, row: int) -> str:
    return f"{Path(file).name.split('.')[0]}-{row}"
