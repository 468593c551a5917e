"""``stance download``: have what a model needs on this computer before it is needed."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import app, clean_errors, show


class Model(str, Enum):
    """What can be made ready."""

    small = "small"
    base = "base"
    all = "all"


@app.command("download")
@clean_errors
def download_command(
    models: Annotated[list[Model], typer.Argument(help="small, base, or all.")],
    cache: Annotated[
        Path | None,
        typer.Option(help="Folder to keep them in; default: $STANCE_CACHE, else your own cache."),
    ] = None,
) -> None:
    """Fetch the pretrained backbones that a model needs, once; afterwards it works offline.

    Those are the model's own and that of the tagger, which finds statements in articles: MiniLM
    takes 90 MB, MPNet 440 MB.

    Prints where the files lie and their SHA-256. What is there already is checked, and what is
    damaged in the cache is fetched anew.
    """
    from stance.checkpoint import download_backbone, needed_backbones

    wanted = dict.fromkeys(name for model in models for name in needed_backbones(model.value))
    for name in wanted:
        found = download_backbone(name, cache=cache)
        show(f"{name}: {found.spec.hub_id} in {found.path}")
        for file, sha256 in found.spec.files.items():
            show(f"  {sha256}  {file}")
    if cache is not None:
        show(f"To have them found there, set STANCE_CACHE={cache.resolve()}")
