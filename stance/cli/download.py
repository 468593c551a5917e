"""``stance download``: have the backbones on this computer before they are needed."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.common import app, clean_errors, show


class Backbone(str, Enum):
    """What can be downloaded."""

    small = "small"
    base = "base"
    all = "all"


@app.command("download")
@clean_errors
def download_command(
    names: Annotated[list[Backbone], typer.Argument(help="small (90 MB), base (440 MB) or all.")],
    cache: Annotated[
        Path | None,
        typer.Option(help="Folder to keep them in; default: $STANCE_CACHE, else your own cache."),
    ] = None,
) -> None:
    """Fetch the pretrained backbones, once; afterwards everything works offline.

    Prints where the files lie and their SHA-256. What is there already is checked, and what is
    damaged in the cache is fetched anew.
    """
    from stance.checkpoint import BACKBONES, download_backbone

    wanted = list(BACKBONES) if Backbone.all in names else [name.value for name in names]
    for name in dict.fromkeys(wanted):
        found = download_backbone(name, cache=cache)
        show(f"{name}: {found.spec.hub_id} in {found.path}")
        for file, sha256 in found.spec.files.items():
            show(f"  {sha256}  {file}")
    if cache is not None:
        show(f"To have them found there, set STANCE_CACHE={cache.resolve()}")
