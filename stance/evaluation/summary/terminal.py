"""A summary as tables on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.evaluation.prevalence.methods import as_percent
from stance.evaluation.summary.results import Cell, CorpusCounts


def show_summary(console: Console, summary: CorpusCounts, *, most: int = 8) -> None:
    """Print the shares of each target and of its largest groups, and what to beware of.

    Args:
        console: that it is printed on.
        summary: of a corpus.
        most: groups that are printed of each column, at most.
    """
    kind = "corrected by labels" if summary.corrected else "as predicted"
    for target in summary.table.targets:
        title = f"\nShares toward {target}, {kind}, with {100 * summary.level:g} % intervals"
        console.print(Text(title, style="bold"))
        table = Table(box=None, pad_edge=False)
        for name in ("group", "statements", *([summary.unit] if summary.unit else [])):
            table.add_column(name, justify="right" if table.columns else "left", overflow="fold")
        for name in ("favor", "neutral", "against"):
            table.add_column(name, justify="right", overflow="fold")
        cells = [cell for cell in summary.cells if cell.shares.target == target]
        left_out = []
        for by in ("", *summary.by):
            group = [cell for cell in cells if cell.shares.by == by]
            shown = group[:most] if by != "month" else group[-most:]
            for cell in shown:
                table.add_row(*map(Text, _texts(cell, summary)))
            if len(group) > len(shown):
                left_out.append(f"{len(group) - len(shown):,} of {len(group):,} by {by}")
        console.print(table)
        if left_out:
            console.print(Text(f"Not printed: {', '.join(left_out)}", style="dim"))
    if warned := sum(bool(cell.shares.warnings) for cell in summary.cells):
        word = "group has" if warned == 1 else "groups have"
        text = f"* {warned:,} {word} figures that cannot be relied on: the page says why"
        console.print(Text(text, style="yellow"))
    for note in summary.notes:
        console.print(Text(note, style="yellow"))


def _texts(cell: Cell, summary: CorpusCounts) -> list[str]:
    shares = cell.shares
    mark = " *" if shares.warnings else ""
    texts = [f"{shares.by} {shares.group}{mark}".strip(), f"{shares.statements:,}"]
    if summary.unit:
        texts.append(f"{shares.clusters:,}")
    for three in shares.classes.values():
        texts.append(as_percent(three.corrected if summary.corrected else three.naive))
    return texts
