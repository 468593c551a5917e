"""Results as JSON: records become dictionaries here and nowhere else."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TypeVar

from stance.config import from_mapping
from stance.errors import DataError
from stance.evaluation.run_facts import RunFacts
from stance.untrusted import parse_json, read_bytes

FORMAT = 2
RESULTS = "results.json"
RecordT = TypeVar("RecordT")


def to_record(value: object) -> object:
    """A result as JSON can hold it: floats with six decimals, NaN and infinities as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_record(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): to_record(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_record(item) for item in value]
    return value


def from_record(record: Mapping[str, object], cls: type[RecordT], *, where: str) -> RecordT:
    """Read what :func:`to_record` gave.

    Raises:
        DataError: a key is missing or unknown, or a value is of the wrong type.
    """
    return from_mapping(record, cls, where=where, error=DataError)


def results_json(results: object) -> str:
    """The text of ``results.json``."""
    record = to_record(results)
    content = {"format": FORMAT, **record} if isinstance(record, dict) else record
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_json_results(folder: Path) -> dict[str, object]:
    """Read the stored ``results.json`` of a folder, without its format number.

    Raises:
        DataError: it is missing or damaged, or other code wrote it.
    """
    path = folder / RESULTS
    try:
        content = parse_json(read_bytes(path).decode("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path}: {error}. Run the evaluation first") from error
    if not isinstance(content, dict) or not isinstance(content.get("run"), dict):
        raise DataError(f"{path} has no 'run': it is not a results file of this harness")
    if content.pop("format", None) != FORMAT:
        raise DataError(f"{path} was written by another version: run the evaluation again")
    return content


def read_run(folder: Path) -> RunFacts:
    """The facts of a stored run.

    Raises:
        DataError: ``results.json`` is missing, damaged or lacks a fact of its run.
    """
    record = read_json_results(folder)["run"]
    if not isinstance(record, dict):
        raise DataError(f"{folder / RESULTS}: 'run' is no object: run the evaluation again")
    return from_record(record, RunFacts, where=f"{folder / RESULTS}: run")


def read_results(folder: Path, cls: type[RecordT]) -> RecordT:
    """The stored results of a run, as the class that its task writes.

    Raises:
        DataError: ``results.json`` is missing, damaged or of another task.
    """
    return from_record(read_json_results(folder), cls, where=str(folder / RESULTS))
