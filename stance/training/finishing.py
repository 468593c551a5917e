"""What follows training: the adapter is scored and calibrated as it will be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from stance.checkpoint import dtype_of, pick_precision
from stance.files import write_bytes
from stance.model import Calibration, load_pair_model
from stance.training.calibrate import CalibrationFit, calibrate
from stance.training.calibration_fit import Bias
from stance.training.pair_batches import FloatArray, encode_pairs, pair_logits
from stance.training.records import TrainingPair
from stance.training.scores import Scores, score_pairs

CALIBRATION = "calibration.json"


@dataclass(frozen=True, slots=True)
class Finished:
    """Scores of an adapter on the held-out pairs, and its calibration."""

    held_out: dict[str, Scores]
    calibration: CalibrationFit


def score_adapter(
    folder: Path, pairs: Sequence[TrainingPair], device: torch.device
) -> tuple[FloatArray, list[bool]]:
    """Logits ``[n, 6]`` of a stored adapter, and of which pairs it read a context.

    In the number format that the machine would use by default.
    """
    loaded = load_pair_model(folder)
    encoded = encode_pairs(pairs, loaded.encoder)
    model = loaded.model.to(device)
    model.backbone.to(dtype_of(pick_precision(None, device)))  # the heads stay in fp32
    logits = pair_logits(model, loaded.encoder, encoded)
    return logits, [pair.used_context for pair in encoded]


def finish_adapter(
    folder: Path,
    held_out: Sequence[TrainingPair],
    calibration: Sequence[TrainingPair],
    *,
    device: torch.device,
    start: Calibration | None = None,
    bias: Bias | None = None,
) -> Finished:
    """Score a stored adapter, fit its calibration and write ``calibration.json``.

    The adapter is read back, so that what is measured is what ships.

    Args:
        folder: of the adapter.
        held_out: pairs for the scores.
        calibration: pairs that temperatures and conformal scores are fitted on; the held-out pairs
            when empty.
        device: where to compute.
        start: the calibration to keep where the pairs are too few.
        bias: see :func:`~stance.training.calibrate.calibrate`.
    """
    both = [*held_out, *calibration]
    logits, context = score_adapter(folder, both, device)
    split = len(held_out)
    begin = split if calibration else 0
    fit = calibrate(both[begin:], logits[begin:], context[begin:], start, bias=bias)
    fit.calibration.save(folder / CALIBRATION)
    return Finished(score_pairs(held_out, logits[:split]), fit)


def copy_adapter(source: Path, target: Path, calibration: Calibration | None = None) -> None:
    """Copy an adapter; each file appears whole or not at all, and ``adapter.json`` last.

    So a folder can be loaded when all of it is there.

    Args:
        source: folder of the adapter.
        target: folder of the copy.
        calibration: of the copy; None copies it, too.
    """
    _copy("adapter.safetensors", source, target)
    if calibration is None:
        _copy(CALIBRATION, source, target)
    else:
        calibration.save(target / CALIBRATION)
    _copy("adapter.json", source, target)


def _copy(name: str, source: Path, target: Path) -> None:
    write_bytes(target / name, (source / name).read_bytes(), overwrite=True)
