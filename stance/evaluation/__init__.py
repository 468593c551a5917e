"""Measures a checkpoint on labelled rows: metrics, intervals, baselines, stored results, a report.

``stance evaluate`` and the maintainers' ``python -m eval`` are both built on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.evaluation.baselines import WordBaselines
    from stance.evaluation.corrections import unmet_corrections
    from stance.evaluation.labelled_sets import LabelledRow, LabelledSet, read_labelled
    from stance.evaluation.news import is_agreed, news_words, says_statement
    from stance.evaluation.predictions import ScoredRow, read_predictions
    from stance.evaluation.provenance import code_version, describe_file
    from stance.evaluation.report import rebuild_report
    from stance.evaluation.resampling import Interval, bootstrap_interval, paired_difference
    from stance.evaluation.result_files import read_results, to_record
    from stance.evaluation.results import LabelScores, SetResult, StanceResults, StanceScores
    from stance.evaluation.rows import (
        FIELDS,
        Place,
        Row,
        RowChecks,
        judges_no_stance,
        read_rows,
        refuse_misspelt,
    )
    from stance.evaluation.run_facts import DataFile, RunFacts
    from stance.evaluation.tasks.attribution.articles import (
        ATTRIBUTION_ROLES,
        Attributed,
        MarkedArticle,
        MarkedSpeaker,
        read_marked_articles,
    )
    from stance.evaluation.tasks.attribution.names import right_speakers
    from stance.evaluation.tasks.attribution.run import (
        AttributionSettings,
        System,
        evaluate_attribution,
        rebuild_attribution,
    )
    from stance.evaluation.tasks.attribution.scores import AttributionResults
    from stance.evaluation.tasks.behaviour.run import (
        BehaviourResults,
        BehaviourSettings,
        evaluate_behaviour,
        rebuild_behaviour,
    )
    from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance

__getattr__ = lazy_names(
    __name__,
    {
        "baselines": "WordBaselines",
        "corrections": "unmet_corrections",
        "labelled_sets": "LabelledRow LabelledSet read_labelled",
        "news": "is_agreed news_words says_statement",
        "predictions": "ScoredRow read_predictions",
        "provenance": "code_version describe_file",
        "report": "rebuild_report",
        "resampling": "Interval bootstrap_interval paired_difference",
        "result_files": "read_results to_record",
        "results": "LabelScores SetResult StanceResults StanceScores",
        "run_facts": "DataFile RunFacts",
        "rows": "FIELDS Place Row RowChecks judges_no_stance read_rows refuse_misspelt",
        "tasks.attribution.articles": "ATTRIBUTION_ROLES Attributed MarkedArticle MarkedSpeaker "
        "read_marked_articles",
        "tasks.attribution.names": "right_speakers",
        "tasks.attribution.run": "AttributionSettings System evaluate_attribution "
        "rebuild_attribution",
        "tasks.attribution.scores": "AttributionResults",
        "tasks.behaviour.run": "BehaviourResults BehaviourSettings evaluate_behaviour "
        "rebuild_behaviour",
        "tasks.stance": "StanceSettings evaluate_stance",
    },
)

__all__ = [
    "ATTRIBUTION_ROLES",
    "FIELDS",
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
    "MarkedArticle",
    "MarkedSpeaker",
    "Place",
    "Row",
    "RowChecks",
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
    "judges_no_stance",
    "news_words",
    "paired_difference",
    "read_labelled",
    "read_marked_articles",
    "read_predictions",
    "read_results",
    "read_rows",
    "rebuild_attribution",
    "rebuild_behaviour",
    "rebuild_report",
    "refuse_misspelt",
    "right_speakers",
    "says_statement",
    "to_record",
    "unmet_corrections",
]


def __dir__() -> list[str]:
    return sorted(__all__)
