"""``python -m eval CONFIG``: evaluate, store predictions, write and print the report."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from eval.console import show_behaviour, show_stance
from eval.provenance import guard_output, read_results
from eval.report import rebuild, write_report
from stance.config import load_yaml_dataclass, read_yaml
from stance.errors import ConfigError, StanceError

TASKS = ("stance", "behaviour", "attribution")
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
err = Console(stderr=True, highlight=False)


def _out() -> Console:
    """A terminal's width, and wide lines where the output is piped."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=180)


def _say(message: str) -> None:
    err.print(message, style="dim", markup=False)


def _checkpoint(name: str, config_path: Path) -> str:
    """A checkpoint's name, or its path: relative to the config where it is there."""
    beside = config_path.parent / name
    return str(beside) if beside.exists() and not Path(name).exists() else name


def _load(name: str, config_path: Path) -> Any:
    from stance import load

    return load(_checkpoint(name, config_path))


def _guard(folder: Path, facts: dict[str, Any], force: bool) -> None:
    note = guard_output(folder, facts, force=force)
    if note:
        _say(note)


def _stance(
    path: Path, data: list[Path], checkpoint: str | None, output: Path, force: bool
) -> dict[str, Any]:
    from eval.runner import run, run_facts
    from eval.sets import load_config, load_sets

    config = load_config(path)
    if checkpoint:
        config = replace(config, checkpoint=checkpoint)
    sets, absent = load_sets(config, path, data)
    classifier = _load(config.checkpoint, path)
    _guard(output, run_facts(config, sets, classifier), force)
    done = run(config, sets, classifier, name=path.stem, data=data, not_run=absent, say=_say)
    return write_report(output, done.rows, done.facts)


def _behaviour(
    path: Path, data: list[Path], checkpoint: str | None, output: Path, force: bool
) -> dict[str, Any]:
    from eval import behaviour_run as behaviour
    from eval.behaviour.suite import load_suite

    config = load_yaml_dataclass(path, behaviour.BehaviourConfig)
    if checkpoint:
        config = replace(config, checkpoint=checkpoint)
    folder = behaviour.suite_folder(data)
    cases = load_suite(folder)
    classifier = _load(config.checkpoint, path)
    facts = behaviour.behaviour_facts(config, classifier, folder, path.stem)
    _guard(output, facts, force)
    results = behaviour.run_behaviour(config, classifier, cases)
    return behaviour.write_behaviour(output, results, facts)


def _attribution(path: Path, data: list[Path], output: Path, force: bool) -> dict[str, Any]:
    from eval import attribution_report as attribution
    from eval.attribution_systems import AttributionConfig

    config = load_yaml_dataclass(path, AttributionConfig)
    file = attribution.attribution_file(data)
    facts = attribution.attribution_facts(config, file, path.stem)
    _guard(output, facts, force)
    return attribution.run_attribution(config, file, output, facts)


def _rebuild(task: str, output: Path) -> dict[str, Any]:
    stored = read_results(output)["run"].get("task")
    if stored != task:
        raise ConfigError(f"{output} holds a run of task {stored!r}, the config says {task!r}")
    if task == "behaviour":
        from eval.behaviour_run import rebuild_behaviour

        return rebuild_behaviour(output)
    if task == "attribution":
        from eval.attribution_report import rebuild_attribution

        return rebuild_attribution(output)
    return rebuild(output)


def evaluate(
    path: Path,
    *,
    output: Path | None = None,
    data: list[Path] | None = None,
    checkpoint: str | None = None,
    from_stored: bool = False,
    force: bool = False,
) -> tuple[dict[str, Any], Path]:
    """Run what a config asks for.

    Returns:
        The results and the folder they were written to.

    Raises:
        StanceError: the config, the data, the checkpoint or the output folder cannot be used.
    """
    task = str(read_yaml(path).get("task", "stance"))
    if task not in TASKS:
        raise ConfigError(f"{path}: task is {task!r}: use one of {', '.join(TASKS)}")
    suffix = f"-{Path(checkpoint).stem}" if checkpoint else ""
    folder = output or Path("out") / f"{path.stem}{suffix}"
    if from_stored:
        return _rebuild(task, folder), folder
    paths = data or []
    if task == "attribution":
        if checkpoint:
            raise ConfigError("task attribution takes no --checkpoint: list systems in the config")
        return _attribution(path, paths, folder, force), folder
    work = _behaviour if task == "behaviour" else _stance
    return work(path, paths, checkpoint, folder, force), folder


@app.command()
def main(
    config: Annotated[Path, typer.Argument(help="YAML file, such as configs/eval/article.yaml.")],
    output: Annotated[
        Path | None, typer.Option(help="Folder to write to [default: out/CONFIG-NAME].")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder of the public files (sets, and training files for the TF-IDF baseline), "
            "or a labelled JSONL file to evaluate instead of the config's sets. Repeatable."
        ),
    ] = None,
    checkpoint: Annotated[
        str | None, typer.Option(help="default, small, base, a model config or an adapter folder.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Report from stored predictions; needs no model.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace another run in the output folder.")
    ] = False,
    errors: Annotated[int, typer.Option(help="Print at most this many errors.", min=0)] = 60,
) -> None:
    """Evaluate a checkpoint on labelled statements and write report and predictions."""
    try:
        results, folder = evaluate(
            config,
            output=output,
            data=data,
            checkpoint=checkpoint,
            from_stored=rebuild,
            force=force,
        )
    except StanceError as error:
        err.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    task = results["run"]["task"]
    if task == "stance":
        show_stance(_out(), results, errors)
    elif task == "behaviour":
        show_behaviour(_out(), results, errors)
    else:
        from eval.attribution import markdown

        print(markdown(results))
    _say(f"Report, results and predictions are in {folder}")


if __name__ == "__main__":
    sys.exit(app())
