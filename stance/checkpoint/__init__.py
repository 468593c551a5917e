"""Pretrained backbones and the adapters that are merged into them.

Public: in :mod:`~stance.checkpoint.adapter` the format of an adapter (``AdapterInfo``,
``Adapter``, ``read_adapter_info``, ``read_adapter``, ``write_adapter``), in
:mod:`~stance.checkpoint.low_rank` its merging (``apply_adapter``), in
:mod:`~stance.checkpoint.encoder` the backbone's network and tokenizer (``load_encoder``,
``load_tokenizer``), in :mod:`~stance.checkpoint.files` ``sha256_of`` and ``check_sha256``, and
``locate_backbone``. The names below import without torch.
"""

from __future__ import annotations

from stance.checkpoint.adapter import (
    Adapter,
    AdapterInfo,
    read_adapter,
    read_adapter_info,
    write_adapter,
)
from stance.checkpoint.backbone import locate_backbone
from stance.checkpoint.files import check_sha256, sha256_of

__all__ = [
    "Adapter",
    "AdapterInfo",
    "check_sha256",
    "locate_backbone",
    "read_adapter",
    "read_adapter_info",
    "sha256_of",
    "write_adapter",
]
