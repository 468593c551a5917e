"""``stance calibrate``: fit a checkpoint to a few labels of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.common import DeviceOption, app, clean_errors, need_file_name, say, show

if TYPE_CHECKING:
    from stance.training import FewLabelsResults


@app.command("calibrate")
@clean_errors
def calibrate_command(
    labels: Annotated[
        Path,
        typer.Argument(
            help="30 labelled pairs or more (CSV, TSV, JSONL, Parquet, Label Studio's JSON) with "
            "the columns statement, target, stance and, where there are any, context, speaker, "
            "cue, kind, group."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the new checkpoint.")],
    start: Annotated[
        str, typer.Option("--checkpoint", help="small, base or an adapter folder.")
    ] = "base",
    fine_tune: Annotated[
        bool, typer.Option(help="Also try a short fine-tuning, which takes minutes.")
    ] = True,
    seed: Annotated[int, typer.Option(help="Of the folds and of training.", min=0)] = 0,
    device: DeviceOption = None,
) -> None:
    """Fit a checkpoint to your labels, as far as held-out labels show that it helps.

    Compares the checkpoint as it is with a fitted temperature, with a bias for each stance, and
    with a short fine-tuning, each on labels that it was not fitted on, and takes the simplest that
    nothing beats clearly. The prediction sets of stance score --coverage are fitted to your labels
    in any case, for each target of its own where it has 20 of them, else for each kind (direct,
    indirect, mixed) that has.
    """
    from stance.training import fit_few_labels, read_pairs

    need_file_name(output)
    found = fit_few_labels(
        read_pairs(labels), output, start=start, fine_tune=fine_tune, seed=seed, device=device
    )
    for line in _lines(found):
        show(line)
    say(f"written to {output}: use it with --checkpoint {output}")


def _lines(found: FewLabelsResults) -> list[str]:
    lines = [f"{found.labels} labels of {found.groups} groups, each held out in turn:"]
    width = max(len(way.way) for way in found.ways)
    for way in found.ways:
        lines.append(
            f"  {way.way:<{width}}  log loss {way.log_loss:.3f}  ECE {way.ece:.3f}  "
            f"macro F1 {way.macro_f1:.3f}  gain {way.gain:+.3f} ± {way.error:.3f}"
        )
    if found.chosen == found.ways[0].way:
        lines.append(
            "Nothing is clearly better than the checkpoint as it is: these labels do not help, and "
            "its probabilities stay."
        )
    else:
        lines.append(f"Taken: {found.chosen}.")
    before = "not known" if found.covered_before is None else f"{found.covered_before:.0%}"
    lines.append(
        f"Prediction sets at a coverage of 90 % held {before} of your labels before, and hold "
        f"{found.covered:.0%} of those left out now."
    )
    own = [*found.own_targets, *(f"{kind} statements" for kind in found.own_kinds)]
    if own:
        lines.append(f"Sets of their own: {', '.join(own)}.")
    return lines
