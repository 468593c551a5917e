"""Runs behavioural cases and stores, scores and reports the predictions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.config import check_range
from stance.errors import DataError
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
from stance.evaluation.run_facts import RunFacts
from stance.evaluation.tasks.answers import Classifier, answered_stance
from stance.evaluation.tasks.behaviour.cases import Case, CaseResult, Variant, case_kind, load_cases
from stance.evaluation.tasks.stance import without_folder
from stance.files import write_files
from stance.labels import Stance, parse_label

logger = logging.getLogger(__name__)
Predict = Callable[
    [Sequence[str], Sequence[str], Sequence[str], Sequence[str | None]], Sequence[str]
]
COLUMNS = (
    *("case", "capability", "kind", "variant", "text", "target", "context", "speaker"),
    *("expected", "predicted", "note"),
)


@dataclass(frozen=True, slots=True)
class BehaviourSettings:
    """Settings of a behavioural run: pairs in one forward pass."""

    batch_size: int = 32

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: the batch size is below 1.
        """
        check_range("batch_size", self.batch_size, 1)


@dataclass(frozen=True, slots=True)
class CapabilityScores:
    """Failures of one capability.

    Attributes:
        capability: its name.
        cases: how many cases were run.
        failures: how many failed.
        moved: how many of the failures are invariance cases whose stance moved; the other
            failures of invariance cases are steady but wrong.
        rate: failures over cases, in [0, 1].
        failed: each failed case in plain lines.
    """

    capability: str
    cases: int
    failures: int
    moved: int
    rate: float
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BehaviourResults:
    """The results of a behavioural run; ``failure_rate`` is None where there are no cases."""

    run: RunFacts
    cases: int
    failures: int
    failure_rate: float | None
    capabilities: tuple[CapabilityScores, ...]


def run_cases(cases: Sequence[Case], predict: Predict) -> list[CaseResult]:
    """Predict every variant of every case in one batched call.

    Args:
        cases: as read by :func:`load_cases`.
        predict: takes statements, targets, contexts (``""`` where there is none) and speakers
            (None where unknown), all of one length, and returns one stance label for each.

    Returns:
        One result a case, in the order given.

    Raises:
        DataError: ``predict`` returned another number of labels than it was asked for.
        LabelError: ``predict`` returned an unknown label.
    """
    variants = [variant for case in cases for variant in case.variants]
    if not variants:
        return []
    labels = predict(
        [variant.text for variant in variants],
        [variant.target for variant in variants],
        [variant.context for variant in variants],
        [variant.speaker for variant in variants],
    )
    if len(labels) != len(variants):
        raise DataError(f"predict returned {len(labels)} labels for {len(variants)} statements")
    stances = [parse_label(Stance, label) for label in labels]
    results: list[CaseResult] = []
    start = 0
    for case in cases:
        end = start + len(case.variants)
        results.append(CaseResult(case, tuple(stances[start:end])))
        start = end
    return results


def score_capabilities(results: Sequence[CaseResult]) -> tuple[CapabilityScores, ...]:
    """Count the failures of each capability, in the order in which they first occur."""
    groups: dict[str, list[CaseResult]] = {}
    for result in results:
        groups.setdefault(result.case.capability, []).append(result)
    return tuple(_score(capability, own) for capability, own in groups.items())


def _score(capability: str, results: Sequence[CaseResult]) -> CapabilityScores:
    failed = [result for result in results if result.failed]
    return CapabilityScores(
        capability=capability,
        cases=len(results),
        failures=len(failed),
        moved=sum(result.moved for result in failed),
        rate=len(failed) / len(results),
        failed=tuple(result.text for result in failed),
    )


def evaluate_behaviour(
    settings: BehaviourSettings,
    cases_folder: Path,
    classifier: Classifier,
    folder: Path,
    *,
    name: str,
    requested: str,
    overwrite: bool = False,
    say: Say = logger.info,
) -> BehaviourResults:
    """Predict every case of a folder; write predictions and report.

    Args:
        settings: of the run; what they hold tells this run from another in the folder.
        cases_folder: one ``*.jsonl`` file for each capability.
        classifier: a loaded classifier.
        folder: gets ``predictions.csv``, ``results.json``, ``report.md`` and ``report.html``.
        name: of the evaluation, for the report.
        requested: the checkpoint as it was asked for.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: a case breaks the schema, or the folder holds another run or cannot be written.
    """
    cases = load_cases(cases_folder)
    facts = RunFacts(
        name=name,
        task="behaviour",
        config_hash=config_hash(settings),
        data=describe_data(sorted(cases_folder.glob("*.jsonl"))),
        code=code_facts(),
        requested=Path(requested).name,
        checkpoint=without_folder(classifier.info),
        seed=None,
    )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    results = run_cases(cases, _predictor(classifier, settings.batch_size))
    return write_behaviour(folder, results, facts)


def _predictor(classifier: Classifier, batch_size: int) -> Predict:
    """A classifier as :func:`run_cases` calls it."""

    def predict(
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str],
        speakers: Sequence[str | None],
    ) -> list[str]:
        found = classifier.predict(
            statements,
            targets,
            [context or None for context in contexts],
            speakers=speakers,
            batch_size=batch_size,
        )
        return [str(answered_stance(prediction)) for prediction in found]

    return predict


def write_behaviour(
    folder: Path, results: Sequence[CaseResult], facts: RunFacts
) -> BehaviourResults:
    """Write all four files of a behavioural run; returns the results.

    Raises:
        DataError: the folder cannot be written.
    """
    rows: list[tuple[object, ...]] = []
    for result in results:
        case = result.case
        for i, (v, label) in enumerate(zip(case.variants, result.predicted, strict=True)):
            row = (case.id, case.capability, case.kind, i, v.text, v.target, v.context)
            rows.append((*row, v.speaker, v.expected, label, case.note))
    found = _summarise(results, replace(facts, rows=len(rows)))
    write_files(folder, {PREDICTIONS: csv_text(COLUMNS, rows), **_report(found)})
    return found


def rebuild_behaviour(folder: Path) -> BehaviourResults:
    """Make report and results anew from stored predictions; neither model nor cases are needed.

    Raises:
        DataError: a stored file is missing or damaged, or the predictions are not as many as the
            results say.
    """
    facts = stored_run(folder)
    path = folder / PREDICTIONS
    grouped: dict[str, list[tuple[dict[str, str], str]]] = {}
    for number, cells in enumerate(stored_cells(path, COLUMNS, rows=facts.rows), 1):
        grouped.setdefault(cells["case"], []).append((cells, f"{path.name}, row {number}"))
    found = _summarise([_case_result(rows) for rows in grouped.values()], facts)
    write_files(folder, _report(found))
    return found


def _case_result(rows: Sequence[tuple[dict[str, str], str]]) -> CaseResult:
    predicted = []
    variants = []
    for cells, where in rows:
        label = read_cell(Stance, cells, "predicted", where)
        if label is None:
            raise DataError(f"{where}: field 'predicted' is empty")
        predicted.append(label)
        variants.append(
            Variant(
                text=cells["text"],
                target=cells["target"],
                context=cells["context"],
                speaker=cells["speaker"] or None,
                expected=read_cell(Stance, cells, "expected", where),
            )
        )
    first, where = rows[0]
    kind = case_kind(first["kind"], where)
    case = Case(first["case"], first["capability"], kind, tuple(variants), first["note"])
    return CaseResult(case, tuple(predicted))


def _summarise(results: Sequence[CaseResult], facts: RunFacts) -> BehaviourResults:
    capabilities = score_capabilities(results)
    failures = sum(item.failures for item in capabilities)
    return BehaviourResults(
        run=facts,
        cases=len(results),
        failures=failures,
        failure_rate=failures / len(results) if results else None,
        capabilities=capabilities,
    )


def _report(results: BehaviourResults) -> dict[str, str]:
    return report_files("behaviour", results, results.run, {"results": results})
