"""``stance info``: versions, checkpoint, device, and where the backbones lie."""

from __future__ import annotations

import platform
from importlib.metadata import version

import stance
from stance.cli.common import (
    CheckpointOption,
    DeviceOption,
    app,
    clean_errors,
    show,
)


@app.command("info")
@clean_errors
def info_command(
    checkpoint: CheckpointOption = "default",
    device: DeviceOption = None,
) -> None:
    """Show versions, the checkpoint and its hash, the device, and where the backbones lie.

    No model is loaded and nothing is fetched.
    """
    from stance.checkpoint import pick_device, pick_precision

    place = pick_device(device)
    rows: list[tuple[str, object]] = [
        ("stance", stance.__version__),
        ("python", platform.python_version()),
        *((name, version(name)) for name in ("torch", "transformers", "tokenizers")),
        *_checkpoint(checkpoint, device),
        ("device", place),
        ("precision", f"{pick_precision('auto', place)} by default"),
        *_backbones(),
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        show(f"{name:<{width}}  {value}")


def _checkpoint(name: str, device: str | None) -> list[tuple[str, object]]:
    """What the checkpoint's own files say; the weights are compared with their hash."""
    from stance.checkpoint import WEIGHTS_NAME, check_sha256, read_adapter_info
    from stance.model import Calibration, read_model_config

    config = read_model_config(name, device=device)
    rows: list[tuple[str, object]] = [("kind", config.kind), ("checkpoint", config.checkpoint)]
    if config.kind != "bundled":
        return [*rows, ("revision", config.revision or "not pinned")]
    info = read_adapter_info(config.adapter)
    check_sha256(config.adapter / WEIGHTS_NAME, info.sha256)
    if info.task == "attribution":
        task = ("task", "attribution: a tagger, for `stance analyze --extractor`")
        return [*rows, task, ("folder", config.adapter), ("backbone", info.backbone)]
    calibration = Calibration.load(config.adapter / "calibration.json")
    context = calibration.context_temperature or calibration.stance_temperature
    return [
        *rows,
        ("folder", config.adapter),
        ("sha256", info.sha256),
        ("backbone", info.backbone),
        ("layers", "all" if info.layers is None else ", ".join(map(str, info.layers))),
        ("labels", ", ".join(info.labels)),
        ("max_length", f"{info.max_length} tokens, {info.max_context} of them context"),
        ("stance temperature", f"{calibration.stance_temperature:.3f}"),
        ("  with a context", f"{context:.3f}"),
        ("stance bias", ", ".join(f"{value:+.3f}" for value in calibration.stance_bias)),
        ("sentiment temperature", f"{calibration.sentiment_temperature:.3f}"),
    ]


def _backbones() -> list[tuple[str, object]]:
    """Where each backbone lies, by name and not by reading it."""
    from stance.checkpoint import BACKBONES, cache_dir, download_name, find_backbone

    rows: list[tuple[str, object]] = [("cache", cache_dir())]
    for name, spec in BACKBONES.items():
        found = find_backbone(name)
        where = f"not here yet: stance download {download_name(name)}"
        if found is not None:
            where = f"{found.path} ({found.source})"
        rows += [(f"backbone {name}", where), ("  model.safetensors", f"sha256 {spec.sha256}")]
    return rows
