"""Logits -> calibrated probabilities, prediction sets and abstention. No torch.

Temperature scaling with a bias for each class, after Guo et al. 2017 ("On Calibration of Modern
Neural Networks"; their vector scaling also has a factor for each class); prediction sets by split
conformal prediction with the score 1 - p(label), so that each class is held as often as asked for
(Sadinle et al. 2019, "Least Ambiguous Set-Valued Classifiers"). What fits them is in
:mod:`stance.training.calibration_fit`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.config import from_mapping
from stance.errors import CalibrationError
from stance.files import write_text
from stance.labels import Stance
from stance.model.calibration_quality import CalibrationQuality
from stance.untrusted import EDITED, checksum_of, in_short, read_json_object

FloatArray = npt.NDArray[np.float32]
LabelArray = npt.NDArray[np.int64]
ECE_BINS = 10
NO_BIAS = (0.0, 0.0, 0.0)
MOST_TEMPERATURE = 100.0
"""Fitting gives 0.05 to 20; beyond this or its inverse probabilities mean nothing."""
MOST_BIAS = 10.0
"""Fitting gives -6 to 6."""
_PARTS = ("conformal_by_stance", "conformal_by_target", "conformal_by_kind")
_MAY_LACK = {*_PARTS}  # in files where it was not fitted


def softmax(
    logits: npt.NDArray[np.floating], temperature: float | npt.NDArray[np.floating] = 1.0
) -> FloatArray:
    """Probabilities ``[n, k]`` of logits ``[n, k]`` over a temperature > 0: one, or ``[n]``."""
    scaled = np.asarray(logits, dtype=np.float64) / np.reshape(temperature, (-1, 1))
    scaled -= scaled.max(axis=1, keepdims=True)
    weights = np.exp(scaled)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def expected_calibration_error(
    probabilities: npt.NDArray[np.floating], gold: LabelArray, bins: int = ECE_BINS
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, in [0, 1]."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == gold
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            gap += inside.mean() * abs(confidence[inside].mean() - correct[inside].mean())
    return float(gap)


def brier_score(probabilities: FloatArray, gold: LabelArray) -> float:
    """Mean squared distance to the one-hot gold, summed over classes: in [0, 2]."""
    onehot = np.eye(probabilities.shape[1])[gold]
    return float(np.mean(np.sum((probabilities - onehot) ** 2, axis=1)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns a checkpoint's logits into probabilities.

    Attributes:
        stance_temperature: divides stance logits; above 0, and 1 leaves them as they are.
        sentiment_temperature: divides sentiment logits likewise.
        context_temperature: divides stance logits where a context was read, which is harder to
            be right about; None uses ``stance_temperature``.
        stance_bias: added to the divided stance logits, against, neutral and favor in this order.
        conformal_scores: ascending ``1 - p(gold)`` of the calibration rows, in [0, 1].
        conformal_by_stance: the same of the rows of each stance, for stances with enough of them:
            sets then hold the right stance as often where it is rare.
        conformal_by_target: the same of the rows toward a target, for targets with scores of their
            own (Mondrian conformal prediction; Vovk et al. 2005, "Algorithmic Learning in a Random
            World", sec. 4.5).
        conformal_by_kind: the same of the rows of a kind of statement (``direct``, ``indirect`` or
            ``mixed``), for targets without scores of their own.
        quality: of the fit; None where nothing was fitted.
    """

    stance_temperature: float = 1.0
    sentiment_temperature: float = 1.0
    context_temperature: float | None = None
    stance_bias: tuple[float, ...] = NO_BIAS
    conformal_scores: tuple[float, ...] = ()
    conformal_by_stance: dict[str, tuple[float, ...]] = field(default_factory=dict)
    conformal_by_target: dict[str, tuple[float, ...]] = field(default_factory=dict)
    conformal_by_kind: dict[str, tuple[float, ...]] = field(default_factory=dict)
    quality: CalibrationQuality | None = None

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            CalibrationError: a temperature or a bias is out of range, the bias is not of three
                numbers, or the scores are not ascending numbers in [0, 1].
        """
        for name in ("stance_temperature", "sentiment_temperature", "context_temperature"):
            value = getattr(self, name)
            if value is not None and not 1 / MOST_TEMPERATURE <= value <= MOST_TEMPERATURE:
                bounds = f"{1 / MOST_TEMPERATURE:g} to {MOST_TEMPERATURE:g}"
                raise CalibrationError(f"{name} is {value}: it must be a number from {bounds}")
        inside = [-MOST_BIAS <= value <= MOST_BIAS for value in self.stance_bias]
        if len(self.stance_bias) != len(NO_BIAS) or not all(inside):
            raise CalibrationError(
                f"stance_bias is {in_short(list(self.stance_bias))}: give three numbers from "
                f"{-MOST_BIAS:g} to {MOST_BIAS:g}"
            )
        _check_scores("conformal_scores", self.conformal_scores)
        for part in _PARTS:
            for name, scores in getattr(self, part).items():
                _check_scores(f"{part}.{name}", scores)
        for name in set(self.conformal_by_stance) - set(Stance):
            raise CalibrationError(f"conformal_by_stance has {in_short(name)}, which is no stance")

    def stance_temperatures(
        self, used_context: Sequence[bool] | npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """The temperature ``[n]`` of each row, given of which rows a context was read."""
        around = self.context_temperature or self.stance_temperature
        return np.where(np.asarray(used_context, bool), around, self.stance_temperature)

    def stance_probabilities(
        self,
        logits: npt.NDArray[np.floating],
        used_context: Sequence[bool] | npt.NDArray[np.bool_],
    ) -> FloatArray:
        """Probabilities ``[n, 3]`` of stance logits, given of which rows a context was read."""
        temperatures = self.stance_temperatures(used_context)
        scaled = np.asarray(logits, np.float64) / temperatures[:, None]
        return softmax(scaled + np.array(self.stance_bias))

    def thresholds(
        self, coverage: float, target: str | None = None, kind: str | None = None
    ) -> tuple[float, ...]:
        """Smallest probability that against, neutral and favor need to be in the set.

        It is 1 minus the ``ceil((n + 1) * coverage)``-th smallest conformal score: of the rows
        toward the target or of the kind, else of the rows with that stance, else of all rows,
        whichever are the first that are enough.

        Args:
            coverage: share of statements whose set should hold the gold label, in (0, 1).
            target: that the stance is toward.
            kind: of the statement.

        Returns:
            Three numbers in [0, 1], in the order of :class:`~stance.Stance`.

        Raises:
            CalibrationError: coverage out of range, or too few calibration rows for it.
        """
        if not 0 < coverage < 1:
            raise CalibrationError(f"coverage is {coverage}: give a number between 0 and 1")
        for own in (
            self.conformal_by_target.get(target or "", ()),
            self.conformal_by_kind.get(kind or "", ()),
        ):
            least = _least(own, coverage)
            if least is not None:
                return (least,) * len(Stance)
        least = _least(self.conformal_scores, coverage)
        if least is None:
            n = len(self.conformal_scores)
            raise CalibrationError(
                f"coverage {coverage} needs more than the checkpoint's {n} calibration rows: "
                f"ask for less than {n / (n + 1):.3f}"
            )
        of_each = [_least(self.conformal_by_stance.get(name, ()), coverage) for name in Stance]
        return tuple(least if own is None else own for own in of_each)

    def save(self, path: Path) -> None:
        """Write as JSON; the file appears, or replaces an earlier one, when it is whole.

        Raises:
            DataError: it cannot be written.
        """
        content: dict[str, object] = {
            "stance_temperature": self.stance_temperature,
            "sentiment_temperature": self.sentiment_temperature,
            "context_temperature": self.context_temperature,
            "stance_bias": list(self.stance_bias),
            "quality": self.quality and self.quality.to_record(),
            "conformal_scores": [round(s, 6) for s in self.conformal_scores],
        }
        for part in _PARTS:
            if stored := getattr(self, part):
                content[part] = {
                    name: [round(s, 6) for s in scores] for name, scores in stored.items()
                }
        content["checksum"] = checksum_of(content)
        write_text(path, json.dumps(content) + "\n", overwrite=True)

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read what :meth:`save` wrote.

        Raises:
            CalibrationError: the file is missing or was edited, or a field is missing, unknown, of
                the wrong type or out of range.
        """
        content = read_json_object(path, error=CalibrationError)
        checksum = content.pop("checksum", None)
        for key in fields(cls):
            if key.name not in content and key.name not in _MAY_LACK:
                raise CalibrationError(f"{path}: missing key {key.name!r}")
        try:
            found = from_mapping(content, cls, where=str(path), error=CalibrationError)
        except CalibrationError as error:
            where = "" if str(path) in str(error) else f"{path}: "
            raise CalibrationError(f"{where}{error}") from None
        if checksum != checksum_of(content):
            raise CalibrationError(f"{path} {EDITED}")
        return found


def _least(scores: Sequence[float], coverage: float) -> float | None:
    """The probability that reaches the coverage by these scores; None where they are too few."""
    rank = _rank(len(scores), coverage)
    return 1.0 - scores[rank - 1] if rank <= len(scores) else None


def _rank(n: int, coverage: float) -> int:
    """With so many of n scores below it, a new one is as well with the chosen probability."""
    # The tiny step keeps 100 * 0.55 from being counted as 56.
    return max(1, math.ceil((n + 1) * coverage - 1e-9))


def _check_scores(name: str, scores: Sequence[float]) -> None:
    before = 0.0
    for i, score in enumerate(scores):
        if not before <= score <= 1:  # also where either is not a number
            raise CalibrationError(f"{name}[{i}] is {score}: they must ascend from 0 to 1")
        before = score
