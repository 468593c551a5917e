"""``python -m eval.card ADAPTER RUN [RUN ...]``: state evaluation runs in an adapter's model card.

The headline figures of the runs' ``results.json`` are kept beside the adapter, in
``evaluation.json``, from which the card is filled: it can be written anew without the runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Annotated

import typer
from rich.console import Console

from stance.errors import DataError, StanceError
from stance.evaluation.files import write_files
from stance.evaluation.result_files import read_results, read_run, to_record
from stance.evaluation.results import LabelScores, ScoringSettings, SetResult, StanceResults
from stance.evaluation.tasks.behaviour.run import BehaviourResults
from stance.training.model_card import write_model_card

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def summarise(results: StanceResults | BehaviourResults) -> dict[str, object]:
    """The headline figures of one run, with its command's config, data and commit."""
    run = results.run
    facts: dict[str, object] = {
        "name": run.name,
        "task": run.task,
        "commit": run.code.commit,
        "created": run.code.created,
        "data": to_record(run.data),
    }
    if isinstance(results, BehaviourResults):
        facts["capabilities"] = [
            {"capability": c.capability, "cases": c.cases, "failures": c.failures, "rate": c.rate}
            for c in results.capabilities
        ]
        return facts
    facts["level"] = (run.scoring or ScoringSettings()).level
    facts["sets"] = [_set_summary(part) for part in results.sets]
    return facts


def _set_summary(part: SetResult) -> dict[str, object]:
    row: dict[str, object] = {"set": part.title, "n": part.n}
    for head, scores in _heads(part).items():
        row[head] = {
            **{key: getattr(scores.macro_f1, key) for key in ("value", "low", "high")},
            "accuracy": scores.accuracy.value,
            "ece": scores.calibration.ece_after,
            "ece_before": scores.calibration.ece_before,
            "baselines": {name: b.macro_f1.value for name, b in scores.baselines.items()},
        }
    if part.context is not None:
        row["context"] = {
            "n": part.context.n,
            "with": part.context.macro_f1_with,
            "without": part.context.macro_f1_without.value,
        }
    return row


def _heads(part: SetResult) -> dict[str, LabelScores]:
    stance = None if part.stance is None else part.stance.overall
    found = {"stance": stance, "sentiment": part.sentiment}
    return {head: scores for head, scores in found.items() if scores is not None}


def spread(runs: Sequence[StanceResults]) -> list[dict[str, object]]:
    """Mean and sample standard deviation of macro F1 by set and head over runs of several seeds."""
    found: dict[tuple[str, str], list[float]] = {}
    for run in runs:
        for part in run.sets:
            for head, scores in _heads(part).items():
                found.setdefault((part.title, head), []).append(scores.macro_f1.value)
    return [
        {
            "set": name,
            "head": head,
            "checkpoints": [run.run.requested for run in runs],
            "values": values,
            "mean": mean(values),
            "sd": stdev(values),
        }
        for (name, head), values in found.items()
        if len(values) > 1
    ]


def store(folder: Path, runs: list[Path], seeds: list[Path]) -> Path:
    """Write ``evaluation.json`` into an adapter's folder and fill its card anew.

    Args:
        folder: an adapter with its ``results.json``.
        runs: output folders of ``python -m eval`` with task stance or behaviour.
        seeds: output folders of one stance evaluation for several seeds of a recipe.

    Returns:
        The card.

    Raises:
        DataError: a run cannot be read, or measured another adapter.
    """
    try:
        sha256 = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{folder} holds no readable adapter.json: {error!r}") from error
    results = [_read(run) for run in runs]
    for run, content in zip(runs, results, strict=True):
        checkpoint = content.run.checkpoint
        if checkpoint is None or checkpoint.sha256 != sha256:
            raise DataError(f"{run} measured another adapter: run the evaluation again")
    evaluation = {
        "sha256": sha256,
        "runs": [summarise(content) for content in results],
        "seeds": spread([_read_stance(run) for run in seeds]),
    }
    text = json.dumps(evaluation, indent=1, ensure_ascii=False) + "\n"
    write_files(folder, {"evaluation.json": text})
    return write_model_card(folder)


def _read(folder: Path) -> StanceResults | BehaviourResults:
    if read_run(folder).task == "behaviour":
        return read_results(folder, BehaviourResults)
    return _read_stance(folder, "stance or behaviour")


def _read_stance(folder: Path, allowed: str = "stance") -> StanceResults:
    task = read_run(folder).task
    if task != "stance":
        raise DataError(f"{folder} holds a run of task {task}: give one of {allowed}")
    return read_results(folder, StanceResults)


@app.command()
def main(
    adapter: Annotated[Path, typer.Argument(help="Folder of the adapter.")],
    runs: Annotated[list[Path], typer.Argument(help="Output folders of python -m eval.")],
    seed: Annotated[
        list[Path] | None,
        typer.Option(help="One evaluation for each seed. Repeatable."),
    ] = None,
) -> None:
    """State evaluation runs in an adapter's model card."""
    try:
        typer.echo(str(store(adapter, runs, seed or [])))
    except StanceError as error:
        Console(stderr=True).print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None


if __name__ == "__main__":
    app()
