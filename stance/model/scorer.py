"""What every kind of checkpoint offers: rows in, logits out. No torch.

The kinds are in :mod:`stance.model.bundled` (a backbone with an adapter) and
:mod:`stance.model.hub` (any sequence-classification or NLI checkpoint).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from stance.checkpoint import BUNDLED, DEFAULT, INFO_NAME, PrecisionChoice
from stance.config import WEIGHTS_DIR, check_range, load_yaml_dataclass
from stance.errors import ConfigError, ModelLoadError
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
        checkpoint: ``small``, ``base``, an adapter folder, a hub id or a checkpoint folder; a
            folder's path counts from the config's file.
        revision: hub revision to pin.
        labels: checkpoint label name -> canonical name, for checkpoints with unclear names.
        targets: path of a targets file (``nli`` only); the shipped one when null.
        max_length: token limit of a pair for hub checkpoints; when null 256, or fewer where the
            checkpoint's tokenizer says so.
        temperature: divides the stance logits of hub checkpoints; 1 when null.
        device: ``cpu``, ``cuda``, ``mps``; when null ``cuda`` where it is, else ``cpu``.
        precision: number format: ``fp32``, ``bf16``, or ``auto``, which takes ``bf16`` where the
            device multiplies it.
    """

    kind: CheckpointKind = "bundled"
    checkpoint: str = DEFAULT
    revision: str | None = None
    labels: dict[str, str] | None = None
    targets: str | None = None
    max_length: int | None = None
    temperature: float | None = None
    device: str | None = None
    precision: PrecisionChoice = "auto"

    @property
    def adapter(self) -> Path:
        """Folder of a bundled checkpoint's adapter."""
        shipped = self.checkpoint in BUNDLED
        return WEIGHTS_DIR / self.checkpoint if shipped else Path(self.checkpoint)

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


def read_model_config(
    name_or_path: str | Path,
    *,
    kind: CheckpointKind | None = None,
    labels: dict[str, str] | None = None,
    revision: str | None = None,
    targets: str | None = None,
    device: str | None = None,
    precision: PrecisionChoice | None = None,
) -> ModelConfig:
    """Settle what :func:`stance.load` is asked for, and load nothing.

    The arguments are those of :func:`stance.load`.

    Raises:
        ModelLoadError: it is neither a known name, a model config nor an adapter folder, and no
            kind is given.
        ConfigError: the config has an unknown key or value, or an argument means nothing to this
            kind of checkpoint.
    """
    name = str(name_or_path)
    if name.endswith((".yaml", ".yml")):
        stored = load_yaml_dataclass(name, ModelConfig)
        return replace(
            stored,
            kind=kind or stored.kind,
            checkpoint=_beside(name, stored.checkpoint),
            labels=labels or stored.labels,
            revision=revision or stored.revision,
            targets=targets or (stored.targets and _beside(name, stored.targets)),
            device=device or stored.device,
            precision=precision or stored.precision,
        )
    if kind is None and not _is_bundled(name):
        raise ModelLoadError(
            f"{name!r} is neither default, small, base, a .yaml config nor an adapter folder. "
            "For a hub id or checkpoint folder say what it is: kind='sequence-classification' or "
            "kind='nli'"
        )
    return ModelConfig(
        kind=kind or "bundled",
        checkpoint=DEFAULT if name == "default" else name,
        revision=revision,
        labels=labels,
        targets=targets,
        device=device,
        precision=precision or "auto",
    )


def _beside(config: str, name: str) -> str:
    """A path that counts from the config's folder; other names, such as a hub id, as they are."""
    path = os.path.join(os.path.dirname(config), name)
    return path if name not in BUNDLED and os.path.exists(path) else name


def _is_bundled(name: str) -> bool:
    return name in ("default", *BUNDLED) or os.path.isfile(os.path.join(name, INFO_NAME))


@dataclass(frozen=True, slots=True)
class Rows:
    """Aligned inputs of a batch; contexts and speakers may be None.

    ``masked`` says that the contexts hold their statements no more.
    """

    statements: Sequence[str]
    targets: Sequence[str]
    contexts: Sequence[str | None]
    speakers: Sequence[str | None]
    masked: bool = False

    def __len__(self) -> int:
        return len(self.statements)

    def take(self, indices: Sequence[int]) -> Rows:
        """The rows at these positions, in this order."""
        return Rows(
            [self.statements[i] for i in indices],
            [self.targets[i] for i in indices],
            [self.contexts[i] for i in indices],
            [self.speakers[i] for i in indices],
            self.masked,
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

    def take(self, rows: Sequence[int]) -> Scores:
        """The scores of the rows at these positions, in this order."""
        at = np.asarray(rows, dtype=np.int64)
        return Scores(
            self.stance[at],
            None if self.sentiment is None else self.sentiment[at],
            self.tokens_cut[at],
            self.context_tokens_cut[at],
            self.used_context[at],
        )

    @classmethod
    def joined(cls, parts: Sequence[tuple[Sequence[int], Scores]]) -> Scores:
        """The scores of all rows, from those of batches.

        Args:
            parts: one or more, each with the positions of its rows; every position is in one.
        """
        scores = [part for _, part in parts]
        sentiment = [part.sentiment for part in scores if part.sentiment is not None]
        whole = cls(
            np.concatenate([part.stance for part in scores]),
            np.concatenate(sentiment) if sentiment else None,
            np.concatenate([part.tokens_cut for part in scores]),
            np.concatenate([part.context_tokens_cut for part in scores]),
            np.concatenate([part.used_context for part in scores]),
        )
        return whole.take(np.argsort([row for rows, _ in parts for row in rows]).tolist())


Reloading = tuple[Callable[..., "Scorer"], tuple[object, ModelConfig, str | None]]
"""How a scorer is pickled: the function that loads it again, and that function's arguments."""


def reload(
    kind: Callable[[ModelConfig], Scorer], config: ModelConfig, sha256: str | None
) -> Scorer:
    """Load a pickled scorer.

    Args:
        kind: what makes a scorer of a config.
        config: that of the scorer.
        sha256: of its weights when it was pickled.

    Raises:
        ModelLoadError: the checkpoint is gone or holds other weights by now.
    """
    scorer = kind(config)
    if scorer.info.sha256 != sha256:
        raise ModelLoadError(
            f"the checkpoint {config.checkpoint} has other weights than when it was pickled: load "
            "it anew"
        )
    return scorer


class Scorer(Protocol):
    """What a kind of checkpoint offers. All methods may be called from several threads."""

    @property
    def info(self) -> CheckpointInfo:
        """What is known of the checkpoint."""

    @property
    def calibration(self) -> Calibration:
        """What turns its logits into probabilities."""

    def score(
        self, rows: Rows, *, batch_size: int | None, on_rows: Callable[[int], object]
    ) -> Scores:
        """Logits of one or more rows, in their order.

        Args:
            rows: what is read.
            batch_size: rows of a forward pass, at most; None leaves it to the tokens.
            on_rows: called after each pass with the number of its rows.
        """

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None."""
