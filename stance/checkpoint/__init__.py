"""Pretrained backbones and the adapters that are merged into them.

The names below are resolved when they are first used, since some need torch (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.checkpoint.adapter import (
        INFO_NAME,
        WEIGHTS_NAME,
        Adapter,
        AdapterInfo,
        read_adapter,
        read_adapter_info,
        write_adapter,
    )
    from stance.checkpoint.backbone import (
        FoundBackbone,
        cache_dir,
        download_backbone,
        find_backbone,
        locate_backbone,
    )
    from stance.checkpoint.device import pick_device
    from stance.checkpoint.encoder import for_tokenizer, load_encoder, load_tokenizer, token_limit
    from stance.checkpoint.files import check_sha256, sha256_of
    from stance.checkpoint.low_rank import apply_adapter, merge_low_rank
    from stance.checkpoint.registry import BACKBONES, BackboneSpec

_HOME = {
    "Adapter": "adapter",
    "AdapterInfo": "adapter",
    "BACKBONES": "registry",
    "BackboneSpec": "registry",
    "FoundBackbone": "backbone",
    "INFO_NAME": "adapter",
    "WEIGHTS_NAME": "adapter",
    "apply_adapter": "low_rank",
    "cache_dir": "backbone",
    "check_sha256": "files",
    "download_backbone": "backbone",
    "find_backbone": "backbone",
    "for_tokenizer": "encoder",
    "load_encoder": "encoder",
    "load_tokenizer": "encoder",
    "locate_backbone": "backbone",
    "merge_low_rank": "low_rank",
    "pick_device": "device",
    "read_adapter": "adapter",
    "read_adapter_info": "adapter",
    "sha256_of": "files",
    "token_limit": "encoder",
    "write_adapter": "adapter",
}

__all__ = [
    "BACKBONES",
    "INFO_NAME",
    "WEIGHTS_NAME",
    "Adapter",
    "AdapterInfo",
    "BackboneSpec",
    "FoundBackbone",
    "apply_adapter",
    "cache_dir",
    "check_sha256",
    "download_backbone",
    "find_backbone",
    "for_tokenizer",
    "load_encoder",
    "load_tokenizer",
    "locate_backbone",
    "merge_low_rank",
    "pick_device",
    "read_adapter",
    "read_adapter_info",
    "sha256_of",
    "token_limit",
    "write_adapter",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
