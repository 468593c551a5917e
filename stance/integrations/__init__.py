"""The library inside the tools that people work with; each needs its own package installed.

The names below are resolved when they are first used (PEP 562), so that none of those packages is
imported before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.integrations.codebook import write_codebook
    from stance.integrations.dataset_map import StanceMap
    from stance.integrations.estimator import StanceEstimator
    from stance.integrations.spacy_component import StanceComponent

__getattr__ = lazy_names(
    __name__,
    {
        "codebook": "write_codebook",
        "dataset_map": "StanceMap",
        "estimator": "StanceEstimator",
        "spacy_component": "StanceComponent",
    },
)

__all__ = ["StanceComponent", "StanceEstimator", "StanceMap", "write_codebook"]
