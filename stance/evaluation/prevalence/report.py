"""Estimated shares -> ``report.html``, ``report.md`` and ``results.json``, and onto a console."""

from __future__ import annotations

import logging
from pathlib import Path

from markupsafe import Markup, escape
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.evaluation.prevalence.methods import as_percent
from stance.evaluation.prevalence.results import (
    ClassShares,
    Differences,
    GroupDifference,
    GroupShares,
    PrevalenceResults,
    Share,
)
from stance.evaluation.provenance import Say, guard_output
from stance.evaluation.report import report_files
from stance.evaluation.result_files import RESULTS
from stance.files import locked, write_files

logger = logging.getLogger(__name__)
COLUMN_TITLES = {"naive": "naive", "labelled": "labelled only", "corrected": "corrected"}
_WIDTH, _LEFT, _ROW = 420, 10, 20


def write_prevalence(
    folder: Path, results: PrevalenceResults, *, overwrite: bool = False, say: Say = logger.info
) -> None:
    """Write the three files of an estimate.

    Args:
        folder: made where it is not there.
        results: of the estimate.
        overwrite: replace the files of another run.
        say: told what is replaced.

    Raises:
        DataError: the folder holds another run or cannot be written.
    """
    with locked(folder / RESULTS):
        guard_output(folder, results.run, overwrite=overwrite, say=say)
        write_files(folder, prevalence_files(results))


def prevalence_files(results: PrevalenceResults) -> dict[str, str]:
    """The texts of the three files."""
    shown = {
        "results": results,
        "percent": as_percent,
        "points": as_points,
        "gain": as_gain,
        "answer": corrected_shares,
        "titles": COLUMN_TITLES,
        "drawing": shares_svg,
    }
    return report_files("prevalence", results, results.run, shown)


def as_gain(shares: ClassShares, group: GroupShares) -> str:
    """What the predictions are worth in labels: ``100 labels as good as 152``, or a dash."""
    if shares.gain is None:
        return "–"
    return f"{group.labels:,} labels as good as {shares.gain * group.labels:,.0f}"


def corrected_shares(group: GroupShares) -> str:
    """The figures to report, and the naive ones, in a sentence."""
    corrected = [
        f"{name} {as_percent(shares.corrected)}"
        for name, shares in group.classes.items()
        if shares.corrected is not None
    ]
    naive = ", ".join(f"{name} {100 * s.naive.value:.1f} %" for name, s in group.classes.items())
    if not corrected:
        return f"Too few labels to correct the predicted shares: {naive}."
    return f"Corrected: {', '.join(corrected)}. Predicted labels, counted: {naive}."


def as_points(share: Share | None) -> str:
    """A difference in percentage points with its sign, or a dash for None."""
    if share is None:
        return "–"
    return f"{100 * share.value:+.1f} [{100 * share.low:+.1f}, {100 * share.high:+.1f}]"


def shares_svg(group: GroupShares) -> Markup:
    """Naive, labelled-only and corrected shares with their intervals on one axis from 0 to 1."""
    parts: list[Markup] = []
    y = 8
    for name, shares in group.classes.items():
        parts.append(
            Markup('<text class="axis" x="{}" y="{}">{}</text>').format(_LEFT, y + 10, name)
        )
        y += 16
        for key, title in COLUMN_TITLES.items():
            share: Share | None = getattr(shares, key)
            if share is not None:
                parts.append(_bar(share, title, y, "after" if key == "corrected" else "before"))
            y += _ROW
        y += 6
    for tick in range(0, 101, 25):
        x = _place(tick / 100)
        parts.append(
            Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{} %</text>').format(
                x, y + 12, tick
            )
        )
        parts.append(
            Markup('<path class="grid" stroke="silver" d="M{:.1f},{}V{}"/>').format(x, 8, y)
        )
    title = escape(f"Shares toward {group.target}, {group.by} {group.group}".strip())
    return Markup(
        '<svg role="img" aria-label="{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}">'
        "<title>{0}</title>{3}</svg>"
    ).format(title, _WIDTH, y + 18, Markup("").join(parts))


def _place(share: float) -> float:
    return 120 + share * (_WIDTH - 140)


def _bar(share: Share, title: str, y: int, kind: str) -> Markup:
    middle = y + _ROW / 2
    return Markup(
        '<g><title>{0}: {1}</title><text class="tick" x="24" y="{2:.1f}">{0}</text>'
        '<path class="line {3}" stroke-width="2" d="M{4:.1f},{5:.1f}H{6:.1f}"/>'
        '<circle class="{3}" cx="{7:.1f}" cy="{5:.1f}" r="4"/></g>'
    ).format(
        title,
        as_percent(share),
        middle + 4,
        kind,
        _place(share.low),
        middle,
        _place(share.high),
        _place(share.value),
    )


def show_prevalence(console: Console, results: PrevalenceResults) -> None:
    """Print the shares, the differences, what to beware of, and the paragraph on methods."""
    level = f"{100 * results.settings.level:g} %"
    for target in dict.fromkeys(group.target for group in results.groups):
        groups = [group for group in results.groups if group.target == target]
        console.print(Text(f"\nShares toward {target}, with {level} intervals", style="bold"))
        console.print(_shares_table(groups))
        for group in groups:
            for warning in group.warnings:
                where = f"{group.by} {group.group}: " if group.by else ""
                console.print(Text(f"  {where}{warning}", style="yellow"))
        differences = [d for d in results.differences if d.target == target]
        if differences:
            console.print(Text("\nDifferences in percentage points", style="bold"))
            console.print(_differences_table(differences))
    for note in results.notes:
        console.print(Text(note, style="yellow"))
    console.print(Text("\nFor the section on methods", style="bold"))
    console.print(results.methods, soft_wrap=True)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", overflow="fold")
    return table


def _shares_table(groups: list[GroupShares]) -> Table:
    table = _table("group", "statements", "labels", "", *COLUMN_TITLES.values(), "worth")
    for group in groups:
        shown = [f"{group.by} {group.group}".strip(), str(group.statements), str(group.labels)]
        for name, shares in group.classes.items():
            cells = [as_percent(s) for s in (shares.naive, shares.labelled, shares.corrected)]
            table.add_row(*map(Text, shown), name, *cells, as_gain(shares, group))
            shown = ["", "", ""]
    return table


def _differences_table(differences: list[GroupDifference]) -> Table:
    table = _table("groups", "", *COLUMN_TITLES.values())
    for item in differences:
        shown = f"{item.by}: {item.first} – {item.second}"
        for name, shares in item.classes.items():
            table.add_row(Text(shown), name, *_points(shares))
            shown = ""
    return table


def _points(shares: Differences) -> list[str]:
    return [as_points(s) for s in (shares.naive, shares.labelled, shares.corrected)]
