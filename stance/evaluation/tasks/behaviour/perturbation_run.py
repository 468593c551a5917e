"""Runs perturbed inputs; stores, scores and reports the answers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from stance.config import check_range
from stance.errors import ConfigError, DataError
from stance.evaluation.files import csv_text
from stance.evaluation.predictions import PREDICTIONS, read_cell, stored_cells
from stance.evaluation.provenance import (
    Say,
    code_facts,
    config_hash,
    describe_data,
    guard_output,
    stored_run,
)
from stance.evaluation.report import report_files
from stance.evaluation.resampling import Interval, bootstrap_mean
from stance.evaluation.result_files import read_results
from stance.evaluation.run_facts import RunFacts, ScoringSettings
from stance.evaluation.tasks.answers import Classifier, answered_stance
from stance.evaluation.tasks.behaviour.cases import Variant
from stance.evaluation.tasks.behaviour.perturbations import (
    CAPABILITIES,
    EXPECTED,
    OPPOSITE,
    Capability,
    Outcome,
    Perturbation,
    Place,
)
from stance.evaluation.tasks.stance import without_folder
from stance.files import write_files
from stance.labels import Stance

logger = logging.getLogger(__name__)

_SIDED, _NEUTRAL = "gold favor or against", "gold neutral"
COLUMNS = (*("capability", "kind", "article", "start", "end", "target", "gold", "before", "after"),)


@dataclass(frozen=True, slots=True)
class PerturbationSettings:
    """Settings of a run.

    Attributes:
        cases: how many are wanted of each capability.
        bars: least share of the cases of a capability that should be as expected, in [0, 1].
        batch_size: pairs in one forward pass.
        bootstrap: resamples of every interval.
        level: nominal coverage of the intervals, in (0, 1).
        seed: of the choice of cases and of the resampling.
    """

    cases: int = 600
    bars: dict[str, float] = field(default_factory=dict)
    batch_size: int = 32
    bootstrap: int = 1000
    level: float = 0.95
    seed: int = 13

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range, or a bar is for no capability.
        """
        for key in ("cases", "batch_size", "bootstrap"):
            check_range(key, getattr(self, key), 1)
        check_range("seed", self.seed, 0, 2**32 - 1)
        if not 0 < self.level < 1:
            raise ConfigError(f"level is {self.level}: give a number between 0 and 1")
        for name, bar in self.bars.items():
            if name not in CAPABILITIES:
                raise ConfigError(f"bars: no {name!r}: use {', '.join(CAPABILITIES)}")
            check_range(f"bars: {name}", bar, 0, 1)


@dataclass(frozen=True, slots=True)
class PartScores:
    """Cases of one kind, or of rows with and without a side: how many count, and pass."""

    part: str
    counted: int
    passed: Interval


@dataclass(frozen=True, slots=True)
class PerturbationScores:
    """One capability.

    Attributes:
        capability: its name.
        expected: what the answer should do.
        made: cases.
        counted: cases that count; see :attr:`Outcome.counted`.
        passed: share of them that are as expected; its interval is clustered by article. None where
            none counts.
        bar: least share wanted, or None.
        parts: the same by kind of change and by gold label.
    """

    capability: Capability
    expected: str
    made: int
    counted: int
    passed: Interval | None
    bar: float | None
    parts: tuple[PartScores, ...]


@dataclass(frozen=True, slots=True)
class PerturbationResults:
    """The results of a run."""

    run: RunFacts
    capabilities: tuple[PerturbationScores, ...]


def evaluate_perturbations(
    settings: PerturbationSettings,
    cases: Sequence[Perturbation],
    files: Sequence[Path],
    classifier: Classifier,
    folder: Path,
    *,
    name: str,
    requested: str,
    overwrite: bool = False,
    say: Say = logger.info,
) -> PerturbationResults:
    """Predict every case; write answers and report.

    Args:
        settings: of the run; what they hold tells this run from another in the folder.
        cases: at least one.
        files: that the cases were made of.
        classifier: a loaded classifier.
        folder: gets ``predictions.csv``, ``results.json``, ``report.md`` and ``report.html``; none
            of them holds words of the data.
        name: of the evaluation, for the report.
        requested: the checkpoint as it was asked for.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: there is no case, or the folder holds another run or cannot be written.
    """
    if not cases:
        raise DataError("no case could be made of the data")
    facts = RunFacts(
        name=name,
        task="perturbation",
        config_hash=config_hash(settings),
        data=describe_data(files),
        code=code_facts(),
        requested=Path(requested).name,
        checkpoint=without_folder(classifier.info),
        seed=settings.seed,
        scoring=ScoringSettings(settings.bootstrap, settings.level, settings.seed),
    )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    inputs = list(dict.fromkeys(v for case in cases for v in (case.before, case.after) if v))
    say(f"{len(cases)} cases, {len(inputs)} inputs")
    answers = dict(zip(inputs, _predict(classifier, inputs, settings.batch_size), strict=True))
    outcomes = [
        Outcome(
            case.capability,
            case.kind,
            case.place,
            None if case.before is None else answers[case.before],
            answers[case.after],
        )
        for case in cases
    ]
    results = _score(outcomes, replace(facts, rows=len(outcomes)), settings.bars)
    write_files(folder, {PREDICTIONS: _table(outcomes), **_report(results)})
    return results


def _predict(classifier: Classifier, inputs: Sequence[Variant], batch_size: int) -> list[Stance]:
    found = classifier.predict(
        [item.text for item in inputs],
        [item.target for item in inputs],
        [item.context or None for item in inputs],
        speakers=[item.speaker for item in inputs],
        batch_size=batch_size,
    )
    return [answered_stance(prediction) for prediction in found]


def _table(outcomes: Sequence[Outcome]) -> str:
    return csv_text(COLUMNS, map(_cells, outcomes))


def _cells(o: Outcome) -> tuple[object, ...]:
    p = o.place
    return (o.capability, o.kind, p.article, p.start, p.end, p.target, p.gold, o.before, o.after)


def rebuild_perturbations(folder: Path) -> PerturbationResults:
    """Make report and results anew from stored answers; neither model nor data are needed.

    Raises:
        DataError: a stored file is missing or damaged, or the answers are not as many as the
            results say.
    """
    facts = stored_run(folder)
    bars: dict[str, float] = {
        scores.capability: scores.bar
        for scores in read_results(folder, PerturbationResults).capabilities
        if scores.bar is not None
    }
    path = folder / PREDICTIONS
    outcomes = [
        _outcome(cells, f"{path.name}, row {number}")
        for number, cells in enumerate(stored_cells(path, COLUMNS, rows=facts.rows), 1)
    ]
    results = _score(outcomes, facts, bars)
    write_files(folder, _report(results))
    return results


def _outcome(cells: dict[str, str], where: str) -> Outcome:
    numbers = [cells[key] for key in ("start", "end", "target")]
    gold, after = (read_cell(Stance, cells, key, where) for key in ("gold", "after"))
    capability = next((name for name in CAPABILITIES if name == cells["capability"]), None)
    if gold is None or after is None or capability is None or not all(map(str.isdecimal, numbers)):
        raise DataError(f"{where}: a cell is damaged: run the evaluation again")
    start, end, target = map(int, numbers)
    place = Place(cells["article"], start, end, target, gold)
    return Outcome(
        capability, cells["kind"], place, read_cell(Stance, cells, "before", where), after
    )


def _score(
    outcomes: Sequence[Outcome], facts: RunFacts, bars: dict[str, float]
) -> PerturbationResults:
    scoring = facts.scoring or ScoringSettings()
    found = []
    for capability in CAPABILITIES:
        made = [outcome for outcome in outcomes if outcome.capability == capability]
        counted = [outcome for outcome in made if outcome.counted]
        parts: dict[str, list[Outcome]] = {}
        for outcome in counted:
            parts.setdefault(outcome.kind, []).append(outcome)
        if capability != "target opposed":
            for outcome in counted:
                side = _SIDED if outcome.place.gold in OPPOSITE else _NEUTRAL
                parts.setdefault(side, []).append(outcome)
        scores = [PartScores(k, len(own), _share(own, scoring)) for k, own in parts.items()]
        found.append(
            PerturbationScores(
                capability=capability,
                expected=EXPECTED[capability],
                made=len(made),
                counted=len(counted),
                passed=_share(counted, scoring) if counted else None,
                bar=bars.get(capability),
                parts=tuple(scores),
            )
        )
    return PerturbationResults(facts, tuple(found))


def _share(outcomes: Sequence[Outcome], scoring: ScoringSettings) -> Interval:
    return bootstrap_mean(
        np.array([outcome.passed for outcome in outcomes], dtype=np.float64),
        clusters=[outcome.place.article for outcome in outcomes],
        unit="article",
        resamples=scoring.bootstrap,
        level=scoring.level,
        seed=scoring.seed,
    )


def _report(results: PerturbationResults) -> dict[str, str]:
    return report_files("perturbation", results, results.run, {"results": results})
