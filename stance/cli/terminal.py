"""An analysis as a table on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from stance.cli.common import count, show, styled

if TYPE_CHECKING:
    from stance.analysis import Analysis
    from stance.schema import Prediction

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


def _label(name: str | None, probabilities: Mapping[str, float] | None) -> Text:
    """A label in its color with its probability."""
    if name is None or probabilities is None:
        return Text("-", "dim")
    return Text.assemble((name, _COLORS.get(name, "dim")), f" {probabilities[name]:.2f}")


def _stance(prediction: Prediction) -> Text:
    """The stance, or that there is none and why."""
    if prediction.abstained_because is not None:
        return Text(f"abstained: {prediction.abstained_because}", "dim")
    return _label(prediction.stance, prediction.stance_probabilities)


def _cell(text: str) -> Text:
    return styled(" ".join(text.split()))


def _print_table(name: str, analysis: Analysis) -> None:
    several = len(analysis.targets) > 1
    table = Table(title=_cell(name), title_justify="left", box=box.SIMPLE_HEAD, show_lines=True)
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
            cells = [_cell(cell) for cell in shown]
            if several:
                cells.append(_cell(prediction.target))
            table.add_row(
                *cells,
                Text("\n").join(
                    [
                        _stance(prediction),
                        _label(prediction.sentiment, prediction.sentiment_probabilities),
                    ]
                ),
            )
            shown = ["", "", ""]
    show(table)
    if not several:
        found = count(len(analysis.statements), "statement")
        show(_cell(f"{found}; stance toward: {analysis.targets[0]}"))
