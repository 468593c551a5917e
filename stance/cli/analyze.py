"""``stance analyze``: articles to statements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import (
    PrecisionName,
    PrecisionOption,
    app,
    clean_errors,
    count,
    need_targets,
    progress_bar,
    quoted,
    say,
    say_error,
)
from stance.cli.outputs import Format, choose_format, is_folder, open_output
from stance.errors import DataError


@app.command("analyze")
@clean_errors
def analyze_command(
    articles: Annotated[
        list[str],
        typer.Argument(help="Text or HTML files, or folders of them; - reads standard input."),
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
    checkpoint: Annotated[
        str, typer.Option(help="small, base, an adapter folder or a model config (.yaml).")
    ] = "default",
    extractor: Annotated[
        str, typer.Option(help="What finds the statements: default, rules or a tagger's folder.")
    ] = "default",
    device: Annotated[str | None, typer.Option(help="cpu, cuda or mps.")] = None,
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
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
) -> None:
    """Find who said what in articles, and where they stand.

    Offsets count the code points of the text as read: without a byte order mark, with its own line
    ends, of HTML the visible words. JSON repeats that text.

    Exit codes: 0 when all articles were analysed; 1 when some could not be read (they are named at
    the end, the output holds the others); 2 when nothing was written.
    """
    from stance.cli.articles import About, find_articles, missing, read_article

    example = f'stance analyze {quoted(articles[0])} --target "a carbon tax"'
    targets = need_targets(target, example)
    output = None if output == Path("-") else output
    kind = choose_format(output, output_format)
    pages = output if output is not None and kind is Format.html and is_folder(output) else None
    sources = find_articles(articles, leave_out=pages)
    about = About(title, date, outlet, url, tuple(author) if author else None)
    if len(sources) > 1:
        about.refuse_for(len(sources))
    absent = [problem for problem in map(missing, sources) if problem]
    if len(absent) == len(sources):
        raise DataError("\n".join(absent))
    sink = open_output(output, kind, sources, overwrite=overwrite)

    import stance
    from stance.pipeline import check_options, check_targets

    check_targets(targets)
    check_options(abstain_below, coverage)
    classifier = stance.load(
        checkpoint, device=device, precision=precision.value, judge_all=judge_all
    )
    check_options(abstain_below, coverage, classifier=classifier, targets=targets)
    finder = stance.load_extractor(extractor, device=device)
    failures: list[str] = []
    statements = 0
    with progress_bar("article", len(sources)) as move, sink:
        for source in sources:
            try:
                document = read_article(source, about)
            except DataError as error:
                if len(sources) == 1:
                    raise
                failures.append(str(error))
                move(1)
                continue
            analysis = stance.analyze(
                document,
                targets,
                extractor=finder,
                classifier=classifier,
                abstain_below=abstain_below,
                coverage=coverage,
            )
            sink.add(source, analysis)
            statements += len(analysis.statements)
            move(1)
        if len(failures) == len(sources):
            raise DataError(f"none of {len(sources)} articles can be read:\n" + "\n".join(failures))
    if output is not None:
        done = len(sources) - len(failures)
        say(f"{count(statements, 'statement')} of {count(done, 'article')} written to {output}")
    if failures:
        say_error(f"{len(failures)} of {count(len(sources), 'article')} were left out:")
        for failure in failures:
            say(f"  {failure}")
        raise typer.Exit(1)
