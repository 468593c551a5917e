"""The mean of updates equals the mean of the dense matrices, as far as its rank allows."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from stance.checkpoint.adapter import Adapter, AdapterInfo
from stance.errors import ModelLoadError
from stance.training.averaging import average_updates

INFO = AdapterInfo("stance", "x", "small", 2, 2.0, ("against", "neutral", "favor"), 256, 96)


def _adapter(seed: int, *, rank: int = 2, scale: float = 2.0) -> Adapter:
    generator = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator)

    tensors = {
        "backbone.a.lora_A": random(rank, 7),
        "backbone.a.lora_B": random(5, rank),
        "backbone.b.lora_A": random(rank, 3),
        "backbone.b.lora_B": random(4, rank),
        "head.weight": random(3, 3),
    }
    return Adapter(replace(INFO, rank=rank, scale=scale), tensors)


def _dense(tensors: dict[str, torch.Tensor], module: str, scale: float) -> torch.Tensor:
    return scale * tensors[f"{module}.lora_B"] @ tensors[f"{module}.lora_A"]


@pytest.mark.parametrize(("count", "ranks"), [(2, (2, 2)), (3, (2, 2, 2)), (2, (1, 3))])
def test_at_the_stacked_rank_the_mean_is_exact(count: int, ranks: tuple[int, ...]) -> None:
    adapters = [_adapter(i, rank=r, scale=1.0 + i) for i, r in enumerate(ranks)]
    mean = average_updates(adapters, sum(ranks))
    for module in ("backbone.a", "backbone.b"):
        wanted = torch.stack([_dense(a.tensors, module, a.info.scale) for a in adapters]).mean(0)
        found = _dense(mean.tensors, module, mean.info.scale)
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)
        assert mean.tensors[f"{module}.lora_A"].shape[0] == mean.info.rank == sum(ranks)
    heads = torch.stack([a.tensors["head.weight"] for a in adapters]).mean(0)
    torch.testing.assert_close(mean.tensors["head.weight"], heads)
    assert mean.error == pytest.approx(0.0, abs=1e-6)


def test_cut_to_a_rank_it_is_the_nearest_and_the_error_is_told() -> None:
    adapters = [_adapter(i) for i in range(3)]
    mean = average_updates(adapters)
    left = whole = 0.0
    for module in ("backbone.a", "backbone.b"):
        wanted = torch.stack([_dense(a.tensors, module, 2.0) for a in adapters]).mean(0)
        values = torch.linalg.svdvals(wanted)
        found = _dense(mean.tensors, module, mean.info.scale)
        lost = float((wanted - found).norm())
        assert lost == pytest.approx(float(values[2:].norm()), rel=1e-4)
        left, whole = left + lost**2, whole + float(wanted.norm()) ** 2
    assert mean.error == pytest.approx((left / whole) ** 0.5, rel=1e-4)
    assert 0.05 < mean.error < 1
    assert mean.info.rank == 2


def test_it_is_not_the_mean_of_the_factors() -> None:
    adapters = [_adapter(1), _adapter(2)]
    mean = average_updates(adapters, 4)
    factors = {
        name: (adapters[0].tensors[name] + adapters[1].tensors[name]) / 2
        for name in adapters[0].tensors
    }
    gap = _dense(mean.tensors, "backbone.a", 2.0) - _dense(factors, "backbone.a", 2.0)
    assert float(gap.norm()) > 0.5


def test_one_adapter_is_its_own_mean() -> None:
    adapter = _adapter(3)
    mean = average_updates([adapter])
    found, wanted = (_dense(t, "backbone.a", 2.0) for t in (mean.tensors, adapter.tensors))
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)


def test_adapters_that_do_not_fit_are_named() -> None:
    first = _adapter(1)
    with pytest.raises(ModelLoadError, match="backbone 'small' and 'base'"):
        average_updates([first, replace(first, info=replace(INFO, backbone="base"))])
    with pytest.raises(ModelLoadError, match=r"of layers None and \(0, 2\)"):
        average_updates([first, replace(first, info=replace(INFO, layers=(0, 2)))])
    fewer = {k: v for k, v in first.tensors.items() if not k.startswith("backbone.b")}
    with pytest.raises(ModelLoadError, match=r"other layers: backbone\.b"):
        average_updates([first, replace(first, tensors=fewer)])
    with pytest.raises(ModelLoadError, match="at least one"):
        average_updates([])
