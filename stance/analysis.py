"""The result of an analysis: an article's statements with their predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.columns import (
    COLUMN_NAMES,
    SCHEMA_VERSION,
    prediction_fields,
    statement_fields,
    to_rows,
)
from stance.errors import DataError
from stance.extract import Document
from stance.schema import Correction, Explanation, Head, Prediction, Statement

if TYPE_CHECKING:
    import pandas as pd

    from stance.model import StanceClassifier
    from stance.people import People
    from stance.speaker_counts import SpeakerTable


@dataclass(frozen=True, slots=True)
class Analysis:
    """The statements of one article and what was predicted of them.

    Attributes:
        document: the article, to whose text all offsets refer, and what is known of it.
        targets: the targets asked for.
        statements: in document order.
        predictions: ``predictions[i][j]`` is statement i toward target j.
    """

    document: Document
    targets: tuple[str, ...]
    statements: tuple[Statement, ...]
    predictions: tuple[tuple[Prediction, ...], ...]

    def __post_init__(self) -> None:
        """Check that there is one prediction for each statement and target.

        Raises:
            DataError: there is not.
        """
        asked = [list(self.targets)] * len(self.statements)
        if [[p.target for p in row] for row in self.predictions] != asked:
            raise DataError("an analysis needs one prediction for each statement and target")

    @property
    def text(self) -> str:
        """The article's text."""
        return self.document.text

    def to_records(self) -> list[dict[str, object]]:
        """One flat dict a (statement, target), keyed by the names of ``stance.columns.COLUMNS``."""
        return to_rows(self.document, self.statements, self.predictions)

    def to_frame(self) -> pd.DataFrame:
        """The records as a data frame."""
        import pandas as pd

        return pd.DataFrame(self.to_records(), columns=list(COLUMN_NAMES))

    def to_dict(self) -> dict[str, object]:
        """One nested object: the article, and its statements, each with its predictions."""
        document = self.document
        return {
            "schema_version": SCHEMA_VERSION,
            "targets": list(self.targets),
            "document": {
                "id": document.id,
                "title": document.title,
                "date": document.date,
                "outlet": document.outlet,
                "authors": list(document.authors),
                "url": document.url,
            },
            "text": document.text,
            "statements": [
                {**statement_fields(i, s), "predictions": [prediction_fields(p) for p in row]}
                for i, (s, row) in enumerate(
                    zip(self.statements, self.predictions, strict=True), start=1
                )
            ],
        }

    def speakers(self, people: People | None = None) -> SpeakerTable:
        """Who speaks in the article: one row a speaker, with counts of statements and stances.

        Args:
            people: your own list, from :func:`stance.read_people`; its columns join the rows.

        Raises:
            DataError: a column of the list has the name of one of the table's.
        """
        from stance.speaker_counts import speaker_table

        return speaker_table([self], people=people)

    def explain(
        self,
        classifier: StanceClassifier,
        *,
        head: Head = "stance",
        progress: bool | None = False,
    ) -> tuple[tuple[Explanation, ...], ...]:
        """The words that moved each prediction; see :meth:`stance.StanceClassifier.explain`.

        Args:
            classifier: that made the predictions, from :func:`stance.load`.
            head: which answer is explained.
            progress: show a progress bar on stderr; None shows it only on a terminal.

        Returns:
            ``[i][j]`` is statement i toward target j. Offsets count in what was judged of the
            statement (:func:`stance.model.judged_text`), in the target, and in that context.

        Raises:
            DataError: the checkpoint has no such head, or cannot read a target.
        """
        from stance.model import judged_text

        judged = [judged_text(self.text, statement) for statement in self.statements]
        found = classifier.explain(
            [words for words, _ in judged for _ in self.targets],
            [*self.targets] * len(judged),
            [context for _, context in judged for _ in self.targets],
            speakers=[statement.speaker for statement in self.statements for _ in self.targets],
            head=head,
            progress=progress,
        )
        width = len(self.targets)
        return tuple(tuple(found[i : i + width]) for i in range(0, len(found), width))

    def to_html(
        self,
        title: str | None = None,
        *,
        explanations: Sequence[Sequence[Explanation]] | None = None,
        corrections: Sequence[Correction] = (),
    ) -> str:
        """A self-contained page: the article with its statements marked, who speaks, and filters.

        Args:
            title: heading of the page; the article's title when None.
            explanations: what :meth:`explain` returns, to show the words that mattered.
            corrections: a reader's, of this article; from :func:`stance.tables.read_corrections`.

        Raises:
            DataError: an explanation is of another analysis, or a correction does not fit the
                article.
        """
        from stance.report import render_html  # the page's templates take time to import

        return render_html(
            self.document,
            self.targets,
            self.statements,
            self.predictions,
            title=title,
            explanations=explanations,
            corrections=corrections,
        )

    def _repr_html_(self) -> str:
        """The page in a frame of its own, as notebooks show it."""
        from html import escape

        return (
            '<iframe sandbox="allow-scripts allow-popups allow-downloads" width="100%" '
            f'height="640" srcdoc="{escape(self.to_html())}"></iframe>'
        )
