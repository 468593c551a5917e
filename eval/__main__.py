"""``python -m eval CONFIG``: evaluate, store predictions, write and print the report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.results import BenchmarkResults, show_benchmarks
from eval.gate import GateResults, show_gate
from eval.harness import Results, attribution_files, evaluate
from eval.request import Request
from stance.cli.common import clean_errors
from stance.console import PlainConsole
from stance.evaluation.console import show_stance
from stance.evaluation.console_tables import report_console
from stance.evaluation.result_files import RESULTS
from stance.evaluation.results import StanceResults
from stance.evaluation.task_console import (
    show_attribution,
    show_behaviour,
    show_measured,
    show_perturbations,
)
from stance.evaluation.tasks.attribution.listing import list_errors
from stance.evaluation.tasks.behaviour.perturbation_run import PerturbationResults
from stance.evaluation.tasks.behaviour.run import BehaviourResults
from stance.evaluation.tasks.measured import MeasuredResults
from stance.files import locked

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
err = PlainConsole(stderr=True)


def _say(message: str) -> None:
    err.print(message, style="dim")


def _show(results: Results, request: Request, limit: int | None) -> None:
    console = report_console()
    errors = 60 if limit is None else limit
    if isinstance(results, StanceResults):
        show_stance(console, results, errors)
    elif isinstance(results, BehaviourResults):
        show_behaviour(console, results, errors)
    elif isinstance(results, PerturbationResults):
        show_perturbations(console, results)
    elif isinstance(results, MeasuredResults):
        show_measured(console, results)
    elif isinstance(results, BenchmarkResults):
        show_benchmarks(console, results)
    elif isinstance(results, GateResults):
        show_gate(console, results, errors)
    else:
        listed = []
        if limit:  # only where asked for: development files are not to be read error by error
            listed = list_errors(request.folder, attribution_files(request.data), limit)
        show_attribution(console, results, listed)


@app.command()
@clean_errors
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
        list[str] | None,
        typer.Option(
            help="default, small, base, a model config or an adapter folder. Repeatable for task "
            "stance: the first leads the report; NAME=CHECKPOINT names one."
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Report from stored predictions; needs no model.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace another run in the output folder.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept", help="Gate: take today's predictions as what later ones are compared with."
        ),
    ] = False,
    errors: Annotated[
        int | None,
        typer.Option(
            help="Print at most this many errors [default: 60; none for attribution, whose errors "
            "are listed with the text of --data].",
            min=0,
        ),
    ] = None,
) -> None:
    """Evaluate a checkpoint on labelled statements and write report and predictions."""
    request = Request(
        config,
        output,
        data=tuple(data or ()),
        checkpoints=tuple(checkpoint or ()),
        rebuild=rebuild,
        overwrite=overwrite,
        accept=accept,
        say=_say,
    )
    with locked(request.folder / RESULTS):
        results = evaluate(request)
    _show(results, request, errors)
    if isinstance(results, GateResults):
        raise typer.Exit(1 if results.fails else 0)
    _say(f"Report, results and predictions are in {request.folder}")


if __name__ == "__main__":
    sys.exit(app())
