"""The result of an analysis: an article's statements with their predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.report.html import render_html
from stance.schema import Prediction, Statement
from stance.tables.rows import COLUMNS, SCHEMA_VERSION, prediction_fields, statement_fields, to_rows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Analysis:
    """The statements of one article and what was predicted of them.

    Attributes:
        text: the article, to which all offsets refer.
        targets: the targets asked for.
        statements: in document order.
        predictions: ``predictions[i][j]`` is statement i toward target j.
    """

    text: str
    targets: tuple[str, ...]
    statements: tuple[Statement, ...]
    predictions: tuple[tuple[Prediction, ...], ...]

    def to_records(self) -> list[dict[str, object]]:
        """One flat dict a (statement, target); keys are ``stance.tables.rows.COLUMNS``."""
        return to_rows(self.statements, self.predictions)

    def to_frame(self) -> pd.DataFrame:
        """The records as a data frame."""
        import pandas as pd

        return pd.DataFrame(self.to_records(), columns=list(COLUMNS))

    def to_dict(self) -> dict[str, object]:
        """One nested object: ``text``, and ``statements``, each with its ``predictions``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "targets": list(self.targets),
            "text": self.text,
            "statements": [
                {**statement_fields(i, s), "predictions": [prediction_fields(p) for p in row]}
                for i, (s, row) in enumerate(
                    zip(self.statements, self.predictions, strict=True), start=1
                )
            ],
        }

    def to_html(self, title: str = "Stance analysis") -> str:
        """A self-contained page: the article with its statements marked, and the table."""
        return render_html(self.text, self.targets, self.statements, self.predictions, title=title)
