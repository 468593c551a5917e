"""The page of a summary: a timeline drawn beforehand, and the rest as compact JSON for its script.

The script makes no more rows than are seen, so that a corpus of a hundred thousand statements opens
in one page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

import stance
from stance.errors import DataError
from stance.evaluation.prevalence import GroupShares
from stance.evaluation.summary.data import page_data, units_of
from stance.evaluation.summary.results import CorpusCounts
from stance.evaluation.summary.timeline import Month, months_of, timeline_svg
from stance.report.page import make_environment, render_page

_WIDTHS = {"wide": 1180, "narrow": 350}
_SEED = 13
MOST_ROWS = 100_000


def render_summary(summary: CorpusCounts, *, title: str | None, most: int) -> str:
    """Render the page; see :meth:`stance.CorpusSummary.to_html`."""
    if most < 1:
        raise DataError(f"most is {most}: the page needs at least one statement")
    package = "stance.evaluation.summary"
    table = summary.table
    kept = _kept(summary, most)
    targets = table.targets
    by_target: dict[str, list[tuple[int, GroupShares]]] = {}
    for number, cell in enumerate(summary.cells):
        by_target.setdefault(cell.shares.target, []).append((number, cell.shares))
    found = [months_of(by_target[target]) for target in targets]
    return render_page(
        make_environment(package),
        "summary",
        package,
        title=title or table.file.name,
        summary=summary,
        about=_about(summary),
        units=units_of(summary),
        targets=targets,
        kept=len(kept),
        by=[*(["target"] if len(targets) > 1 else []), *summary.by],
        head=[name for name in ("date", "outlet", "speaker") if name in table.columns],
        columns=["corrected", "naive"] if summary.corrected else ["naive"],
        timelines=[
            _drawings(summary, target, months)
            for target, months in zip(targets, found, strict=True)
        ],
        version=stance.__version__,
        data=Markup(page_data(summary, kept)),
    )


def _kept(summary: CorpusCounts, most: int) -> list[int]:
    """Positions of the statements that the page holds, in the order of the table."""
    count = len(summary.table.rows)
    if count <= most:
        return list(range(count))
    named: dict[int, None] = {}
    for cell in sorted(summary.cells, key=lambda cell: -cell.shares.statements):
        named.update(dict.fromkeys((*cell.confident, *cell.doubtful)))
    drawn = np.random.default_rng(_SEED).permutation(count).tolist()
    return sorted(list(dict.fromkeys([*named, *drawn]))[:most])


def _about(summary: CorpusCounts) -> list[str]:
    """What the head of the page says of the corpus."""
    everything = [cell.shares for cell in summary.cells if not cell.shares.by]
    parts = [f"{len(summary.table.rows):,} statements"]
    if len(everything) > 1:
        parts[0] = f"{len(summary.table.rows):,} pairs of statement and target"
        parts.append(f"{len(everything):,} targets")
    if summary.unit:
        different = {row.cells.get(summary.unit) for row in summary.table.rows}
        parts.append(f"{len(different):,} {units_of(summary)}")
    if summary.corrected:
        parts.append(f"{len(summary.sample.labels):,} labelled by people")
    return parts


def _drawings(
    summary: CorpusCounts, target: str, months: Sequence[Month]
) -> list[tuple[str, str, Markup]]:
    """Timelines as (shares, width, drawing); none where there are not two months."""
    if len(months) < 2:
        return []
    found = []
    for column in ("corrected", "naive") if summary.corrected else ("naive",):
        kind = "corrected by labels" if column == "corrected" else "as predicted"
        title = (
            f"Shares of favor and against toward {target} by month, {kind}, from "
            f"{months[0].shares.group} to {months[-1].shares.group}. The table by month has the "
            "numbers."
        )
        for name, width in _WIDTHS.items():
            drawing = timeline_svg(months, column, width=width, title=title)
            found.append((column, name, drawing))
    return found
