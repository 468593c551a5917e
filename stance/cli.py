"""The ``stance`` command. The only module that prints or sets up logging."""

from __future__ import annotations

import csv
import json
import logging
import platform
import sys
from collections.abc import Callable
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar, cast

import typer
from rich import box
from rich.console import Console
from rich.table import Table

import stance
from stance.errors import DataError, StanceError
from stance.pipeline import Analysis, analyze
from stance.table import COLUMNS
from stance.text import html_to_text

app = typer.Typer(
    name="stance",
    help="Stance and sentiment of quoted statements in news.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_out = Console()
_err = Console(stderr=True)
P = ParamSpec("P")
R = TypeVar("R")


class Format(str, Enum):
    """Output formats of ``stance analyze``."""

    table = "table"
    json = "json"
    csv = "csv"
    html = "html"


def _clean_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a library error into one line on stderr and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except StanceError as error:
            _err.print("[bold red]error:[/]", end=" ")
            _err.print(str(error), markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(2) from error

    return run


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
@_clean_errors
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
            cells = [_plain(cell) for cell in shown]
            if len(analysis.targets) > 1:
                cells.append(_plain(prediction.target))
            table.add_row(
                *cells,
                _label(prediction.stance, prediction.stance_probabilities)
                + "\n"
                + _label(prediction.sentiment, prediction.sentiment_probabilities),
            )
            shown = ["", "", ""]
    _out.print(table)
    if len(analysis.targets) == 1:
        _out.print(
            f"{len(analysis.statements)} statements; stance toward: {analysis.targets[0]}",
            markup=False,
        )


def _plain(text: str) -> str:
    """Keep square brackets of the article from being read as markup."""
    return " ".join(text.split()).replace("[", r"\[")


@app.command("score")
@_clean_errors
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

    from stance.batch import Columns, score_table

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
    _err.print(
        f"{report.rows} rows written to {output}: {report.failed} with an error, "
        f"{report.truncated} truncated",
        markup=False,
        soft_wrap=True,
    )


@app.command("train")
@_clean_errors
def train_command(
    config: Annotated[Path, typer.Argument(help="A recipe of configs/train/.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the training files.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default: out/train/<recipe>.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Overrides the recipe's seed.")] = None,
) -> None:
    """Train an adapter; a run that was stopped goes on from its newest checkpoint."""
    from stance.config import load_yaml_dataclass, read_yaml

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = output or Path("out") / "train" / config.stem
    recipe = read_yaml(config)
    if recipe.get("task") == "attribution":
        from stance.train_attribution import train_attribution

        train_attribution(recipe if seed is None else {**recipe, "seed": seed}, data, folder)
    else:
        from stance.training import TrainConfig, train

        results = train(
            load_yaml_dataclass(config, TrainConfig), data, folder, seed=seed, recipe=config.stem
        )
        typer.echo(json.dumps(results["dev"], indent=1))
    typer.echo(f"written to {folder}")


@app.command("info")
@_clean_errors
def info_command(checkpoint: Annotated[str, typer.Option()] = "default") -> None:
    """Show versions, the checkpoint, its hash and the device."""
    import torch
    import transformers

    classifier = stance.load(checkpoint)
    calibration = classifier.calibration
    table = Table(show_header=False)
    rows: dict[str, object] = {
        "stance": stance.__version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        **classifier.facts,
        "stance_temperature": round(calibration.stance_temperature, 3),
        "context_temperature": round(float(calibration.stance_temperatures([True])[0]), 3),
        "sentiment_temperature": round(calibration.sentiment_temperature, 3),
    }
    for key, value in rows.items():
        table.add_row(key, _plain(str(value)))
    _out.print(table)
