"""(statement, target, context) to calibrated stance and sentiment.

The names below are resolved when they are first used, since some need torch (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.model.bundled import PairCheckpoint, load_pair_model
    from stance.model.calibration import (
        ECE_BINS,
        Calibration,
        CalibrationQuality,
        brier_score,
        expected_calibration_error,
        fit_calibration,
        fit_temperature,
        softmax,
    )
    from stance.model.classifier import StanceClassifier, load
    from stance.model.input_warnings import input_warning
    from stance.model.network import Logits, PairModel
    from stance.model.pairs import (
        MASK,
        EncodedPair,
        PairEncoder,
        judged_text,
        mask_range,
        mask_statement,
    )
    from stance.model.scorer import ModelConfig, Rows, Scorer, Scores, read_model_config
    from stance.model.targets import TargetBook, TargetWording, load_targets

_HOME = {
    "Calibration": "calibration",
    "CalibrationQuality": "calibration",
    "ECE_BINS": "calibration",
    "EncodedPair": "pairs",
    "MASK": "pairs",
    "Logits": "network",
    "ModelConfig": "scorer",
    "PairCheckpoint": "bundled",
    "PairEncoder": "pairs",
    "PairModel": "network",
    "Rows": "scorer",
    "Scorer": "scorer",
    "Scores": "scorer",
    "StanceClassifier": "classifier",
    "TargetBook": "targets",
    "TargetWording": "targets",
    "brier_score": "calibration",
    "mask_range": "pairs",
    "mask_statement": "pairs",
    "expected_calibration_error": "calibration",
    "fit_calibration": "calibration",
    "fit_temperature": "calibration",
    "input_warning": "input_warnings",
    "judged_text": "pairs",
    "load": "classifier",
    "load_pair_model": "bundled",
    "load_targets": "targets",
    "read_model_config": "scorer",
    "softmax": "calibration",
}

__all__ = [
    "ECE_BINS",
    "MASK",
    "Calibration",
    "CalibrationQuality",
    "EncodedPair",
    "Logits",
    "ModelConfig",
    "PairCheckpoint",
    "PairEncoder",
    "PairModel",
    "Rows",
    "Scorer",
    "Scores",
    "StanceClassifier",
    "TargetBook",
    "TargetWording",
    "brier_score",
    "expected_calibration_error",
    "fit_calibration",
    "fit_temperature",
    "input_warning",
    "judged_text",
    "load",
    "load_pair_model",
    "load_targets",
    "mask_range",
    "mask_statement",
    "read_model_config",
    "softmax",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
