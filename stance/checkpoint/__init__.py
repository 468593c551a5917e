"""Pretrained backbones and the adapters that are merged into them.

The names below import without torch. What needs it stands in modules of its own:
:mod:`~stance.checkpoint.encoder` (``load_encoder``, ``load_tokenizer``),
:mod:`~stance.checkpoint.low_rank` (``merge_low_rank``, ``apply_adapter``) and
:mod:`~stance.checkpoint.device` (``pick_device``).
"""

from __future__ import annotations

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
from stance.checkpoint.files import check_sha256, sha256_of
from stance.checkpoint.registry import BACKBONES, BackboneSpec

__all__ = [
    "BACKBONES",
    "INFO_NAME",
    "WEIGHTS_NAME",
    "Adapter",
    "AdapterInfo",
    "BackboneSpec",
    "FoundBackbone",
    "cache_dir",
    "check_sha256",
    "download_backbone",
    "find_backbone",
    "locate_backbone",
    "read_adapter",
    "read_adapter_info",
    "sha256_of",
    "write_adapter",
]
