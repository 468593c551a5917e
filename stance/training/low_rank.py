"""Low-rank updates while training: PEFT's layers in, the adapter format out (Hu et al. 2021).

Both networks have a ``backbone``, whose linear layers get an update, and heads, which are trained
whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

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


def keep_layers(adapter: Adapter, layers: tuple[int, ...]) -> Adapter:
    """The part of an adapter that belongs to some layers of its backbone: a student's start.

    Args:
        adapter: left as it is.
        layers: numbers of the layers, ascending from 0.

    Raises:
        ConfigError: the adapter's network lacks one of the layers.
    """
    info = adapter.info
    if info.layers is not None and not set(layers) <= set(info.layers):
        raise ConfigError(
            f"the adapter {info.name!r} has only the layers {list(info.layers)} of its backbone, "
            f"and {list(layers)} are asked for"
        )
    tensors = {
        name: value
        for name, value in adapter.tensors.items()
        if (number := _layer_of(name)) is None or number in layers
    }
    return Adapter(replace(info, layers=layers), tensors)


def add_low_rank(network: nn.Module, shape: LowRank, start: Adapter | None = None) -> None:
    """Freeze a network's backbone and put low-rank updates on its linear layers, in place.

    A frozen layer gets an update only where the start has one, which then stays as it is. A rank
    above the start's adds directions without changing what the start computes.

    Args:
        network: has a ``backbone``.
        shape: of the updates.
        start: an adapter that training goes on from; None starts at no update.

    Raises:
        ConfigError: more layers are to be trained than the backbone has.
        ModelLoadError: the start is of another backbone or of a higher rank.
    """
    from peft import LoraConfig, inject_adapter_in_model

    backbone = network.get_submodule("backbone")
    linear = [name for name, m in backbone.named_modules() if isinstance(m, nn.Linear)]
    lowest = _lowest_trained(linear, shape.layers)
    trained = {name for name in linear if _is_trained(name, lowest)}
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
    lowest = _lowest_trained([name for name, _ in backbone.named_parameters()], layers)
    for name, parameter in backbone.named_parameters():
        if (name.endswith(".bias") or "LayerNorm" in name) and _is_trained(name, lowest):
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


def _layer_of(name: str) -> int | None:
    found = _LAYER.search(name)
    return None if found is None else int(found.group(1))


def _lowest_trained(names: Collection[str], layers: int | None) -> int | None:
    """Number of the lowest layer that is trained, None where the whole backbone is.

    Raises:
        ConfigError: the network has fewer layers than are to be trained.
    """
    numbers = sorted({number for name in names if (number := _layer_of(name)) is not None})
    if layers is None or layers == len(numbers):
        return None
    if not 1 <= layers < len(numbers):
        raise ConfigError(f"trainable_layers is {layers}: the backbone has {len(numbers)} layers")
    return numbers[-layers]


def _is_trained(name: str, lowest: int | None) -> bool:
    number = _layer_of(name)
    return lowest is None or (number is not None and number >= lowest)


def _load_start(network: nn.Module, start: Adapter, shape: LowRank) -> None:
    """Copy an adapter into fresh low-rank layers and heads."""
    info = start.info
    fresh = network.state_dict()
    places = {_plain(name): name for name in fresh}
    shapes = {name: tuple(value.shape) for name, value in fresh.items()}
    named = {}
    for name, value in start.tensors.items():
        place = places.get(name, name)
        named[place] = _at_rank(name, value.float(), fresh.get(place), info.scale / shape.scale)
    odd = sorted(n for n, value in named.items() if shapes.get(n) != tuple(value.shape))
    lacking = sorted(n for n in shapes if not n.startswith(_BACKBONE) and n not in named)
    if odd or lacking:
        raise ModelLoadError(
            f"the adapter {info.name!r} does not fit the {info.backbone!r} backbone and its heads: "
            f"{', '.join([*odd, *lacking][:3])}"
        )
    network.load_state_dict(named, strict=False)


def _at_rank(
    name: str, value: torch.Tensor, fresh: torch.Tensor | None, scale: float
) -> torch.Tensor:
    """A start's factor inside a fresh one of a rank as high or higher, whose B is zero.

    Args:
        name: of the tensor; one that is no factor of an update is given back.
        value: of the start.
        fresh: of the network; None where it has none.
        scale: of the start's update beside that of the network's, for B.
    """
    if fresh is None or value.ndim != fresh.ndim:
        return value
    if name.endswith(".lora_A") and value.shape[1] == fresh.shape[1]:
        return torch.cat([value, fresh[len(value) :].float()])
    if name.endswith(".lora_B") and len(value) == len(fresh):
        return torch.cat([value * scale, fresh[:, value.shape[1] :].float()], dim=1)
    return value
