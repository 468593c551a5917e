"""The device that a network runs on."""

from __future__ import annotations

import torch

from stance.errors import ConfigError


def pick_device(name: str | None) -> torch.device:
    """The named device; without a name ``cuda`` where it is, else ``cpu``.

    Raises:
        ConfigError: the device is not there.
    """
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(f"device {name!r} is not available: {error}") from error
    return device
