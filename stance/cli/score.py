"""``stance score``: a table of statements to the same table with predictions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import stance
from stance.cli.common import ERR, app, clean_errors


@app.command("score")
@clean_errors
def score_command(
    source: Annotated[Path, typer.Argument(help="CSV, JSONL or Parquet table of statements.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV, JSONL or Parquet.")],
    target: Annotated[
        str, typer.Option("--target", "-t", help="Target of all rows.")
    ] = "foreign intervention",
    statement_column: Annotated[str, typer.Option()] = "statement",
    target_column: Annotated[str | None, typer.Option(help="One target a row.")] = None,
    context_column: Annotated[str | None, typer.Option()] = None,
    speaker_column: Annotated[str | None, typer.Option()] = None,
    checkpoint: Annotated[str, typer.Option()] = "default",
    batch_size: Annotated[int, typer.Option(min=1)] = 32,
    abstain_below: Annotated[float | None, typer.Option()] = None,
    coverage: Annotated[float | None, typer.Option()] = None,
    strict: Annotated[bool, typer.Option(help="Stop at the first bad row.")] = False,
    overwrite: Annotated[bool, typer.Option(help="Replace an existing output.")] = False,
) -> None:
    """Score a table of statements."""
    from tqdm import tqdm

    from stance.tables.score import Columns, score_table

    classifier = stance.load(checkpoint)
    with tqdm(unit="row", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        report = score_table(
            source,
            output,
            classifier,
            target=target,
            columns=Columns(statement_column, target_column, context_column, speaker_column),
            strict=strict,
            overwrite=overwrite,
            batch_size=batch_size,
            abstain_below=abstain_below,
            coverage=coverage,
            on_rows=lambda count: bar.update(count) and None,
        )
    ERR.print(
        f"{report.rows} rows written to {output}: {report.failed} with an error, "
        f"{report.truncated} truncated",
        markup=False,
        soft_wrap=True,
    )
