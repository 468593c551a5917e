"""A corpus at a glance: scored statements of many articles, counted and shown on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.evaluation.summary.counting import CorpusSummary, summarize
    from stance.evaluation.summary.results import Cell
    from stance.evaluation.summary.terminal import show_summary

__getattr__ = lazy_names(
    __name__,
    {"counting": "CorpusSummary summarize", "results": "Cell", "terminal": "show_summary"},
)

__all__ = ["Cell", "CorpusSummary", "show_summary", "summarize"]


def __dir__() -> list[str]:
    return sorted(__all__)
