"""Fine-tuning on one's own labelled pairs: ``stance train my_pairs.csv`` and :func:`train`."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.checkpoint import BUNDLED, AdapterInfo, locate_backbone, read_adapter
from stance.config import WEIGHTS_DIR, check_range
from stance.errors import ConfigError, DataError
from stance.model import Calibration
from stance.training.finishing import CALIBRATION, finish_adapter, score_adapter
from stance.training.model_card import write_model_card
from stance.training.records import TrainingPair
from stance.training.results import DataFacts, TrainingResults, data_facts
from stance.training.run_record import read_origin
from stance.training.scores import score_pairs
from stance.training.sources import split_by_group
from stance.training.stages import PairSetup, Stage, run_stage
from stance.training.trainer import (
    Optimisation,
    Precision,
    require_training_extra,
    training_device,
)

logger = logging.getLogger(__name__)

MIN_PAIRS = 20
_FEW_TARGETS = 5  # below this, a held-out target would leave too little to learn from
_RATES = {"small": 4.0e-4, "base": 2.0e-4}  # of each backbone


@dataclass(frozen=True, slots=True)
class FineTuning:
    """How to fine-tune on labelled pairs.

    Attributes:
        output: folder of the adapter.
        start: the adapter to go on from: ``small`` (fast) or ``base`` (better, several times as
            slow) for a bundled one, or the folder of one.
        from_scratch: leave its weights aside, and train a model of the same shape from the bare
            backbone.
        name: of the adapter; None takes the name of the output folder.
        epochs: passes over the pairs; None is 2 from an adapter and 6 from the bare backbone.
        learning_rate: peak; None is a good one for the backbone.
        batch_size: pairs of a step.
        hold_out: share of the pairs that is held out where no development pairs are given.
        seed: of order, dropout and what is held out.
        precision: ``auto`` computes in bfloat16 where the processor has instructions for it.
        device: as ``torch`` names it; None takes CUDA where it is, else the CPU.
        progress: show a bar with the time left on stderr; None shows it only on a terminal.
    """

    output: str | Path
    start: str | Path = "small"
    from_scratch: bool = False
    name: str | None = None
    epochs: float | None = None
    learning_rate: float | None = None
    batch_size: int = 16
    hold_out: float = 0.2
    seed: int = 0
    precision: Precision = "auto"
    device: str | None = None
    progress: bool | None = None

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        check_range("hold_out", self.hold_out, 0.05, 0.5)
        check_range("seed", self.seed, 0, 2**31)
        self.stage("small")

    def stage(self, backbone: str) -> Stage:
        """The stage of training that this asks for on a backbone of that name."""
        rate, epochs = self.learning_rate, self.epochs
        if rate is None:
            rate = _RATES[backbone] * (2 if self.from_scratch else 1)
        if epochs is None:
            epochs = 6.0 if self.from_scratch else 2.0
        optimisation = Optimisation(
            learning_rate=rate,
            head_learning_rate=rate,
            precision=self.precision,
            save_steps=50,
        )
        return Stage(
            "fine-tuning",
            epochs=epochs,
            batch_size=self.batch_size,
            optimisation=optimisation,
            dropout=0.05,
        )


@dataclass(frozen=True, slots=True)
class _Split:
    train: list[TrainingPair]
    dev: list[TrainingPair]
    by: str


def train(
    pairs: Sequence[TrainingPair],
    dev: Sequence[TrainingPair] | None,
    args: FineTuning,
    *,
    files: Mapping[str, Path] | None = None,
) -> TrainingResults:
    """Fine-tune on labelled pairs; :func:`stance.load` then takes the output folder.

    Scores before and after are measured on the development pairs, and the calibration is fitted on
    them; neither sees a training pair. A run that was stopped goes on when it is called again.

    Args:
        pairs: labelled pairs, 20 or more, with two or more kinds of stance.
        dev: development pairs of other articles or targets; None holds out a share of the pairs.
        args: the settings.
        files: that the pairs were read from, ``train`` and ``development``; results and card then
            name them with their hashes.

    Returns:
        What ``results.json`` in the output folder holds.

    Raises:
        ConfigError: the output folder holds another run.
        DataError: the pairs are too few, carry no stance, or share pairs or groups with the
            development pairs.
        MissingExtraError: the training extra is not installed.
        ModelLoadError: the backbone or the start is missing, damaged or does not fit.
    """
    require_training_extra()
    _check(pairs, dev)
    output = Path(args.output)
    split = _split(pairs, args) if dev is None else _Split(list(pairs), list(dev), "file")
    logger.info(
        "%d pairs to train on; held out by %s: %d", len(split.train), split.by, len(split.dev)
    )
    folder = WEIGHTS_DIR / args.start if args.start in BUNDLED else Path(args.start)
    start = read_adapter(folder)
    setup, stage = _setup(args, start.info), args.stage(start.info.backbone)
    before, kept = None, None
    if not args.from_scratch:
        before = score_pairs(split.dev, score_adapter(folder, split.dev, setup.device)[0])
        kept = _calibration(folder)
    run = run_stage(
        stage,
        setup,
        split.train,
        output,
        seed=args.seed,
        start=None if args.from_scratch else start,
    )
    finished = finish_adapter(
        output, split.dev, (), device=setup.device, start=kept, bias="likelihood"
    )
    origin = read_origin(output)
    results = TrainingResults(
        name=setup.name,
        version=origin.version,
        commit=origin.commit,
        recipe=None,
        start=_start_words(args, start.info),
        seed=args.seed,
        data=tuple(
            fact
            for role, some in (("train", split.train), ("development", split.dev))
            for fact in _facts(role, some, files or {})
        ),
        stages=(run,),
        before=before,
        held_out=finished.held_out,
        held_out_by=split.by,
        calibrated_on="the held-out pairs",
        calibration_notes=finished.calibration.notes,
        calibration_error=finished.calibration.held_out_error,
        machine=origin.machine,
    )
    results.save(output)
    write_model_card(output)
    return results


def _check(pairs: Sequence[TrainingPair], dev: Sequence[TrainingPair] | None) -> None:
    """Raise where one cannot learn from the pairs, or development pairs are among them."""
    labelled = [pair for pair in pairs if pair.stance is not None]
    if len(labelled) < MIN_PAIRS:
        raise DataError(
            f"{len(labelled)} pairs with a stance are too few to learn from: give {MIN_PAIRS} or "
            "more; a few hundred are a good start"
        )
    if len({pair.stance for pair in labelled}) < 2:
        raise DataError(f"every pair is {labelled[0].stance}: there is nothing to learn")
    known = {(pair.statement, pair.target, pair.context) for pair in pairs}
    both = [p for p in dev or () if (p.statement, p.target, p.context) in known]
    if both:
        raise DataError(
            f"{len(both)} development pairs are among the training pairs, the first being "
            f"{both[0].statement[:60]!r}: take them out of one of the files"
        )
    articles = {pair.group for pair in pairs if pair.group}
    shared = sorted({pair.group for pair in dev or ()} & articles)
    if shared:
        raise DataError(
            f"{len(shared)} groups (articles) have training and development pairs, the first being "
            f"{shared[0]!r}, so that scores would not be of new texts: move each to one of the "
            "files, or leave out --dev and let whole groups be held out"
        )
    if dev is not None and not any(pair.stance for pair in dev):
        raise DataError("no development pair has a stance")


def _split(pairs: Sequence[TrainingPair], args: FineTuning) -> _Split:
    """Hold out whole articles, else whole targets, else whole statements."""
    if len({pair.group for pair in pairs if pair.group}) > 1:
        keys, by = [pair.group for pair in pairs], "group"
    elif len({pair.target for pair in pairs}) >= _FEW_TARGETS:
        keys, by = [pair.target for pair in pairs], "target"
    else:
        keys, by = [pair.statement for pair in pairs], "statement"
    keyed = [
        replace(pair, group=key, source=str(number))
        for number, (pair, key) in enumerate(zip(pairs, keys, strict=True))
    ]
    train, dev = split_by_group(keyed, args.hold_out, seed=args.seed)
    if not train or not dev:
        raise DataError(f"the pairs cannot be split by {by}: give development pairs with --dev")
    chosen = [[pairs[int(pair.source)] for pair in part] for part in (train, dev)]
    return _Split(chosen[0], chosen[1], by)


def _start_words(args: FineTuning, start: AdapterInfo) -> str:
    if args.from_scratch:
        return "the bare backbone"
    kind = "bundled adapter" if args.start in BUNDLED else "adapter"
    return f"the {kind} `{start.name}` (SHA-256 `{start.sha256}`)"


def _setup(args: FineTuning, start: AdapterInfo) -> PairSetup:
    """A network of the shape of the start's."""
    if start.task != "stance" or start.max_length is None or start.max_context is None:
        raise ConfigError(
            f"start: {str(args.start)!r} is an adapter for {start.task} and cannot judge pairs"
        )
    return PairSetup(
        name=args.name or Path(args.output).name,
        backbone=start.backbone,
        folder=locate_backbone(start.backbone),
        rank=start.rank,
        scale=start.scale,
        layers=start.layers,
        max_length=start.max_length,
        max_context=start.max_context,
        device=training_device(args.device),
        progress=args.progress,
    )


def _calibration(folder: Path) -> Calibration | None:
    path = folder / CALIBRATION
    return Calibration.load(path) if path.is_file() else None


def _facts(role: str, pairs: Sequence[TrainingPair], files: Mapping[str, Path]) -> list[DataFacts]:
    """What was read; held-out pairs may be of the file that was trained on."""
    names = dict.fromkeys(pair.source or "pairs" for pair in pairs)
    file = files.get(role, files.get("train"))
    return [
        data_facts(
            name,
            role,
            [pair for pair in pairs if (pair.source or "pairs") == name],
            files=() if file is None else (file,),
        )
        for name in names
    ]
