"""Measures a checkpoint on labelled rows: metrics, intervals, baselines, stored results, a report.

``stance evaluate`` and the maintainers' ``python -m eval`` are both built on it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.evaluation.baselines import WordBaselines
    from stance.evaluation.files import write_files
    from stance.evaluation.labelled_sets import LabelledRow, LabelledSet, read_labelled
    from stance.evaluation.news import is_agreed, news_words, says_statement
    from stance.evaluation.predictions import ScoredRow, read_predictions
    from stance.evaluation.provenance import code_version, describe_file
    from stance.evaluation.report import rebuild_report
    from stance.evaluation.resampling import Interval, bootstrap_interval, paired_difference
    from stance.evaluation.result_files import read_results, to_record
    from stance.evaluation.results import (
        DataFile,
        LabelScores,
        RunFacts,
        SetResult,
        StanceResults,
        StanceScores,
    )
    from stance.evaluation.tasks.attribution.articles import Attributed
    from stance.evaluation.tasks.attribution.run import (
        AttributionResults,
        AttributionSettings,
        System,
        evaluate_attribution,
        rebuild_attribution,
    )
    from stance.evaluation.tasks.behaviour.run import (
        BehaviourResults,
        BehaviourSettings,
        evaluate_behaviour,
        rebuild_behaviour,
    )
    from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance

_HOME = {
    "Attributed": "tasks.attribution.articles",
    "AttributionResults": "tasks.attribution.run",
    "AttributionSettings": "tasks.attribution.run",
    "BehaviourResults": "tasks.behaviour.run",
    "BehaviourSettings": "tasks.behaviour.run",
    "DataFile": "results",
    "Interval": "resampling",
    "LabelScores": "results",
    "LabelledRow": "labelled_sets",
    "LabelledSet": "labelled_sets",
    "RunFacts": "results",
    "ScoredRow": "predictions",
    "SetResult": "results",
    "StanceResults": "results",
    "StanceScores": "results",
    "StanceSettings": "tasks.stance",
    "System": "tasks.attribution.run",
    "WordBaselines": "baselines",
    "bootstrap_interval": "resampling",
    "code_version": "provenance",
    "describe_file": "provenance",
    "evaluate_attribution": "tasks.attribution.run",
    "evaluate_behaviour": "tasks.behaviour.run",
    "evaluate_stance": "tasks.stance",
    "is_agreed": "news",
    "news_words": "news",
    "paired_difference": "resampling",
    "read_labelled": "labelled_sets",
    "read_predictions": "predictions",
    "read_results": "result_files",
    "rebuild_attribution": "tasks.attribution.run",
    "rebuild_behaviour": "tasks.behaviour.run",
    "rebuild_report": "report",
    "says_statement": "news",
    "to_record": "result_files",
    "write_files": "files",
}

__all__ = [
    "Attributed",
    "AttributionResults",
    "AttributionSettings",
    "BehaviourResults",
    "BehaviourSettings",
    "DataFile",
    "Interval",
    "LabelScores",
    "LabelledRow",
    "LabelledSet",
    "RunFacts",
    "ScoredRow",
    "SetResult",
    "StanceResults",
    "StanceScores",
    "StanceSettings",
    "System",
    "WordBaselines",
    "bootstrap_interval",
    "code_version",
    "describe_file",
    "evaluate_attribution",
    "evaluate_behaviour",
    "evaluate_stance",
    "is_agreed",
    "news_words",
    "paired_difference",
    "read_labelled",
    "read_predictions",
    "read_results",
    "rebuild_attribution",
    "rebuild_behaviour",
    "rebuild_report",
    "says_statement",
    "to_record",
    "write_files",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
