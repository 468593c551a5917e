"""The adapter format: what is read back, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from stance.checkpoint.adapter import (
    Adapter,
    AdapterInfo,
    read_adapter,
    read_adapter_info,
    write_adapter,
)
from stance.checkpoint.files import sha256_of
from stance.checkpoint.low_rank import apply_adapter, merge_low_rank
from stance.config import WEIGHTS_DIR
from stance.errors import ModelLoadError
from stance.untrusted import checksum_of

INFO = AdapterInfo(
    task="stance", name="mine", backbone="small", rank=2, scale=0.5, labels=("yes", "no")
)


class Network(nn.Module):
    """A backbone of one layer and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(4, 3))
        self.head = nn.Linear(3, 2)


def _tensors(rank: int = 2) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return {
        "backbone.0.lora_A": torch.randn(rank, 4),
        "backbone.0.lora_B": torch.randn(3, rank),
        "head.weight": torch.randn(2, 3),
        "head.bias": torch.randn(2),
    }


def _changed(folder: Path, **fields: object) -> Path:
    write_adapter(folder, INFO, _tensors())
    path = folder / "adapter.json"
    record = {**json.loads(path.read_text(encoding="utf-8")), **fields}
    record = {name: value for name, value in record.items() if value != "gone"}
    if "checksum" not in fields:
        record["checksum"] = checksum_of(record)
    path.write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    info = write_adapter(tmp_path / "new" / "folder", INFO, _tensors())
    adapter = read_adapter(tmp_path / "new" / "folder")
    assert adapter.info == info == read_adapter_info(tmp_path / "new" / "folder")
    assert info.sha256 == sha256_of(tmp_path / "new" / "folder" / "adapter.safetensors")
    for name, value in _tensors().items():
        torch.testing.assert_close(adapter.tensors[name], value.half())
    names = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    assert names == ["adapter.json", "adapter.safetensors"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("format", 2, "format 2; this version reads 3"),
        ("format", "gone", "format None"),
        ("rank", "gone", "lacks the field rank"),
        ("colour", "red", "unknown field colour"),
        ("task", "poetry", "task is 'poetry': it must be stance or attribution"),
        ("name", " ", "name is ' '"),
        ("rank", 0, "rank is 0: it must be a whole number, 1 or more"),
        ("rank", True, "rank is True"),
        ("rank", 3, "not of rank 3"),
        ("scale", float("nan"), "scale is nan: it must be a number above 0"),
        ("scale", "2", "scale is '2'"),
        ("labels", ["yes", "yes"], "labels is"),
        ("labels", "yes", "labels is 'yes'"),
        ("max_length", 1.5, "max_length is 1.5"),
        ("max_context", -1, "max_context is -1"),
        ("layers", [], r"layers is \[\]: it must be a list of ascending layer numbers"),
        ("layers", [2, 0], r"layers is \[2, 0\]"),
        ("layers", [1, 1], r"layers is \[1, 1\]"),
        ("layers", [-1, 2], r"layers is \[-1, 2\]"),
        ("layers", [0, True], "layers is"),
        ("layers", "0", "layers is '0'"),
        ("layers", 6, "layers is 6"),
        ("sha256", "abc", "sha256 is 'abc': it must be 64 hex digits"),
        ("sha256", "0" * 64, "SHA-256"),
        ("checksum", "gone", "its checksum does not fit"),
        ("checksum", "0" * 64, "its checksum does not fit"),
        ("scale", float("inf"), "scale is inf"),
        ("scale", 1e300, "scale is 1e"),
        ("rank", 10**200, r"rank is 1000.*: it must"),
        ("max_length", 10**30, "max_length is 1000"),
        ("name", ["n"] * 90_000, r"name is \['n', .* characters\)"),
        ("k" * 90_000, 1, "unknown field kkk"),
        ("labels", [["a"], ["b"]], "labels is"),
        ("labels", {"a": 1}, "labels is"),
        ("task", ["stance"], "task is"),
        ("task", {}, "task is"),
        ("backbone", 5, "backbone is 5"),
        ("layers", {"0": 1}, "layers is"),
        ("layers", [10**30], "layers is"),
        ("format", [[[]]], "format"),
    ],
)
def test_a_malformed_field_is_named_with_its_file(
    tmp_path: Path, field: str, value: object, message: str
) -> None:
    with pytest.raises(ModelLoadError, match=message) as raised:
        read_adapter(_changed(tmp_path, **{field: value}))
    assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize("layers", [None, (0,), (0, 2, 4)])
def test_the_layers_are_stored_unless_all_are_used(
    tmp_path: Path, layers: tuple[int, ...] | None
) -> None:
    write_adapter(tmp_path, replace(INFO, layers=layers), _tensors())
    stored = json.loads((tmp_path / "adapter.json").read_text(encoding="utf-8"))
    assert stored.get("layers", "all") == (list(layers) if layers else "all")
    assert read_adapter(tmp_path).info.layers == layers
    assert read_adapter_info(_changed(tmp_path, layers=None)).layers is None


@pytest.mark.parametrize("content", ["", "{", "[]", "7", "\ufeff{}"])
def test_a_file_that_is_no_object_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "adapter.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelLoadError, match=r"adapter\.json"):
        read_adapter_info(tmp_path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match=r"cannot read .*adapter\.json"):
        read_adapter(tmp_path)
    write_adapter(tmp_path, INFO, _tensors())
    (tmp_path / "adapter.safetensors").unlink()
    with pytest.raises(ModelLoadError, match=r"adapter\.safetensors is missing"):
        read_adapter(tmp_path)


@pytest.mark.parametrize("keep", [0, 7, 100, -1])
def test_truncated_weights_are_refused_whatever_their_hash(tmp_path: Path, keep: int) -> None:
    write_adapter(tmp_path, INFO, _tensors())
    weights = tmp_path / "adapter.safetensors"
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(ModelLoadError, match="SHA-256"):
        read_adapter(tmp_path)
    record = json.loads((tmp_path / "adapter.json").read_text(encoding="utf-8"))
    record["sha256"] = sha256_of(weights)
    record["checksum"] = checksum_of(record)
    (tmp_path / "adapter.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelLoadError, match="no safetensors file"):
        read_adapter(tmp_path)


def test_tensors_that_cannot_be_are_not_written(tmp_path: Path) -> None:
    for change, message in (
        ({"head.bias": torch.tensor([1.0, float("inf")])}, "head.bias is not of finite numbers"),
        ({"head.bias": torch.tensor([1.0, 1e6])}, "head.bias is not of finite numbers"),
        ({"backbone.0.lora_B": torch.zeros(3, 4)}, r"lora_B has the shape \(3, 4\)"),
        ({"backbone.1.lora_A": torch.zeros(2, 3)}, "lacks its partner .lora_B"),
    ):
        with pytest.raises(ModelLoadError, match=message):
            write_adapter(tmp_path / "a", INFO, {**_tensors(), **change})
    with pytest.raises(ModelLoadError, match="holds no tensor"):
        write_adapter(tmp_path / "a", INFO, {})
    assert not (tmp_path / "a").exists()


def test_merging_adds_the_scaled_product() -> None:
    network = Network()
    before = network.backbone[0].weight.detach().clone()
    tensors = _tensors()
    apply_adapter(network, Adapter(INFO, tensors))
    product = tensors["backbone.0.lora_B"] @ tensors["backbone.0.lora_A"]
    torch.testing.assert_close(network.backbone[0].weight.detach(), before + 0.5 * product)
    torch.testing.assert_close(network.head.weight.detach(), tensors["head.weight"])


@pytest.mark.parametrize(
    ("gone", "added", "message"),
    [
        ("head.bias", {}, "missing head.bias"),
        ("", {"foot.bias": torch.zeros(2)}, "foot.bias"),
        ("", {"head.bias": torch.zeros(3)}, "another shape head.bias"),
        ("", {"backbone.7.lora_A": torch.zeros(2, 4)}, "at 'backbone.7'"),
        ("", {"backbone.0.lora_A": torch.zeros(2, 9)}, "at 'backbone.0'"),
    ],
)
def test_an_adapter_of_another_network_is_refused(
    gone: str, added: dict[str, torch.Tensor], message: str
) -> None:
    tensors = {**_tensors(), **added}
    tensors.pop(gone, None)
    with pytest.raises(ModelLoadError, match=message):
        apply_adapter(Network(), Adapter(INFO, tensors))


def test_a_lone_half_of_an_update_is_refused() -> None:
    with pytest.raises(ModelLoadError, match="'0'"):
        merge_low_rank(nn.Sequential(nn.Linear(4, 3)), {"0.lora_A": torch.zeros(2, 4)}, 1.0)


@pytest.mark.parametrize("name", ["small", "base", "attribution"])
def test_the_bundled_adapters_are_of_this_format(name: str) -> None:
    adapter = read_adapter(WEIGHTS_DIR / name)
    assert adapter.info.name == name
    assert adapter.info.task == ("attribution" if name == "attribution" else "stance")
    assert sum(value.numel() for value in adapter.tensors.values()) > 1_000_000


def test_the_files_are_plain_safetensors(tmp_path: Path) -> None:
    write_adapter(tmp_path, INFO, _tensors())
    assert load_file(tmp_path / "adapter.safetensors").keys() == _tensors().keys()
    save_file({"x": torch.zeros(1, dtype=torch.int64)}, tmp_path / "adapter.safetensors")
    record = json.loads((tmp_path / "adapter.json").read_text(encoding="utf-8"))
    record["sha256"] = sha256_of(tmp_path / "adapter.safetensors")
    record["checksum"] = checksum_of(record)
    (tmp_path / "adapter.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelLoadError, match="tensor x is not of finite numbers"):
        read_adapter(tmp_path)


@pytest.mark.parametrize("content", ['{"scale": ' + "9" * 400 + "}", "[" * 100_000, "[]", "{"])
def test_a_hostile_file_of_facts_is_one_message(tmp_path: Path, content: str) -> None:
    (tmp_path / "adapter.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelLoadError, match=r"adapter\.json"):
        read_adapter_info(tmp_path)
