"""``stance analyze``: articles to statements."""

from __future__ import annotations

import json
from enum import Enum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.common import (
    CheckpointOption,
    DeviceOption,
    ExtractorOption,
    PrecisionName,
    PrecisionOption,
    app,
    clean_errors,
    count,
    need_targets,
    quoted,
    say,
    say_error,
    writing_stdout,
)
from stance.cli.outputs import Format, Output, Pages, choose_format, is_folder, open_output
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
from stance.errors import DataError

if TYPE_CHECKING:
    from stance.engine.articles import ArticleJob
    from stance.engine.jobs import Engine
    from stance.engine.run import Target
    from stance.engine.shards import Shard
    from stance.schema import Correction


_SHOWN = 10  # errors that are printed, of all that are listed


class NearDuplicates(str, Enum):
    """What is done with near-identical articles."""

    off = "off"
    mark = "mark"


@app.command("analyze")
@clean_errors
def analyze_command(
    articles: Annotated[
        list[str],
        typer.Argument(
            help="Text, HTML or PDF files, or folders of them; tables with an article a row (CSV, "
            "TSV, JSONL, Parquet, also packed), saved Hugging Face datasets; - is standard input."
        ),
    ],
    target: Annotated[
        list[str] | None,
        typer.Option("--target", "-t", help="What the stance is toward. Repeatable. Required."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File to write to, or a folder of pages; without it, or with -, it is printed.",
        ),
    ] = None,
    output_format: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="Told by the ending of -o; a table where none."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Headline of the one article.")] = None,
    date: Annotated[str | None, typer.Option(help="Its date, such as 2026-11-29.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it stands.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Who wrote it. Repeatable.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="Of tables: FIELD=NAME, where FIELD is text, id, title, date, outlet, authors or "
            "url. Repeatable; others are found by their usual names, and told."
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(help="Write only these columns of article and statement, beside the results."),
    ] = None,
    near_duplicates: Annotated[
        NearDuplicates,
        typer.Option(help="mark: a column names articles that are nearly the same text."),
    ] = NearDuplicates.off,
    input_format: Annotated[
        TableFormatName | None, typer.Option(help="Of tables; makes standard input a table.")
    ] = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    checkpoint: CheckpointOption = "default",
    extractor: ExtractorOption = "default",
    device: DeviceOption = None,
    precision: PrecisionOption = PrecisionName.auto,
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
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Of pages: show the words that moved each answer (slower)."),
    ] = False,
    corrections: Annotated[
        Path | None,
        typer.Option(help="Of a page: show the corrections of this file (JSONL) again."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first bad article.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
    shard: ShardOption = None,
    engine: EngineOption = EngineName.local,
    workers: WorkersOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find who said what in articles, and where they stand.

    Offsets count the code points of the text as read: without a byte order mark, with its own line
    ends, of HTML and PDF the visible words. JSON repeats that text.

    Tables (CSV, TSV, JSONL, Parquet) are written in parts: a run that was stopped goes on when the
    command is given again. An article that cannot be read, and a folder or table without any, has
    a row with its `error`, and a line in OUT.errors.jsonl. How the output was made stands in
    OUT.manifest.json.

    Exit codes: 0 when all articles were analysed; 1 when some could not be read (they are named,
    the output holds the others); 2 when nothing was written.
    """
    from stance.engine.article_files import About, missing
    from stance.engine.article_rows import PART_ARTICLES, ArticleReader
    from stance.engine.articles import ArticleJob
    from stance.engine.inputs import TableOptions
    from stance.engine.judging import Judge
    from stance.engine.run import Target
    from stance.engine.shards import Shard
    from stance.engine.sources import find_groups, find_sources

    example = f'stance analyze {quoted(articles[0])} --target "a carbon tax"'
    targets = need_targets(target, example)
    output = None if output == Path("-") else output
    kind = choose_format(output, output_format)
    pages = output if output is not None and kind is Format.html and is_folder(output) else None
    options = TableOptions(table_format_of(input_format), encoding, delimiter)
    found = find_sources(articles, options, _columns(column), leave_out=pages)
    about = About(title, date, outlet, url, tuple(author) if author else None)
    reader = ArticleReader(*found, about, 1 if kind is Format.table else PART_ARTICLES)
    if reader.total > 1:
        about.refuse_for(reader.total)
    said = (reader.problems.get(file) or missing(file) for file in reader.files)
    absent = [problem for problem in said if problem]
    if absent and len(absent) == reader.total:
        raise DataError("\n".join(absent))
    to = open_output(output, kind, reader.names(), overwrite=overwrite)
    corrected = _corrections(corrections, to, reader.total)
    if explain and not isinstance(to, Pages):
        raise DataError("--explain is for pages: end -o in .html, or give --format html")
    share = None if shard is None else Shard.parse(shard)
    check_workers(engine, workers)
    if not isinstance(to, Target) and (share or engine is not EngineName.local):
        raise DataError(
            "--shard and --engine go with outputs that are tables: end -o in .csv, .tsv, .jsonl "
            "or .parquet"
        )

    import stance
    from stance.analysis import Analysis
    from stance.pipeline import check_options, check_targets

    check_targets(targets)
    check_options(abstain_below, coverage)
    classifier = stance.load(
        checkpoint, device=device, precision=precision.value, judge_all=judge_all
    )
    check_options(abstain_below, coverage, classifier=classifier, targets=targets)
    job = ArticleJob(
        reader,
        targets,
        stance.load_extractor(extractor, device=device, precision=precision.value),
        Judge(classifier, abstain_below=abstain_below, coverage=coverage),
        groups=find_groups(reader) if near_duplicates is NearDuplicates.mark else None,
        keep=names_of(keep, []),
        strict=strict or reader.total == 1,
    )
    if isinstance(to, Pages):
        to.corrections, to.corrections_file = corrected, corrections
        if explain:
            to.explain = partial(Analysis.explain, classifier=classifier)
    if isinstance(to, Target):
        computing = engine_of(engine, workers, classifier.info.device)
        failed = _run(job, to, share, computing, quiet)
    else:
        failed = _show(job, to, output, quiet)
    if failed:
        raise typer.Exit(1)


def _corrections(path: Path | None, to: Output | Target, articles: int) -> list[Correction]:
    """What ``--corrections`` names, or nothing.

    Raises:
        DataError: the file is no file of corrections, or goes with no page of one article.
    """
    if path is None:
        return []
    if not isinstance(to, Pages):
        raise DataError("--corrections is for a page: end -o in .html, or give --format html")
    if articles > 1:
        raise DataError(f"--corrections are of one article: give that one, not {articles}")
    from stance.tables import read_corrections

    return read_corrections(path)


def _columns(given: list[str] | None) -> dict[str, str]:
    """What ``--column`` says.

    Raises:
        DataError: it is not of the form FIELD=NAME.
    """
    parted = [part.partition("=") for part in given or ()]
    for field, sign, name in parted:
        if not (field and sign and name):
            raise DataError(f"--column is {field + sign + name!r}: give FIELD=NAME, as text=body")
    return {field: name for field, _, name in parted}


def _run(
    job: ArticleJob, to: Target, shard: Shard | None, engine: Engine | None, quiet: bool
) -> bool:
    """Write the rows; whether an article was bad."""
    from stance.engine.parts import errors_of
    from stance.engine.shards import run_shard

    with writing_stdout():
        report = run_shard(job, to, shard, engine=engine, progress=False if quiet else None)
    show_report(report)
    if report.counts.errors and not report.streamed:
        with errors_of(to.path).open(encoding="utf-8") as lines:
            for line in islice(lines, _SHOWN):
                say(f"  {json.loads(line)['reason']}")
    return report.counts.errors > 0


def _show(job: ArticleJob, sink: Output, output: Path | None, quiet: bool) -> bool:
    """Hand each analysis to what prints or writes it; whether an article was bad."""
    from stance.engine.progress import Progress

    failures: list[str] = []
    statements = 0
    with Progress(job.unit, job.total, show=False if quiet else None) as bar, sink:
        for batch in job.batches():
            for article in job.judge(batch):
                try:
                    analysis = article.analysis()
                except DataError as error:
                    failures.append(str(error))
                else:
                    sink.add(article.item.name, analysis)
                    statements += len(analysis.statements)
                bar.advance(1)
        if len(failures) == job.total:
            raise DataError(f"none of {job.total} articles can be read:\n" + "\n".join(failures))
    if output is not None and not quiet:
        done = job.total - len(failures)
        say(f"{count(statements, 'statement')} of {count(done, 'article')} written to {output}")
    if failures:
        say_error(f"{len(failures)} of {count(job.total, 'article')} were left out:")
        for failure in failures:
            say(f"  {failure}")
    return bool(failures)
