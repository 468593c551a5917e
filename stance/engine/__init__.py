"""One engine for many statements and many articles: streamed, in parts, continued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.engine.arguments import Columns
    from stance.engine.inputs import TableOptions
    from stance.engine.jobs import Counts
    from stance.engine.many import analyze_many, score
    from stance.engine.run import RunReport

__getattr__ = lazy_names(
    __name__,
    {
        "arguments": "Columns",
        "inputs": "TableOptions",
        "jobs": "Counts",
        "run": "RunReport",
        "many": "analyze_many score",
    },
)

__all__ = ["Columns", "Counts", "RunReport", "TableOptions", "analyze_many", "score"]
