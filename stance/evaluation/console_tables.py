"""The console of a report, and what all its tables share."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.console import PlainConsole


def report_console() -> Console:
    """Standard output: a terminal's width, and wide lines where it is piped."""
    return PlainConsole(width=None if PlainConsole().is_terminal else 180)


def show_not_run(console: Console, not_run: dict[str, str]) -> None:
    """Print what was left out, and why."""
    for name, why in not_run.items():
        console.print(Text(f"not run: {name}: {why}", style="yellow"))


def result_table(console: Console, caption: str, *columns: str) -> Table:
    """Print the caption of a table; returns the table, to be filled and printed."""
    console.print(Text(caption, style="bold"))
    table = Table(box=None, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", overflow="fold")
    return table
