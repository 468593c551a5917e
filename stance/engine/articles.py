"""The job of finding and judging the statements of articles, batched over articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

import stance
from stance.analysis import Analysis
from stance.columns import (
    COLUMNS,
    DOCUMENT_COLUMNS,
    ERROR_COLUMN,
    STATEMENT_COLUMNS,
    Column,
    document_fields,
    statement_fields,
)
from stance.engine.arguments import check_kept
from stance.engine.article_rows import ArticleBatch, ArticleReader, Item
from stance.engine.jobs import Made, RowError, count_rows, output_rows
from stance.engine.judging import Judge, Question, answer_fields
from stance.errors import DataError
from stance.extract import Extractor
from stance.model import judged_text
from stance.pipeline import check_options, check_targets
from stance.schema import Prediction, Statement
from stance.tables import arrow_fields

DUPLICATES_COLUMN = Column(
    "near_duplicates",
    "text",
    "One name for all articles that are nearly the same text, such as wire copies: the document_id "
    "of the first of them.",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """An article with its statements and what the classifier said of each toward each target."""

    item: Item
    targets: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    answers: tuple[tuple[Prediction | str, ...], ...] = ()

    def analysis(self) -> Analysis:
        """The result of one article.

        Raises:
            DataError: it could not be read, or a statement not be judged.
        """
        if self.item.problem is not None:
            raise DataError(self.item.problem)
        failed = [answer for row in self.answers for answer in row if isinstance(answer, str)]
        if failed:
            raise DataError(f"{self.item.file}: {failed[0]}")
        predictions = tuple(
            tuple(answer for answer in row if isinstance(answer, Prediction))
            for row in self.answers
        )
        return Analysis(self.item.document, self.targets, self.statements, predictions)

    def records(self) -> list[dict[str, object]]:
        """One flat dict a (statement, target); of a bad article one with its ``error``."""
        about = document_fields(self.item.document)
        if self.item.problem is not None:
            return [{**about, "error": self.item.problem}]
        return [
            {**about, **statement_fields(number, statement), **answer_fields(answer, target)}
            for number, (statement, row) in enumerate(
                zip(self.statements, self.answers, strict=True), start=1
            )
            for target, answer in zip(self.targets, row, strict=True)
        ]

    def errors(self) -> list[RowError]:
        """What was wrong."""
        item = self.item
        if item.problem is not None:
            return [RowError(item.file, item.row, item.blamed, item.problem)]
        said = [answer for row in self.answers for answer in row if isinstance(answer, str)]
        return [RowError(item.file, item.row, None, reason) for reason in said]


class ArticleJob:
    """Finds and judges the statements of articles.

    Args:
        articles: what is read.
        targets: one or several.
        extractor: what finds the statements.
        judge: the classifier.
        groups: near-duplicates: file and row -> name of the group; None gives no such column.
        keep: columns of article and statement that are written; all when None.
        strict: raise at the first bad article.

    Raises:
        DataError: there is no target, or the checkpoint cannot read one; ``keep`` is unknown.
        CalibrationError: the coverage is out of range for the checkpoint.
    """

    unit = "article"

    def __init__(
        self,
        articles: ArticleReader,
        targets: str | Sequence[str],
        extractor: Extractor,
        judge: Judge,
        *,
        groups: Mapping[tuple[str, int], str] | None = None,
        keep: Sequence[str] | None = None,
        strict: bool = False,
    ) -> None:
        self._articles = articles
        self._targets = check_targets(targets)
        self._extractor = extractor
        self._judge = judge
        self._groups = groups
        self._strict = strict
        own = [column.name for column in (*DOCUMENT_COLUMNS, *STATEMENT_COLUMNS)]
        kept = set(check_kept(keep, own, "the output"))
        columns = [c for c in COLUMNS if c.name in kept or c.name not in own]
        extra = [] if groups is None else [DUPLICATES_COLUMN]
        self._keep = [column.name for column in columns if column.name in own]
        self.schema = pa.schema(arrow_fields([*columns, *extra, ERROR_COLUMN]))
        self.guarded = self.schema.names
        check_options(
            judge.abstain_below,
            judge.coverage,
            classifier=judge.classifier,
            targets=self._targets,
        )

    @property
    def total(self) -> int:
        """Files, and rows of the tables."""
        return self._articles.total

    @property
    def fingerprint(self) -> dict[str, object]:
        """What tells this job from another."""
        return {
            "input": self._articles.input_files.fingerprint,
            "config": {
                "version": stance.__version__,
                "targets": list(self._targets),
                "about": {key: str(value) for key, value in self._articles.about.given().items()},
                "unread": self._articles.problems,
                "columns": [part.columns for part in self._articles.tables[:16]],
                "near_duplicates": self._groups is not None,
                "keep": self._keep,
                "abstain_below": self._judge.abstain_below,
                "coverage": self._judge.coverage,
                "part_articles": self._articles.part,
            },
            "model": {**self._judge.fingerprint, "extractor": describe_extractor(self._extractor)},
        }

    def check_input(self) -> None:
        """See whether the files are still the same.

        Raises:
            DataError: one changed.
        """
        self._articles.input_files.check()

    def batches(self) -> Iterator[ArticleBatch]:
        """The articles in parts, the same at every call."""
        return self._articles.batches()

    def make(self, batch: ArticleBatch) -> Made:
        """The output rows of a part.

        Raises:
            DataError: (strict) an article is bad.
        """
        judged = self.judge(batch)
        records, errors = [], []
        for article in judged:
            rows = article.records()
            if self._groups is not None:
                name = self._groups.get((article.item.file, article.item.row))
                rows = [{**row, DUPLICATES_COLUMN.name: name} for row in rows]
            records += rows
            errors += article.errors()
        return Made(output_rows(records, self.schema), count_rows(len(judged), records), errors)

    def judge(self, batch: ArticleBatch) -> list[Judged]:
        """The articles of a part with statements and answers.

        Raises:
            DataError: (strict) an article is bad.
        """
        items = self._articles.read(batch)
        if self._strict:
            for item in items:
                if item.problem is not None:
                    raise DataError(item.problem)
        found = [self._extract(item) for item in items]
        questions: list[Question] = []
        for item, statements in found:
            for statement in statements:
                words, context = judged_text(item.document.text, statement)
                questions += [
                    Question(words, target, context, statement.speaker, statement.kind)
                    for target in self._targets
                ]
        answers = iter(self._judge.ask(questions))
        return [
            Judged(
                item,
                self._targets,
                statements,
                tuple(tuple(next(answers) for _ in self._targets) for _ in statements),
            )
            for item, statements in found
        ]

    def _extract(self, item: Item) -> tuple[Item, tuple[Statement, ...]]:
        if item.problem is not None:
            return item, ()
        try:
            return item, tuple(self._extractor.extract(item.document))
        except Exception as error:  # one article must not end a night's work
            if self._strict:
                raise
            said = f"{item.file}: its statements cannot be found: {type(error).__name__}: {error}"
            return replace(item, problem=said), ()


def describe_extractor(extractor: Extractor) -> dict[str, object]:
    """What tells an extractor from others."""
    tagger = getattr(extractor, "tagger", None)
    return {
        "class": type(extractor).__name__,
        "sha256": getattr(tagger, "sha256", None),
        "precision": getattr(tagger, "precision", None),
        "minimum_confidence": getattr(extractor, "minimum_confidence", None),
    }
