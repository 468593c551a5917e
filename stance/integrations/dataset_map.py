"""Scoring as a function for ``datasets.Dataset.map``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.columns import PREDICTION_COLUMNS, prediction_fields
from stance.errors import DataError
from stance.integrations.loading import shared_classifier

if TYPE_CHECKING:
    from datasets import Dataset, Features

    from stance.checkpoint import PrecisionChoice

_TYPES = {"text": "string", "number": "float64", "flag": "bool"}


@dataclass(frozen=True)
class StanceMap:
    """Adds the columns of a prediction to each row of a batch.

    ``dataset.map(judge, batched=True, features=judge.features(dataset))``. It holds names alone, so
    that ``map`` finds an earlier result in its cache and can send it to other processes, where the
    model is loaded once.

    Attributes:
        target: what the stance is toward; None where ``target_column`` names a column of targets.
        statement_column: column with the words to judge.
        target_column: column with each row's own target, or None.
        context_column: column with the text around them, or None.
        speaker_column: column with who said them, or None.
        checkpoint: as in :func:`stance.load`.
        precision: as in :func:`stance.load`.
        device: as in :func:`stance.load`.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
    """

    target: str | None = None
    statement_column: str = "statement"
    target_column: str | None = None
    context_column: str | None = None
    speaker_column: str | None = None
    checkpoint: str = "default"
    precision: PrecisionChoice = "auto"
    device: str | None = None
    abstain_below: float | None = None

    def __post_init__(self) -> None:
        """Check that there is one source of targets.

        Raises:
            DataError: there is none, or there are two.
        """
        if (self.target is None) == (self.target_column is None):
            raise DataError("give either target or target_column")

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[object]]:
        """The new columns of a batch, each ``[n]``.

        Raises:
            DataError: the batch is a single row or lacks a column, or a statement or target is
                missing (the message names the row of the batch, counted from 0).
        """
        statements = self._column(batch, self.statement_column)
        own = self.target_column
        classifier = shared_classifier(self.checkpoint, self.precision, self.device, False)
        found = classifier.predict(
            statements,
            self._column(batch, own) if own else str(self.target),
            self._column(batch, self.context_column) if self.context_column else None,
            speakers=self._column(batch, self.speaker_column) if self.speaker_column else None,
            abstain_below=self.abstain_below,
            progress=False,
        )
        rows = [prediction_fields(prediction) for prediction in found]
        return {name: [row[name] for row in rows] for name in self._added()}

    def features(self, dataset: Dataset) -> Features:
        """The columns of a dataset and the new ones, with their types.

        ``map`` guesses types from its first rows, and a column may be empty in those.
        """
        from datasets import Features, Value

        types = {column.name: Value(_TYPES[column.type]) for column in PREDICTION_COLUMNS}
        return Features({**dataset.features, **{name: types[name] for name in self._added()}})

    def _added(self) -> list[str]:
        left_out = {"stance_set", self.target_column}  # no coverage is asked for
        return [column.name for column in PREDICTION_COLUMNS if column.name not in left_out]

    @staticmethod
    def _column(batch: Mapping[str, Any], name: str) -> Sequence[Any]:
        if name not in batch:
            raise DataError(f"there is no column {name!r}, but {', '.join(batch)}")
        values = batch[name]
        if isinstance(values, str) or not isinstance(values, Sequence):
            raise DataError("StanceMap takes batches: call dataset.map(..., batched=True)")
        return values
