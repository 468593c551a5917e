"""Statements to the cells of predictions, whatever a statement does to the classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.columns import prediction_fields
from stance.errors import StanceError
from stance.model import StanceClassifier
from stance.schema import Prediction


@dataclass(frozen=True, slots=True)
class Question:
    """A statement to judge toward a target."""

    statement: str
    target: str
    context: str | None = None
    speaker: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """A classifier and how it is asked.

    Attributes:
        classifier: from :func:`stance.load`.
        batch_size: pairs in one forward pass, at most; None takes as many as compute fastest.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`.
    """

    classifier: StanceClassifier
    batch_size: int | None = None
    abstain_below: float | None = None
    coverage: float | None = None

    @property
    def fingerprint(self) -> dict[str, object]:
        """What tells its answers from those of another; where it computes does not."""
        info = self.classifier.info.to_record()
        info.pop("device", None)
        return {**info, "judge_all": self.classifier.judge_all}

    def ask(self, questions: Sequence[Question]) -> list[Prediction | str]:
        """Predictions; of a question that the classifier fails on, what it said.

        Raises:
            StanceError: it fails on all of them.
        """
        try:
            return list(self._predict(questions))
        except StanceError as error:
            if len(questions) < 2:
                raise
            failure = error
        answers: list[Prediction | str] = []
        for question in questions:
            try:
                answers += self._predict([question])
            except StanceError as error:
                answers.append(str(error))
        if all(isinstance(answer, str) for answer in answers):
            raise failure
        return answers

    def _predict(self, questions: Sequence[Question]) -> list[Prediction]:
        return self.classifier.predict(
            [q.statement for q in questions],
            [q.target for q in questions],
            [q.context for q in questions],
            speakers=[q.speaker for q in questions],
            kinds=[q.kind for q in questions],
            progress=False,
            batch_size=self.batch_size,
            abstain_below=self.abstain_below,
            coverage=self.coverage,
        )


def answer_fields(answer: Prediction | str, target: object) -> dict[str, object]:
    """The cells of an answer: those of a prediction, or ``target`` and ``error`` alone."""
    if isinstance(answer, str):
        return {"target": target, "error": answer}
    return prediction_fields(answer)
