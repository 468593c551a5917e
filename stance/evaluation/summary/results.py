"""What a summary of a corpus holds."""

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

MOST_ROWS = 100_000


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
class CorpusSummary:
    """Scored statements by target and by the columns that were asked for.

    Attributes:
        table: the statements.
        sample: labels of some of them; none where no labels were given.
        by: columns of the groups; ``month`` may be made of ``date``.
        unit: column of the clusters, or "" where statements are taken as independent.
        level: nominal coverage of the intervals.
        cells: for each target all of its statements, whose ``shares.by`` is "", and then its
            groups: months in time, others the largest first.
        notes: on the whole, in plain sentences.
    """

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

    def to_html(self, title: str | None = None, *, most: int = MOST_ROWS) -> str:
        """One self-contained page, with tables that sort and filter.

        Args:
            title: its heading; the name of the scored file when None.
            most: how many statements the page holds at most. Of more it takes those that a cell
                names as examples, and a random draw of the others, and says so; the figures count
                all.

        Raises:
            DataError: ``most`` is below 1.
        """
        from stance.evaluation.summary.page import render_summary

        return render_summary(self, title=title, most=most)

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
