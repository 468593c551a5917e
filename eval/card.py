"""``python -m eval.card ADAPTER RUN [RUN ...]``: state evaluation runs in an adapter's model card.

The headline figures of the runs' ``results.json`` are kept beside the adapter, in
``evaluation.json``, from which the card is filled: it can be written anew without the runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from stance.checkpoint import read_adapter_info
from stance.errors import DataError, StanceError
from stance.evaluation.files import write_files
from stance.evaluation.result_files import read_results, read_run
from stance.evaluation.results import LabelScores, SetResult, StanceResults
from stance.evaluation.run_facts import ScoringSettings
from stance.evaluation.tasks.behaviour.run import BehaviourResults
from stance.training.model_card import EVALUATION, write_model_card

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def summarise(results: StanceResults | BehaviourResults) -> dict[str, object]:
    """The headline figures of one run, with the name of its config, its commit and its day."""
    run = results.run
    facts: dict[str, object] = {
        "name": run.name,
        "commit": run.code.commit,
        "created": run.code.created,
    }
    if isinstance(results, BehaviourResults):
        facts["capabilities"] = [
            {"capability": c.capability, "cases": c.cases, "failures": c.failures}
            for c in results.capabilities
        ]
        return facts
    facts["level"] = (run.scoring or ScoringSettings()).level
    facts["sets"] = [_set_summary(part) for part in results.sets]
    return facts


def _set_summary(part: SetResult) -> dict[str, object]:
    row: dict[str, object] = {"set": part.title, "n": part.n}
    for head, scores in _heads(part).items():
        macro_f1 = (scores.macro_f1.value, scores.macro_f1.low, scores.macro_f1.high)
        row[head] = {
            "macro_f1": [round(value, 4) for value in macro_f1],
            "accuracy": round(scores.accuracy.value, 4),
            "ece": round(scores.calibration.ece_after, 4),
        }
    return row


def _heads(part: SetResult) -> dict[str, LabelScores]:
    stance = None if part.stance is None else part.stance.overall
    found = {"stance": stance, "sentiment": part.sentiment}
    return {head: scores for head, scores in found.items() if scores is not None}


def store(folder: Path, runs: list[Path]) -> Path:
    """Write ``evaluation.json`` into an adapter's folder and fill its card anew.

    Args:
        folder: an adapter with its ``results.json``.
        runs: output folders of ``python -m eval`` with task stance or behaviour.

    Returns:
        The card.

    Raises:
        DataError: a run cannot be read, or measured another adapter.
    """
    sha256 = read_adapter_info(folder).sha256
    results = [_read(run) for run in runs]
    for run, content in zip(runs, results, strict=True):
        checkpoint = content.run.checkpoint
        if checkpoint is None or checkpoint.sha256 != sha256:
            raise DataError(f"{run} measured another adapter: run the evaluation again")
    write_files(folder, {EVALUATION: dump(sha256, [summarise(content) for content in results])})
    return write_model_card(folder)


def dump(sha256: str, runs: list[dict[str, object]]) -> str:
    """JSON with one line for each run's facts and for each of its sets or capabilities."""
    parts = []
    for run in runs:
        kind = "sets" if "sets" in run else "capabilities"
        facts = json.dumps({k: v for k, v in run.items() if k != kind}, ensure_ascii=False)
        listed = cast(list[object], run[kind])
        rows = ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in listed)
        parts.append(f'{facts[:-1]}, "{kind}": [\n   {rows}\n  ]}}')
    joined = ",\n  ".join(parts)
    return f'{{\n "sha256": "{sha256}",\n "runs": [\n  {joined}\n ]\n}}\n'


def _read(folder: Path) -> StanceResults | BehaviourResults:
    task = read_run(folder).task
    if task == "behaviour":
        return read_results(folder, BehaviourResults)
    if task != "stance":
        raise DataError(f"{folder} holds a run of task {task}: give one of stance or behaviour")
    return read_results(folder, StanceResults)


@app.command()
def main(
    adapter: Annotated[Path, typer.Argument(help="Folder of the adapter.")],
    runs: Annotated[list[Path], typer.Argument(help="Output folders of python -m eval.")],
) -> None:
    """State evaluation runs in an adapter's model card."""
    try:
        typer.echo(str(store(adapter, runs)))
    except StanceError as error:
        Console(stderr=True).print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None


if __name__ == "__main__":
    app()
