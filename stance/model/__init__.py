"""(statement, target, context) to calibrated stance and sentiment.

The names below are resolved when they are first used, since some need torch (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.model.bundled import PairCheckpoint, load_pair_model
    from stance.model.calibration import (
        ECE_BINS,
        Calibration,
        brier_score,
        expected_calibration_error,
        softmax,
    )
    from stance.model.calibration_quality import CalibrationQuality
    from stance.model.classifier import StanceClassifier
    from stance.model.explanations import Piece, ReadRow, Trial, WordTrials, trial_rows
    from stance.model.input_warnings import input_warning, unfit
    from stance.model.loading import load
    from stance.model.network import Logits, PairModel
    from stance.model.pairs import (
        MASK,
        EncodedPair,
        PairEncoder,
        judged_range,
        judged_text,
        mask_range,
        mask_statement,
    )
    from stance.model.scorer import ModelConfig, Rows, Scorer, Scores, read_model_config
    from stance.model.targets import TargetBook, TargetWording, load_targets

__getattr__ = lazy_names(
    __name__,
    {
        "bundled": "PairCheckpoint load_pair_model",
        "calibration_quality": "CalibrationQuality",
        "calibration": "Calibration ECE_BINS brier_score expected_calibration_error softmax",
        "classifier": "StanceClassifier",
        "explanations": "Piece ReadRow Trial WordTrials trial_rows",
        "input_warnings": "input_warning unfit",
        "loading": "load",
        "network": "Logits PairModel",
        "pairs": "EncodedPair MASK PairEncoder judged_range judged_text mask_range mask_statement",
        "scorer": "ModelConfig Rows Scorer Scores read_model_config",
        "targets": "TargetBook TargetWording load_targets",
    },
)

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
    "Piece",
    "ReadRow",
    "Rows",
    "Scorer",
    "Scores",
    "StanceClassifier",
    "TargetBook",
    "TargetWording",
    "Trial",
    "WordTrials",
    "brier_score",
    "expected_calibration_error",
    "input_warning",
    "judged_range",
    "judged_text",
    "load",
    "load_pair_model",
    "load_targets",
    "mask_range",
    "mask_statement",
    "read_model_config",
    "softmax",
    "trial_rows",
    "unfit",
]
