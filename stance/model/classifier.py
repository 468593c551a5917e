"""The classifier users call: statements and targets in, calibrated predictions out."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from stance.errors import DataError, ModelLoadError
from stance.labels import Abstention, Sentiment, Stance
from stance.model.batching import distinct
from stance.model.calibration import Calibration, FloatArray, softmax
from stance.model.explanations import ROWS, WordTrials, trial_rows
from stance.model.input_warnings import input_warning, unfit
from stance.model.inputs import check_kinds, check_options, check_rows
from stance.model.progress import progress_bar
from stance.model.scorer import Rows, Scorer, Scores
from stance.schema import CheckpointInfo, Explanation, Head, Prediction
from stance.texts import without_surrogates

logger = logging.getLogger(__name__)

WINDOW = 4096  # rows that are sorted by length together; memory holds the tokens of one window
_STANCES = list(Stance)
_SENTIMENTS = list(Sentiment)


class StanceClassifier:
    """Scores (statement, target) pairs with one checkpoint.

    Build it with :func:`load`. It keeps no state between calls, so several threads may share it,
    and processes forked after it was loaded. Pickled it is the name of its checkpoint.

    Args:
        scorer: the checkpoint.
        judge_all: see :func:`load`.
    """

    def __init__(self, scorer: Scorer, *, judge_all: bool = False) -> None:
        self._scorer = scorer
        self._judge_all = judge_all

    @property
    def info(self) -> CheckpointInfo:
        """The checkpoint's kind, name, hash, device and limits."""
        return self._scorer.info

    @property
    def judge_all(self) -> bool:
        """Whether it also judges what it would abstain from; see :func:`load`."""
        return self._judge_all

    @property
    def calibration(self) -> Calibration:
        """Temperatures and conformal scores of the checkpoint."""
        return self._scorer.calibration

    def predict(
        self,
        statements: Sequence[str],
        targets: str | Sequence[str],
        contexts: Sequence[str | None] | None = None,
        *,
        speakers: Sequence[str | None] | None = None,
        kinds: Sequence[str | None] | None = None,
        batch_size: int | None = None,
        progress: bool | None = None,
        abstain_below: float | None = None,
        coverage: float | None = None,
    ) -> list[Prediction]:
        """Predict the stance of each statement toward its target, and its sentiment.

        There is no stance where the statement has no letters, where it is not English and the
        model is a bundled or an own one, or where it was cut; :func:`load` can switch that off.

        Args:
            statements: the words to judge, one string each.
            targets: one target for all, or one for each statement.
            contexts: the text around each statement (it may contain the statement), or None;
                hub checkpoints do not read it.
            speakers: who said each statement, or None; hub checkpoints do not read it.
            kinds: ``direct``, ``indirect`` or ``mixed``, or None; of use to prediction sets alone.
            batch_size: pairs in one forward pass, at most; None takes as many as compute fastest.
                Results do not depend on it beyond rounding, which moves a probability by less than
                .0001 in ``fp32`` and a few hundredths at most in ``bf16``.
            progress: show a bar on stderr; None shows it only on a terminal.
            abstain_below: stance is None where the highest stance probability is lower.
            coverage: also give conformal prediction sets that hold the right stance for this
                share of statements like those of the calibration set, in (0, 1).

        Returns:
            One prediction a statement, in input order; an empty list for no statements.

        Raises:
            DataError: a statement, target, context or speaker is missing or of the wrong type, or
                a target is too long, unknown to the checkpoint or no whole text; the message
                names the row, counted from 0.
            CalibrationError: ``coverage`` is out of range for the checkpoint.
        """
        rows = check_rows(statements, targets, contexts, speakers)
        check_options(batch_size, abstain_below, coverage)
        kinds = check_kinds(kinds, len(rows))
        thresholds = None
        if coverage is not None:
            self.calibration.thresholds(coverage)  # refuses one that is out of range
            asked = zip(rows.targets, kinds, strict=True)
            thresholds = [self.calibration.thresholds(coverage, *one) for one in asked]
        self._check_targets(rows)
        if not self.info.reads_context and any((*rows.contexts, *rows.speakers)):
            logger.warning(
                "a %s checkpoint reads statement and target only: contexts and speakers are unused",
                self.info.kind,
            )
        predictions: list[Prediction] = []
        with progress_bar(len(rows), progress) as bar:
            for begin in range(0, len(rows), WINDOW):
                part = rows.take(range(begin, min(begin + WINDOW, len(rows))))
                scores = self._score(part, batch_size, bar)
                least = thresholds and thresholds[begin : begin + WINDOW]
                predictions += self._predictions(part, scores, abstain_below, least)
        _log_unfit(predictions)
        return predictions

    def predict_one(
        self,
        statement: str,
        target: str,
        context: str | None = None,
        *,
        speaker: str | None = None,
    ) -> Prediction:
        """Predict one statement; see :meth:`predict`."""
        return self.predict([statement], [target], [context], speakers=[speaker])[0]

    def explain(
        self,
        statements: Sequence[str],
        targets: str | Sequence[str],
        contexts: Sequence[str | None] | None = None,
        *,
        speakers: Sequence[str | None] | None = None,
        head: Head = "stance",
        batch_size: int | None = None,
        progress: bool | None = None,
    ) -> list[Explanation]:
        """Say which words moved each answer: every word is left out in turn.

        The weight of a word is what the probability of the answer loses without it. A row takes as
        many forward passes as its statement, target and context have words and sentences.

        Args:
            statements: as in :meth:`predict`.
            targets: as there.
            contexts: as there; weights of its words and sentences refer to it as given.
            speakers: as there.
            head: which answer is explained.
            batch_size: as in :meth:`predict`.
            progress: as there.

        Returns:
            One explanation a statement, in input order; an empty list for no statements.

        Raises:
            DataError: as in :meth:`predict`, or the checkpoint has no such head.

        Source: Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through Representation
        Erasure".
        """
        rows = check_rows(statements, targets, contexts, speakers)
        check_options(batch_size, None, None)
        self._check_targets(rows)  # before the first of many is explained
        found: list[Explanation] = []
        with progress_bar(len(rows), progress) as bar:
            for begin in range(0, len(rows), ROWS):
                part = rows.take(range(begin, min(begin + ROWS, len(rows))))
                trials = self._word_trials(part)
                asked = trial_rows(trials.asked)
                shares = self.probabilities(asked, head, batch_size=batch_size)
                found += trials.explanations(shares, head)
                bar(len(part))
        return found

    def word_trials(self, rows: Rows) -> WordTrials:
        """What :meth:`explain` asks, for those who spread the work themselves.

        Args:
            rows: one or more.

        Raises:
            DataError: as in :meth:`predict`.
        """
        rows = check_rows(rows.statements, rows.targets, rows.contexts, rows.speakers)
        self._check_targets(rows)
        return self._word_trials(rows)

    def _word_trials(self, rows: Rows) -> WordTrials:
        return WordTrials.of(
            rows,
            reads_context=self.info.reads_context,
            readable=lambda target: self.target_problem(target) is None,
        )

    def explain_one(
        self,
        statement: str,
        target: str,
        context: str | None = None,
        *,
        speaker: str | None = None,
        head: Head = "stance",
    ) -> Explanation:
        """Explain one answer; see :meth:`explain`."""
        return self.explain([statement], [target], [context], speakers=[speaker], head=head)[0]

    def probabilities(
        self, rows: Rows, head: Head = "stance", *, batch_size: int | None = None
    ) -> FloatArray:
        """Calibrated probabilities of one head alone, of rows whose contexts may be masked already.

        Args:
            rows: one or more, unchecked.
            head: which answer.
            batch_size: as in :meth:`predict`.

        Returns:
            Float ``[n, 3]`` in canonical label order.

        Raises:
            DataError: the checkpoint has no such head, or cannot read a target.
        """
        scores = self._score(rows, batch_size, lambda count: None)
        if head == "stance":
            shares = self.calibration.stance_probabilities(scores.stance, scores.used_context)
        elif scores.sentiment is not None:
            shares = softmax(scores.sentiment, self.calibration.sentiment_temperature)
        else:
            raise DataError(f"a {self.info.kind} checkpoint has no sentiment: explain its stance")
        _check_finite(shares, rows)
        return shares

    def target_problem(self, target: str) -> str | None:
        """Why the checkpoint cannot judge statements toward a target, or None where it can."""
        if target != without_surrogates(target):
            return f"target {target!r} holds half a character (a lone surrogate): write it again"
        return self._scorer.target_problem(target)

    def _check_targets(self, rows: Rows) -> None:
        for name in dict.fromkeys(rows.targets):
            problem = self.target_problem(name)
            if problem:
                raise DataError(f"row {rows.targets.index(name)}: {problem}")

    def _score(self, rows: Rows, batch_size: int | None, bar: Callable[[int], object]) -> Scores:
        """The scores of all rows; rows that are alike are read once."""
        once, places = distinct(rows)
        scores = self._scorer.score(once, batch_size=batch_size, on_rows=bar)
        bar(len(rows) - len(once))
        return scores.take(places)

    def _predictions(
        self,
        rows: Rows,
        scores: Scores,
        abstain_below: float | None,
        thresholds: Sequence[Sequence[float]] | None,
    ) -> list[Prediction]:
        stance = self.calibration.stance_probabilities(scores.stance, scores.used_context)
        sentiment = None
        if scores.sentiment is not None:
            sentiment = softmax(scores.sentiment, self.calibration.sentiment_temperature)
        both = stance if sentiment is None else np.hstack([stance, sentiment])
        _check_finite(both, rows)
        made = []
        for i, target in enumerate(rows.targets):
            best = int(stance[i].argmax())
            statement, cut = rows.statements[i], bool(scores.tokens_cut[i] > 0)
            problem = unfit(statement, english_only=self.info.kind == "bundled")
            reason = None
            if not self._judge_all:
                reason = problem or (Abstention.CUT if cut else None)
            if reason is None and abstain_below is not None and stance[i, best] < abstain_below:
                reason = Abstention.UNSURE
            made.append(
                Prediction(
                    target=target,
                    stance=None if reason else _STANCES[best],
                    stance_probabilities=_named(_STANCES, stance[i]),
                    sentiment=None
                    if sentiment is None
                    else _SENTIMENTS[int(sentiment[i].argmax())],
                    sentiment_probabilities=None
                    if sentiment is None
                    else _named(_SENTIMENTS, sentiment[i]),
                    stance_set=_members(stance[i], thresholds[i]) if thresholds else None,
                    abstained_because=reason,
                    truncated=cut,
                    used_context=bool(scores.used_context[i]),
                    warnings=_warnings(statement, problem, scores, i),
                )
            )
        return made


def _check_finite(shares: FloatArray, rows: Rows) -> None:
    finite = np.isfinite(shares).all(axis=1)
    if not finite.all():
        raise ModelLoadError(
            "the checkpoint's logits are not numbers, first for the statement "
            f"{rows.statements[int(finite.argmin())][:60]!r}: its weights are damaged"
        )


def _members(stance: FloatArray, thresholds: Sequence[float]) -> tuple[Stance, ...]:
    found = zip(_STANCES, stance, thresholds, strict=True)
    return tuple(label for label, p, least in found if p >= least)


def _log_unfit(predictions: Sequence[Prediction]) -> None:
    """Say how many statements got no stance, or were cut and got one."""
    total = len(predictions)
    reasons = Counter(str(p.abstained_because) for p in predictions if p.abstained)
    reasons.pop(str(Abstention.UNSURE), None)  # as asked for
    if reasons:
        counts = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
        logger.warning("%d of %d statements got no stance: %s", reasons.total(), total, counts)
    cut = sum(p.truncated and p.abstained_because is not Abstention.CUT for p in predictions)
    if cut:
        logger.warning(
            "%d of %d statements were longer than the model reads and were cut", cut, total
        )


def _warnings(
    statement: str, problem: Abstention | None, scores: Scores, row: int
) -> tuple[str, ...]:
    found = [input_warning(statement, problem)]
    if scores.context_tokens_cut[row] > 0:
        found.append("the context is longer than the model reads and was cut")
    return tuple(warning for warning in found if warning)


def _named(
    labels: Sequence[Stance] | Sequence[Sentiment], values: npt.NDArray[np.float32]
) -> dict[str, float]:
    return {str(label): float(value) for label, value in zip(labels, values, strict=True)}
