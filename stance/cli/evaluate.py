"""``stance evaluate``: a checkpoint against the user's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import stance
from stance.cli.common import (
    PrecisionName,
    PrecisionOption,
    StatementColumn,
    TargetColumn,
    app,
    clean_errors,
    named_columns,
    need_file_name,
    say,
    writing_stdout,
)


@app.command("evaluate")
@clean_errors
def evaluate_command(
    labels: Annotated[
        Path,
        typer.Argument(
            help="CSV, TSV, JSONL or Parquet with a statement, a target, and a stance or sentiment "
            "a row."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for report, results and predictions.")
    ],
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", help="Target of all rows; without it each names its own."),
    ] = None,
    checkpoint: Annotated[
        str, typer.Option(help="small, base, an adapter folder or a model config (.yaml).")
    ] = "default",
    device: Annotated[str | None, typer.Option(help="cpu, cuda or mps.")] = None,
    precision: PrecisionOption = PrecisionName.fp32,
    statement_column: StatementColumn = None,
    target_column: TargetColumn = None,
    stance_column: Annotated[
        str | None, typer.Option(help="Column of your stance labels (stance).")
    ] = None,
    sentiment_column: Annotated[
        str | None, typer.Option(help="Column of your sentiment labels (sentiment).")
    ] = None,
    context_column: Annotated[
        str | None, typer.Option(help="Column of the text around it (context).")
    ] = None,
    speaker_column: Annotated[
        str | None, typer.Option(help="Column of who said it (speaker).")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="Column that names the row (id, else its line).")
    ] = None,
    group_column: Annotated[
        str | None, typer.Option(help="Column of the article or topic: intervals go by it.")
    ] = None,
    source_column: Annotated[
        str | None, typer.Option(help="Column of a subset that is reported apart.")
    ] = None,
    batch_size: Annotated[int, typer.Option(min=1)] = 32,
    seed: Annotated[int, typer.Option(help="Of the bootstrap intervals.", min=0)] = 13,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace another run in the output folder.")
    ] = False,
    errors: Annotated[int, typer.Option(help="Print at most this many errors.", min=0)] = 20,
) -> None:
    """Measure a checkpoint on labelled statements of your own.

    Prints macro F1 with its bootstrap interval, scores by class, calibration, baselines and the
    errors, and writes report.html, report.md, results.json and predictions.csv.
    """
    from stance.engine.sources import refuse_inputs
    from stance.evaluation.console import report_console, show_stance
    from stance.evaluation.labelled_sets import LabelledSet, read_labelled
    from stance.evaluation.provenance import OUTPUTS
    from stance.evaluation.result_files import RESULTS
    from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance
    from stance.files import locked

    need_file_name(output)
    for file in OUTPUTS:
        refuse_inputs(output / file, [labels])
    columns = named_columns(
        text=statement_column,
        target=target_column,
        stance=stance_column,
        sentiment=sentiment_column,
        context=context_column,
        speaker=speaker_column,
        id=id_column,
        group=group_column,
        source=source_column,
    )
    rows = read_labelled(labels, columns=columns, target=target)
    name = labels.name.removesuffix(".gz").rsplit(".", 1)[0]
    with locked(output / RESULTS):
        results = evaluate_stance(
            StanceSettings(batch_size=batch_size, seed=seed),
            [LabelledSet(name, tuple(rows), labels)],
            stance.load(checkpoint, device=device, precision=precision.value),
            output,
            name=name,
            requested=checkpoint,
            overwrite=overwrite,
            say=say,
        )
    with writing_stdout():
        show_stance(report_console(), results, errors)
    say(f"Report, results and predictions are in {output}")
