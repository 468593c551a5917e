"""``stance estimate``: shares by group, corrected by a labelled sample."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import (
    ClusterOption,
    IdColumn,
    StatementColumn,
    TargetColumn,
    app,
    clean_errors,
    named_columns,
    need_file_name,
    say,
    writing_stdout,
)


class IntervalName(str, Enum):
    """Forms of the intervals of ``stance estimate``."""

    wilson = "wilson"
    t = "t"
    normal = "normal"
    bootstrap = "bootstrap"


@app.command("estimate")
@clean_errors
def estimate_command(
    scored: Annotated[
        Path, typer.Argument(help="The table that `stance score` or `stance analyze` wrote.")
    ],
    labels: Annotated[
        Path,
        typer.Argument(
            help="Labels of some of its statements, as `stance sample` drew them: CSV, TSV, "
            "JSONL, Parquet or Label Studio's JSON with the columns id, target and stance, and "
            "sampling_probability where they were not drawn with equal probability."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for report and results.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Column of groups, such as speaker, outlet or month. Repeatable."),
    ] = None,
    cluster: ClusterOption = None,
    reference: Annotated[
        str | None,
        typer.Option(help="Group to compare the others with. Default: few with each other."),
    ] = None,
    interval: Annotated[
        IntervalName, typer.Option(help="Form of the intervals.")
    ] = IntervalName.wilson,
    level: Annotated[float, typer.Option(help="Nominal coverage of the intervals.")] = 0.95,
    smallest: Annotated[
        int, typer.Option(help="Groups of fewer statements are put together.", min=1)
    ] = 20,
    id_column: IdColumn = None,
    statement_column: StatementColumn = None,
    target_column: TargetColumn = None,
    stance_column: Annotated[
        str | None, typer.Option(help="Column of the labels in the labelled file (stance).")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.", min=0)] = 13,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace another run in the output folder.")
    ] = False,
) -> None:
    """Estimate shares of favor, neutral and against from scored statements and some labels.

    A share of predicted labels is biased. Prints it beside the share of the labels alone and the
    corrected one, which uses both, with differences between groups, what the correction is worth,
    warnings, and a paragraph for a paper; with -o also writes report.html, report.md and
    results.json.
    """
    from stance.evaluation.console_tables import report_console
    from stance.evaluation.prevalence import (
        EstimateSettings,
        estimate_prevalence,
        show_prevalence,
        write_prevalence,
    )
    from stance.evaluation.sample_labels import read_sample
    from stance.evaluation.scored import read_scored

    if output is not None:
        need_file_name(output)
    shared = named_columns(id=id_column, statement=statement_column, target=target_column)
    own = named_columns(stance=stance_column)
    table = read_scored(scored, columns=shared)
    sample = read_sample(labels, table, columns=shared | own)
    settings = EstimateSettings(
        by=tuple(by or ()),
        cluster=cluster,
        reference=reference,
        method=interval.value,
        level=level,
        smallest=smallest,
        seed=seed,
    )
    results = estimate_prevalence(table, sample, settings, sample_file=labels)
    if output is not None:
        write_prevalence(output, results, overwrite=overwrite, say=say)
    with writing_stdout():
        show_prevalence(report_console(), results)
    if output is not None:
        say(f"Report and results are in {output}")
