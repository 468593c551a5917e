"""``stance info``: versions, checkpoint and device."""

from __future__ import annotations

import platform
from typing import Annotated

import typer
from rich.table import Table

import stance
from stance.cli.common import app, clean_errors, out, plain


@app.command("info")
@clean_errors
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
        **classifier.info.to_record(),
        "stance_temperature": round(calibration.stance_temperature, 3),
        "context_temperature": round(float(calibration.stance_temperatures([True])[0]), 3),
        "sentiment_temperature": round(calibration.sentiment_temperature, 3),
    }
    for key, value in rows.items():
        table.add_row(key, plain(str(value)))
    out().print(table)
