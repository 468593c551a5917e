"""``stance analyze``: articles to statements."""

from __future__ import annotations

import csv
import json
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, cast

import typer
from rich import box
from rich.table import Table

import stance
from stance.analysis import Analysis
from stance.cli.common import OUT, app, clean_errors, plain
from stance.errors import DataError
from stance.extract.html import html_to_text
from stance.pipeline import analyze
from stance.tables.rows import COLUMNS


class Format(str, Enum):
    """Output formats of ``stance analyze``."""

    table = "table"
    json = "json"
    csv = "csv"
    html = "html"


def read_article(source: str) -> str:
    """Read an article: a text or HTML file, or ``-`` for standard input.

    Raises:
        DataError: the file is missing, empty, binary or not UTF-8.
    """
    name = "standard input" if source == "-" else source
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {name}: {error.strerror or error}") from error
    if not raw.strip():
        raise DataError(f"{name} is empty: give a file with the article's text")
    if b"\x00" in raw[:8192]:
        raise DataError(f"{name} is a binary file: give plain text or HTML in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{name} is not UTF-8 text (byte {error.start}): convert it, for example with "
            "`iconv -t UTF-8`"
        ) from error
    start = text[:1024].lstrip().casefold()
    if source.lower().endswith((".html", ".htm")) or start.startswith(("<!doctype html", "<html")):
        text = html_to_text(text)
        if not text.strip():
            raise DataError(f"{name} is HTML without any text")
    return text


@app.command("analyze")
@clean_errors
def analyze_command(
    files: Annotated[list[str], typer.Argument(help="Text or HTML files; - reads stdin.")],
    target: Annotated[
        list[str] | None, typer.Option("--target", "-t", help="What the stance is toward.")
    ] = None,
    output_format: Annotated[Format, typer.Option("--format", "-f")] = Format.table,
    checkpoint: Annotated[
        str, typer.Option(help="small, base, an adapter folder or a model config (.yaml).")
    ] = "default",
    abstain_below: Annotated[
        float | None, typer.Option(help="Give no stance below this probability.")
    ] = None,
    coverage: Annotated[
        float | None, typer.Option(help="Also give the set that holds the right stance this often.")
    ] = None,
) -> None:
    """Find who said what in articles, and where they stand.

    Offsets count the code points of the text as read: without a byte order mark, with its own
    line ends, of HTML the visible words. JSON repeats that text.
    """
    if output_format is Format.html and len(files) > 1:
        raise DataError("--format html takes one file: call it once for each article")
    targets = tuple(target or ("foreign intervention",))
    articles = [(name, read_article(name)) for name in files]
    classifier = stance.load(checkpoint)
    found = [
        (
            name,
            analyze(
                text,
                targets,
                classifier=classifier,
                abstain_below=abstain_below,
                coverage=coverage,
            ),
        )
        for name, text in articles
    ]
    if output_format is Format.table:
        for name, analysis in found:
            _print_table(name, analysis)
    elif output_format is Format.json:
        typer.echo(json.dumps(_as_object(found), ensure_ascii=False, indent=2))
    elif output_format is Format.csv:
        writer = csv.DictWriter(sys.stdout, ["file", *COLUMNS], lineterminator="\r\n")
        writer.writeheader()
        for name, analysis in found:
            writer.writerows({"file": name, **record} for record in analysis.to_records())
    else:
        typer.echo(found[0][1].to_html(title=Path(found[0][0]).name))


def _as_object(found: list[tuple[str, Analysis]]) -> dict[str, object]:
    """One JSON object: of several articles, the statements in one list that names their files."""
    parts = [(name, analysis.to_dict()) for name, analysis in found]
    if len(parts) == 1:
        return {"file": parts[0][0], **parts[0][1]}
    return {
        **{key: parts[0][1][key] for key in ("schema_version", "targets")},
        "articles": [{"file": name, "text": part["text"]} for name, part in parts],
        "statements": [
            {"file": name, **statement}
            for name, part in parts
            for statement in cast(list[dict[str, object]], part["statements"])
        ],
    }


_COLORS = {"favor": "green", "against": "red", "positive": "green", "negative": "red"}


def _label(name: str | None, probabilities: dict[str, float] | None) -> str:
    """A label in its color with its probability; ``abstained`` shows the highest one."""
    if probabilities is None:
        return "[dim]-[/]"
    shown = name or "abstained"
    probability = probabilities[name] if name else max(probabilities.values())
    return f"[{_COLORS.get(shown, 'dim')}]{shown}[/] {probability:.2f}"


def _print_table(name: str, analysis: Analysis) -> None:
    table = Table(title=name, title_justify="left", box=box.SIMPLE_HEAD, show_lines=True)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Speaker", max_width=18)
    table.add_column("Statement", ratio=1)
    if len(analysis.targets) > 1:
        table.add_column("Target", max_width=18)
    table.add_column("Stance, sentiment", no_wrap=True)
    for number, (statement, row) in enumerate(
        zip(analysis.statements, analysis.predictions, strict=True), start=1
    ):
        shown = [str(number), statement.speaker or "unknown", statement.text]
        for prediction in row:
            cells = [plain(cell) for cell in shown]
            if len(analysis.targets) > 1:
                cells.append(plain(prediction.target))
            table.add_row(
                *cells,
                _label(prediction.stance, prediction.stance_probabilities)
                + "\n"
                + _label(prediction.sentiment, prediction.sentiment_probabilities),
            )
            shown = ["", "", ""]
    OUT.print(table)
    if len(analysis.targets) == 1:
        OUT.print(
            f"{len(analysis.statements)} statements; stance toward: {analysis.targets[0]}",
            markup=False,
        )
