"""Loading of the pair model: a backbone with a shipped or an own adapter merged in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from stance.checkpoint.adapter import INFO_NAME, AdapterInfo, read_adapter
from stance.checkpoint.backbone import Size, locate_backbone
from stance.checkpoint.low_rank import apply_adapter
from stance.errors import ModelLoadError
from stance.labels import Stance
from stance.model.network import PairModel
from stance.model.pairs import PairEncoder


@dataclass(frozen=True, slots=True)
class PairCheckpoint:
    """A pair model in eval mode, the encoder of its inputs, and what its adapter says of it."""

    model: PairModel
    encoder: PairEncoder
    info: AdapterInfo


def load_pair_model(folder: Path) -> PairCheckpoint:
    """Load a backbone and merge the adapter of a folder into it.

    Raises:
        ModelLoadError: something is missing, damaged or does not fit.
    """
    adapter = read_adapter(folder)
    info = adapter.info
    if info.task != "stance" or info.labels != tuple(Stance):
        raise ModelLoadError(
            f"{folder / INFO_NAME}: task {info.task!r} with the labels {', '.join(info.labels)} "
            f"is not of a stance model, whose labels are {', '.join(Stance)} in this order"
        )
    if info.max_length is None or info.max_context is None:
        raise ModelLoadError(
            f"{folder / INFO_NAME}: max_length and max_context of a stance model cannot be null"
        )
    backbone = locate_backbone(cast(Size, info.backbone))
    model = PairModel(backbone)
    apply_adapter(model, adapter)
    model.eval()
    encoder = PairEncoder(backbone, max_length=info.max_length, max_context=info.max_context)
    return PairCheckpoint(model, encoder, info)
