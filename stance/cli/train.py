"""``stance train``: fine-tuning."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import app, clean_errors


@app.command("train")
@clean_errors
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
        from stance.training.tagger import train_attribution

        train_attribution(recipe if seed is None else {**recipe, "seed": seed}, data, folder)
    else:
        from stance.training.trainer import TrainConfig, train

        results = train(
            load_yaml_dataclass(config, TrainConfig), data, folder, seed=seed, recipe=config.stem
        )
        typer.echo(json.dumps(results["dev"], indent=1))
    typer.echo(f"written to {folder}")
