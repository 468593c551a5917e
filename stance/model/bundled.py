"""The bundled kind of checkpoint: a backbone with a shipped or an own adapter merged in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from stance.checkpoint import (
    INFO_NAME,
    AdapterInfo,
    apply_adapter,
    dtype_of,
    locate_backbone,
    pick_device,
    pick_precision,
    read_adapter,
    ready_to_compute,
    token_limit,
)
from stance.errors import ModelLoadError
from stance.labels import Stance
from stance.model.batching import CPU_TOKENS, GPU_TOKENS, token_batches
from stance.model.calibration import Calibration
from stance.model.network import PairModel
from stance.model.pairs import MIN_STATEMENT_TOKENS, EncodedPair, PairEncoder
from stance.model.scorer import ModelConfig, Reloading, Rows, Scores, reload
from stance.schema import CheckpointInfo


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
    backbone = locate_backbone(info.backbone)
    model = PairModel(backbone, layers=info.layers)
    least, most = MIN_STATEMENT_TOKENS + 4, token_limit(model.backbone.config)
    if info.max_length < least or (most is not None and info.max_length > most):
        raise ModelLoadError(
            f"{folder / INFO_NAME}: max_length is {info.max_length}: a pair takes {least} tokens "
            f"or more, and the backbone {info.backbone} reads {most} at most"
        )
    if info.max_context >= info.max_length:
        raise ModelLoadError(
            f"{folder / INFO_NAME}: max_context is {info.max_context}: it must be less than "
            f"max_length, {info.max_length}"
        )
    apply_adapter(model, adapter)
    model.eval()
    encoder = PairEncoder(backbone, max_length=info.max_length, max_context=info.max_context)
    return PairCheckpoint(model, encoder, info)


class BundledScorer:
    """Scores pairs with a backbone and an adapter: stance and sentiment in one pass.

    Raises:
        ModelLoadError: a file is missing, damaged or does not fit.
        CalibrationError: ``calibration.json`` of the adapter's folder is missing or damaged.
        ConfigError: the device is not there, or does not multiply the number format.
    """

    def __init__(self, config: ModelConfig) -> None:
        folder = config.adapter
        self._device = pick_device(config.device)
        precision = pick_precision(config.precision, self._device)
        self.config = replace(config, precision=precision)  # a copy elsewhere computes alike
        self._budget = CPU_TOKENS if self._device.type == "cpu" else GPU_TOKENS
        loaded = load_pair_model(folder)
        self._model = loaded.model.to(self._device)
        self._model.backbone.to(dtype_of(precision))  # the heads stay in fp32
        self._encoder = loaded.encoder
        self.calibration = Calibration.load(folder / "calibration.json")
        self.info = CheckpointInfo(
            kind="bundled",
            name=loaded.info.name,
            device=str(self._device),
            precision=precision,
            reads_context=True,
            labels=loaded.info.labels,
            sha256=loaded.info.sha256,
            backbone=loaded.info.backbone,
            max_length=loaded.info.max_length,
            max_context=loaded.info.max_context,
        )

    def __reduce__(self) -> Reloading:
        """As its config: whoever unpickles it loads the checkpoint."""
        return reload, (BundledScorer, self.config, self.info.sha256)

    def score(
        self, rows: Rows, *, batch_size: int | None, on_rows: Callable[[int], object]
    ) -> Scores:
        """Logits of one or more rows, in their order."""
        pairs = self._encoder.encode(
            rows.statements, rows.targets, rows.contexts, rows.speakers, masked=rows.masked
        )
        once, places = _distinct_ids(pairs)
        parts = []
        for batch in token_batches([len(p.ids) for p in once], self._budget, batch_size):
            parts.append((batch, self._forward([once[i] for i in batch])))
            on_rows(len(batch))
        on_rows(len(pairs) - len(once))
        return replace(
            Scores.joined(parts).take(places),
            tokens_cut=np.array([pair.statement_tokens_cut for pair in pairs], dtype=np.int64),
            context_tokens_cut=np.array([pair.context_tokens_cut for pair in pairs], np.int64),
        )

    def _forward(self, pairs: Sequence[EncodedPair]) -> Scores:
        batch = self._encoder.pad(pairs)
        ready_to_compute()
        with torch.inference_mode():
            logits = self._model(
                **{key: torch.from_numpy(value).to(self._device) for key, value in batch.items()}
            )
        return Scores(
            stance=logits.stance.cpu().numpy(),
            sentiment=logits.sentiment.cpu().numpy(),
            tokens_cut=np.array([pair.statement_tokens_cut for pair in pairs], dtype=np.int64),
            context_tokens_cut=np.array([pair.context_tokens_cut for pair in pairs], np.int64),
            used_context=np.array([pair.used_context for pair in pairs], dtype=bool),
        )

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None."""
        return self._encoder.target_problem(target)


def _distinct_ids(pairs: Sequence[EncodedPair]) -> tuple[list[EncodedPair], list[int]]:
    """Each input once, and for each pair the position of its like: some differ in what is cut."""
    numbers: dict[tuple[int, ...], int] = {}
    once: list[EncodedPair] = []
    places = []
    for pair in pairs:
        key = (pair.statement_start, pair.statement_end, pair.used_context, *pair.ids)
        number = numbers.setdefault(key, len(once))
        if number == len(once):
            once.append(pair)
        places.append(number)
    return once, places
