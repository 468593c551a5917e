"""``stance train``: fine-tuning on labelled pairs, and recipes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.common import DeviceOption, app, clean_errors, need_file_name, say, show
from stance.errors import ConfigError
from stance.files import locked

if TYPE_CHECKING:
    from stance.training import TrainingResults

_RESULTS = "results.json"  # whose lock is that of the whole folder
_RECIPES = (".yaml", ".yml")
_OF_PAIRS = ("dev", "start", "from_scratch", "epochs", "learning_rate", "hold_out")


@app.command("train")
@clean_errors
def train_command(
    context: typer.Context,
    pairs: Annotated[
        Path,
        typer.Argument(
            help="Labelled pairs (CSV, TSV, JSONL, Parquet) with the columns statement, target, "
            "stance and, where there are any, sentiment, context, speaker, cue, group; or a recipe "
            "(YAML)."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of the adapter. Default: out/train/NAME."),
    ] = None,
    dev: Annotated[
        Path | None,
        typer.Option(help="Development pairs. Without it a share of the pairs is held out."),
    ] = None,
    start: Annotated[
        str, typer.Option(help="Adapter to go on from: small, base or a folder.")
    ] = "small",
    from_scratch: Annotated[
        bool,
        typer.Option(
            "--from-scratch", help="Train a model of its shape from the bare backbone instead."
        ),
    ] = False,
    epochs: Annotated[float | None, typer.Option(help="Passes over the pairs.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Peak learning rate.")] = None,
    hold_out: Annotated[float, typer.Option(help="Share held out without --dev.")] = 0.2,
    data: Annotated[
        Path | None, typer.Option(help="Recipes: the folder that $DATA stands for.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of everything that is drawn.")] = None,
    device: DeviceOption = None,
) -> None:
    """Train an adapter; a run that was stopped goes on when the command is given again."""
    need_file_name(output)
    folder = output or Path("out") / "train" / pairs.name.split(".")[0]
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file: the adapter needs a folder, name one with -o")
    if pairs.suffix.lower() in _RECIPES:
        given = [key for key in _OF_PAIRS if _was_given(context, key)]
        if given:
            raise ConfigError(
                f"--{given[0].replace('_', '-')} is for pairs: a recipe says it in its file"
            )
        with locked(folder / _RESULTS):
            _train_recipe(pairs, folder, data, seed, device)
    else:
        if data is not None:
            raise ConfigError("--data is for recipes: pairs are named by their own path")
        with locked(folder / _RESULTS):
            _fine_tune(
                pairs,
                dev,
                folder,
                start=start,
                from_scratch=from_scratch,
                epochs=epochs,
                learning_rate=learning_rate,
                hold_out=hold_out,
                seed=seed or 0,
                device=device,
            )
    show(f"written to {folder}")


def _was_given(context: typer.Context, key: str) -> bool:
    source = context.get_parameter_source(key)
    return source is not None and source.name == "COMMANDLINE"


def _fine_tune(
    pairs: Path,
    dev: Path | None,
    folder: Path,
    *,
    start: str,
    from_scratch: bool,
    epochs: float | None,
    learning_rate: float | None,
    hold_out: float,
    seed: int,
    device: str | None,
) -> None:
    from stance.training import FineTuning, read_pairs, train

    args = FineTuning(
        output=folder,
        start=start,
        from_scratch=from_scratch,
        epochs=epochs,
        learning_rate=learning_rate,
        hold_out=hold_out,
        seed=seed,
        device=device,
    )
    files = {"train": pairs} if dev is None else {"train": pairs, "development": dev}
    held_out = None if dev is None else read_pairs(dev)
    results = train(read_pairs(pairs), held_out, args, files=files)
    _print(results)


def _train_recipe(
    path: Path, folder: Path, data: Path | None, seed: int | None, device: str | None
) -> None:
    from stance.config import from_mapping, read_yaml
    from stance.training import TaggerRecipe, load_recipe, run_recipe, train_tagger

    values = read_yaml(path)
    home, name = path.resolve().parent, path.name
    if values.get("task") == "attribution":
        tagger = from_mapping(values, TaggerRecipe, where=str(path))
        done = train_tagger(tagger, home, folder, data=data, seed=seed, file=name, device=device)
        scores = ", ".join(f"{role} {value:.3f}" for role, value in done.held_out_f1.items())
        show(f"wordpiece F1 on {done.held_out_articles} held-out articles: {scores}")
        return
    _print(
        run_recipe(load_recipe(path), home, folder, data=data, seed=seed, file=name, device=device)
    )


def _print(results: TrainingResults) -> None:
    """Scores on the held-out pairs, before and after."""
    show(f"held out by {results.held_out_by}; macro F1 of stance · of sentiment:")
    for source, scores in results.held_out.items():
        before = results.before[source] if results.before else None
        stance, sentiment = (
            _arrow(getattr(before, key, None), getattr(scores, key))
            for key in ("stance_macro_f1", "sentiment_macro_f1")
        )
        show(f"  {source} ({scores.n} pairs): {stance} · {sentiment}")
    for note in results.calibration_notes:
        say(f"calibration: {note}")


def _arrow(before: float | None, after: float | None) -> str:
    if after is None:
        return "-"
    return f"{after:.3f}" if before is None else f"{before:.3f} -> {after:.3f}"
