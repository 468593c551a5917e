"""``stance merge``: the outputs of all shards to one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import app, clean_errors
from stance.cli.runs import QuietOption, TableFormatName, show_report, table_format_of


@app.command("merge")
@clean_errors
def merge_command(
    outputs: Annotated[
        list[str],
        typer.Argument(help="What stance score or stance analyze wrote with --shard, all of it."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The table to write.")],
    output_format: Annotated[
        TableFormatName | None, typer.Option("--format", "-f", help="Told by the ending of -o.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Join the outputs of all shards of a run.

    The rows come in the order of the input, whatever the order of the shards, and errors and
    manifest are joined, too: all is as one run without shards would have written it. Shards of
    different inputs, options or models are refused, and so are missing and changed ones.
    """
    from stance.engine import merge

    report = merge(
        outputs,
        output,
        overwrite=overwrite,
        output_format=table_format_of(output_format),
        progress=False if quiet else None,
    )
    show_report(report)
