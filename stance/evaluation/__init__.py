"""Measures a checkpoint on labelled rows: metrics, intervals, baselines, stored results, a report.

``stance evaluate`` and the maintainers' ``python -m eval`` are both built on it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.evaluation.labelled_sets import LabelledRow, LabelledSet, read_labelled
    from stance.evaluation.predictions import ScoredRow, read_predictions
    from stance.evaluation.provenance import code_version
    from stance.evaluation.report import rebuild_report
    from stance.evaluation.results import SetResult, StanceResults
    from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance

_HOME = {
    "LabelledRow": "labelled_sets",
    "LabelledSet": "labelled_sets",
    "ScoredRow": "predictions",
    "SetResult": "results",
    "StanceResults": "results",
    "StanceSettings": "tasks.stance",
    "code_version": "provenance",
    "evaluate_stance": "tasks.stance",
    "read_labelled": "labelled_sets",
    "read_predictions": "predictions",
    "rebuild_report": "report",
}

__all__ = [
    "LabelledRow",
    "LabelledSet",
    "ScoredRow",
    "SetResult",
    "StanceResults",
    "StanceSettings",
    "code_version",
    "evaluate_stance",
    "read_labelled",
    "read_predictions",
    "rebuild_report",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
