"""``stance score``: tables of statements to one table with predictions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import (
    CheckpointOption,
    DeviceOption,
    PrecisionName,
    PrecisionOption,
    app,
    clean_errors,
    need_targets,
    quoted,
    writing_stdout,
)
from stance.cli.runs import (
    DelimiterOption,
    EncodingOption,
    EngineName,
    EngineOption,
    QuietOption,
    ShardOption,
    TableFormatName,
    WorkersOption,
    check_workers,
    engine_of,
    names_of,
    show_report,
    table_format_of,
)


@app.command("score")
@clean_errors
def score_command(
    tables: Annotated[
        list[str],
        typer.Argument(
            help="CSV, TSV, JSONL or Parquet of statements, also .gz or .zst; a saved Hugging Face "
            "dataset; - reads standard input."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The table to write; - prints it.")
    ],
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            help="What the stance is toward. Repeatable. Required without --target-column.",
        ),
    ] = None,
    target_column: Annotated[
        str | None, typer.Option(help="Column with the target of each row, or a list of several.")
    ] = None,
    output_format: Annotated[
        TableFormatName | None, typer.Option("--format", "-f", help="Told by the ending of -o.")
    ] = None,
    input_format: Annotated[
        TableFormatName | None, typer.Option(help="Told by the endings, or the bytes of -.")
    ] = None,
    statement_column: Annotated[
        str | None,
        typer.Option(help="Column with the words to judge (statement, quote, text or body)."),
    ] = None,
    context_column: Annotated[
        str | None, typer.Option(help="Column with the text around them.")
    ] = None,
    speaker_column: Annotated[str | None, typer.Option(help="Column with who said them.")] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(help="Write only these input columns, beside the results. Repeatable."),
    ] = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    checkpoint: CheckpointOption = "default",
    device: DeviceOption = None,
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
    shard: ShardOption = None,
    engine: EngineOption = EngineName.local,
    workers: WorkersOption = None,
    quiet: QuietOption = False,
) -> None:
    """Judge tables whose rows are statements already.

    Every input row is written, in order and with its own cells as they were; with several targets
    once for each of them. A row that cannot be judged gets an `error`, and a line in
    OUT.errors.jsonl. A run that was stopped goes on when the command is given again. How the output
    was made stands in OUT.manifest.json.
    """
    if target_column is None:
        example = f"stance score {quoted(tables[0])} -o {quoted(str(output))}"
        need_targets(
            target,
            f'{example} --target "a carbon tax"  (or --target-column COLUMN, where each row has '
            "its own)",
        )

    import stance
    from stance.engine.arguments import Columns
    from stance.engine.inputs import TableOptions, find_files, read_tables
    from stance.engine.judging import Judge
    from stance.engine.parts import check_outputs
    from stance.engine.rows import RowJob
    from stance.engine.shards import Shard, run_shard
    from stance.engine.sources import output_target, refuse_inputs, tell_notes
    from stance.pipeline import check_options, check_targets

    # All that can be known before the model is loaded.
    to = output_target(output, table_format_of(output_format), overwrite=overwrite)
    check_outputs(to.path, overwrite=overwrite)
    share = None if shard is None else Shard.parse(shard)
    check_workers(engine, workers)
    files = find_files(tables)
    refuse_inputs(to.path, files)
    if target:
        check_targets(target)
    check_options(abstain_below, coverage)
    options = TableOptions(table_format_of(input_format), encoding, delimiter)
    read = read_tables(files, options)
    tell_notes(note for table in read for note in table.notes)
    classifier = stance.load(
        checkpoint, device=device, precision=precision.value, judge_all=judge_all
    )
    job = RowJob(
        read,
        target,
        Judge(classifier, batch_size, abstain_below, coverage),
        columns=Columns(statement_column, target_column, context_column, speaker_column),
        keep=names_of(keep, [name for table in read for name in table.schema.names]),
        strict=strict,
        spreadsheet_safe=spreadsheet_safe,
        typed=to.kind == "parquet",
    )
    with writing_stdout():
        report = run_shard(
            job,
            to,
            share,
            engine=engine_of(engine, workers, classifier.info.device),
            progress=False if quiet else None,
        )
    show_report(report)
