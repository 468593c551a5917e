"""One stage of training of the pair model: pairs in, a folder with an adapter out."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import nn

from stance.checkpoint import Adapter, AdapterInfo, write_adapter
from stance.config import check_range
from stance.errors import ConfigError
from stance.labels import Stance
from stance.model import PairEncoder, PairModel
from stance.training.batches import Tensors
from stance.training.distillation import Distillation, correct_logits
from stance.training.losses import soft_label_loss, weighted_cross_entropy
from stance.training.low_rank import LowRank, adapter_tensors, add_low_rank
from stance.training.mixture import Mixture
from stance.training.pair_batches import FloatArray, plan_pairs, sentiment_columns, stance_columns
from stance.training.records import TrainingPair
from stance.training.run_record import open_run, this_origin
from stance.training.trainer import Loss, Optimisation, optimise, uses_bf16

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a recipe.

    Attributes:
        name: of its folder.
        mixture: what an epoch holds.
        epochs: passes over it.
        batch_size: pairs of a step.
        optimisation: learning rates, precision and checkpoints.
        label_smoothing: share of a label that is spread over all classes.
        sentiment_weight: factor of the loss of sentiment beside that of stance.
        dropout: of the low-rank updates.
        hidden_dropout: of the backbone; costs an eighth of a step on a CPU.
        trainable_layers: how many of the upper layers are trained; null trains all. Frozen lower
            layers save their part of the backward pass.
        distillation: soft labels of a teacher; null learns from labels alone.
        seeds: added to the recipe's seed; several make one run each from the same start, and the
            stage gives the mean of their updates. Only the last stage may have several.
    """

    name: str
    mixture: Mixture = field(default_factory=Mixture)
    epochs: float = 1.0
    batch_size: int = 16
    optimisation: Optimisation = field(default_factory=Optimisation)
    label_smoothing: float = 0.0
    sentiment_weight: float = 0.3
    dropout: float = 0.0
    hidden_dropout: float = 0.0
    trainable_layers: int | None = None
    distillation: Distillation | None = None
    seeds: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        if not 0 < self.epochs <= 1000:
            raise ConfigError(f"epochs is {self.epochs}: give a number above 0, up to 1000")
        check_range("batch_size", self.batch_size, 1)
        for key in ("label_smoothing", "dropout", "hidden_dropout"):
            check_range(key, getattr(self, key), 0, 1)
        check_range("sentiment_weight", self.sentiment_weight, 0)
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise ConfigError(f"seeds are {self.seeds}: give one or more, all different")


@dataclass(frozen=True, slots=True)
class PairSetup:
    """What all stages of a recipe share.

    Attributes:
        name: of the adapter.
        backbone: its name.
        folder: of the backbone.
        rank: of the updates.
        scale: of the updates, alpha / rank.
        max_length: tokens of a pair.
        max_context: tokens of its context.
        device: where to train.
        layers: numbers of the backbone's layers that are used, ascending from 0; None uses all.
        progress: show a bar with the time left on stderr; None shows it only on a terminal.
    """

    name: str
    backbone: str
    folder: Path
    rank: int
    scale: float
    max_length: int
    max_context: int
    device: torch.device
    layers: tuple[int, ...] | None = None
    progress: bool | None = None

    def encoder(self) -> PairEncoder:
        """The encoder of pairs."""
        return PairEncoder(self.folder, max_length=self.max_length, max_context=self.max_context)

    def shape(self) -> tuple[object, ...]:
        """What tells its networks from others."""
        shape = (self.backbone, self.rank, self.scale, self.max_length, self.max_context)
        return shape if self.layers is None else (*shape, self.layers)

    def info(self) -> AdapterInfo:
        """Of an adapter of this setup."""
        return AdapterInfo(
            task="stance",
            name=self.name,
            backbone=self.backbone,
            rank=self.rank,
            scale=self.scale,
            labels=tuple(str(label) for label in Stance),
            max_length=self.max_length,
            max_context=self.max_context,
            layers=self.layers,
        )


@dataclass(frozen=True, slots=True)
class StageRun:
    """What a stage cost: its name, seed, pairs of an epoch and minutes."""

    name: str
    seed: int
    pairs: int
    epochs: float
    learning_rate: float
    minutes: float


def run_stage(
    stage: Stage,
    setup: PairSetup,
    pairs: Sequence[TrainingPair],
    folder: Path,
    *,
    seed: int,
    start: Adapter | None = None,
    teacher: FloatArray | None = None,
) -> StageRun:
    """Train one adapter and write it, or find it written; an interrupted run goes on.

    Args:
        stage: the settings.
        setup: of the network.
        pairs: one epoch.
        folder: gets ``adapter.json``, ``adapter.safetensors`` and ``run.json``.
        seed: of fresh weights, order and dropout.
        start: the adapter to go on from; None starts at the bare backbone.
        teacher: soft labels ``[n, 6]`` of the pairs.

    Raises:
        ConfigError: the folder holds another run.
        ModelLoadError: the start does not fit the setup.
    """
    from transformers import set_seed

    began = time.monotonic()
    optimisation = asdict(stage.optimisation)
    settings = {**asdict(stage), "optimisation": optimisation, "name": "", "seeds": ()}
    optimisation.pop("save_steps")
    shape = setup.shape()
    parts = (settings, shape, seed, start.info.sha256 if start else None, list(pairs))
    bf16 = uses_bf16(stage.optimisation.precision, setup.device)
    origin = this_origin(setup.device, bf16=bf16)
    record = open_run(folder, parts, began=began, origin=origin)
    if record.finished:
        logger.info("%s is there already", folder)
    else:
        set_seed(seed)
        model = PairModel(
            setup.folder, layers=setup.layers, training=True, hidden_dropout=stage.hidden_dropout
        )
        updates = LowRank(setup.rank, setup.scale, stage.dropout, stage.trainable_layers)
        add_low_rank(model, updates, start)
        if teacher is not None and stage.distillation and stage.distillation.corrected:
            teacher = teacher.copy()
            correct_logits(teacher[:, :3], stance_columns(pairs))
            correct_logits(teacher[:, 3:], sentiment_columns(pairs))
        plan = plan_pairs(
            pairs,
            setup.encoder(),
            batch_size=stage.batch_size,
            epochs=stage.epochs,
            seed=seed,
            teacher=teacher,
        )
        optimise(
            model,
            plan,
            pair_loss(stage),
            stage.optimisation,
            seed=seed,
            device=setup.device,
            record=record,
            progress=setup.progress,
        )
        write_adapter(folder, setup.info(), adapter_tensors(model))
        record.finish()
    return StageRun(
        name=stage.name,
        seed=seed,
        pairs=len(pairs),
        epochs=stage.epochs,
        learning_rate=stage.optimisation.learning_rate,
        minutes=round(record.minutes(), 1),
    )


def pair_loss(stage: Stage) -> Loss:
    """The loss of a batch of :func:`~stance.training.pair_batches.plan_pairs`."""

    def loss(model: nn.Module, batch: Tensors) -> torch.Tensor:
        inputs = dict(batch)
        stance, sentiment, weight = (inputs.pop(k) for k in ("stance", "sentiment", "weight"))
        teacher = inputs.pop("teacher", None)
        logits = model(**inputs)
        smoothing, share = stage.label_smoothing, stage.sentiment_weight
        hard = weighted_cross_entropy(logits.stance, stance, weight, smoothing)
        total = hard + share * weighted_cross_entropy(
            logits.sentiment, sentiment, weight, smoothing
        )
        if teacher is None or stage.distillation is None:
            return total
        soften, part = stage.distillation.temperature, stage.distillation.weight
        soft = soft_label_loss(logits.stance, teacher[:, :3], soften)
        soft = soft + share * soft_label_loss(logits.sentiment, teacher[:, 3:], soften)
        return (1 - part) * total + part * soft

    return loss
