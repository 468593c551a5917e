"""Runs a recipe of the pair model: its stages one after another, then calibration and scores."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from stance.checkpoint import (
    BUNDLED,
    Adapter,
    locate_backbone,
    read_adapter,
    write_adapter,
)
from stance.config import WEIGHTS_DIR
from stance.errors import ConfigError
from stance.model import Calibration, load_targets
from stance.training.averaging import average_updates
from stance.training.distillation import soft_labels
from stance.training.finishing import CALIBRATION, copy_adapter, finish_adapter
from stance.training.low_rank import keep_layers
from stance.training.mixture import build_mixture
from stance.training.model_card import write_model_card
from stance.training.recipe import Recipe, load_recipe
from stance.training.records import TrainingPair
from stance.training.replies import ReplyBook, load_replies
from stance.training.results import TrainingResults, corpus_facts
from stance.training.run_record import open_run, read_origin, this_origin
from stance.training.sources import Corpus, read_corpus
from stance.training.stages import PairSetup, Stage, StageRun, run_stage
from stance.training.target_wordings import Wordings, collect_wordings
from stance.training.trainer import require_training_extra, training_device, uses_bf16
from stance.training.unlabelled import make_unlabelled

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Run:
    """What the stages of a running recipe share."""

    recipe: Recipe
    home: Path
    output: Path
    setup: PairSetup
    corpus: Corpus
    wordings: Mapping[str, Wordings]
    replies: ReplyBook | None
    seed: int
    start: Adapter | None


def run_recipe(
    recipe: Recipe,
    home: Path,
    output: Path,
    *,
    data: Path | None = None,
    seed: int | None = None,
    file: str | None = None,
    device: str | None = None,
) -> TrainingResults:
    """Make the adapter of a recipe; what an earlier call finished is not done again.

    Every stage leaves an adapter in ``stages/<number>-<name>`` of the output, from which the next
    one starts and which can be loaded by itself; only the last is scored and calibrated.

    Args:
        recipe: the recipe.
        home: folder of its file.
        output: gets the adapter, ``results.json`` and ``MODEL_CARD.md``.
        data: the folder that ``$DATA`` stands for.
        seed: overrides the recipe's.
        file: name of the recipe's file, for the model card.
        device: as ``torch`` names it; None takes CUDA where it is, else the CPU.

    Raises:
        ConfigError: a value or source does not fit, or the output holds another run.
        DataError: a file is missing or a row is bad.
        MissingExtraError: the training extra is not installed.
        ModelLoadError: the backbone or an adapter is missing or unfit.
    """
    began = time.monotonic()
    run = _prepare(recipe, home, output, data=data, seed=seed, device=device)
    bf16 = _bf16(recipe.stages[-1], run.setup)
    record = open_run(
        output, _identity(run), began=began, origin=this_origin(run.setup.device, bf16=bf16)
    )
    folder, runs, error = _make_stages(run)
    corpus, stage = run.corpus, recipe.stages[-1]
    finished = finish_adapter(
        folder, corpus.development, corpus.calibration, device=run.setup.device, bias="macro F1"
    )
    copy_adapter(folder, output)
    origin = read_origin(folder / f"seed-{stage.seeds[-1]}" if len(stage.seeds) > 1 else folder)
    results = TrainingResults(
        name=recipe.name,
        version=origin.version,
        commit=origin.commit,
        recipe=file,
        start=f"the adapter `{recipe.start}`" if recipe.start else "the bare backbone",
        seed=run.seed,
        data=corpus_facts(corpus, recipe.sources, recipe=home, data=data),
        stages=tuple(runs),
        held_out=finished.held_out,
        held_out_by="file and by group",
        calibrated_on="the calibration sources" if corpus.calibration else "the held-out pairs",
        calibration_notes=finished.calibration.notes,
        calibration_error=finished.calibration.held_out_error,
        averaging_error=error,
        machine=origin.machine,
    )
    results.save(output)
    write_model_card(output)
    record.finish()
    return results


def train_stages(
    recipe: Recipe, home: Path, output: Path, *, data: Path | None = None, device: str | None = None
) -> Path:
    """Train the stages of a recipe alone, without scores and calibration.

    Args:
        recipe: the recipe.
        home: folder of its file.
        output: gets the adapters, in ``stages/<number>-<name>``.
        data: the folder that ``$DATA`` stands for.
        device: as ``torch`` names it; None takes CUDA where it is, else the CPU.

    Returns:
        The folder of the last stage, whose adapter can be loaded; its temperatures are 1.

    Raises:
        ConfigError: a value or source does not fit, or the output holds another run.
        DataError: a file is missing or a row is bad.
        MissingExtraError: the training extra is not installed.
        ModelLoadError: the backbone or an adapter is missing or unfit.
    """
    return _make_stages(_prepare(recipe, home, output, data=data, device=device))[0]


def adapter_folder(name: str, home: Path) -> Path:
    """The folder of an adapter that a recipe names: a bundled one, or relative to the recipe."""
    return WEIGHTS_DIR / name if name in BUNDLED else home / name


def _prepare(
    recipe: Recipe,
    home: Path,
    output: Path,
    *,
    data: Path | None,
    device: str | None,
    seed: int | None = None,
) -> _Run:
    """Read what a recipe names."""
    require_training_extra()
    corpus = read_corpus(recipe.sources, recipe=home, data=data)
    if not corpus.development:
        raise ConfigError("sources: none has the role development or a share to hold_out")
    start = _read_start(recipe, home)
    return _Run(
        recipe=recipe,
        home=home,
        output=output,
        setup=_setup(recipe, start, device),
        corpus=corpus,
        wordings=_wordings(recipe, home),
        replies=load_replies(home / recipe.replies) if recipe.replies else None,
        seed=recipe.seed if seed is None else seed,
        start=start,
    )


def _make_stages(run: _Run) -> tuple[Path, list[StageRun], float | None]:
    """Run the stages, each from the adapter of the one before.

    Returns:
        The folder of the last one, all runs, and what the last average lost by its rank.
    """
    start, error = run.start, None
    runs: list[StageRun] = []
    folder = run.output
    for number, stage in enumerate(run.recipe.stages, start=1):
        folder = run.output / "stages" / f"{number}-{stage.name}"
        done, error = _make_stage(run, stage, folder, start)
        runs += done
        start = read_adapter(folder)
    return folder, runs, error


def _identity(run: _Run) -> object:
    """What tells one run from another: settings, seed, start and data."""
    recipe, corpus = run.recipe, run.corpus
    stages = [
        asdict(replace(stage, optimisation=replace(stage.optimisation, save_steps=1)))
        for stage in recipe.stages
    ]
    shape = run.setup.shape()
    data = (corpus.train, corpus.development, corpus.calibration, corpus.unlabelled)
    begin = run.start.info.sha256 if run.start else None
    return stages, shape, run.seed, begin, data, corpus.surroundings, run.wordings, run.replies


def _read_start(recipe: Recipe, home: Path) -> Adapter | None:
    """The adapter that a recipe starts from, with the recipe's layers."""
    if recipe.start is None:
        return None
    start = read_adapter(adapter_folder(recipe.start, home))
    if start.info.backbone != recipe.backbone:
        raise ConfigError(
            f"start: {recipe.start!r} is an adapter of the backbone {start.info.backbone!r}, and "
            f"the recipe's is {recipe.backbone!r}"
        )
    if recipe.rank is not None and recipe.rank < start.info.rank:
        raise ConfigError(
            f"rank is {recipe.rank}: the start {recipe.start!r} has rank {start.info.rank}: give "
            "that or a higher one"
        )
    return start if recipe.layers is None else keep_layers(start, recipe.layers)


def _setup(recipe: Recipe, start: Adapter | None, device: str | None) -> PairSetup:
    rank = recipe.rank or (start.info.rank if start else 64)
    scale = start.info.scale if start else 2.0
    return PairSetup(
        name=recipe.name,
        backbone=recipe.backbone,
        folder=locate_backbone(recipe.backbone),
        rank=rank,
        scale=recipe.alpha / rank if recipe.alpha else scale,
        layers=start.info.layers if start else recipe.layers,
        max_length=recipe.max_length,
        max_context=recipe.max_context,
        device=training_device(device),
    )


def _wordings(recipe: Recipe, home: Path) -> dict[str, Wordings]:
    book = load_targets(home / recipe.targets if recipe.targets else None)
    return collect_wordings(book, home / recipe.wordings if recipe.wordings else None)


def _bf16(stage: Stage, setup: PairSetup) -> bool:
    return uses_bf16(stage.optimisation.precision, setup.device)


def _make_stage(
    run: _Run, stage: Stage, folder: Path, start: Adapter | None
) -> tuple[list[StageRun], float | None]:
    """Run a stage for each of its seeds; several are averaged.

    Returns:
        The runs, and what the average lost by its rank, None without one.
    """
    if len(stage.seeds) == 1:
        return [_run_seed(run, stage, folder, run.seed + stage.seeds[0], start)], None
    runs, folders = [], []
    for extra in stage.seeds:
        folders.append(folder / f"seed-{extra}")
        runs.append(_run_seed(run, stage, folders[-1], run.seed + extra, start))
    mean = average_updates([read_adapter(made) for made in folders], run.setup.rank)
    logger.info("mean of %d runs: rank %d leaves out %.4f", len(runs), mean.info.rank, mean.error)
    write_adapter(folder, mean.info, mean.tensors)
    Calibration().save(folder / CALIBRATION)
    return runs, mean.error


def _run_seed(run: _Run, stage: Stage, folder: Path, seed: int, start: Adapter | None) -> StageRun:
    """Build the pairs of a stage, score them with its teacher, and train."""
    pairs: list[TrainingPair] = build_mixture(
        run.corpus, stage.mixture, run.wordings, run.replies, run.seed
    )
    teacher = None
    if stage.distillation is not None:
        wanted = stage.distillation.unlabelled
        if wanted is not None:
            pairs = pairs + make_unlabelled(run.corpus, wanted, run.seed)
        teacher = soft_labels(
            adapter_folder(stage.distillation.teacher, run.home),
            pairs,
            run.output / "soft_labels",
            device=run.setup.device,
            bf16=_bf16(stage, run.setup),
        )
    logger.info("stage %s, seed %d: %d pairs", stage.name, seed, len(pairs))
    done = run_stage(stage, run.setup, pairs, folder, seed=seed, start=start, teacher=teacher)
    Calibration().save(folder / CALIBRATION)  # so that the stage can be loaded and measured
    return done


def training_pairs(path: Path, data: Path) -> list[TrainingPair]:
    """What a recipe trains on: the pairs of every stage, one epoch each, without a teacher's.

    Args:
        path: the recipe.
        data: the folder that ``$DATA`` stands for.

    Raises:
        ConfigError: the recipe is not valid.
        DataError: a file is missing or a row is bad.
    """
    recipe = load_recipe(path)
    home = path.parent
    corpus = read_corpus(recipe.sources, recipe=home, data=data)
    wordings = _wordings(recipe, home)
    replies = load_replies(home / recipe.replies) if recipe.replies else None
    return [
        pair
        for stage in recipe.stages
        for pair in build_mixture(corpus, stage.mixture, wordings, replies, recipe.seed)
    ]
