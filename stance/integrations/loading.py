"""Models that several objects of a process share.

What other tools copy, clone and send to their processes holds the names of its models alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.checkpoint import PrecisionChoice
    from stance.extract import Extractor
    from stance.model import StanceClassifier


@lru_cache(maxsize=2)
def shared_classifier(
    checkpoint: str, precision: PrecisionChoice, device: str | None, judge_all: bool
) -> StanceClassifier:
    """What :func:`stance.load` gives for these arguments, loaded once a process."""
    from stance.model import load

    return load(checkpoint, precision=precision, device=device, judge_all=judge_all)


@lru_cache(maxsize=2)
def shared_extractor(name: str, precision: PrecisionChoice, device: str | None) -> Extractor:
    """What :func:`stance.load_extractor` gives for these arguments, loaded once a process."""
    from stance.extract import load_extractor

    return load_extractor(name, precision=precision, device=device)
