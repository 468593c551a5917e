"""``python -m eval.card ADAPTER RUN [RUN ...]``: state evaluation runs in an adapter's model card.

The headline figures of the runs' ``results.json`` are kept beside the adapter, in
``evaluation.json``, from which the card is filled: it can be written anew without the runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean, stdev
from typing import Annotated, Any

import typer
from rich.console import Console

from eval.provenance import read_results
from eval.report import title
from stance.errors import DataError, StanceError
from stance.training.model_card import write_model_card

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def summarise(results: dict[str, Any]) -> dict[str, Any]:
    """The headline figures of one run, with its command's config, data and commit."""
    run = results["run"]
    facts = {key: run.get(key) for key in ("name", "task", "commit", "created", "data")}
    if run["task"] == "behaviour":
        keys = ("capability", "cases", "failures", "rate")
        facts["capabilities"] = [{k: row[k] for k in keys} for row in results["capabilities"]]
        return facts
    facts["level"] = run["scoring"]["level"]
    facts["sets"] = [_set_summary(entry) for entry in results["sets"]]
    return facts


def _set_summary(entry: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "set": title(entry),
        "n": entry["n"],
    }
    for head in ("stance", "sentiment"):
        if head in entry:
            scores = entry[head]
            row[head] = {k: scores["macro_f1"][k] for k in ("value", "low", "high")}
            row[head]["accuracy"] = scores["accuracy"]["value"]
            row[head]["ece"] = scores["calibration"]["ece_after"]
            row[head]["ece_before"] = scores["calibration"]["ece_before"]
            row[head]["baselines"] = {
                name: found["macro_f1"]["value"] for name, found in scores["baselines"].items()
            }
    if "context" in entry:
        found = entry["context"]
        row["context"] = {
            "n": found["n"],
            "with": found["macro_f1_with"],
            "without": found["macro_f1_without"]["value"],
        }
    return row


def spread(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mean and sample standard deviation of macro F1 by set and head over runs of several seeds."""
    found: dict[tuple[str, str], list[float]] = {}
    for run in runs:
        for row in summarise(run).get("sets", []):
            for head in ("stance", "sentiment"):
                if head in row:
                    found.setdefault((row["set"], head), []).append(row[head]["value"])
    return [
        {
            "set": name,
            "head": head,
            "checkpoints": [run["run"]["checkpoint"]["requested"] for run in runs],
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
    results = [_read(run, "stance", "behaviour") for run in runs]
    for run, content in zip(runs, results, strict=True):
        if content["run"]["checkpoint"].get("sha256") != sha256:
            raise DataError(f"{run} measured another adapter: run the evaluation again")
    evaluation = {
        "sha256": sha256,
        "runs": [summarise(content) for content in results],
        "seeds": spread([_read(run, "stance") for run in seeds]),
    }
    text = json.dumps(evaluation, indent=1, ensure_ascii=False) + "\n"
    (folder / "evaluation.json").write_text(text, encoding="utf-8")
    return write_model_card(folder)


def _read(folder: Path, *tasks: str) -> dict[str, Any]:
    results = read_results(folder)
    task = results["run"].get("task")
    if task not in tasks:
        raise DataError(f"{folder} holds a run of task {task}: give one of {' or '.join(tasks)}")
    return results


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
