"""What every kind of checkpoint offers: rows in, logits out. No torch.

The kinds are in :mod:`stance.model.bundled` (a backbone with an adapter) and
:mod:`stance.model.hub` (any sequence-classification or NLI checkpoint).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from stance.config import check_range
from stance.errors import ConfigError
from stance.model.calibration import Calibration, FloatArray
from stance.schema import CheckpointInfo

CheckpointKind = Literal["bundled", "sequence-classification", "nli"]
_UNREAD: dict[str, tuple[str, ...]] = {
    "bundled": ("labels", "revision", "targets", "max_length", "temperature"),
    "sequence-classification": ("targets",),
    "nli": (),
}


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which checkpoint to load, and how to read it.

    Attributes:
        kind: ``bundled``, ``sequence-classification`` or ``nli``.
        checkpoint: ``small``, ``base``, an adapter folder, a hub id or a checkpoint folder.
        revision: hub revision to pin.
        labels: checkpoint label name -> canonical name, for checkpoints with unclear names.
        targets: path of a targets file (``nli`` only); the shipped one when null.
        max_length: token limit of a pair for hub checkpoints; when null 256, or fewer where the
            checkpoint's tokenizer says so.
        temperature: divides the stance logits of hub checkpoints; 1 when null.
        device: ``cpu``, ``cuda``, ``mps``; when null ``cuda`` where it is, else ``cpu``.
    """

    kind: CheckpointKind = "bundled"
    checkpoint: str = "small"
    revision: str | None = None
    labels: dict[str, str] | None = None
    targets: str | None = None
    max_length: int | None = None
    temperature: float | None = None
    device: str | None = None

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ConfigError: a value is out of range, or means nothing to this kind of checkpoint.
        """
        if self.kind not in _UNREAD:
            raise ConfigError(f"kind is {self.kind!r}: use one of {', '.join(_UNREAD)}")
        for key in _UNREAD[self.kind]:
            if getattr(self, key) is not None:
                raise ConfigError(f"{key} means nothing to a {self.kind} checkpoint: leave it out")
        if self.temperature is not None and not 0 < self.temperature < float("inf"):
            raise ConfigError(f"temperature is {self.temperature}: give a number above 0")
        if self.max_length is not None:
            check_range("max_length", self.max_length, 32)


@dataclass(frozen=True, slots=True)
class Rows:
    """Aligned inputs of a batch; contexts and speakers may be None."""

    statements: Sequence[str]
    targets: Sequence[str]
    contexts: Sequence[str | None]
    speakers: Sequence[str | None]

    def __len__(self) -> int:
        return len(self.statements)

    def take(self, indices: Sequence[int]) -> Rows:
        """The rows at these positions, in this order."""
        return Rows(
            [self.statements[i] for i in indices],
            [self.targets[i] for i in indices],
            [self.contexts[i] for i in indices],
            [self.speakers[i] for i in indices],
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw scores of ``n`` rows.

    Attributes:
        stance: logits ``[n, 3]`` in canonical label order.
        sentiment: logits ``[n, 3]`` likewise; None where the checkpoint has no such head.
        tokens_cut: ``[n]``, tokens of the statement that were not read.
        context_tokens_cut: ``[n]``, tokens of the context that were not read.
        used_context: ``[n]``, whether words of a context were read.
    """

    stance: FloatArray
    sentiment: FloatArray | None
    tokens_cut: npt.NDArray[np.int64]
    context_tokens_cut: npt.NDArray[np.int64]
    used_context: npt.NDArray[np.bool_]


class Scorer(Protocol):
    """What a kind of checkpoint offers. All methods may be called from several threads."""

    @property
    def info(self) -> CheckpointInfo:
        """What is known of the checkpoint."""

    @property
    def calibration(self) -> Calibration:
        """What turns its logits into probabilities."""

    def lengths(self, rows: Rows) -> list[int]:
        """A cost of each row, to sort by."""

    def score(self, rows: Rows) -> Scores:
        """Logits of one batch."""

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None."""
