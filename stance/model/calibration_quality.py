"""How well a calibration fits the rows that it was fitted on."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from stance.errors import CalibrationError


@dataclass(frozen=True, slots=True)
class CalibrationQuality:
    """How well probabilities fit the rows that the calibration was fitted on.

    Attributes:
        n: rows.
        ece_before: expected calibration error with temperature 1, in [0, 1].
        ece_after: the same with the fitted temperatures.
        brier_before: Brier score with temperature 1, in [0, 2].
        brier_after: the same with the fitted temperatures.
    """

    n: int
    ece_before: float
    ece_after: float
    brier_before: float
    brier_after: float

    def __post_init__(self) -> None:
        """Raise a CalibrationError where a figure is out of range."""
        highest = {"n": math.inf, "ece": 1.0, "brier": 2.0}
        for name, value in asdict(self).items():
            if not 0 <= value <= highest[name.split("_")[0]]:
                raise CalibrationError(f"quality: {name} is {value}, which cannot be")

    def to_record(self) -> dict[str, object]:
        """The figures as JSON can hold them."""
        return asdict(self)
