"""One thread that computes for all requests, and joins the statements that wait into batches."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import numpy as np

from stance.engine.judging import Judge, Question
from stance.errors import DataError
from stance.extract import Document, Extractor
from stance.model import Rows, StanceClassifier, Trial, trial_rows
from stance.model.calibration import FloatArray
from stance.schema import Explanation, Head, Prediction, Statement
from stance.serve.settings import MOST_LEFT_OUT

T = TypeVar("T")
Progress = Callable[[int, int], None]
_JOINED = 256  # statements of different requests in one call of the classifier
_CHUNK = 32  # statements of one request that are asked at a time, so that others get their turn


class _Asker(Protocol):
    """What answers many questions at one time; those of equal ones may be joined."""

    def ask(self, questions: Sequence[Any], /) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True)
class _TrialJudge:
    """Asks for the probabilities of an answer without some of the words."""

    classifier: StanceClassifier
    head: Head

    def ask(self, trials: Sequence[Trial], /) -> list[FloatArray]:
        return list(self.classifier.probabilities(trial_rows(trials), self.head))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Questions of a request that wait for their answers."""

    judge: _Asker
    questions: Sequence[Any]
    answers: Future[list[Any]] = field(default_factory=Future)


class Worker:
    """Finds and judges statements in a thread of its own, in the order of the requests.

    Args:
        extractor: what finds statements.
        judge: what judges them.
    """

    def __init__(self, extractor: Extractor, judge: Judge) -> None:
        self.extractor = extractor
        self.judge = judge
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="stance-serve")
        self._waiting: deque[_Asked] = deque()

    def close(self) -> None:
        """End the thread when it is idle; what waits is dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T]) -> T:
        """Do something in the thread."""
        return await asyncio.wrap_future(self._thread.submit(work))

    async def extract(self, document: Document) -> tuple[Statement, ...]:
        """The statements of an article."""
        return await self.run(lambda: tuple(self.extractor.extract(document)))

    async def ask(
        self,
        questions: Sequence[Question],
        *,
        abstain_below: float | None = None,
        coverage: float | None = None,
        progress: Progress | None = None,
    ) -> list[Prediction | str]:
        """Predictions, in order; of a question that the classifier fails on, what it said.

        Args:
            questions: statements with their targets.
            abstain_below: see :meth:`stance.StanceClassifier.predict`.
            coverage: see :meth:`stance.StanceClassifier.predict`.
            progress: is told how many of how many are done.

        Raises:
            StanceError: the classifier fails on all of some that were asked at one time.
        """
        judge = replace(self.judge, abstain_below=abstain_below, coverage=coverage)
        return await self._ask_in_turn(judge, questions, progress)

    async def explain(self, rows: Rows, head: Head) -> list[Explanation]:
        """The words that moved each answer; see :meth:`stance.StanceClassifier.explain`.

        Args:
            rows: statements with their targets.
            head: which answer is explained.

        Raises:
            StanceError: they have too many words, or the checkpoint has no such head or cannot
                read a target.
        """
        classifier = self.judge.classifier
        trials = await self.run(lambda: classifier.word_trials(rows))
        asked = len(trials.asked) - len(rows)
        if asked > MOST_LEFT_OUT:
            raise DataError(
                f"every word is left out in turn, and these are {asked:,} words and sentences: "
                f"explain at most {MOST_LEFT_OUT:,} at a time, with shorter contexts or fewer "
                "statements"
            )
        shares = await self._ask_in_turn(_TrialJudge(classifier, head), trials.asked)
        return trials.explanations(np.stack(shares), head)

    async def _ask_in_turn(
        self, judge: _Asker, questions: Sequence[Any], progress: Progress | None = None
    ) -> list[Any]:
        """Some questions at a time, so that other requests get their turn between them."""
        answers: list[Any] = []
        for begin in range(0, len(questions), _CHUNK):
            asked = _Asked(judge, questions[begin : begin + _CHUNK])
            self._waiting.append(asked)
            self._thread.submit(self._answer_waiting)
            found: list[Any] = await asyncio.wrap_future(asked.answers)
            answers += found
            if progress is not None:
                progress(len(answers), len(questions))
        return answers

    def _answer_waiting(self) -> None:
        """Answer the first that wait and are to be judged alike, in one call of the classifier."""
        taken: list[_Asked] = []
        room = _JOINED
        while self._waiting and room > 0:
            first = self._waiting[0]
            if taken and first.judge != taken[0].judge:
                break
            self._waiting.popleft()
            if first.answers.set_running_or_notify_cancel():
                taken.append(first)
                room -= len(first.questions)
        if not taken:  # answered with others, or given up
            return
        try:
            found = iter(taken[0].judge.ask([q for asked in taken for q in asked.questions]))
        except Exception as error:
            for asked in taken:
                asked.answers.set_exception(error)
            return
        for asked in taken:
            asked.answers.set_result([next(found) for _ in asked.questions])
