"""``python -m eval CONFIG``: evaluate, store predictions, write and print the report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eval.harness import Request, Results, evaluate
from stance.errors import StanceError
from stance.evaluation.console import (
    report_console,
    show_attribution,
    show_behaviour,
    show_stance,
)
from stance.evaluation.results import StanceResults
from stance.evaluation.tasks.behaviour.run import BehaviourResults

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
err = Console(stderr=True, highlight=False)


def _say(message: str) -> None:
    err.print(message, style="dim", markup=False)


def _show(results: Results, errors: int) -> None:
    console = report_console()
    if isinstance(results, StanceResults):
        show_stance(console, results, errors)
    elif isinstance(results, BehaviourResults):
        show_behaviour(console, results, errors)
    else:
        show_attribution(console, results)


@app.command()
def main(
    config: Annotated[Path, typer.Argument(help="YAML file, such as configs/eval/article.yaml.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder to write to [default: out/CONFIG-NAME]."),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder of the public files (sets, and training files for the TF-IDF baseline), "
            "or a labelled file to evaluate instead of the config's sets. Repeatable."
        ),
    ] = None,
    checkpoint: Annotated[
        str | None, typer.Option(help="default, small, base, a model config or an adapter folder.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Report from stored predictions; needs no model.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace another run in the output folder.")
    ] = False,
    errors: Annotated[int, typer.Option(help="Print at most this many errors.", min=0)] = 60,
) -> None:
    """Evaluate a checkpoint on labelled statements and write report and predictions."""
    request = Request(
        config,
        output,
        data=tuple(data or ()),
        checkpoint=checkpoint,
        rebuild=rebuild,
        overwrite=overwrite,
        say=_say,
    )
    try:
        results = evaluate(request)
    except StanceError as error:
        err.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    _show(results, errors)
    _say(f"Report, results and predictions are in {request.folder}")


if __name__ == "__main__":
    sys.exit(app())
