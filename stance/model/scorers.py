"""Three kinds of checkpoint behind one interface: rows in, logits out.

``bundled``: backbone + adapter, stance and sentiment in one pass. ``sequence-classification``: any
checkpoint trained for stance on (statement, target). ``nli``: any entailment checkpoint, zero-shot
(Yin et al. 2019), with the hypotheses of ``targets.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import torch

from stance.checkpoint.device import pick_device
from stance.checkpoint.files import sha256_of
from stance.config import WEIGHTS_DIR, check_range
from stance.errors import ConfigError, ModelLoadError
from stance.labels import Entailment, Stance, read_label_map
from stance.model.bundled import load_pair_model
from stance.model.calibration import Calibration, softmax
from stance.model.targets import TargetBook, load_targets

FloatArray = npt.NDArray[np.float32]
CheckpointKind = Literal["bundled", "sequence-classification", "nli"]
_ABSENT = -30.0
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
        max_length: token limit of a pair for hub checkpoints; 256 when null.
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
        if self.temperature is not None and not self.temperature > 0:
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


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits ``[n, 3]`` in canonical order; sentiment None where there is no such head.

    ``with_context`` tells the rows of which the model was given more than statement and speaker.
    """

    stance: FloatArray
    sentiment: FloatArray | None
    tokens_cut: npt.NDArray[np.int64]
    context_tokens_cut: npt.NDArray[np.int64]
    with_context: npt.NDArray[np.bool_]


class Scorer(Protocol):
    """What a kind of checkpoint offers."""

    calibration: Calibration
    facts: dict[str, object]
    reads_context: bool

    def lengths(self, rows: Rows) -> list[int]:
        """A cost of each row, to sort by."""

    def score(self, rows: Rows) -> Scores:
        """Logits of one batch."""

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None."""


class BundledScorer:
    """Backbone + shipped (or own) adapter."""

    reads_context = True

    def __init__(self, config: ModelConfig) -> None:
        folder = Path(config.checkpoint)
        if config.checkpoint in ("small", "base"):
            folder = WEIGHTS_DIR / config.checkpoint
        self.device = pick_device(config.device)
        loaded = load_pair_model(folder)
        self.model = loaded.model.to(self.device)
        self.encoder = loaded.encoder
        self.calibration = Calibration.load(folder / "calibration.json")
        self.facts = {"kind": "bundled", "device": str(self.device), **loaded.info.to_record()}

    def lengths(self, rows: Rows) -> list[int]:
        """Characters of each row."""
        return [
            len(s) + len(t) + len(c or "")
            for s, t, c in zip(rows.statements, rows.targets, rows.contexts, strict=True)
        ]

    def score(self, rows: Rows) -> Scores:
        """Logits of one batch."""
        pairs = self.encoder.encode(rows.statements, rows.targets, rows.contexts, rows.speakers)
        batch = self.encoder.pad(pairs)
        with torch.inference_mode():
            logits = self.model(
                **{key: torch.from_numpy(value).to(self.device) for key, value in batch.items()}
            )
        return Scores(
            stance=logits.stance.cpu().numpy(),
            sentiment=logits.sentiment.cpu().numpy(),
            tokens_cut=np.array([pair.statement_tokens_cut for pair in pairs], dtype=np.int64),
            context_tokens_cut=np.array([pair.context_tokens_cut for pair in pairs], np.int64),
            with_context=np.array([pair.with_context for pair in pairs]),
        )

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None."""
        return self.encoder.target_problem(target)


def _without_context(stance: FloatArray, cut: npt.NDArray[np.int64]) -> Scores:
    return Scores(stance, None, cut, np.zeros_like(cut), np.zeros(len(cut), bool))


class _HubScorer:
    """Loading, pairing and the forward pass that both hub kinds share."""

    reads_context = False

    def __init__(self, config: ModelConfig) -> None:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        self.device = pick_device(config.device)
        self.max_length = config.max_length or 256
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(
                config.checkpoint, revision=config.revision
            )
            model = AutoModelForSequenceClassification.from_pretrained(
                config.checkpoint, revision=config.revision, use_safetensors=True
            )
        except (OSError, ValueError) as error:
            raise ModelLoadError(
                f"cannot load {config.checkpoint!r} as a {config.kind} checkpoint with "
                f"safetensors weights: {error}"
            ) from error
        self.model = model.to(self.device).eval()
        self.id2label = {int(k): str(v) for k, v in model.config.id2label.items()}
        self.calibration = Calibration(stance_temperature=config.temperature or 1.0)
        self.facts: dict[str, object] = {
            "kind": config.kind,
            "name": config.checkpoint,
            "revision": config.revision,
            "device": str(self.device),
            "labels": list(self.id2label.values()),
            "reads_context": self.reads_context,
        }
        weights = Path(config.checkpoint) / "model.safetensors"
        if weights.is_file():
            self.facts["sha256"] = sha256_of(weights)

    def lengths(self, rows: Rows) -> list[int]:
        """Characters of each row."""
        return [len(s) + len(t) for s, t in zip(rows.statements, rows.targets, strict=True)]

    def _too_long(self, second: str) -> str | None:
        length = len(self.tokenizer(second)["input_ids"])
        if length < self.max_length - 8:
            return None
        return f"a target of {length} tokens leaves no room for the statement: shorten it"

    def _forward(
        self, statements: Sequence[str], seconds: Sequence[str]
    ) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """Logits ``[n, labels]`` of (statement, second); only the statement is ever cut."""
        whole = [len(ids) for ids in self.tokenizer(list(statements), list(seconds))["input_ids"]]
        batch = self.tokenizer(
            list(statements),
            list(seconds),
            truncation="only_first",
            max_length=self.max_length,
            padding=True,
            return_tensors="pt",
        ).to(self.device)
        with torch.inference_mode():
            logits = self.model(**batch).logits.float().cpu().numpy()
        cut = np.array([max(0, n - self.max_length) for n in whole], dtype=np.int64)
        return logits, cut


class SequenceScorer(_HubScorer):
    """A checkpoint trained for stance on (statement, target) pairs."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.columns = read_label_map(Stance, self.id2label, config.labels)

    def score(self, rows: Rows) -> Scores:
        """Logits of one batch; a class the checkpoint lacks gets a very low one."""
        raw, cut = self._forward(rows.statements, rows.targets)
        stance = np.full((len(rows), 3), _ABSENT, dtype=np.float32)
        for column, source in enumerate(self.columns):
            if source >= 0:
                stance[:, column] = raw[:, source]
        return _without_context(stance, cut)

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None."""
        return self._too_long(target)


class NliScorer(_HubScorer):
    """An entailment checkpoint, asked whether the statement entails either hypothesis.

    p(favor) is the mean of p(entails the favor hypothesis) and p(contradicts the against
    hypothesis), p(against) the mirror image, p(neutral) the mean of both neutrals.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.columns = read_label_map(Entailment, self.id2label, config.labels)
        self.book: TargetBook = load_targets(config.targets)

    def score(self, rows: Rows) -> Scores:
        """Log-probabilities of one batch, used as logits."""
        worded = [self.book.hypotheses(target) for target in rows.targets]
        favor, cut = self._forward(rows.statements, [pair[0] for pair in worded])
        against, _ = self._forward(rows.statements, [pair[1] for pair in worded])
        f, a = self._entailment(favor), self._entailment(against)
        mixed = np.stack([f[:, 0] + a[:, 2], f[:, 1] + a[:, 1], f[:, 2] + a[:, 0]], axis=1) / 2
        return _without_context(np.log(np.maximum(mixed, 1e-9)).astype(np.float32), cut)

    def target_problem(self, target: str) -> str | None:
        """Why the target cannot be read, or None; it must have hypotheses."""
        try:
            worded = self.book.hypotheses(target)
        except ConfigError as error:
            return str(error)
        return self._too_long(worded[0]) or self._too_long(worded[1])

    def _entailment(self, raw: FloatArray) -> FloatArray:
        """Probabilities ``[n, 3]``: contradiction, neutral, entailment."""
        out = np.full((len(raw), 3), _ABSENT, dtype=np.float32)
        for column, source in enumerate(self.columns):
            if source >= 0:
                out[:, column] = raw[:, source]
        return softmax(out)


SCORERS: dict[str, type[BundledScorer] | type[SequenceScorer] | type[NliScorer]] = {
    "bundled": BundledScorer,
    "sequence-classification": SequenceScorer,
    "nli": NliScorer,
}
