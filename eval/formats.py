"""What a number format, or a shorter context, costs: ``python -m eval.formats --data FOLDER``.

On rows of the news development files it compares the answers with those of ``fp32`` and the whole
context: share of equal labels, macro F1, wrong sides (favor for against, or the reverse).
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import torch
import typer
from rich.console import Console
from rich.table import Table

import stance
from eval.sets import load_config, load_sets
from stance.checkpoint import INFO_NAME, Precision, pick_precision
from stance.errors import StanceError
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.metrics import macro_f1
from stance.evaluation.provenance import code_version
from stance.labels import Stance
from stance.model import read_model_config

NEWS = Path(__file__).resolve().parents[1] / "configs" / "eval" / "news.yaml"
SEED = 13
LABELS = {label: i for i, label in enumerate(Stance)}


@dataclass(frozen=True, slots=True)
class Answers:
    """Labels ``[n]`` as numbers of the canonical order, and what giving them took.

    Attributes:
        labels: the most probable stance of each row.
        seconds: processor time, which other work on the machine leaves as it is.
    """

    labels: npt.NDArray[np.int64]
    seconds: float


def main(
    data: Annotated[Path, typer.Option(help="Folder of the labelled news.")],
    checkpoint: Annotated[str, typer.Option(help="Bundled model or adapter folder.")] = "default",
    rows: Annotated[int, typer.Option(min=1, help="Drawn from all development rows.")] = 600,
    context: Annotated[
        list[int] | None, typer.Option(help="Tokens of context to try in fp32. Repeatable.")
    ] = None,
) -> None:
    """Print one line a number format, and one a shorter context."""
    try:
        drawn = _draw(data, rows)
        gold = np.array([LABELS[row.stance] for row in drawn if row.stance], np.int64)
        reference = _answers(stance.load(checkpoint, precision="fp32"), drawn)
        table = Table(
            title=f"{checkpoint}, {len(drawn)} news development rows, code {code_version()}"
        )
        table.add_column("")
        for column in ("same labels", "macro F1", "change", "wrong sides", "speed to fp32"):
            table.add_column(column, justify="right")
        _add(table, "fp32", reference, reference, gold)
        best: Precision = pick_precision("auto", torch.device("cpu"))
        if best != "fp32":
            found = _answers(stance.load(checkpoint, precision=best), drawn)
            _add(table, best, found, reference, gold)
        for tokens in context or ():
            found = _answers(_with_context(checkpoint, tokens), drawn)
            _add(table, f"fp32, context of {tokens} tokens", found, reference, gold)
    except StanceError as error:
        Console(stderr=True).print(f"error: {error}", markup=False)
        raise typer.Exit(2) from None
    Console(width=120).print(table)


def _draw(data: Path, count: int) -> list[LabelledRow]:
    sets, _ = load_sets(load_config(NEWS), NEWS, [data])
    rows = [row for part in sets for row in part.rows]
    order = np.random.default_rng(SEED).permutation(len(rows))
    return [rows[i] for i in order[:count]]


def _with_context(checkpoint: str, tokens: int) -> stance.StanceClassifier:
    """The checkpoint, reading this many tokens of a context at most."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "adapter"
        shutil.copytree(read_model_config(checkpoint).adapter, copy)
        info = json.loads((copy / INFO_NAME).read_text(encoding="utf-8"))
        changed = json.dumps({**info, "max_context": tokens})
        (copy / INFO_NAME).write_text(changed, encoding="utf-8")
        return stance.load(copy, precision="fp32")


def _answers(classifier: stance.StanceClassifier, rows: Sequence[LabelledRow]) -> Answers:
    began = time.process_time()
    found = classifier.predict(
        [row.text for row in rows],
        [row.target for row in rows],
        [row.context for row in rows],
        speakers=[row.speaker for row in rows],
    )
    seconds = time.process_time() - began
    shares = [[p.stance_probabilities[label] for label in Stance] for p in found]
    return Answers(np.array(shares).argmax(axis=1), seconds)


def _add(
    table: Table, name: str, found: Answers, reference: Answers, gold: npt.NDArray[np.int64]
) -> None:
    score, wanted = (macro_f1(gold, x.labels, len(LABELS)) for x in (found, reference))
    wrong = int((np.abs(found.labels - gold) == 2).sum())
    table.add_row(
        name,
        f"{np.mean(found.labels == reference.labels):.1%}",
        f"{score:.3f}",
        f"{score - wanted:+.3f}",
        str(wrong),
        f"{reference.seconds / found.seconds:.2f}",
    )


if __name__ == "__main__":
    typer.run(main)
