"""Runs the behavioural suite and stores, scores and reports its predictions."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.behaviour.suite import (
    FOLDER,
    Case,
    CaseResult,
    Predict,
    Variant,
    failure_rates,
    run_suite,
)
from eval.provenance import code_facts, config_hash, describe_data, stored_run
from eval.report import FORMAT, write_files
from eval.runner import Classifier, forced_stance
from stance.errors import ConfigError, DataError
from stance.labels import Stance

COLUMNS = (
    "case",
    "capability",
    "kind",
    "variant",
    "text",
    "target",
    "context",
    "speaker",
    "expected",
    "predicted",
    "note",
)


@dataclass(frozen=True, slots=True)
class BehaviourConfig:
    """Settings of the behavioural suite (``configs/eval/behaviour.yaml``).

    Attributes:
        task: ``behaviour``.
        checkpoint: ``default``, ``small``, ``base``, or a path relative to the config.
        batch_size: pairs in one forward pass.
    """

    task: Literal["behaviour"] = "behaviour"
    checkpoint: str = "default"
    batch_size: int = 32

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: the batch size is below 1.
        """
        if self.batch_size < 1:
            raise ConfigError(f"batch_size is {self.batch_size}: give 1 or more")


def suite_folder(data: Sequence[Path]) -> Path:
    """The folder given with ``--data``, or the bundled suite.

    Raises:
        DataError: more than one is given, or it is no folder.
    """
    if not data:
        return FOLDER
    if len(data) > 1 or not data[0].is_dir():
        raise DataError("for task behaviour give --data once, with a folder of *.jsonl cases")
    return data[0]


def behaviour_facts(
    config: BehaviourConfig, classifier: Classifier, folder: Path, name: str
) -> dict[str, Any]:
    """What the results carry: config, checkpoint, code and the suite's files."""
    info = classifier.info
    return {
        "name": name,
        "task": "behaviour",
        "config_hash": config_hash(config),
        "seed": None,
        "checkpoint": {
            "requested": Path(config.checkpoint).name,
            "kind": info.kind,
            "name": Path(info.name).name,
            "sha256": info.sha256,
            "device": info.device,
        },
        "data": describe_data(sorted(folder.glob("*.jsonl"))),
        **code_facts(),
    }


def predictor(classifier: Classifier, batch_size: int) -> Predict:
    """A classifier as the suite calls it."""

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
        return [str(forced_stance(prediction)) for prediction in found]

    return predict


def run_behaviour(
    config: BehaviourConfig, classifier: Classifier, cases: Sequence[Case]
) -> list[CaseResult]:
    """Predict every variant of every case."""
    return run_suite(cases, predictor(classifier, config.batch_size))


def write_behaviour(
    folder: Path, results: Sequence[CaseResult], facts: dict[str, Any]
) -> dict[str, Any]:
    """Write all four files of a behavioural run; returns the results.

    Raises:
        DataError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "predictions.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(COLUMNS)
            for result in results:
                case = result.case
                for i, (v, label) in enumerate(zip(case.variants, result.predicted, strict=True)):
                    row = (case.id, case.capability, case.kind, i, v.text, v.target, v.context)
                    writer.writerow((*row, v.speaker or "", v.expected or "", label, case.note))
    except OSError as error:
        raise DataError(f"cannot write the report to {folder}: {error}") from error
    return _write(folder, results, facts)


def rebuild_behaviour(folder: Path) -> dict[str, Any]:
    """Make report and results anew from stored predictions; neither model nor suite is needed.

    Raises:
        DataError: a stored file is missing or damaged.
    """
    return _write(folder, _read(folder / "predictions.csv"), stored_run(folder))


def _read(path: Path) -> list[CaseResult]:
    grouped: dict[str, list[dict[str, str]]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path.name}: no column {', '.join(missing)}")
            for row in reader:
                grouped.setdefault(row["case"], []).append(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read stored predictions {path.name}: {error}") from error
    try:
        return [_case_result(rows) for rows in grouped.values()]
    except (ValueError, TypeError) as error:
        raise DataError(f"{path.name}: a label cannot be read: {error}") from error


def _case_result(rows: Sequence[dict[str, str]]) -> CaseResult:
    variants = tuple(
        Variant(
            text=row["text"],
            target=row["target"],
            context=row["context"],
            speaker=row["speaker"] or None,
            expected=Stance(row["expected"]) if row["expected"] else None,
        )
        for row in rows
    )
    first = rows[0]
    case = Case(first["case"], first["capability"], _kind(first["kind"]), variants, first["note"])
    return CaseResult(case, tuple(Stance(row["predicted"]) for row in rows))


def _kind(text: str) -> Literal["minimum_functionality", "invariance", "direction"]:
    for kind in ("minimum_functionality", "invariance", "direction"):
        if text == kind:
            return kind
    raise ValueError(f"unknown kind {text!r}")


def _write(folder: Path, results: Sequence[CaseResult], facts: dict[str, Any]) -> dict[str, Any]:
    rates = failure_rates(results)
    cases = sum(rate.cases for rate in rates)
    failures = sum(rate.failures for rate in rates)
    content = {
        "format": FORMAT,
        "run": facts,
        "cases": cases,
        "failures": failures,
        "failure_rate": failures / cases if cases else None,
        "capabilities": [
            {
                "capability": rate.capability,
                "cases": rate.cases,
                "failures": rate.failures,
                "moved": rate.moved,
                "rate": rate.rate,
                "failed": [result.text for result in rate.failed],
            }
            for rate in rates
        ],
    }
    write_files(folder, content, "behaviour", content)
    return content
