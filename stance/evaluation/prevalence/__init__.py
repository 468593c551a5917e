"""Shares of favor, neutral and against: naive, from labels alone, and corrected by both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.evaluation.prevalence.estimate import estimate_prevalence
    from stance.evaluation.prevalence.estimators import (
        ClusterSums,
        ShareEstimate,
        estimate_shares,
        sum_rows,
    )
    from stance.evaluation.prevalence.intervals import difference_interval, share_interval
    from stance.evaluation.prevalence.report import show_prevalence, write_prevalence
    from stance.evaluation.prevalence.results import (
        ClassShares,
        Differences,
        EstimateSettings,
        GroupDifference,
        GroupShares,
        PrevalenceResults,
        Share,
    )

__getattr__ = lazy_names(
    __name__,
    {
        "estimate": "estimate_prevalence",
        "estimators": "ClusterSums ShareEstimate estimate_shares sum_rows",
        "intervals": "difference_interval share_interval",
        "report": "show_prevalence write_prevalence",
        "results": "ClassShares Differences EstimateSettings GroupDifference GroupShares "
        "PrevalenceResults Share",
    },
)

__all__ = [
    "ClassShares",
    "ClusterSums",
    "Differences",
    "EstimateSettings",
    "GroupDifference",
    "GroupShares",
    "PrevalenceResults",
    "Share",
    "ShareEstimate",
    "difference_interval",
    "estimate_prevalence",
    "estimate_shares",
    "share_interval",
    "show_prevalence",
    "sum_rows",
    "write_prevalence",
]


def __dir__() -> list[str]:
    return sorted(__all__)
