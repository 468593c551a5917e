"""Checkpoints of other authors, from a model hub or a folder.

``sequence-classification``: any checkpoint trained for stance on (statement, target). ``nli``: any
entailment checkpoint, zero-shot (Yin et al. 2019, "Benchmarking Zero-shot Text Classification"),
with the hypotheses of ``targets.yaml``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from stance.checkpoint import (
    dtype_of,
    in_one_line,
    pick_device,
    pick_precision,
    ready_to_compute,
    sha256_of,
    token_limit,
)
from stance.errors import ConfigError, LabelError, ModelLoadError
from stance.labels import Entailment, Stance, read_label_map
from stance.model.batching import CPU_TOKENS, GPU_TOKENS, token_batches
from stance.model.calibration import Calibration, FloatArray, softmax
from stance.model.foreign import foreign_folder
from stance.model.scorer import ModelConfig, Reloading, Rows, Scores, reload
from stance.model.targets import load_targets
from stance.schema import CheckpointInfo
from stance.texts import without_surrogates
from stance.untrusted import in_short

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_ABSENT = -30.0
_MAX_LENGTH = 256
_TOKEN_CHARACTERS = 3  # fewer than a token has in English, so that batches keep to their budget


def _load(config: ModelConfig, folder: Path) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    """Read tokenizer and model from a folder that brings no code; nothing is fetched.

    Raises:
        ModelLoadError: they cannot be read, or the weights are no safetensors.
    """
    from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

    common = {"local_files_only": True, "trust_remote_code": False}
    ready_to_compute()
    try:
        settings = AutoConfig.from_pretrained(folder, **common)
        tokenizer = AutoTokenizer.from_pretrained(folder, config=settings, **common)
        model = AutoModelForSequenceClassification.from_pretrained(
            folder, config=settings, use_safetensors=True, **common
        )
    except Exception as error:  # a strange file may break the library at any place
        raise ModelLoadError(
            f"cannot load {config.checkpoint!r} as a {config.kind} checkpoint with "
            f"safetensors weights: {in_one_line(error)}"
        ) from error
    return tokenizer, model


class HubScorer(ABC):
    """Loading, pairing and the forward pass that both kinds share.

    Args:
        config: how to read the checkpoint.
        folder: its files, where :func:`stance.model.foreign.foreign_folder` found them already.

    Raises:
        ModelLoadError: the checkpoint cannot be loaded, or reads fewer tokens than ``max_length``.
        LabelError: its label names are unclear.
        ConfigError: the device is not there, or does not multiply the number format.
    """

    def __init__(self, config: ModelConfig, folder: Path | None = None) -> None:
        folder = folder or foreign_folder(config.checkpoint, config.revision)
        self._device = pick_device(config.device)
        precision = pick_precision(config.precision, self._device)
        self.config = replace(config, precision=precision)  # a copy elsewhere computes alike
        self._budget = CPU_TOKENS if self._device.type == "cpu" else GPU_TOKENS
        self._tokenizer, model = _load(config, folder)
        # A call sets the tokenizer's truncation, which threads would otherwise share.
        self._lock = Lock()
        most = token_limit(model.config)
        if config.max_length is not None and most is not None and config.max_length > most:
            raise ModelLoadError(
                f"max_length is {config.max_length}: {config.checkpoint} reads {most} tokens at "
                "most; give that or less, or leave it out"
            )
        own_limit = min(self._tokenizer.model_max_length, most or _MAX_LENGTH, _MAX_LENGTH)
        self._max_length = config.max_length or int(own_limit)
        self._model = model.to(self._device, dtype_of(precision)).eval()
        self._id2label = _labels_of(model)
        self.calibration = Calibration(stance_temperature=config.temperature or 1.0)
        weights = folder / "model.safetensors"
        self.info = CheckpointInfo(
            kind=config.kind,
            name=config.checkpoint,
            device=str(self._device),
            precision=precision,
            reads_context=False,
            labels=tuple(self._id2label.values()),
            sha256=sha256_of(weights) if weights.is_file() else None,
            revision=config.revision,
            max_length=self._max_length,
        )

    def __reduce__(self) -> Reloading:
        """As its config: whoever unpickles it loads the checkpoint."""
        return reload, (type(self), self.config, self.info.sha256)

    def score(
        self, rows: Rows, *, batch_size: int | None, on_rows: Callable[[int], object]
    ) -> Scores:
        """Logits of one or more rows, in their order."""
        both = zip(rows.statements, rows.targets, strict=True)
        lengths = [(len(s) + len(t)) // _TOKEN_CHARACTERS + 3 for s, t in both]
        parts = []
        for batch in token_batches(lengths, self._budget, batch_size):
            parts.append((batch, self._score(rows.take(batch))))
            on_rows(len(batch))
        return Scores.joined(parts)

    @abstractmethod
    def _score(self, rows: Rows) -> Scores:
        """Logits of one batch."""

    def _too_long(self, second: str) -> str | None:
        with self._lock:
            length = len(self._tokenizer(second)["input_ids"])
        if length < self._max_length - 8:
            return None
        return f"a target of {length} tokens leaves no room for the statement: shorten it"

    def _forward(
        self, statements: Sequence[str], seconds: Sequence[str]
    ) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """Logits ``[n, labels]`` of (statement, second); only the statement is ever cut."""
        pairs = ([without_surrogates(s) for s in statements], list(seconds))
        with self._lock:
            whole = [len(ids) for ids in self._tokenizer(*pairs)["input_ids"]]
            batch = self._tokenizer(
                *pairs,
                truncation="only_first",
                max_length=self._max_length,
                padding=True,
                return_tensors="pt",
            )
        ready_to_compute()
        with torch.inference_mode():
            logits = self._model(**batch.to(self._device)).logits.float().cpu().numpy()
        cut = np.array([max(0, n - self._max_length) for n in whole], dtype=np.int64)
        return logits, cut


def _labels_of(model: PreTrainedModel) -> dict[int, str]:
    """The label of each of a network's outputs.

    Raises:
        LabelError: some output has no label, or a label no output.
    """
    outputs = int(model.config.num_labels)
    try:
        labels = {int(key): str(value) for key, value in model.config.id2label.items()}
    except (TypeError, ValueError) as error:
        raise LabelError(f"id2label of the checkpoint's config.json: {error}") from error
    if sorted(labels) != list(range(outputs)):
        raise LabelError(
            f"id2label of the checkpoint's config.json has {in_short(labels)}: its network has "
            f"{outputs} outputs, numbered from 0"
        )
    return labels


def _in_canonical_order(raw: FloatArray, columns: Sequence[int]) -> FloatArray:
    """Reorder columns by name; a label that the checkpoint lacks (-1) gets a very low logit."""
    ordered = np.full((len(raw), len(columns)), _ABSENT, dtype=np.float32)
    for column, source in enumerate(columns):
        if source >= 0:
            ordered[:, column] = raw[:, source]
    return ordered


def _without_context(stance: FloatArray, cut: npt.NDArray[np.int64]) -> Scores:
    return Scores(stance, None, cut, np.zeros_like(cut), np.zeros(len(cut), dtype=bool))


class SequenceScorer(HubScorer):
    """A checkpoint trained for stance on (statement, target) pairs."""

    def __init__(self, config: ModelConfig, folder: Path | None = None) -> None:
        super().__init__(config, folder)
        self._columns = read_label_map(Stance, self._id2label, config.labels)

    def _score(self, rows: Rows) -> Scores:
        """Logits of one batch."""
        raw, cut = self._forward(rows.statements, rows.targets)
        return _without_context(_in_canonical_order(raw, self._columns), cut)

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None."""
        return self._too_long(target)


class NliScorer(HubScorer):
    """An entailment checkpoint, asked whether the statement entails either hypothesis.

    p(favor) is the mean of p(entails the favor hypothesis) and p(contradicts the against
    hypothesis), p(against) the mirror image, p(neutral) the mean of both neutrals.
    """

    def __init__(self, config: ModelConfig, folder: Path | None = None) -> None:
        super().__init__(config, folder)
        self._columns = read_label_map(Entailment, self._id2label, config.labels)
        self._book = load_targets(config.targets)

    def _score(self, rows: Rows) -> Scores:
        """Log-probabilities of one batch, used as logits."""
        worded = [self._book.hypotheses(target) for target in rows.targets]
        favor, cut = self._forward(rows.statements, [pair[0] for pair in worded])
        against, _ = self._forward(rows.statements, [pair[1] for pair in worded])
        f = softmax(_in_canonical_order(favor, self._columns))
        a = softmax(_in_canonical_order(against, self._columns))
        mixed = np.stack([f[:, 0] + a[:, 2], f[:, 1] + a[:, 1], f[:, 2] + a[:, 0]], axis=1) / 2
        return _without_context(np.log(np.maximum(mixed, 1e-9)).astype(np.float32), cut)

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None; it must have hypotheses."""
        try:
            worded = self._book.hypotheses(target)
        except ConfigError as error:
            return str(error)
        return self._too_long(worded[0]) or self._too_long(worded[1])
