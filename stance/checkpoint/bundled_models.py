"""The models in the package, and which backbones they need.

A bundled model and a backbone may have the same name and still be two things: a model may stand on
the backbone of another name.
"""

from __future__ import annotations

from stance.checkpoint.adapter import read_adapter_info
from stance.checkpoint.registry import BACKBONES
from stance.config import WEIGHTS_DIR

BUNDLED = ("small", "base")
DEFAULT = "base"  # the one that is right more often; `small` is the fast one
TAGGER = "attribution"


def needed_backbones(model: str) -> tuple[str, ...]:
    """Names of the backbones that a bundled model needs, and the tagger that finds its statements.

    Args:
        model: ``small`` or ``base``; ``all`` for every backbone that is known.

    Raises:
        ModelLoadError: an adapter in the package is missing or damaged.
    """
    if model == "all":
        return tuple(BACKBONES)
    infos = [read_adapter_info(WEIGHTS_DIR / name) for name in (model, TAGGER)]
    return tuple(dict.fromkeys(info.backbone for info in infos))


def download_name(backbone: str) -> str:
    """What ``stance download`` is given to fetch a backbone: a model that needs it, or ``all``."""
    return next((model for model in BUNDLED if backbone in needed_backbones(model)), "all")
