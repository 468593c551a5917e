"""``stance summarize``: the statements of many articles at a glance."""

from __future__ import annotations

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


@app.command("summarize")
@clean_errors
def summarize_command(
    scored: Annotated[
        Path, typer.Argument(help="The table that `stance analyze` or `stance score` wrote.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page: a file that ends in .html.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="Labels of some of its statements, as `stance sample` drew them: shares are then "
            "corrected for the errors of the classifier."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Column of groups. Repeatable [default: speaker, outlet and month]."),
    ] = None,
    cluster: ClusterOption = None,
    level: Annotated[float, typer.Option(help="Nominal coverage of the intervals.")] = 0.95,
    title: Annotated[str | None, typer.Option(help="Heading of the page.")] = None,
    most: Annotated[
        int, typer.Option(min=1, help="Statements that the page holds at most; it says so.")
    ] = 100_000,
    id_column: IdColumn = None,
    statement_column: StatementColumn = None,
    target_column: TargetColumn = None,
    stance_column: Annotated[
        str | None, typer.Option(help="Column of the labels in the labelled file (stance).")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
) -> None:
    """Show the stances of many articles by target, speaker, outlet and month.

    Prints shares with intervals. With -o also writes one page that needs nothing else: the shares,
    a timeline, the most confident and most doubtful statements of each group, and a table of all
    statements that sorts, filters and can be downloaded.

    What identified people think of politics is specially protected in many countries: read "Limits
    and ethics" in the documentation before you publish such a page.
    """
    from stance.errors import DataError
    from stance.evaluation.console_tables import report_console
    from stance.evaluation.summary import show_summary, summarize
    from stance.files import check_output, write_text

    need_file_name(output)
    if output is not None:
        if output.suffix.lower() not in (".html", ".htm"):
            raise DataError(f"{output}: the page is HTML; give a name that ends in .html")
        check_output(output, overwrite=overwrite)
    summary = summarize(
        scored,
        labels=labels,
        by=by,
        cluster=cluster,
        level=level,
        columns=named_columns(
            id=id_column, statement=statement_column, target=target_column, stance=stance_column
        ),
    )
    if output is not None:
        write_text(output, summary.to_html(title, most=most), overwrite=overwrite)
    with writing_stdout():
        show_summary(report_console(), summary)
    if output is not None:
        say(f"The page is {output}")
