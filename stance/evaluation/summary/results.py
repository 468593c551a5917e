"""What is counted of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.columns import ABSTAINED
from stance.evaluation.prevalence import GroupShares
from stance.evaluation.sample_labels import LabelledSample
from stance.evaluation.scored import ScoredTable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Cell:
    """The statements of one group toward one target.

    Attributes:
        shares: of the stances, with intervals, clusters and warnings.
        counts: predicted stance, or ``abstained`` -> number of statements.
        confident: positions in the table of the statements that the model is surest of, the surest
            first; no words twice, and none without a stance.
        doubtful: of those that it is least sure of, the least sure first; none of ``confident``.
    """

    shares: GroupShares
    counts: Mapping[str, int]
    confident: tuple[int, ...]
    doubtful: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """The counts of :class:`stance.CorpusSummary`, which names the fields."""

    table: ScoredTable
    sample: LabelledSample
    by: tuple[str, ...]
    unit: str
    level: float
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]

    @property
    def corrected(self) -> bool:
        """Whether shares are corrected by labels."""
        return bool(self.sample.labels)

    def to_frame(self) -> pd.DataFrame:
        """One row a cell and stance: the columns ``by`` to ``abstained``, then the shares.

        ``predicted``, ``labelled`` and ``corrected`` are shares from 0 to 1, each followed by the
        ends of its interval (``_low``, ``_high``); missing where labels are missing or too few.
        """
        import pandas as pd

        rows = []
        for cell in self.cells:
            shares = cell.shares
            for stance, three in shares.classes.items():
                row: dict[str, object] = {
                    "by": shares.by or "target",
                    "group": shares.group if shares.by else shares.target,
                    "target": shares.target,
                    "statements": shares.statements,
                    "clusters": shares.clusters,
                    "labels": shares.labels,
                    "stance": stance,
                    "count": cell.counts[stance],
                    ABSTAINED: cell.counts[ABSTAINED],
                }
                for name, share in (
                    ("predicted", three.naive),
                    ("labelled", three.labelled),
                    ("corrected", three.corrected),
                ):
                    row[name] = None if share is None else share.value
                    row[f"{name}_low"] = None if share is None else share.low
                    row[f"{name}_high"] = None if share is None else share.high
                rows.append(row)
        return pd.DataFrame(rows)
