"""Checkpoints of a run that hold only what is trained, as safetensors and JSON.

The Transformers ``Trainer`` would pickle the optimizer's and the random generators' state and save
the whole network. Here nothing is pickled, so that nothing that is read back can run code, and a
checkpoint of a 110-million-parameter backbone takes some ten megabytes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import nn

from stance.errors import ConfigError
from stance.files import write_bytes, write_text
from stance.untrusted import parse_json

WEIGHTS = "trained.safetensors"
OPTIMIZER = "optimizer.safetensors"
STATE = "state.json"


class Stateful(Protocol):
    """An optimizer or a schedule, bare or wrapped."""

    def state_dict(self) -> dict[str, object]:
        """What it remembers."""

    def load_state_dict(self, state_dict: dict[str, object]) -> object:
        """Remember it again."""


def save_trained(network: nn.Module, folder: Path) -> None:
    """Write the parameters that are trained.

    Raises:
        DataError: the disk is full, or the folder cannot be written.
    """
    tensors = {n: p.detach().cpu() for n, p in network.named_parameters() if p.requires_grad}
    _write(tensors, folder / WEIGHTS)


def load_trained(network: nn.Module, folder: Path) -> None:
    """Read what :func:`save_trained` wrote into the same network.

    Raises:
        ConfigError: it was damaged since.
    """
    with _readable(folder), torch.no_grad():
        tensors = load_file(folder / WEIGHTS)
        for name, parameter in network.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(tensors[name])


def save_optimizer(optimizer: Stateful, scheduler: Stateful, folder: Path) -> None:
    """Write the state of an optimizer (tensors by parameter) and of its schedule (numbers).

    Raises:
        DataError: the disk is full, or the folder cannot be written.
    """
    state = cast(dict[str, Any], optimizer.state_dict())
    tensors = {
        f"{number}.{key}": torch.as_tensor(value).detach().cpu().clone()
        for number, entries in state["state"].items()
        for key, value in entries.items()
    }
    _write(tensors, folder / OPTIMIZER)
    _update(folder, {"groups": state["param_groups"], "schedule": _plain(scheduler.state_dict())})


def load_optimizer(optimizer: Stateful, scheduler: Stateful, folder: Path) -> None:
    """Read what :func:`save_optimizer` wrote.

    Raises:
        ConfigError: it was damaged since.
    """
    with _readable(folder):
        stored = _state(folder)
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, value in load_file(folder / OPTIMIZER).items():
            number, key = name.split(".", 1)
            state.setdefault(int(number), {})[key] = value
        optimizer.load_state_dict({"state": state, "param_groups": stored["groups"]})
        scheduler.load_state_dict({**scheduler.state_dict(), **stored["schedule"]})


def save_generators(folder: Path) -> None:
    """Write the state of Python's, numpy's and torch's random generators.

    Raises:
        DataError: the disk is full, or the folder cannot be written.
    """
    kind, keys, position, has_gauss, gauss = cast(Any, np.random.get_state())
    version, words, normal = random.getstate()
    state: dict[str, object] = {
        "python": [version, list(words), normal],
        "numpy": [kind, keys.tolist(), position, has_gauss, gauss],
        "torch": torch.random.get_rng_state().tolist(),
    }
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.random.get_rng_state().tolist()
    _update(folder, state)


def load_generators(folder: Path) -> None:
    """Read what :func:`save_generators` wrote.

    Raises:
        ConfigError: it was damaged since.
    """
    with _readable(folder):
        state = _state(folder)
        version, words, normal = state["python"]
        random.setstate((version, tuple(words), normal))
        kind, keys, position, has_gauss, gauss = state["numpy"]
        np.random.set_state((kind, np.array(keys, dtype=np.uint32), position, has_gauss, gauss))
        torch.random.set_rng_state(torch.tensor(state["torch"], dtype=torch.uint8))
        if "cuda" in state and torch.cuda.is_available():
            torch.cuda.random.set_rng_state(torch.tensor(state["cuda"], dtype=torch.uint8))


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Whatever is wrong with a checkpoint says which one it is, and the way out."""
    try:
        yield
    except (SafetensorError, OSError, LookupError, ValueError, TypeError, RuntimeError) as error:
        raise ConfigError(
            f"cannot go on from {folder}, which was damaged: {error}; delete that folder, and what "
            "it held is trained again"
        ) from error


def _write(tensors: Mapping[str, torch.Tensor], path: Path) -> None:
    write_bytes(path, save(dict(tensors)), overwrite=True)


def _plain(state: dict[str, object]) -> dict[str, object]:
    """A schedule's numbers; its functions are made anew."""
    return {
        key: value
        for key, value in state.items()
        if isinstance(value, (int, float, bool, list)) and key != "lr_lambdas"
    }


def _update(folder: Path, values: dict[str, object]) -> None:
    path = folder / STATE
    stored = _state(folder) if path.is_file() else {}
    write_text(path, json.dumps({**stored, **values}), overwrite=True)


def _state(folder: Path) -> dict[str, Any]:
    return cast(dict[str, Any], parse_json((folder / STATE).read_text(encoding="utf-8")))
