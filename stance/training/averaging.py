"""The mean of several adapters' updates.

An update is a product, so the mean of two updates is not the product of their factors' means:
mean(B) mean(A) != mean(B A). The exact mean of k updates of rank r has rank k r at most; it is
built by stacking the factors, and cut to the wanted rank by its singular values, which is the
nearest matrix of that rank (Eckart and Young 1936). Averaging of runs from one start follows
Wortsman et al. 2022, "Model soups".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from stance.checkpoint import Adapter, AdapterInfo
from stance.errors import ModelLoadError

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Average:
    """A mean of adapters.

    Attributes:
        info: of the mean; its hash is that of none of them.
        tensors: float32.
        error: what cutting to the rank left out, as a share of the mean updates' Frobenius norm
            over all layers, in [0, 1].
    """

    info: AdapterInfo
    tensors: Tensors
    error: float


def average_updates(adapters: Sequence[Adapter], rank: int | None = None) -> Average:
    """Average adapters that were trained from one start.

    Heads and other whole tensors are averaged number by number, which means something only where
    they share a start.

    Args:
        adapters: of one task, backbone and set of layers.
        rank: of the mean; None keeps the rank of the first.

    Raises:
        ModelLoadError: there are none, or they do not fit together.
    """
    if not adapters:
        raise ModelLoadError("an average needs at least one adapter")
    first = adapters[0]
    for other in adapters[1:]:
        _check_alike(first, other)
    rank = rank or first.info.rank
    tensors: Tensors = {}
    left = total = 0.0
    for name in first.tensors:
        if name.endswith(".lora_B"):
            continue
        if not name.endswith(".lora_A"):
            stacked = torch.stack([adapter.tensors[name].float() for adapter in adapters])
            tensors[name] = stacked.mean(0)
            continue
        module = name.removesuffix(".lora_A")
        down, up, lost, norm = _mean_update(adapters, module, rank)
        # The stored update is multiplied by the scale when it is merged.
        tensors[f"{module}.lora_A"], tensors[f"{module}.lora_B"] = down, up / first.info.scale
        left, total = left + lost, total + norm
    info = replace(first.info, rank=rank, sha256="")
    return Average(info, tensors, (left / total) ** 0.5 if total else 0.0)


def _check_alike(first: Adapter, other: Adapter) -> None:
    for key in ("task", "backbone", "layers", "labels", "max_length", "max_context"):
        a, b = getattr(first.info, key), getattr(other.info, key)
        if a != b:
            raise ModelLoadError(f"cannot average adapters of {key} {a!r} and {b!r}")
    if first.tensors.keys() != other.tensors.keys():
        odd = sorted(first.tensors.keys() ^ other.tensors.keys())
        raise ModelLoadError(f"cannot average adapters of other layers: {', '.join(odd[:3])}")


def _mean_update(
    adapters: Sequence[Adapter], module: str, rank: int
) -> tuple[torch.Tensor, torch.Tensor, float, float]:
    """Factors ``[rank, in]`` and ``[out, rank]`` of a mean update, and squared norms.

    Returns:
        Down and up factor of the scaled update, the squared norm that was cut off, and the whole.
    """
    down = torch.cat([a.tensors[f"{module}.lora_A"].double() for a in adapters])
    up = torch.cat(
        [a.tensors[f"{module}.lora_B"].double() * a.info.scale / len(adapters) for a in adapters],
        dim=1,
    )
    # The singular values of up @ down, from the small factors alone.
    q_up, r_up = torch.linalg.qr(up)
    q_down, r_down = torch.linalg.qr(down.T)
    left, values, right = torch.linalg.svd(r_up @ r_down.T)
    kept = min(rank, len(values))
    root = values[:kept].sqrt()
    new_up, new_down = up.new_zeros(len(up), rank), down.new_zeros(rank, down.shape[1])
    new_up[:, :kept] = (q_up @ left[:, :kept]) * root
    new_down[:kept] = root[:, None] * (right[:kept] @ q_down.T)
    squares = values.square()
    return new_down.float(), new_up.float(), float(squares[kept:].sum()), float(squares.sum())
