"""Runs what a config asks for, with the functions of ``stance.evaluation``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

from eval.attribution_systems import AttributionConfig
from eval.attribution_systems import load_systems as load_extractors
from eval.benchmarks.config import BenchmarksConfig
from eval.benchmarks.results import BenchmarkResults
from eval.benchmarks.run import rebuild_benchmarks, run_benchmarks
from eval.explanations import ExplanationsConfig, evaluate_explanations
from eval.gate import GateConfig, GateResults, run_gate
from eval.perturb.cases import PerturbationConfig, make_cases
from eval.request import Request
from eval.sets import find_in, load_config, load_own, load_sets, why_absent
from eval.word_baseline import train_words, training_folder
from stance.cli.systems import load_systems
from stance.config import load_yaml_dataclass, read_yaml
from stance.errors import ConfigError, DataError
from stance.evaluation.baselines import WordBaselines
from stance.evaluation.report import rebuild_report
from stance.evaluation.result_files import read_run
from stance.evaluation.results import StanceResults
from stance.evaluation.tasks.attribution.run import evaluate_attribution, rebuild_attribution
from stance.evaluation.tasks.attribution.scores import AttributionResults
from stance.evaluation.tasks.behaviour.perturbation_run import (
    PerturbationResults,
    evaluate_perturbations,
    rebuild_perturbations,
)
from stance.evaluation.tasks.behaviour.run import (
    BehaviourResults,
    BehaviourSettings,
    evaluate_behaviour,
    rebuild_behaviour,
)
from stance.evaluation.tasks.end_to_end import EndToEndSettings, evaluate_end_to_end
from stance.evaluation.tasks.fairness import FairnessSettings, evaluate_fairness
from stance.evaluation.tasks.measured import MeasuredResults, rebuild_measured
from stance.evaluation.tasks.stance import evaluate_stance
from stance.extract import load_extractor

CASES = Path(__file__).resolve().parent / "behaviour"
ATTRIBUTION_FILES = ("attribution_dev", "attribution_world_dev")
TASKS = (
    *("stance", "behaviour", "perturbation", "attribution", "end_to_end", "fairness"),
    *("benchmarks", "gate", "explanations"),
)
Results = (
    StanceResults
    | BehaviourResults
    | PerturbationResults
    | AttributionResults
    | MeasuredResults
    | BenchmarkResults
    | GateResults
)


@dataclass(frozen=True, slots=True)
class BehaviourConfig(BehaviourSettings):
    """A behavioural run (``configs/eval/behaviour.yaml``).

    Attributes:
        task: ``behaviour``.
        checkpoint: ``default``, ``small``, ``base``, or a path relative to the config.
    """

    task: Literal["behaviour"] = "behaviour"
    checkpoint: str = "default"


@dataclass(frozen=True, slots=True)
class EndToEndConfig(EndToEndSettings):
    """An end-to-end run (``configs/eval/end_to_end.yaml``).

    Attributes:
        task: ``end_to_end``.
        checkpoint: as in :class:`BehaviourConfig`.
        articles: the file of articles in the folder given with ``--data``, without its ending.
        rows: the file of labelled rows there.
    """

    task: Literal["end_to_end"] = "end_to_end"
    checkpoint: str = "default"
    articles: str = "news_world_articles"
    rows: str = "news_world_dev"


@dataclass(frozen=True, slots=True)
class FairnessConfig(FairnessSettings):
    """A fairness run (``configs/eval/fairness.yaml``).

    Attributes:
        task: ``fairness``.
        system: whose speakers are judged, of the systems of the attribution benchmark.
        table: of names, relative to the config.
        templates: relative to the config.
    """

    task: Literal["fairness"] = "fairness"
    system: str = "stance"
    table: str = "../../eval/fairness/names.tsv"
    templates: str = "../../eval/fairness/templates.yaml"


def evaluate(request: Request) -> Results:
    """Run what a config asks for, or make its report anew.

    Raises:
        StanceError: the config, the data, the checkpoint or the output folder cannot be used.
    """
    task = str(read_yaml(request.config).get("task", "stance"))
    if task not in TASKS:
        raise ConfigError(f"{request.config}: task is {task!r}: use one of {', '.join(TASKS)}")
    if request.accept and task != "gate":
        raise ConfigError(f"task {task} takes no --accept: it is for a gate")
    if request.rebuild:
        return _rebuild(task, request)
    run: dict[str, Callable[[Request], Results]] = {
        "stance": _stance,
        "behaviour": _behaviour,
        "perturbation": _perturbation,
        "attribution": _attribution,
        "end_to_end": _end_to_end,
        "fairness": _fairness,
        "benchmarks": _benchmarks,
        "gate": _gate,
        "explanations": _explanations,
    }
    return run[task](request)


def _rebuild(task: str, request: Request) -> Results:
    folder = request.folder
    if task == "benchmarks":
        return rebuild_benchmarks(load_yaml_dataclass(request.config, BenchmarksConfig), folder)
    if task == "gate":
        raise ConfigError("task gate takes no --rebuild: it compares the predictions of today")
    stored = read_run(folder).task
    if stored != task:
        raise ConfigError(f"{folder} holds a run of task {stored!r}, the config says {task!r}")
    rebuild: dict[str, Callable[[Path], Results]] = {
        "stance": rebuild_report,
        "behaviour": rebuild_behaviour,
        "perturbation": rebuild_perturbations,
        "attribution": rebuild_attribution,
        "end_to_end": rebuild_measured,
        "fairness": rebuild_measured,
        "explanations": rebuild_measured,
    }
    return rebuild[task](folder)


_Config = TypeVar(
    "_Config",
    BehaviourConfig,
    PerturbationConfig,
    EndToEndConfig,
    BenchmarksConfig,
    ExplanationsConfig,
)


def _with_checkpoint(config: _Config, request: Request) -> _Config:
    """The config with the checkpoint that the request asks for, where it asks for one."""
    return replace(config, checkpoint=request.checkpoint) if request.checkpoint else config


def _stance(request: Request) -> StanceResults:
    config = load_config(request.config)
    config = replace(config, checkpoint=tuple(request.checkpoints) or config.checkpoint)
    sets, not_run = load_sets(config, request.config, request.data)
    home, why = training_folder(request.data)
    if why:
        not_run["baseline tfidf"] = why

    def words() -> WordBaselines | None:
        if home is None:
            return None
        request.say("training the TF-IDF baseline")
        return train_words(home, config.seed)

    systems = load_systems(
        config.checkpoints,
        (),
        None,
        columns={},
        given={},
        device=None,
        precision="fp32",
        find=request.place,
    )
    return evaluate_stance(
        config,
        sets,
        systems.lead,
        request.folder,
        others=systems.others,
        name=request.config.stem,
        requested=systems.requested,
        system=systems.name,
        words=words,
        not_run=not_run,
        overwrite=request.overwrite,
        say=request.say,
    )


def _behaviour(request: Request) -> BehaviourResults:
    config = _with_checkpoint(load_yaml_dataclass(request.config, BehaviourConfig), request)
    if len(request.data) > 1 or not all(path.is_dir() for path in request.data):
        raise DataError("for task behaviour give --data once, with a folder of *.jsonl cases")
    return evaluate_behaviour(
        config,
        request.data[0] if request.data else CASES,
        request.classifier(config.checkpoint),
        request.folder,
        name=request.config.stem,
        requested=config.checkpoint,
        overwrite=request.overwrite,
        say=request.say,
    )


def _perturbation(request: Request) -> PerturbationResults:
    config = _with_checkpoint(load_yaml_dataclass(request.config, PerturbationConfig), request)
    request.say("making the cases")
    cases, files = make_cases(config, request.data)
    return evaluate_perturbations(
        config,
        cases,
        files,
        request.classifier(config.checkpoint),
        request.folder,
        name=request.config.stem,
        requested=config.checkpoint,
        overwrite=request.overwrite,
        say=request.say,
    )


def _attribution(request: Request) -> AttributionResults:
    if request.checkpoint:
        raise ConfigError("task attribution takes no --checkpoint: list systems in the config")
    config = load_yaml_dataclass(request.config, AttributionConfig)
    files = attribution_files(request.data)
    systems, not_run = load_extractors(config)
    return evaluate_attribution(
        config,
        systems,
        files,
        request.folder,
        name=request.config.stem,
        not_run=not_run,
        overwrite=request.overwrite,
        say=request.say,
    )


def _end_to_end(request: Request) -> MeasuredResults:
    config = _with_checkpoint(load_yaml_dataclass(request.config, EndToEndConfig), request)
    articles, rows = (_public_file(request.data, stem) for stem in (config.articles, config.rows))
    return evaluate_end_to_end(
        config,
        articles,
        rows,
        load_extractor(precision="fp32"),
        request.classifier(config.checkpoint),
        request.folder,
        name=request.config.stem,
        requested=config.checkpoint,
        overwrite=request.overwrite,
        say=request.say,
    )


def _public_file(data: Sequence[Path], stem: str) -> Path:
    file = find_in(data, stem)
    if file is None:
        raise DataError(why_absent(data, stem))
    return file


def _fairness(request: Request) -> MeasuredResults:
    if request.checkpoint or request.data:
        raise ConfigError("task fairness takes neither --checkpoint nor --data: see its config")
    config = load_yaml_dataclass(request.config, FairnessConfig)
    systems, not_run = load_extractors(AttributionConfig(systems=(config.system,)))
    if not_run:
        raise ConfigError(not_run[config.system])
    return evaluate_fairness(
        config,
        request.config.parent / config.table,
        request.config.parent / config.templates,
        systems[config.system],
        request.folder,
        name=request.config.stem,
        overwrite=request.overwrite,
        say=request.say,
    )


def _benchmarks(request: Request) -> BenchmarkResults:
    config = load_yaml_dataclass(request.config, BenchmarksConfig)
    return run_benchmarks(_with_checkpoint(config, request), request)


def _gate(request: Request) -> GateResults:
    return run_gate(load_yaml_dataclass(request.config, GateConfig), request)


def _explanations(request: Request) -> MeasuredResults:
    if request.data:
        raise ConfigError("task explanations takes no --data: see its config")
    config = _with_checkpoint(load_yaml_dataclass(request.config, ExplanationsConfig), request)
    return evaluate_explanations(
        config,
        load_own(config.sets, request.config),
        request.classifier(config.checkpoint),
        request.folder,
        name=request.config.stem,
        overwrite=request.overwrite,
        say=request.say,
    )


def attribution_files(data: Sequence[Path]) -> list[Path]:
    """The attribution files given with ``--data``, or the development files of a folder.

    Raises:
        DataError: none is given, or a folder has none.
    """
    if not data:
        raise DataError("for task attribution give --data: attribution files, or their folder")
    files: list[Path] = []
    for path in data:
        found = [find_in([path], stem) for stem in ATTRIBUTION_FILES] if path.is_dir() else [path]
        files += [file for file in found if file is not None]
        if not any(found):
            raise DataError(why_absent([path], " or ".join(ATTRIBUTION_FILES)))
    return files
