"""Where a result comes from: hashes of config, data and code, and the output folder's guard."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import stance
from stance.errors import DataError
from stance.training.model_card import code_version

ROOT = Path(__file__).resolve().parent.parent
OUTPUTS = ("report.md", "report.html", "results.json", "predictions.csv")


def config_hash(config: object) -> str:
    """First 16 hex digits of the SHA-256 of a config dataclass's values.

    Raises:
        TypeError: the config is no dataclass instance.
    """
    if not dataclasses.is_dataclass(config) or isinstance(config, type):
        raise TypeError(f"{config!r} is not a config")
    text = json.dumps(dataclasses.asdict(config), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_sha256(path: Path) -> dict[str, str]:
    """SHA-256 of a file's bytes."""
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def code_facts() -> dict[str, str | None]:
    """Version, commit (``+changed``: uncommitted changes), hash of the sources, and the time."""
    digest = hashlib.sha256()
    for folder in ("stance", "eval"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return {
        "code_version": stance.__version__,
        "commit": code_version(),
        "code_sha256": digest.hexdigest()[:16],
        "created": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def identity(facts: dict[str, Any]) -> dict[str, Any]:
    """What tells one run from another: task, config, checkpoint and data."""
    checkpoint = facts.get("checkpoint") or {}
    return {
        "task": facts.get("task"),
        "config": facts.get("config_hash"),
        "checkpoint": checkpoint.get("sha256") or checkpoint.get("name"),
        "data": {
            name: item.get("sha256") for name, item in sorted((facts.get("data") or {}).items())
        },
    }


def guard_output(folder: Path, facts: dict[str, Any], *, force: bool) -> str:
    """Refuse to write over another run.

    Args:
        folder: where the run will be written.
        facts: of the run that is to be written.
        force: write all the same.

    Returns:
        A sentence that says what is replaced, or ``""`` where nothing is.

    Raises:
        DataError: the folder holds another run, or files of which the run is unknown.
    """
    present = [name for name in OUTPUTS if (folder / name).exists()]
    if not present:
        return ""
    try:
        earlier = read_results(folder).get("run", {})
    except DataError:
        earlier = {}
    mine, other = identity(facts), identity(earlier)
    if mine == other:
        return (
            f"Replaces the same evaluation in {folder}, made {earlier.get('created')} with code "
            f"{earlier.get('commit') or earlier.get('code_version')}."
        )
    parts = [key for key in mine if mine[key] != other[key]]
    if not force:
        raise DataError(
            f"{folder} holds another run (other {', '.join(parts)}; {', '.join(present)}): give "
            "another folder with --output, or --force to replace it"
        )
    return f"Replaces another run in {folder} (other {', '.join(parts)})."


def read_results(folder: Path) -> dict[str, Any]:
    """Read the stored ``results.json`` of a folder.

    Raises:
        DataError: it is missing or damaged.
    """
    path = folder / "results.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path}: {error}. Run the evaluation first") from error
    if not isinstance(content, dict) or not isinstance(content.get("run"), dict):
        raise DataError(f"{path} has no 'run': it is not a results file of this harness")
    return content


def stored_run(folder: Path) -> dict[str, Any]:
    """The facts of a stored run, to score its predictions anew.

    They keep the code that predicted; where today's sources are others, ``rescored`` names them.

    Raises:
        DataError: ``results.json`` is missing, damaged or lacks a fact of its run.
    """
    run: dict[str, Any] = read_results(folder)["run"]
    run.pop("rescored", None)
    now = code_facts()
    for key in ("name", "checkpoint", "data", "seed", "config_hash", *now):
        if key not in run:
            raise DataError(f"{folder / 'results.json'}: 'run' lacks {key!r}: run it again")
    if now["code_sha256"] != run["code_sha256"]:
        run["rescored"] = now
    return run


def describe_data(files: Sequence[Path]) -> dict[str, dict[str, str]]:
    """File name and hash of each data file, keyed by stem."""
    return {path.name.split(".")[0]: {"file": path.name, **file_sha256(path)} for path in files}
