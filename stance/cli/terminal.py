"""An analysis as a table on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from stance.cli.common import out, plain

if TYPE_CHECKING:
    from stance.analysis import Analysis

_COLORS = {"favor": "green", "against": "red", "positive": "green", "negative": "red"}


class PrintedTable:
    """Prints each article's statements as a table."""

    def __enter__(self) -> PrintedTable:
        return self

    def add(self, source: str, analysis: Analysis) -> None:
        """Print the article's table."""
        _print_table(analysis.document.title or source, analysis)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """All is printed already."""


def _label(name: str | None, probabilities: Mapping[str, float] | None) -> str:
    """A label in its color with its probability; ``abstained`` shows the highest one."""
    if probabilities is None:
        return "[dim]-[/]"
    shown = name or "abstained"
    probability = probabilities[name] if name else max(probabilities.values())
    return f"[{_COLORS.get(shown, 'dim')}]{shown}[/] {probability:.2f}"


def _print_table(name: str, analysis: Analysis) -> None:
    several = len(analysis.targets) > 1
    table = Table(title=plain(name), title_justify="left", box=box.SIMPLE_HEAD, show_lines=True)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Speaker", max_width=18)
    table.add_column("Statement", ratio=1)
    if several:
        table.add_column("Target", max_width=18)
    table.add_column("Stance, sentiment", no_wrap=True)
    for number, (statement, row) in enumerate(
        zip(analysis.statements, analysis.predictions, strict=True), start=1
    ):
        shown = [str(number), statement.speaker or "unknown", statement.text]
        for prediction in row:
            cells = [plain(cell) for cell in shown]
            if several:
                cells.append(plain(prediction.target))
            table.add_row(
                *cells,
                _label(prediction.stance, prediction.stance_probabilities)
                + "\n"
                + _label(prediction.sentiment, prediction.sentiment_probabilities),
            )
            shown = ["", "", ""]
    out().print(table)
    if not several:
        out().print(
            f"{len(analysis.statements)} statements; stance toward: {analysis.targets[0]}",
            markup=False,
        )
