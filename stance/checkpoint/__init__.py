"""Pretrained backbones and the adapters that are merged into them.

The names below are resolved when they are first used, since some need torch (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.checkpoint.adapter import (
        INFO_NAME,
        LAYERS,
        WEIGHTS_NAME,
        Adapter,
        AdapterInfo,
        are_layers,
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
    from stance.checkpoint.bundled_models import (
        BUNDLED,
        DEFAULT,
        TAGGER,
        download_name,
        needed_backbones,
    )
    from stance.checkpoint.device import pick_device, ready_to_compute
    from stance.checkpoint.encoder import load_encoder, load_tokenizer, token_limit
    from stance.checkpoint.files import check_sha256, sha256_of
    from stance.checkpoint.hub import in_one_line, why_not_on_hub
    from stance.checkpoint.low_rank import apply_adapter, merge_low_rank
    from stance.checkpoint.precision import Precision, PrecisionChoice, dtype_of, pick_precision
    from stance.checkpoint.registry import BACKBONES, BackboneSpec

__getattr__ = lazy_names(
    __name__,
    {
        "adapter": "Adapter AdapterInfo INFO_NAME LAYERS WEIGHTS_NAME are_layers read_adapter "
        "read_adapter_info write_adapter",
        "backbone": "FoundBackbone cache_dir download_backbone find_backbone locate_backbone",
        "bundled_models": "BUNDLED DEFAULT TAGGER download_name needed_backbones",
        "device": "pick_device ready_to_compute",
        "encoder": "load_encoder load_tokenizer token_limit",
        "files": "check_sha256 sha256_of",
        "hub": "in_one_line why_not_on_hub",
        "low_rank": "apply_adapter merge_low_rank",
        "precision": "Precision PrecisionChoice dtype_of pick_precision",
        "registry": "BACKBONES BackboneSpec",
    },
)

__all__ = [
    "BACKBONES",
    "BUNDLED",
    "DEFAULT",
    "INFO_NAME",
    "LAYERS",
    "TAGGER",
    "WEIGHTS_NAME",
    "Adapter",
    "AdapterInfo",
    "BackboneSpec",
    "FoundBackbone",
    "Precision",
    "PrecisionChoice",
    "apply_adapter",
    "are_layers",
    "cache_dir",
    "check_sha256",
    "download_backbone",
    "download_name",
    "dtype_of",
    "find_backbone",
    "in_one_line",
    "load_encoder",
    "load_tokenizer",
    "locate_backbone",
    "merge_low_rank",
    "needed_backbones",
    "pick_device",
    "pick_precision",
    "read_adapter",
    "read_adapter_info",
    "ready_to_compute",
    "sha256_of",
    "token_limit",
    "why_not_on_hub",
    "write_adapter",
]
