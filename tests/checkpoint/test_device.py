"""Which devices are taken."""

from __future__ import annotations

import pytest
import torch

from stance.checkpoint import pick_device
from stance.errors import ConfigError


def test_the_processor_is_always_there() -> None:
    assert pick_device("cpu") == torch.device("cpu")
    assert pick_device(None).type in ("cpu", "cuda")


@pytest.mark.parametrize(
    "name",
    ["warp", "meta", "privateuseone", "hpu", "cpu:x", "cuda:", "cuda:-1", "CPU", "", "gpu", 3],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"device is .*use cpu, cuda"):
        pick_device(name)


@pytest.mark.parametrize("name", ["cuda:99", "xpu:98"])
def test_a_device_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="is not available"):
        pick_device(name)
