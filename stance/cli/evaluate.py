"""``stance evaluate``: systems against the user's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import (
    DeviceOption,
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
from stance.errors import DataError


@app.command("evaluate")
@clean_errors
def evaluate_command(
    labels: Annotated[
        Path | None,
        typer.Argument(
            help="CSV, TSV, JSONL, Parquet or Label Studio's JSON with a statement, a target, and "
            "a stance or sentiment a row."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for report, results and predictions."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", help="Target of all rows; without it each names its own."),
    ] = None,
    checkpoint: Annotated[
        list[str] | None,
        typer.Option(
            help="small, base, an adapter folder, a model config (.yaml), or a hub id as nli:ID or "
            "sequence-classification:ID; NAME=CHECKPOINT names it. Repeatable: the first leads the "
            "report."
        ),
    ] = None,
    predictions: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=FILE: stored predictions of another system, or the labels of a coder. "
            "Repeatable."
        ),
    ] = None,
    zero_shot: Annotated[
        str | None, typer.Option(help="Hub id of an NLI checkpoint to measure beside it.")
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="NAME=LABEL: what a name of your labels means (pro=favor). Repeatable."),
    ] = None,
    device: DeviceOption = None,
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
        str | None,
        typer.Option(
            help="Column of the article: intervals go by it (group, near_duplicates, document_id "
            "or article)."
        ),
    ] = None,
    near_duplicates: Annotated[
        bool,
        typer.Option(
            "--near-duplicates",
            help="Take rows of nearly the same words, such as wire copies, and their articles as "
            "one article.",
        ),
    ] = False,
    source_column: Annotated[
        str | None, typer.Option(help="Column of a subset that is reported apart.")
    ] = None,
    slice_column: Annotated[
        list[str] | None,
        typer.Option(
            help="Column to slice the scores by, besides target, length, context, and outlet, "
            "date, kind, speaker_role and modality where there are such. Repeatable."
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Also find the words that moved the errors of the first checkpoint (slow: about a "
            "hundred forward passes an error).",
        ),
    ] = False,
    batch_size: Annotated[int, typer.Option(min=1)] = 32,
    seed: Annotated[int, typer.Option(help="Of the bootstrap intervals.", min=0)] = 13,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace another run in the output folder.")
    ] = False,
    errors: Annotated[int, typer.Option(help="Print at most this many errors.", min=0)] = 20,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            help="Folders of two stored evaluations: what got better, what worse, is it noise? "
            "Needs no labels; -o writes a report."
        ),
    ] = None,
) -> None:
    """Measure systems on labelled statements of your own.

    Prints macro F1 with its bootstrap interval, scores by class, calibration, baselines, several
    systems side by side with tests, and the errors; writes report.html, report.md, results.json
    and predictions.csv.
    """
    if compare is not None:
        _compare(compare, labels, output, overwrite, errors)
        return
    from stance.cli.systems import load_systems
    from stance.engine.sources import refuse_inputs
    from stance.evaluation.console import show_stance
    from stance.evaluation.console_tables import report_console
    from stance.evaluation.label_names import LabelNames, read_given
    from stance.evaluation.labelled_sets import LabelledSet, read_labelled
    from stance.evaluation.provenance import OUTPUTS
    from stance.evaluation.result_files import RESULTS
    from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance
    from stance.files import locked

    need_file_name(output)
    if labels is None or output is None:
        raise DataError(
            "give the labelled file and -o: stance evaluate labels.csv -o FOLDER, or two stored "
            "results: stance evaluate --compare FOLDER FOLDER"
        )
    stored = [Path(option.partition("=")[2]) for option in predictions or ()]
    for file in OUTPUTS:
        refuse_inputs(output / file, [labels, *stored])
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
    given = read_given(label or ())
    names = LabelNames(given)
    rows = read_labelled(
        labels, columns=columns, target=target, names=names, slices=tuple(slice_column or ())
    )
    systems = load_systems(
        checkpoint or (),
        predictions or (),
        zero_shot,
        columns=columns,
        given=given,
        device=device,
        precision=precision.value,
    )
    notes = [*names.notes(), *systems.notes()]
    for note in notes:
        say(note)
    name = labels.name.removesuffix(".gz").rsplit(".", 1)[0]
    with locked(output / RESULTS):
        results = evaluate_stance(
            StanceSettings(
                batch_size=batch_size, seed=seed, near_duplicates=near_duplicates, explain=explain
            ),
            [LabelledSet(name, tuple(rows), labels)],
            systems.lead,
            output,
            others=systems.others,
            name=name,
            requested=systems.requested,
            system=systems.name,
            notes=notes,
            overwrite=overwrite,
            say=say,
        )
    with writing_stdout():
        show_stance(report_console(), results, errors)
    say(f"Report, results and predictions are in {output}")


def _compare(
    folders: tuple[Path, Path], labels: Path | None, output: Path | None, overwrite: bool, most: int
) -> None:
    from stance.evaluation.console import show_comparison
    from stance.evaluation.console_tables import report_console
    from stance.evaluation.tasks.compare import compare_runs

    if labels is not None:
        raise DataError(f"--compare reads stored evaluations, and no labels: leave out {labels}")
    if output is not None:
        need_file_name(output)
        if output in folders:
            raise DataError(f"{output} is one of the two that are compared: give another folder")
    results = compare_runs(*folders, output, overwrite=overwrite, say=say)
    with writing_stdout():
        show_comparison(report_console(), results, most)
    if output is not None:
        say(f"Report and results are in {output}")
