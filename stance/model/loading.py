"""Loads a classifier: a bundled or an own checkpoint, or one of other authors."""

from __future__ import annotations

from pathlib import Path

from stance.checkpoint import PrecisionChoice
from stance.model.classifier import StanceClassifier
from stance.model.foreign import foreign_folder
from stance.model.scorer import CheckpointKind, ModelConfig, Scorer, read_model_config


def load(
    name_or_path: str | Path = "default",
    *,
    kind: CheckpointKind | None = None,
    labels: dict[str, str] | None = None,
    revision: str | None = None,
    targets: str | None = None,
    device: str | None = None,
    precision: PrecisionChoice | None = None,
    judge_all: bool = False,
) -> StanceClassifier:
    """Load a classifier.

    Args:
        name_or_path: ``default`` (= ``base``), ``small``, ``base``; a model config (``.yaml``);
            an adapter folder written by ``stance train``; or, with ``kind``, a hub id or folder.
            The arguments below replace what a model config says.
        kind: ``sequence-classification`` or ``nli`` for a hub id or checkpoint folder. It is
            never guessed.
        labels: checkpoint label name -> canonical name, where the checkpoint's are unclear.
        revision: hub revision to pin.
        targets: path of a targets file, for ``nli``.
        device: ``cpu``, ``cuda``, ``mps``; when None ``cuda`` where it is, else ``cpu``.
        precision: number format: ``fp32``, the reference; ``bf16``, about twice as fast on a device
            that multiplies it; ``auto`` (also when None), which takes ``bf16`` on such a device.
            ``info.precision`` tells which it is.
        judge_all: also give a stance to statements without letters, in another language than
            English, and longer than the model reads.

    Raises:
        ModelLoadError: the checkpoint is missing, damaged or of another kind.
        LabelError: the checkpoint's label names are unclear.
        ConfigError: the config has an unknown key or value, an argument means nothing to this kind
            of checkpoint, or the device is not there or does not multiply the number format.
    """
    config = read_model_config(
        name_or_path,
        kind=kind,
        labels=labels,
        revision=revision,
        targets=targets,
        device=device,
        precision=precision,
    )
    return StanceClassifier(_load_scorer(config), judge_all=judge_all)


def _load_scorer(config: ModelConfig) -> Scorer:
    # Here, so that the checks above need no torch.
    if config.kind == "bundled":
        from stance.model.bundled import BundledScorer

        return BundledScorer(config)
    folder = foreign_folder(config.checkpoint, config.revision)
    from stance.model.hub import NliScorer, SequenceScorer

    if config.kind == "sequence-classification":
        return SequenceScorer(config, folder)
    return NliScorer(config, folder)
