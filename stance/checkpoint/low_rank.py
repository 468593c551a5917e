"""Merging of an adapter into a network, so that inference costs what the backbone costs."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from stance.checkpoint.adapter import Adapter
from stance.errors import ModelLoadError

_BACKBONE = "backbone."


def merge_low_rank(module: nn.Module, tensors: Mapping[str, torch.Tensor], scale: float) -> None:
    """Add low-rank updates to a module's weights: ``W += scale * B @ A`` (Hu et al. 2021).

    Args:
        module: changed in place.
        tensors: ``<submodule>.lora_A`` ``[r, in]`` and ``<submodule>.lora_B`` ``[out, r]``; other
            names are passed over.
        scale: alpha / r.

    Raises:
        ModelLoadError: a tensor has no partner, or names no weight of its shape.
    """
    names = {n.rsplit(".", 1)[0] for n in tensors if n.endswith((".lora_A", ".lora_B"))}
    weights = dict(module.named_parameters())
    for name in sorted(names):
        try:
            down, up = tensors[f"{name}.lora_A"], tensors[f"{name}.lora_B"]
            with torch.no_grad():
                weights[f"{name}.weight"].add_(up.float() @ down.float(), alpha=scale)
        except (KeyError, RuntimeError) as error:
            raise ModelLoadError(f"the adapter does not fit the backbone at {name!r}") from error


def apply_adapter(network: nn.Module, adapter: Adapter) -> None:
    """Merge an adapter's low-rank updates and set every other tensor it holds.

    Args:
        network: has a ``backbone`` with its weights already loaded; changed in place.
        adapter: must hold every parameter of the network outside the backbone.

    Raises:
        ModelLoadError: a tensor has no place in the network or another shape, or one is missing.
    """
    whole = {
        name: value.float()
        for name, value in adapter.tensors.items()
        if not name.endswith((".lora_A", ".lora_B"))
    }
    state = network.state_dict()
    shapes = {name: value.shape for name, value in state.items()}
    missing = [n for n in state if not n.startswith(_BACKBONE) and n not in whole]
    unfit = [n for n, value in whole.items() if shapes.get(n) != value.shape]
    if missing or unfit:
        raise ModelLoadError(
            f"the adapter {adapter.info.name!r} does not fit its network: missing "
            f"{', '.join(missing[:3]) or 'none'}; unknown or of another shape "
            f"{', '.join(unfit[:3]) or 'none'}"
        )
    network.load_state_dict(whole, strict=False)
    merge_low_rank(network, adapter.tensors, adapter.info.scale)
