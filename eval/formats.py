"""What a number format, or a shorter context, costs: ``python -m eval.formats --data FOLDER``.

On rows of the news development files it compares the answers with those of ``fp32`` and the context
that the checkpoint reads: share of equal labels, macro F1, and wrong sides (favor for against, or
the reverse). With ``--output`` the figures are stored, so that ``python -m eval.card`` states them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import torch
import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

import stance
from eval.sets import load_config, load_sets
from stance.checkpoint import INFO_NAME, Precision, pick_precision, read_adapter_info
from stance.errors import StanceError
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.metrics import macro_f1
from stance.evaluation.provenance import code_facts
from stance.evaluation.resampling import choose_clusters, paired_difference
from stance.files import write_files
from stance.labels import Stance
from stance.model import read_model_config

NEWS = Path(__file__).resolve().parents[1] / "configs" / "eval" / "news.yaml"
STORED = "formats.json"
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


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way of computing costs, beside the first one.

    Attributes:
        format: its name.
        same: share of rows with the label of the first way, of [0, 1].
        macro_f1: of the stance.
        change: of macro F1 from the first way, and the ends of its 95 % interval by article.
        wrong_sides: rows with favor for against, or the reverse.
        speed: how many times as fast as the first way, by processor time.
    """

    format: str
    same: float
    macro_f1: float
    change: tuple[float, float, float]
    wrong_sides: int
    speed: float


def main(
    data: Annotated[Path, typer.Option(help="Folder of the labelled news.")],
    checkpoint: Annotated[str, typer.Option(help="Bundled model or adapter folder.")] = "default",
    rows: Annotated[int, typer.Option(min=1, help="Drawn from all development rows.")] = 600,
    context: Annotated[
        list[int] | None,
        typer.Option(
            help="Tokens of context to try, in the fastest format of the machine. Repeatable."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=f"Folder that gets {STORED}.")
    ] = None,
) -> None:
    """Print one line a number format, and one a shorter context."""
    log = Console(stderr=True)
    try:
        drawn = _draw(data, rows)
        best = pick_precision("auto", torch.device("cpu"))
        ways = {"fp32": partial(stance.load, checkpoint, precision="fp32")}
        if best != "fp32":
            ways[best] = partial(stance.load, checkpoint, precision=best)
        for tokens in context or ():
            name = f"{best}, context of {tokens} tokens"
            ways[name] = partial(_with_context, checkpoint, tokens, best)
        found, sha256 = {}, None
        for name, load in ways.items():
            log.print(f"{name} ...", markup=False)
            classifier = load()
            sha256 = sha256 or classifier.info.sha256
            found[name] = _answers(classifier, drawn)
        costs = _costs(drawn, found)
        code = code_facts()
        if output is not None:
            facts = {"name": "formats", "commit": code.commit, "created": code.created}
            run = {**facts, "rows": len(drawn), "formats": [asdict(cost) for cost in costs]}
            stored = json.dumps({"sha256": sha256, "run": run}, indent=1) + "\n"
            write_files(output, {STORED: stored})
    except StanceError as error:
        log.print(f"error: {error}", markup=False)
        raise typer.Exit(2) from None
    title = f"{checkpoint}, {len(drawn)} news development rows, code {code.commit}"
    Console(width=120).print(_table(title, costs))


def _costs(rows: Sequence[LabelledRow], found: dict[str, Answers]) -> list[Cost]:
    """One a way; the first is the one that the others are compared with."""
    gold = np.array([LABELS[row.stance] for row in rows if row.stance], np.int64)
    clusters, unit = choose_clusters([row.group for row in rows], [row.text for row in rows])
    reference = next(iter(found.values()))
    costs = []
    for name, answers in found.items():
        change = paired_difference(
            gold, answers.labels, reference.labels, clusters=clusters, unit=unit
        ).interval
        costs.append(
            Cost(
                name,
                same=round(float(np.mean(answers.labels == reference.labels)), 4),
                macro_f1=round(macro_f1(gold, answers.labels, len(LABELS)), 4),
                change=(round(change.value, 4), round(change.low, 4), round(change.high, 4)),
                wrong_sides=int((np.abs(answers.labels - gold) == 2).sum()),
                speed=round(reference.seconds / answers.seconds, 2),
            )
        )
    return costs


def _table(title: str, costs: Sequence[Cost]) -> Table:
    table = Table(title=title, box=MARKDOWN)
    table.add_column("")
    for column in ("same labels", "macro F1", "change [95 %]", "wrong sides", "speed to fp32"):
        table.add_column(column, justify="right")
    for cost in costs:
        table.add_row(
            cost.format,
            f"{cost.same:.1%}",
            f"{cost.macro_f1:.3f}",
            "{:+.3f} [{:+.3f}, {:+.3f}]".format(*cost.change),
            str(cost.wrong_sides),
            f"{cost.speed:.2f}",
        )
    return table


def _draw(data: Path, count: int) -> list[LabelledRow]:
    sets, _ = load_sets(load_config(NEWS), NEWS, [data])
    rows = [row for part in sets for row in part.rows]
    order = np.random.default_rng(SEED).permutation(len(rows))
    return [rows[i] for i in order[:count]]


def _with_context(checkpoint: str, tokens: int, precision: Precision) -> stance.StanceClassifier:
    """The checkpoint, reading this many tokens of a context at most."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "adapter"
        shutil.copytree(read_model_config(checkpoint).adapter, copy)
        info = replace(read_adapter_info(copy), max_context=tokens)
        (copy / INFO_NAME).write_text(json.dumps(info.to_record()), encoding="utf-8")
        return stance.load(copy, precision=precision)


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


if __name__ == "__main__":
    typer.run(main)
