"""One engine for many statements and many articles: streamed, in parts, continued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.engine.arguments import Columns
    from stance.engine.inputs import TableOptions
    from stance.engine.jobs import Counts
    from stance.engine.many import analyze_many, score
    from stance.engine.merging import merge
    from stance.engine.on_ray import RayEngine
    from stance.engine.run import RunReport
    from stance.engine.shards import Shard

__getattr__ = lazy_names(
    __name__,
    {
        "arguments": "Columns",
        "inputs": "TableOptions",
        "jobs": "Counts",
        "run": "RunReport",
        "many": "analyze_many score",
        "merging": "merge",
        "on_ray": "RayEngine",
        "shards": "Shard",
    },
)

__all__ = [
    "Columns",
    "Counts",
    "RayEngine",
    "RunReport",
    "Shard",
    "TableOptions",
    "analyze_many",
    "merge",
    "score",
]
