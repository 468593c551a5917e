"""Runs the attribution benchmark and writes its report; it stores counts, not predictions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.attribution import evaluate, markdown
from eval.attribution_systems import AttributionConfig
from eval.provenance import code_facts, config_hash, describe_data, read_results
from eval.report import FORMAT, write_files
from eval.sets import find_in
from stance.errors import DataError


def attribution_file(data: Sequence[Path]) -> Path:
    """The attribution file given with ``--data``: itself, or ``attribution_dev`` of a folder.

    Raises:
        DataError: none or several are given, or the file is missing.
    """
    if len(data) != 1:
        raise DataError("for task attribution give --data once: an attribution file or its folder")
    if data[0].is_dir():
        return find_in(data, "attribution_dev")
    if not data[0].is_file():
        raise DataError(f"--data {data[0]} does not exist")
    return data[0]


def attribution_facts(config: AttributionConfig, file: Path, name: str) -> dict[str, Any]:
    """What the results carry."""
    return {
        "name": name,
        "task": "attribution",
        "config_hash": config_hash(config),
        "seed": config.seed,
        "checkpoint": {
            "requested": ", ".join(config.systems),
            "kind": None,
            "name": None,
            "sha256": None,
            "device": None,
        },
        "data": describe_data([file]),
        **code_facts(),
    }


def run_attribution(
    config: AttributionConfig, file: Path, folder: Path, facts: dict[str, Any]
) -> dict[str, Any]:
    """Run every system and write results and report.

    Raises:
        DataError: the file breaks its schema, or the folder cannot be written.
    """
    report = evaluate(config, file)
    return _write(folder, {"format": FORMAT, "run": facts, **report})


def rebuild_attribution(folder: Path) -> dict[str, Any]:
    """Make the report anew from the stored results.

    Raises:
        DataError: ``results.json`` is missing or damaged.
    """
    return _write(folder, read_results(folder))


def _write(folder: Path, results: dict[str, Any]) -> dict[str, Any]:
    ran = [name for name, item in results["systems"].items() if "measures" in item]
    shown = {
        **results,
        "ran": ran,
        "absent": [name for name in results["systems"] if name not in ran],
        "measures": list(results["systems"][ran[0]]["measures"]) if ran else [],
        "table": markdown(results),
    }
    write_files(folder, results, "attribution", shown)
    return results
