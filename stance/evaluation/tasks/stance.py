"""Labelled sets and a classifier -> stored predictions, scores and a report."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.config import check_range
from stance.errors import CalibrationError, ConfigError, DataError
from stance.evaluation.baselines import WordBaselines
from stance.evaluation.clusters import cluster_note, join_near_duplicates
from stance.evaluation.labelled_sets import LabelledSet
from stance.evaluation.moved_words import Explaining, explain_labelled
from stance.evaluation.predictions import ScoredRow
from stance.evaluation.provenance import Say, code_facts, config_hash, describe_file, guard_output
from stance.evaluation.report import write_report
from stance.evaluation.results import StanceResults
from stance.evaluation.run_facts import RunFacts, ScoringSettings
from stance.evaluation.scoring import shown_errors
from stance.evaluation.stored_answers import StoredAnswers
from stance.evaluation.tasks.answers import (
    Classifier,
    OtherCheckpoint,
    OtherSystem,
    missing_baselines,
    predict_set,
)
from stance.evaluation.wording import counted
from stance.model import Calibration
from stance.schema import CheckpointInfo

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StanceSettings:
    """Settings of a stance evaluation.

    Attributes:
        context_ablation: also predict the rows whose context the model read without it.
        bootstrap: resamples of every interval.
        level: nominal coverage of the intervals, in (0, 1).
        seed: of the resampling.
        batch_size: pairs in one forward pass.
        coverage: nominal coverage of the conformal sets that are checked; None for none.
        pooled: also score the rows of all sets together.
        near_duplicates: rows of nearly the same words, and their articles, are drawn together.
        explain: find the words that moved each error that the report shows. Every word is left out
            in turn, so an error takes about a hundred forward passes.
    """

    context_ablation: bool = True
    bootstrap: int = 1000
    level: float = 0.95
    seed: int = 13
    batch_size: int = 32
    coverage: float | None = 0.9
    pooled: bool = False
    near_duplicates: bool = False
    explain: bool = False

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range.
        """
        if self.bootstrap < 1 or self.batch_size < 1:
            raise ConfigError("bootstrap and batch_size must be 1 or more")
        for name, value in (("level", self.level), ("coverage", self.coverage)):
            if value is not None and not 0 < value < 1:
                raise ConfigError(f"{name} is {value}: give a number between 0 and 1")
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other


def evaluate_stance(
    settings: StanceSettings,
    sets: Sequence[LabelledSet],
    classifier: Classifier | StoredAnswers,
    folder: Path,
    *,
    others: Sequence[OtherSystem] = (),
    name: str | None = None,
    requested: str | None = None,
    system: str | None = None,
    notes: Sequence[str] = (),
    words: Callable[[], WordBaselines | None] = lambda: None,
    not_run: Mapping[str, str] | None = None,
    overwrite: bool = False,
    say: Say = logger.info,
) -> StanceResults:
    """Predict every set with the classifier and the baselines; write predictions and report.

    Args:
        settings: of the evaluation; what they hold tells this run from another in the folder.
        sets: what is evaluated; their names differ.
        classifier: a loaded classifier, or stored predictions of every row.
        folder: gets ``predictions.csv``, ``results.json``, ``report.md`` and ``report.html``.
        others: systems that are measured beside it.
        name: of the evaluation, for the report; None takes that of the first set.
        requested: the checkpoint as it was asked for; None takes its name.
        system: what it is called beside others; None takes the checkpoint's name.
        notes: for the report.
        words: trains the TF-IDF baseline, or gives None where there is nothing to train it on; it
            is called when all else is known to be in order.
        not_run: what was left out, and why.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: there is no set, two sets or systems have one name, the folder holds another run
            or cannot be written, a classifier returned another number of predictions than it was
            asked for, stored predictions do not fit the rows, or they are to be explained.
        MissingExtraError: near duplicates are to be found and datasketch is not installed.
    """
    names = [part.name for part in sets]
    if not names or len(set(names)) < len(names):
        raise DataError(f"give one or more sets, each with a name of its own, not {names}")
    if settings.near_duplicates:
        sets = [replace(part, rows=tuple(join_near_duplicates(part.rows))) for part in sets]
    told = [_of_clusters(part, len(sets), settings.near_duplicates) for part in sets]
    told = [note for note in told if note]
    for note in told:
        say(note)
    facts = stance_facts(
        settings,
        sets,
        classifier,
        others=others,
        name=name or names[0],
        requested=requested,
        system=system,
        notes=[*notes, *told],
        not_run=not_run,
    )
    systems = [facts.scoring.system if facts.scoring else "", *(other.name for other in others)]
    if len(set(systems)) < len(systems):
        raise DataError(
            f"two systems have one name: {', '.join(systems)}. Name them: NAME=CHECKPOINT"
        )
    explaining = classifier if settings.explain and isinstance(classifier, Explaining) else None
    if settings.explain and explaining is None:
        raise DataError(
            f"only a checkpoint can be explained, and {systems[0]!r} are stored predictions: "
            "evaluate a checkpoint first, or do not ask for the words that moved errors"
        )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    ablation = (
        settings.context_ablation
        and not isinstance(classifier, StoredAnswers)
        and classifier.info.reads_context
    )
    begun = time.perf_counter()
    trained = words()
    rows: list[ScoredRow] = []
    for part in sets:
        say(f"{part.name}: {counted(len(part.rows), 'row')}")
        rows += predict_set(
            part,
            classifier,
            trained,
            others=others,
            batch_size=settings.batch_size,
            ablation=ablation,
            seed=settings.seed,
        )
    facts = replace(facts, seconds=round(time.perf_counter() - begun, 1))
    if explaining is not None:
        rows = _explain_errors(rows, explaining, settings.batch_size, say)
    return write_report(folder, rows, facts)


def _of_clusters(part: LabelledSet, sets: int, joined: bool) -> str:
    """What a reader of the intervals has to know of the groups of a set, or ""."""
    said = []
    if joined:
        count = len({row.group for row in part.rows})
        said.append(f"Without near duplicates, {len(part.rows)} rows are of {count} groups.")
    note = cluster_note(part.rows)
    if note:
        said.append(note)
    where = f"{part.name}: " if sets > 1 and said else ""
    return where + " ".join(said)


def _explain_errors(
    rows: Sequence[ScoredRow], classifier: Explaining, batch_size: int, say: Say
) -> list[ScoredRow]:
    """The rows, with the words that moved those which the report shows as errors."""
    wrong = shown_errors(rows)
    say(f"leaving out each word of {counted(len(wrong), 'error')} in turn")
    moved = explain_labelled([row.gold for row in wrong], classifier, batch_size)
    found = dict(zip(map(id, wrong), moved, strict=True))
    return [replace(row, moved=found.get(id(row))) for row in rows]


def stance_facts(
    settings: StanceSettings,
    sets: Sequence[LabelledSet],
    classifier: Classifier | StoredAnswers,
    *,
    name: str,
    others: Sequence[OtherSystem] = (),
    requested: str | None = None,
    system: str | None = None,
    notes: Sequence[str] = (),
    not_run: Mapping[str, str] | None = None,
) -> RunFacts:
    """What a result carries: settings and their hash, code, checkpoint, seed, data hashes."""
    left_out = {**(not_run or {}), **missing_baselines(sets)}
    data = {part.name: describe_file(part.file) for part in sets}
    for other in (classifier, *others):
        if isinstance(other, StoredAnswers):
            data[f"predictions of {other.name}"] = describe_file(other.file)
    checkpoint = calibration = None
    if isinstance(classifier, StoredAnswers):
        shown = requested = classifier.name
    else:
        checkpoint, calibration = without_folder(classifier.info), classifier.calibration
        shown = checkpoint.name
        if settings.context_ablation and not classifier.info.reads_context:
            left_out["with and without context"] = "the checkpoint reads no context"
    return RunFacts(
        name=name,
        task="stance",
        config_hash=config_hash(settings),
        data=data,
        about={part.name: part.about for part in sets if part.about},
        code=code_facts(),
        requested=Path(requested or shown).name,
        checkpoint=checkpoint,
        seed=settings.seed,
        scoring=replace(_scoring(settings, calibration), system=system or shown),
        not_run=left_out,
        systems={
            other.name: without_folder(other.classifier.info)
            for other in others
            if isinstance(other, OtherCheckpoint)
        },
        notes=tuple(notes),
    )


def without_folder(info: CheckpointInfo) -> CheckpointInfo:
    """The facts of a checkpoint without the path of this machine."""
    return replace(info, name=Path(info.name).name)


def _scoring(settings: StanceSettings, calibration: Calibration | None) -> ScoringSettings:
    """How the rows will be scored, in numbers as ``results.json`` holds them."""
    scoring = ScoringSettings(
        bootstrap=settings.bootstrap,
        level=settings.level,
        seed=settings.seed,
        pooled=settings.pooled,
    )
    if calibration is None:
        return scoring
    thresholds = None
    if settings.coverage is not None:
        try:
            found = calibration.thresholds(settings.coverage)
            thresholds = tuple(round(float(least), 6) for least in found)
        except CalibrationError as error:
            logger.info("no conformal sets: %s", error)
    around = calibration.context_temperature
    return replace(
        scoring,
        stance_temperature=None
        if any(calibration.stance_bias)
        else round(calibration.stance_temperature, 6),
        context_temperature=None if around is None else round(around, 6),
        sentiment_temperature=round(calibration.sentiment_temperature, 6),
        coverage=None if thresholds is None else settings.coverage,
        set_thresholds=thresholds,
    )
