"""The number format that a network computes in."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from stance.errors import ConfigError

if TYPE_CHECKING:
    import torch

Precision = Literal["fp32", "bf16"]
PrecisionChoice = Literal["auto", "fp32", "bf16"]

_INSTRUCTIONS = ("avx512_bf16", "amx_bf16")
# What oneDNN, which multiplies for torch, may be held to: here it multiplies bf16 without the
# instructions, far slower than fp32.
_HELD_BELOW = ("SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX512_CORE", "AVX512_CORE_VNNI")


def pick_precision(choice: PrecisionChoice | None, device: torch.device) -> Precision:
    """The number format for a device.

    Args:
        choice: ``fp32`` (32 bits, the reference); ``bf16`` (bfloat16, 16 bits, twice as fast where
            the device multiplies it); ``auto`` or None: ``bf16`` where the device multiplies it,
            else ``fp32``. It depends on the device alone, so that equal machines choose alike.
        device: from :func:`stance.checkpoint.pick_device`.

    Raises:
        ConfigError: there is no such format, or the device does not multiply it.
    """
    if choice is not None and choice not in get_args(PrecisionChoice):
        raise ConfigError(
            f"precision is {choice!r}: use one of {', '.join(get_args(PrecisionChoice))}"
        )
    if choice == "fp32":
        return "fp32"
    able = multiplies_bf16(device)
    if choice == "bf16" and not able:
        raise ConfigError(
            f"precision is 'bf16', which this machine's {device.type} does not multiply: use fp32, "
            "or auto, which picks what the machine can"
        )
    return "bf16" if able else "fp32"


def multiplies_bf16(device: torch.device) -> bool:
    """Whether a device has instructions for bfloat16 that are in use."""
    if device.type == "cuda":
        import torch

        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type != "cpu":
        return False
    if os.environ.get("ONEDNN_MAX_CPU_ISA", "").upper() in _HELD_BELOW:
        return False
    return any(name in _processor_flags() for name in _INSTRUCTIONS)


def dtype_of(precision: Precision) -> torch.dtype:
    """Torch's name of a number format."""
    import torch

    return torch.bfloat16 if precision == "bf16" else torch.float32


@cache
def _processor_flags() -> frozenset[str]:
    """What the processor can do, by the names that Linux and torch have for it."""
    import torch

    if hasattr(torch.cpu, "get_capabilities"):  # since torch 2.10
        found = torch.cpu.get_capabilities()
        return frozenset(str(name) for name, value in found.items() if value is True)
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.split())
