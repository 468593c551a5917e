"""Adapters on disk: what was trained on top of a backbone, in one format for every network.

A folder holds ``adapter.safetensors`` and ``adapter.json``. The tensors are low-rank updates
(``<module>.lora_A`` and ``<module>.lora_B``, Hu et al. 2021, "LoRA") and whole tensors, such as
heads; names that start with ``backbone.`` belong to the backbone. They name a layer by its number
in the whole backbone, also where the network has only some of its layers. The JSON file says how to
read the tensors, and holds the SHA-256 of their file and a checksum of its own content.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from stance.checkpoint.files import check_sha256
from stance.errors import ModelLoadError
from stance.files import write_bytes, write_text
from stance.untrusted import EDITED, checksum_of, in_short, read_json_object

if TYPE_CHECKING:
    import torch

ADAPTER_FORMAT = 3
INFO_NAME = "adapter.json"
WEIGHTS_NAME = "adapter.safetensors"
Task = Literal["stance", "attribution"]


@dataclass(frozen=True, slots=True)
class AdapterInfo:
    """What ``adapter.json`` says of an adapter.

    Attributes:
        task: which network it belongs to: ``stance`` judges pairs, ``attribution`` finds quotes.
        name: what its trainer called it.
        backbone: name of the backbone it was trained on, ``small`` or ``base``; a bundled adapter
            of one name may belong to the backbone of the other.
        rank: rank of the low-rank updates, 1 or more.
        scale: factor of the updates (alpha / rank), above 0.
        labels: of the output's columns, in their order.
        max_length: tokens the network reads at once, special tokens included; None where the
            network cuts texts of any length into windows.
        max_context: tokens of a statement's context that are read; None without contexts.
        layers: numbers of the backbone's transformer layers that the network has, counted from 0
            and ascending; None has all, and is left out of the file.
        sha256: of ``adapter.safetensors``, 64 hex digits; :func:`write_adapter` fills it in.
    """

    task: Task
    name: str
    backbone: str
    rank: int
    scale: float
    labels: tuple[str, ...]
    max_length: int | None = None
    max_context: int | None = None
    layers: tuple[int, ...] | None = None
    sha256: str = ""

    def to_record(self) -> dict[str, object]:
        """The content of ``adapter.json``."""
        record = {"format": ADAPTER_FORMAT, **asdict(self), "labels": list(self.labels)}
        if self.layers is None:
            del record["layers"]
        else:
            record["layers"] = list(self.layers)
        return {**record, "checksum": checksum_of(record)}


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter that was read and checked."""

    info: AdapterInfo
    tensors: dict[str, torch.Tensor]


def read_adapter_info(folder: Path) -> AdapterInfo:
    """Read ``adapter.json`` alone, without the weights.

    Raises:
        ModelLoadError: the file is missing, of another format, or a field is missing, unknown or
            out of range.
    """
    path = folder / INFO_NAME
    return _info_of(read_json_object(path, error=ModelLoadError), path)


def read_adapter(folder: Path) -> Adapter:
    """Read an adapter folder and check its weights.

    Raises:
        ModelLoadError: a file is missing, damaged or of another format; or a tensor is not of
            finite floating-point numbers, or a low-rank update lacks its partner or has another
            rank than ``adapter.json`` says.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from stance.checkpoint.device import ready_to_compute

    ready_to_compute()
    info = read_adapter_info(folder)
    path = folder / WEIGHTS_NAME
    check_sha256(path, info.sha256)
    try:
        tensors: dict[str, torch.Tensor] = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelLoadError(f"{path} is no safetensors file: {error}") from error
    _check_tensors(tensors, info, path)
    return Adapter(info, tensors)


def write_adapter(
    folder: Path, info: AdapterInfo, tensors: Mapping[str, torch.Tensor]
) -> AdapterInfo:
    """Write an adapter folder; each file appears whole or not at all.

    Args:
        folder: made where it is not there; an adapter in it is replaced.
        info: of the adapter; its ``sha256`` is not read.
        tensors: stored as float16.

    Returns:
        The info with the hash of the file written.

    Raises:
        ModelLoadError: the info or a tensor is not what :func:`read_adapter` takes.
    """
    import torch
    from safetensors.torch import save

    half = {
        name: value.detach().to("cpu", torch.float16).contiguous().clone()
        for name, value in tensors.items()
    }
    _check_tensors(half, info, folder / WEIGHTS_NAME)
    content = save(half)
    info = replace(info, sha256=hashlib.sha256(content).hexdigest())
    _info_of(info.to_record(), folder / INFO_NAME)
    write_bytes(folder / WEIGHTS_NAME, content, overwrite=True)
    text = json.dumps(info.to_record(), indent=1) + "\n"
    write_text(folder / INFO_NAME, text, overwrite=True)
    return info


_MOST_WHOLE = 1 << 20
_MOST_SCALE = 1000.0


def _is_whole(value: object, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= _MOST_WHOLE


def _is_positive(value: object) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 < cast(float, value) <= _MOST_SCALE


def _are_labels(value: object) -> bool:
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        return False
    return len(value) == len(set(value)) >= 2


def are_layers(value: object) -> bool:
    """Whether a value is a list or tuple of ascending numbers from 0, one or more."""
    if not isinstance(value, (list, tuple)) or not all(_is_whole(number, 0) for number in value):
        return False
    return len(value) > 0 and list(value) == sorted(set(value))


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


LAYERS = "a list of ascending layer numbers, counted from 0, or null for all layers"
_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "task": (lambda value: value in get_args(Task), " or ".join(get_args(Task))),
    "name": (lambda value: isinstance(value, str) and bool(value.strip()), "a name"),
    "backbone": (lambda value: isinstance(value, str) and bool(value.strip()), "a name"),
    "rank": (lambda value: _is_whole(value, 1), "a whole number, 1 or more"),
    "scale": (_is_positive, "a number above 0"),
    "labels": (_are_labels, "a list of two or more different names"),
    "max_length": (lambda value: value is None or _is_whole(value, 1), "1 or more, or null"),
    "max_context": (lambda value: value is None or _is_whole(value, 0), "0 or more, or null"),
    "layers": (lambda value: value is None or are_layers(value), LAYERS),
    "sha256": (_is_hash, "64 hex digits"),
}


def _info_of(record: dict[str, object], path: Path) -> AdapterInfo:
    """Check the fields of a record; ``path`` names the file in errors."""
    written = record.get("format")
    if written != ADAPTER_FORMAT:
        raise ModelLoadError(
            f"{path} has format {in_short(written)}; this version reads {ADAPTER_FORMAT}: "
            "train again, or use the version of the library that wrote it"
        )
    values = {"layers": None, "checksum": None, **record}
    del values["format"]
    checksum = values.pop("checksum")
    for problem, names in (
        ("lacks the field", _RULES.keys() - values),
        ("has the unknown field", values.keys() - _RULES),
    ):
        if names:
            raise ModelLoadError(f"{path} {problem} {in_short(', '.join(sorted(names)))[1:-1]}")
    for name, (allows, allowed) in _RULES.items():
        if not allows(values[name]):
            raise ModelLoadError(
                f"{path}: {name} is {in_short(values[name])}: it must be {allowed}"
            )
    if checksum != checksum_of(record):
        raise ModelLoadError(f"{path} {EDITED}")
    labels = tuple(cast(list[str], values.pop("labels")))
    scale = float(cast(float, values.pop("scale")))
    kept = cast("list[int] | None", values.pop("layers"))
    layers = None if kept is None else tuple(kept)
    return AdapterInfo(**cast(dict[str, Any], values), labels=labels, scale=scale, layers=layers)


def _check_tensors(tensors: Mapping[str, torch.Tensor], info: AdapterInfo, path: Path) -> None:
    """Raise where a tensor cannot be what its name says."""
    import torch

    if not tensors:
        raise ModelLoadError(f"{path} holds no tensor")
    partners = {".lora_A": (".lora_B", 0), ".lora_B": (".lora_A", 1)}
    for name, value in tensors.items():
        known = value.dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64)
        if not (known and bool(torch.isfinite(value).all())):
            raise ModelLoadError(f"{path}: tensor {name} is not of finite numbers")
        ending = name[-len(".lora_A") :]
        if ending not in partners:
            continue
        partner, rank_at = partners[ending]
        if name.removesuffix(ending) + partner not in tensors:
            raise ModelLoadError(f"{path}: tensor {name} lacks its partner {partner}")
        if value.ndim != 2 or value.shape[rank_at] != info.rank:
            raise ModelLoadError(
                f"{path}: tensor {name} has the shape {tuple(value.shape)}, which is not of rank "
                f"{info.rank}"
            )
