"""``stance score``: a table of statements to the same table with predictions."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import (
    PrecisionName,
    PrecisionOption,
    app,
    clean_errors,
    count,
    need_file_name,
    need_targets,
    progress_bar,
    quoted,
    say,
)
from stance.errors import DataError


class TableFormatName(str, Enum):
    """Output formats of ``stance score``."""

    csv = "csv"
    tsv = "tsv"
    jsonl = "jsonl"
    parquet = "parquet"


@app.command("score")
@clean_errors
def score_command(
    table: Annotated[Path, typer.Argument(help="CSV, TSV, JSONL or Parquet of statements.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The table to write.")],
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            help="What the stance is toward. Repeatable. Required without --target-column.",
        ),
    ] = None,
    target_column: Annotated[
        str | None, typer.Option(help="Column with the target of each row.")
    ] = None,
    output_format: Annotated[
        TableFormatName | None, typer.Option("--format", "-f", help="Told by the ending of -o.")
    ] = None,
    statement_column: Annotated[
        str, typer.Option(help="Column with the words to judge.")
    ] = "statement",
    context_column: Annotated[
        str | None, typer.Option(help="Column with the text around them.")
    ] = None,
    speaker_column: Annotated[str | None, typer.Option(help="Column with who said them.")] = None,
    checkpoint: Annotated[
        str, typer.Option(help="small, base, an adapter folder or a model config (.yaml).")
    ] = "default",
    device: Annotated[str | None, typer.Option(help="cpu, cuda or mps.")] = None,
    precision: PrecisionOption = PrecisionName.auto,
    batch_size: Annotated[int, typer.Option(min=1, help="Statements judged at a time.")] = 32,
    abstain_below: Annotated[
        float | None, typer.Option(help="Give no stance below this probability.")
    ] = None,
    judge_all: Annotated[
        bool,
        typer.Option(
            "--judge-all",
            help="Also judge what is not English, has no letters or is too long for the model.",
        ),
    ] = False,
    coverage: Annotated[
        float | None, typer.Option(help="Also give the set that holds the right stance this often.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad row.")] = False,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe",
            help="In CSV and TSV, put an apostrophe before formulas in your own columns, too.",
        ),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
) -> None:
    """Judge a table whose rows are statements already.

    Every input row is written, in order and with its own cells as they were; with several targets
    once for each of them. A row without text gets an `error`.
    """
    if target_column is None:
        example = f"stance score {quoted(str(table))} -o {quoted(str(output))}"
        need_targets(
            target,
            f'{example} --target "a carbon tax"  (or --target-column COLUMN, where each row has '
            "its own)",
        )

    import stance
    from stance.files import check_output
    from stance.pipeline import check_options, check_targets
    from stance.tables import Columns, score_table, table_format

    # All that can be known before the model is loaded.
    need_file_name(output)
    check_output(output, overwrite=overwrite)
    if output_format is None:
        table_format(output)
    if not os.path.isfile(table):
        raise DataError(f"{table} does not exist")
    if output.exists() and output.samefile(table):
        raise DataError(f"{output} is the table to score: name another output")
    if target:
        check_targets(target)
    check_options(abstain_below, coverage)
    classifier = stance.load(
        checkpoint, device=device, precision=precision.value, judge_all=judge_all
    )
    with progress_bar("row") as bar:
        report = score_table(
            table,
            output,
            target,
            classifier=classifier,
            columns=Columns(statement_column, target_column, context_column, speaker_column),
            strict=strict,
            overwrite=overwrite,
            output_format=output_format.value if output_format else None,
            batch_size=batch_size,
            abstain_below=abstain_below,
            coverage=coverage,
            spreadsheet_safe=spreadsheet_safe,
            on_rows=bar,
        )
    say(
        f"{count(report.rows, 'row')} written to {output}: {report.failed} with an error, "
        f"{report.abstained} without a stance, {report.truncated} truncated"
    )
