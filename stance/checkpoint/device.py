"""The device that a network runs on."""

from __future__ import annotations

import os
import re

import torch

from stance.errors import ConfigError

_KNOWN = re.compile(r"cpu|mps|(cuda|xpu)(:\d{1,2})?")


_process = os.getpid()


def ready_to_compute() -> None:
    """Keep torch to one thread in a forked process; called before loading and forward passes.

    The threads that torch started before a fork do not exist behind it, and it would wait for them
    for ever. Whoever forks has a process for every core, so that nothing is lost.
    """
    global _process
    if os.getpid() != _process:
        torch.set_num_threads(1)
        _process = os.getpid()


def pick_device(name: str | None) -> torch.device:
    """The named device; without a name ``cuda`` where it is, else ``cpu``.

    Args:
        name: ``cpu``, ``cuda``, ``cuda:1`` and so on, ``mps``, ``xpu``, or None.

    Raises:
        ConfigError: the name is no such device, or the device is not there.
    """
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if not isinstance(name, str) or not _KNOWN.fullmatch(name):
        raise ConfigError(
            f"device is {name!r}: use cpu, cuda, cuda:0 (or another number), mps, xpu"
        )
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(f"device {name!r} is not available: {error}") from error
    return device
