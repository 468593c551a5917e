"""``python -m eval.card ADAPTER RUN [RUN ...]``: state evaluation runs in an adapter's model card.

The headline figures of the runs' ``results.json`` are kept beside the adapter, in
``evaluation.json``, from which the card is filled: it can be written anew without the runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, cast

import typer

from eval.formats import STORED
from stance.checkpoint import read_adapter_info
from stance.console import PlainConsole
from stance.errors import DataError, StanceError
from stance.evaluation.resampling import Interval
from stance.evaluation.result_files import read_results, read_run
from stance.evaluation.results import LabelScores, SetResult, StanceResults
from stance.evaluation.run_facts import ScoringSettings
from stance.evaluation.tasks.behaviour.perturbation_run import PerturbationResults
from stance.evaluation.tasks.behaviour.run import BehaviourResults
from stance.files import write_files
from stance.training.model_card import EVALUATION, stored_runs, write_model_card
from stance.untrusted import read_json_object

ORDER = ("news", "news_behaviour", "article", "dev", "behaviour", "formats")
KINDS = ("sets", "capabilities", "perturbations", "formats")
Stored = StanceResults | BehaviourResults | PerturbationResults

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def summarise(results: Stored) -> dict[str, object]:
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
    if isinstance(results, PerturbationResults):
        facts["perturbations"] = [
            {
                "capability": c.capability,
                "expected": c.expected,
                "counted": c.counted,
                "passed": None if c.passed is None else _ends(c.passed),
                "bar": c.bar,
            }
            for c in results.capabilities
        ]
        return facts
    if run.about:
        facts["about"] = run.about
    facts["sets"] = [_set_summary(part) for part in results.parts]
    return facts


def _set_summary(part: SetResult) -> dict[str, object]:
    row: dict[str, object] = {"set": part.title, "n": part.n}
    for head, scores in _heads(part).items():
        row[head] = {
            "macro_f1": _ends(scores.macro_f1),
            "accuracy": round(scores.accuracy.value, 4),
            "ece": None if scores.ece is None else round(scores.ece, 4),
            "baselines": {
                name: round(found.macro_f1.value, 4) for name, found in scores.baselines.items()
            },
        }
    if part.stance is not None:
        row["wrong_sides"] = [part.stance.wrong_sides, part.stance.sided]
        row["false_sides"] = [part.stance.false_sides, part.stance.neutral]
    return row


def _heads(part: SetResult) -> dict[str, LabelScores]:
    stance = None if part.stance is None else part.stance.overall
    found = {"stance": stance, "sentiment": part.sentiment}
    return {head: scores for head, scores in found.items() if scores is not None}


def _ends(interval: Interval) -> list[float]:
    return [round(value, 4) for value in (interval.value, interval.low, interval.high)]


def store(folder: Path, runs: list[Path]) -> Path:
    """Write ``evaluation.json`` into an adapter's folder and fill its card anew.

    Runs of these weights that were stored before stay, unless one of their name is given. News
    comes first, own and public statements after it.

    Args:
        folder: an adapter with its ``results.json``.
        runs: output folders of ``python -m eval`` with task stance, behaviour or perturbation, and
            of ``python -m eval.formats``.

    Returns:
        The card.

    Raises:
        DataError: a run cannot be read, or measured another adapter.
    """
    sha256 = read_adapter_info(folder).sha256
    known = {str(run["name"]): run for run in stored_runs(folder)}
    for path in runs:
        measured, run = _read(path)
        if measured != sha256:
            raise DataError(f"{path} measured another adapter: run the evaluation again")
        known[str(run["name"])] = run
    ordered = sorted(known, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    write_files(folder, {EVALUATION: dump(sha256, [known[name] for name in ordered])})
    return write_model_card(folder)


def dump(sha256: str, runs: list[dict[str, object]]) -> str:
    """JSON with one line for each run's facts and for each of its sets or capabilities."""
    parts = []
    for run in runs:
        kind = next(kind for kind in KINDS if kind in run)
        facts = json.dumps({k: v for k, v in run.items() if k != kind}, ensure_ascii=False)
        listed = cast(list[object], run[kind])
        rows = ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in listed)
        parts.append(f'{facts[:-1]}, "{kind}": [\n   {rows}\n  ]}}')
    joined = ",\n  ".join(parts)
    return f'{{\n "sha256": "{sha256}",\n "runs": [\n  {joined}\n ]\n}}\n'


def _read(folder: Path) -> tuple[str | None, dict[str, object]]:
    """The hash of the adapter that a run measured, and its headline figures."""
    stored = folder / STORED
    if stored.is_file():
        content = read_json_object(stored)
        run = content.get("run")
        if not isinstance(run, dict):
            raise DataError(f"{stored}: 'run' is no object: run the evaluation again")
        return str(content.get("sha256")), run
    results = _read_results(folder)
    checkpoint = results.run.checkpoint
    return checkpoint.sha256 if checkpoint else None, summarise(results)


def _read_results(folder: Path) -> Stored:
    task = read_run(folder).task
    if task == "behaviour":
        return read_results(folder, BehaviourResults)
    if task == "perturbation":
        return read_results(folder, PerturbationResults)
    if task != "stance":
        raise DataError(f"{folder} holds a run of task {task}: a card states none of it")
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
        PlainConsole(stderr=True).print(f"error: {error}", style="red", soft_wrap=True)
        raise typer.Exit(2) from None


if __name__ == "__main__":
    app()
