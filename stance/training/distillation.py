"""Soft labels of a larger model (Hinton et al. 2015), scored once and kept on disk."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from filelock import FileLock

from stance.checkpoint import read_adapter_info
from stance.config import check_range
from stance.errors import ConfigError, DataError
from stance.model import load_pair_model
from stance.training.losses import IGNORED
from stance.training.pair_batches import FloatArray, encode_pairs, pair_logits
from stance.training.records import TrainingPair
from stance.training.unlabelled import Unlabelled
from stance.untrusted import parse_json

logger = logging.getLogger(__name__)

_CHUNK = 256  # pairs between two writes


@dataclass(frozen=True, slots=True)
class Distillation:
    """How a stage learns from a teacher.

    Attributes:
        teacher: ``small`` or ``base`` for the bundled weights, else the folder of an adapter,
            relative to the recipe.
        weight: share of the soft loss in [0, 1]; the rest is the loss of the labels.
        temperature: softening of both distributions, above 0.
        corrected: where the teacher contradicts a label, its logits of that label and of its own
            answer change places (Wen et al. 2019, "Preparing Lessons: Improve Knowledge
            Distillation with Better Supervision").
        unlabelled: further pairs without labels, which the teacher labels.
    """

    teacher: str
    weight: float = 0.5
    temperature: float = 2.0
    corrected: bool = False
    unlabelled: Unlabelled | None = None

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        check_range("distillation.weight", self.weight, 0, 1)
        if not 0 < self.temperature < float("inf"):
            raise ConfigError(
                f"distillation.temperature is {self.temperature}: give a number above 0"
            )


def soft_labels(
    teacher: Path,
    pairs: Sequence[TrainingPair],
    cache: Path,
    *,
    device: torch.device,
    bf16: bool = False,
) -> FloatArray:
    """Score pairs with a teacher; what it has scored before is read from the cache.

    The cache is a JSONL file for each teacher, to which chunks are appended, so that a run that is
    killed goes on where it was, and stages and seeds share it.

    Args:
        teacher: folder of its adapter.
        pairs: without regard to their labels.
        cache: folder of the files.
        device: where to score.
        bf16: compute in bfloat16.

    Returns:
        float32 ``[n, 6]``: three stance logits, then three sentiment logits.

    Raises:
        DataError: the cache cannot be written.
    """
    name = f"{read_adapter_info(teacher).sha256[:16]}{'-bf16' if bf16 else ''}.jsonl"
    keys = [_key(pair) for pair in pairs]
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{name}.lock"):  # a second run waits, and then reads the file
            stored = _read(cache / name)
            missing = {k: p for k, p in zip(keys, pairs, strict=True) if k not in stored}
            if missing:
                new = _score(teacher, list(missing.items()), cache / name, device=device, bf16=bf16)
                stored.update(new)
    except OSError as error:
        raise DataError(f"cannot write {cache / name}: {error}") from error
    return np.array([stored[key] for key in keys], dtype=np.float32).reshape(-1, 6)


def _score(
    teacher: Path,
    pairs: Sequence[tuple[str, TrainingPair]],
    path: Path,
    *,
    device: torch.device,
    bf16: bool,
) -> dict[str, list[float]]:
    """Score keyed pairs and append them to the cache file, chunk by chunk."""
    loaded = load_pair_model(teacher)
    logger.info("soft labels by %s: %d pairs", loaded.info.name, len(pairs))
    model = loaded.model.to(device)
    if bf16:
        model = model.to(torch.bfloat16)
    scored: dict[str, list[float]] = {}
    with path.open("a", encoding="utf-8") as file:
        for begin in range(0, len(pairs), _CHUNK):
            part = pairs[begin : begin + _CHUNK]
            encoded = encode_pairs([pair for _, pair in part], loaded.encoder)
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
                logits = pair_logits(model, loaded.encoder, encoded)
            for (key, _), row in zip(part, logits, strict=True):
                scored[key] = [round(float(value), 4) for value in row]
                file.write(json.dumps([key, scored[key]]) + "\n")
            file.flush()
            logger.info("soft labels: %d of %d", len(scored), len(pairs))
    return scored


def _key(pair: TrainingPair) -> str:
    read = (pair.statement, pair.target, pair.context, pair.speaker)
    return hashlib.sha256(repr(read).encode()).hexdigest()[:24]


def _read(path: Path) -> dict[str, list[float]]:
    """The rows of a cache file; a last line that was cut off is taken out of it."""
    if not path.is_file():
        return {}
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) != len(content):
        path.write_bytes(whole)
    try:
        return dict(map(_cached, whole.decode().splitlines()))
    except ValueError as error:
        raise DataError(
            f"{path} was damaged ({error}): delete it, and all is scored anew"
        ) from error


def _cached(line: str) -> tuple[str, list[float]]:
    """A row of a cache file.

    Raises:
        ValueError: it is no key with the logits of both heads.
    """
    key, row = cast("tuple[str, list[float]]", parse_json(line))
    return key, [float(row[number]) for number in range(6)]


def correct_logits(logits: FloatArray, labels: npt.NDArray[np.int64]) -> None:
    """Swap, in place, the highest logit with that of the label where they differ.

    Args:
        logits: float32 ``[n, k]``.
        labels: column of the label of each row ``[n]``; ``IGNORED`` where there is none.
    """
    rows = np.flatnonzero(labels != IGNORED)
    best, gold = logits[rows].argmax(1), labels[rows]
    logits[rows, best], logits[rows, gold] = logits[rows, gold], logits[rows, best]
