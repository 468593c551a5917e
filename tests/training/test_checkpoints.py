"""Checkpoints of a run that were damaged are named, with the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from stance.errors import ConfigError, DataError
from stance.training.checkpoints import (
    OPTIMIZER,
    STATE,
    WEIGHTS,
    load_generators,
    load_optimizer,
    load_trained,
    save_generators,
    save_optimizer,
    save_trained,
)


def parts() -> tuple[torch.nn.Module, torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    network = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.ones(3)).sum().backward()
    optimizer.step()
    return network, optimizer, torch.optim.lr_scheduler.ConstantLR(optimizer)


def save_all(folder: Path) -> None:
    network, optimizer, schedule = parts()
    save_trained(network, folder)
    save_optimizer(optimizer, schedule, folder)
    save_generators(folder)


def load_all(folder: Path) -> None:
    network, optimizer, schedule = parts()
    load_trained(network, folder)
    load_optimizer(optimizer, schedule, folder)
    load_generators(folder)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut": lambda content: content[: len(content) // 2],
    "zeros": lambda content: bytes(len(content)),
    "other": lambda content: b'{"groups": 3, "python": [], "numpy": null}',
    "huge header": lambda content: b"\xff" * 8 + content,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [WEIGHTS, OPTIMIZER, STATE])
def test_a_damaged_file_is_named_with_its_folder(name: str, damage: str, tmp_path: Path) -> None:
    save_all(tmp_path)
    load_all(tmp_path)
    (tmp_path / name).write_bytes(DAMAGES[damage]((tmp_path / name).read_bytes()))
    with pytest.raises(ConfigError, match="delete that folder") as raised:
        load_all(tmp_path)
    assert str(tmp_path) in str(raised.value)


def test_a_state_that_nests_too_deep_is_named_too(tmp_path: Path) -> None:
    save_all(tmp_path)
    (tmp_path / STATE).write_text("[" * 100_000)
    with pytest.raises(ConfigError, match="nests too deep; delete that folder"):
        load_all(tmp_path)


def test_what_cannot_be_written_is_one_of_our_errors(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(DataError, match="cannot write"):
        save_all(tmp_path / "file" / "checkpoint-3")
    assert (tmp_path / "file").read_text() == "mine"
