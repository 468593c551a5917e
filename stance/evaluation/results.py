"""The results of an evaluation as records; ``result_files`` writes and reads them as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field

from stance.evaluation.comparison import Comparison
from stance.evaluation.metrics import Agreement, ClassScores, ReliabilityBin
from stance.evaluation.moved_words import MovingWords
from stance.evaluation.power import Power
from stance.evaluation.resampling import Interval
from stance.evaluation.run_facts import RunFacts


@dataclass(frozen=True, slots=True)
class CalibrationScores:
    """How far confidence and accuracy agree, before and after temperature scaling.

    Attributes:
        temperatures: that the logits were divided by, or None where unknown; then there is no
            "before".
        ece_after: expected calibration error of the stored probabilities, in [0, 1].
        brier_after: their Brier score, in [0, 2].
        bins_after: their reliability diagram.
        ece_before: the same of the probabilities without temperature.
        brier_before: the same of the probabilities without temperature.
        bins_before: the same of the probabilities without temperature.
    """

    temperatures: tuple[float, ...] | None
    ece_after: float
    brier_after: float
    bins_after: tuple[ReliabilityBin, ...]
    ece_before: float | None = None
    brier_before: float | None = None
    bins_before: tuple[ReliabilityBin, ...] = ()


@dataclass(frozen=True, slots=True)
class BaselineScore:
    """A baseline beside the model, on the same rows.

    Attributes:
        accuracy: of the baseline.
        macro_f1: of the baseline.
        model_minus_baseline: difference in macro F1, from the same resamples.
        not_better: share of the resamples in which the model is not better.
    """

    accuracy: float
    macro_f1: Interval
    model_minus_baseline: Interval
    not_better: float


@dataclass(frozen=True, slots=True)
class LabelScores:
    """What is measured of any label with three classes.

    Attributes:
        n: rows that have a gold label.
        labels: class names in canonical order, which is that of ``confusion``.
        accuracy: share of the rows that are right.
        macro_f1: mean F1 of the classes that gold has.
        brier: Brier score, in [0, 2]; None where there are no probabilities.
        absent: classes that gold lacks.
        classes: scores by class.
        confusion: counts, gold by row, predicted by column.
        risk_coverage: (share of rows answered, error rate among them), at most 200 points; none
            without probabilities.
        aurc: area under that curve, or None.
        calibration: of the probabilities, or None.
        baselines: by name.
    """

    n: int
    labels: tuple[str, ...]
    accuracy: Interval
    macro_f1: Interval
    brier: Interval | None
    absent: tuple[str, ...]
    classes: dict[str, ClassScores]
    confusion: tuple[tuple[int, ...], ...]
    risk_coverage: tuple[tuple[float, float], ...]
    aurc: float | None
    calibration: CalibrationScores | None
    baselines: dict[str, BaselineScore]

    @property
    def ece(self) -> float | None:
        """Expected calibration error, in [0, 1], or None without probabilities."""
        return None if self.calibration is None else self.calibration.ece_after

    @property
    def ece_before(self) -> float | None:
        """The same before temperature scaling, or None where that is not known."""
        return None if self.calibration is None else self.calibration.ece_before


@dataclass(frozen=True, slots=True)
class SeveralTargets:
    """Statements judged against several targets: how many, and the share right for all of them."""

    n: int
    all_right: float


@dataclass(frozen=True, slots=True)
class ConformalScores:
    """Conformal prediction sets.

    Attributes:
        nominal: coverage that was asked for.
        observed: share of the rows whose set holds the gold stance.
        mean_size: mean number of labels in a set.
        classes: the observed coverage among the rows of each gold class that occurs.
    """

    nominal: float
    observed: Interval
    mean_size: float
    classes: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class SystemScores:
    """One of the systems that are measured side by side.

    Attributes:
        system: its name.
        n: rows that it answered; all that follows is of these.
        measures: by name (:data:`stance.evaluation.measures.MEASURES`, Brier score and log loss);
            None where a measure is not defined, or needs probabilities that it does not give.
        classes: scores by class.
        ece: expected calibration error, in [0, 1], or None without probabilities.
        aurc: area under the curve of risk and coverage, or None likewise.
    """

    system: str
    n: int
    measures: dict[str, Interval | None]
    classes: dict[str, ClassScores]
    ece: float | None
    aurc: float | None


@dataclass(frozen=True, slots=True)
class StanceScores:
    """Scores of the stance toward the target.

    Attributes:
        overall: what is measured of any label.
        mean_f1_favor_against: the measure of SemEval-2016 task 6; None where gold lacks a side.
        sided: rows of gold favor or against.
        wrong_sides: of them, those that got the opposite side.
        neutral: rows of gold neutral.
        false_sides: of them, those that got a side.
        several_targets: None where no statement has several targets.
        conformal: None where no coverage was asked for, or the checkpoint gives no sets.
        systems: the evaluated system, and those beside it.
        comparisons: of each two of them.
        power: what these rows can show.
    """

    overall: LabelScores
    mean_f1_favor_against: float | None
    sided: int
    wrong_sides: int
    neutral: int
    false_sides: int
    several_targets: SeveralTargets | None
    conformal: ConformalScores | None
    systems: tuple[SystemScores, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    power: Power | None = None


@dataclass(frozen=True, slots=True)
class ContextScores:
    """The rows whose context the model read, judged again without it.

    Attributes:
        n: such rows.
        macro_f1_with: with their context.
        macro_f1_without: without it.
        with_minus_without: difference, from the same resamples.
        changed: rows whose stance is another with context.
        changed_to_right: of them, those that became right.
        changed_to_wrong: of them, those that were right without.
        neutral: rows of gold neutral that are neutral without context.
        neutral_moved: of them, those that are not neutral with it.
    """

    n: int
    macro_f1_with: float
    macro_f1_without: Interval
    with_minus_without: Interval
    changed: int
    changed_to_right: int
    changed_to_wrong: int
    neutral: int
    neutral_moved: int


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """Rows whose stance and sentiment have one sign: as predicted, and in gold if it has both."""

    predicted: Agreement
    gold: Agreement | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row with a wrong label.

    Attributes:
        id: of the row.
        target: what the stance is toward.
        text: the statement.
        context: around it, or ``""``.
        speaker: who said it, or None.
        rationale: why the annotator chose the label, or ``""``.
        gold: gold stance, or None.
        predicted: predicted stance.
        probabilities: by stance; empty where the system gives none.
        gold_sentiment: gold sentiment, or None.
        sentiment: predicted sentiment, or None.
        others: stance by the systems beside it that answered.
        moved: the words that moved the predicted stance, or None.
    """

    id: str
    target: str
    text: str
    context: str
    speaker: str | None
    rationale: str
    gold: str | None
    predicted: str
    probabilities: dict[str, float]
    gold_sentiment: str | None
    sentiment: str | None
    others: dict[str, str] = field(default_factory=dict)
    moved: MovingWords | None = None

    @property
    def confidence(self) -> float | None:
        """Probability of the predicted stance, or None where the system gives none."""
        return self.probabilities.get(self.predicted)


@dataclass(frozen=True, slots=True)
class SetResult:
    """Scores of one labelled set, or of one source of it.

    Attributes:
        set: name of the set.
        source: subset of it, or ``""``.
        n: rows.
        truncated: statements cut to fit the model.
        abstained: rows on which the classifier abstained; they count as neutral.
        stance: None where no row has a gold stance.
        sentiment: None where no row has a gold sentiment, or the checkpoint predicts none.
        sentiment_not_run: why gold sentiment was not compared, or None.
        agreement: of stance and sentiment, or None.
        context: what it adds, or None where the model read none.
        n_errors: rows with a wrong stance.
        n_sentiment_errors: rows with a wrong sentiment.
        errors: the first of them: opposite sides before others, confident before unsure.
        sentiment_errors: the first of them.
    """

    set: str
    source: str
    n: int
    truncated: int
    abstained: int = 0
    stance: StanceScores | None = None
    sentiment: LabelScores | None = None
    sentiment_not_run: str | None = None
    agreement: SignAgreement | None = None
    context: ContextScores | None = None
    n_errors: int = 0
    n_sentiment_errors: int = 0
    errors: tuple[Mistake, ...] = ()
    sentiment_errors: tuple[Mistake, ...] = ()

    @property
    def title(self) -> str:
        """The set's name, and its source where it has one."""
        named = self.source and self.source != self.set
        return f"{self.set} · {self.source}" if named else self.set


@dataclass(frozen=True, slots=True)
class SliceScores:
    """Stance on the rows, of all sets, that are alike in one respect.

    Attributes:
        by: the respect (``kind``).
        value: what they are in it (``direct``).
        n: rows that have a gold stance.
        macro_f1: over the classes that gold has.
        without_context: the same where no row is read with its context; None where that was not
            tried.
        accuracy: share of the rows that are right.
        neutral_f1: macro F1 of always answering neutral.
        sided: rows of gold favor or against.
        wrong_sides: of them, those that got the opposite side.
        neutral: rows of gold neutral.
        false_sides: of them, those that got a side.
        ece: expected calibration error, in [0, 1], or None without probabilities.
    """

    by: str
    value: str
    n: int
    macro_f1: Interval
    without_context: Interval | None
    accuracy: float
    neutral_f1: float
    sided: int
    wrong_sides: int
    neutral: int
    false_sides: int
    ece: float | None


@dataclass(frozen=True, slots=True)
class StanceResults:
    """The results of a stance evaluation.

    Attributes:
        run: where they come from.
        sets: one for each set and source.
        pooled: all rows together, or None where that was not asked for.
        slices: rows of all sets by what they can be told apart by.
    """

    run: RunFacts
    sets: tuple[SetResult, ...]
    pooled: SetResult | None = None
    slices: tuple[SliceScores, ...] = ()

    @property
    def parts(self) -> tuple[SetResult, ...]:
        """The sets and, last, all rows together."""
        return self.sets if self.pooled is None else (*self.sets, self.pooled)
