"""Low-rank updates while training: PEFT's layers in, the adapter format out (Hu et al. 2021).

Both networks have a ``backbone``, whose linear layers get an update, and heads, which are trained
whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import nn

from stance.checkpoint import Adapter
from stance.errors import ConfigError, ModelLoadError

_LAYER = re.compile(r"\blayers?\.(\d+)\.")
_BACKBONE = "backbone."


@dataclass(frozen=True, slots=True)
class LowRank:
    """The shape of the updates.

    Attributes:
        rank: of each update.
        scale: factor of the update, alpha / rank.
        dropout: of its input while training.
        layers: how many of the upper layers are trained; None trains all.
    """

    rank: int
    scale: float
    dropout: float = 0.0
    layers: int | None = None


def add_low_rank(network: nn.Module, shape: LowRank, start: Adapter | None = None) -> None:
    """Freeze a network's backbone and put low-rank updates on its linear layers, in place.

    A frozen layer gets an update only where the start has one, which then stays as it is.

    Args:
        network: has a ``backbone``.
        shape: of the updates.
        start: an adapter that training goes on from; None starts at no update.

    Raises:
        ConfigError: more layers are to be trained than the backbone has.
        ModelLoadError: the start is of another backbone, rank or scale.
    """
    from peft import LoraConfig, inject_adapter_in_model

    backbone = network.get_submodule("backbone")
    linear = [name for name, m in backbone.named_modules() if isinstance(m, nn.Linear)]
    frozen = _count_frozen(linear, shape.layers)
    trained = {name for name in linear if _is_trained(name, frozen)}
    held = {
        name.removeprefix(_BACKBONE).removesuffix(".lora_A")
        for name in (start.tensors if start else ())
        if name.endswith(".lora_A")
    }
    config = LoraConfig(
        r=shape.rank,
        lora_alpha=shape.scale * shape.rank,  # type: ignore[arg-type]  # divided by r, no more
        lora_dropout=shape.dropout,
        target_modules=sorted(trained | (held & set(linear))),
    )
    inject_adapter_in_model(config, backbone)
    if start is not None:
        _load_start(network, start, shape)
    for name, parameter in backbone.named_parameters():
        parameter.requires_grad_(".lora_" in name and name.split(".lora_")[0] in trained)


def train_norms_and_biases(network: nn.Module, layers: int | None = None) -> None:
    """Also train the backbone's biases and layer norms; ``layers`` as in :class:`LowRank`."""
    backbone = network.get_submodule("backbone")
    frozen = _count_frozen([name for name, _ in backbone.named_parameters()], layers)
    for name, parameter in backbone.named_parameters():
        if (name.endswith(".bias") or "LayerNorm" in name) and _is_trained(name, frozen):
            parameter.requires_grad_(True)


def adapter_tensors(network: nn.Module) -> dict[str, torch.Tensor]:
    """What an adapter stores: the updates, the heads, and trained tensors of the backbone."""
    trained = {name for name, p in network.named_parameters() if p.requires_grad}
    tensors: dict[str, torch.Tensor] = {}
    for name, value in network.state_dict().items():
        if not name.startswith(_BACKBONE) or ".lora_" in name or name in trained:
            tensors[_plain(name)] = value
    return tensors


def _plain(name: str) -> str:
    """A parameter's name without what PEFT puts into it."""
    return name.replace(".base_layer.", ".").replace(".default.weight", "")


def _count_frozen(names: Collection[str], layers: int | None) -> int:
    """How many of the lower layers are not trained.

    Raises:
        ConfigError: the backbone has fewer layers than are to be trained.
    """
    numbers = [int(found.group(1)) for name in names if (found := _LAYER.search(name))]
    count = max(numbers, default=-1) + 1
    if layers is None:
        return 0
    if not 1 <= layers <= count:
        raise ConfigError(f"trainable_layers is {layers}: the backbone has {count} layers")
    return count - layers


def _is_trained(name: str, frozen: int) -> bool:
    found = _LAYER.search(name)
    return frozen == 0 or (found is not None and int(found.group(1)) >= frozen)


def _load_start(network: nn.Module, start: Adapter, shape: LowRank) -> None:
    """Copy an adapter into fresh low-rank layers and heads."""
    info = start.info
    if (info.rank, info.scale) != (shape.rank, shape.scale):
        raise ModelLoadError(
            f"the adapter {info.name!r} has rank {info.rank} and scale {info.scale:g}, not rank "
            f"{shape.rank} and scale {shape.scale:g}: start from it with its own"
        )
    places = {_plain(name): name for name in network.state_dict()}
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    named = {places.get(name, name): value.float() for name, value in start.tensors.items()}
    odd = sorted(n for n, value in named.items() if shapes.get(n) != tuple(value.shape))
    lacking = sorted(n for n in shapes if not n.startswith(_BACKBONE) and n not in named)
    if odd or lacking:
        raise ModelLoadError(
            f"the adapter {info.name!r} does not fit the {info.backbone!r} backbone and its heads: "
            f"{', '.join([*odd, *lacking][:3])}"
        )
    network.load_state_dict(named, strict=False)
