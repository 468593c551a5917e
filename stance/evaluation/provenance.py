"""Where a result comes from: hashes of settings, data and code, and the output folder's guard."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import stance
from stance.config import PACKAGE_DIR
from stance.errors import DataError
from stance.evaluation.result_files import RESULTS, read_run
from stance.evaluation.run_facts import CodeFacts, DataFile, RunFacts

Say = Callable[[str], None]
OUTPUTS = ("report.md", "report.html", RESULTS, "predictions.csv")
_SOURCES = ("stance", "eval")  # the package, and the harness where it stands in its checkout


def config_hash(config: object) -> str:
    """First 16 hex digits of the SHA-256 of a config dataclass's values.

    Raises:
        TypeError: the config is no dataclass instance.
    """
    if not dataclasses.is_dataclass(config) or isinstance(config, type):
        raise TypeError(f"{config!r} is not a config")
    text = json.dumps(dataclasses.asdict(config), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def describe_file(path: Path) -> DataFile:
    """A file's name, and the SHA-256 of its bytes.

    Raises:
        DataError: the file cannot be read.
    """
    try:
        return DataFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError as error:
        raise DataError(f"cannot read {path}: {error}") from error


def describe_data(files: Sequence[Path]) -> dict[str, DataFile]:
    """Each data file, keyed by its name up to the first dot."""
    return {path.name.split(".")[0]: describe_file(path) for path in files}


def code_version(package: Path = PACKAGE_DIR) -> str | None:
    """Commit of the checkout that holds the package, or None where it is in none of its own.

    ``+changed`` is appended when a tracked file differs from the commit, or a file that is not
    tracked stands among the sources or recipes.
    """
    root = package.parent

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(root), *arguments],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=20,
        )
        return done.stdout.strip()

    try:
        # An installed package may stand inside somebody else's repository.
        top = Path(git("rev-parse", "--show-toplevel"))
        if not (root / "pyproject.toml").is_file() or top.resolve() != root.resolve():
            return None
        commit = git("rev-parse", "--short=12", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no")
        added = git("ls-files", "--others", "--exclude-standard", *_SOURCES, "configs")
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return commit + ("+changed" if changed or added else "")


def code_facts() -> CodeFacts:
    """Version, commit, hash of the sources, and the time."""
    digest = hashlib.sha256()
    root = PACKAGE_DIR.parent
    checkout = (root / "pyproject.toml").is_file()
    for folder in _SOURCES if checkout else _SOURCES[:1]:
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return CodeFacts(
        version=stance.__version__,
        commit=code_version(),
        sha256=digest.hexdigest()[:16],
        created=datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _identity(facts: RunFacts | None) -> dict[str, object]:
    """What tells one run from another: task, config, checkpoint and data."""
    if facts is None:
        return dict.fromkeys(("task", "config", "checkpoint", "data", "systems"))
    known = facts.checkpoint
    return {
        "task": facts.task,
        "config": facts.config_hash,
        "checkpoint": facts.requested if known is None else known.sha256 or known.name,
        "data": {name: item.sha256 for name, item in sorted(facts.data.items())},
        "systems": {name: item.sha256 or item.name for name, item in facts.systems.items()},
    }


def guard_output(folder: Path, facts: RunFacts, *, overwrite: bool, say: Say) -> None:
    """Refuse to write over another run.

    Args:
        folder: where the run will be written.
        facts: of the run that is to be written.
        overwrite: write all the same.
        say: told what is replaced, where something is.

    Raises:
        DataError: the folder holds another run, or files of which the run is unknown.
    """
    present = [name for name in OUTPUTS if (folder / name).exists()]
    if not present:
        return
    try:
        earlier = read_run(folder)
    except DataError:
        earlier = None
    mine, other = _identity(facts), _identity(earlier)
    if earlier is not None and mine == other:
        say(
            f"Replaces the same evaluation in {folder}, made {earlier.code.created} with code "
            f"{earlier.code.commit or earlier.code.version}."
        )
        return
    parts = [key for key in mine if mine[key] != other[key]]
    if not overwrite:
        raise DataError(
            f"{folder} holds another run (other {', '.join(parts)}; {', '.join(present)}): give "
            "another folder with --output, or --overwrite to replace it"
        )
    say(f"Replaces another run in {folder} (other {', '.join(parts)}).")


def stored_run(folder: Path) -> RunFacts:
    """The facts of a stored run, to score its predictions anew.

    They keep the code that predicted; where today's sources are others, ``rescored`` names them.

    Raises:
        DataError: ``results.json`` is missing, damaged or lacks a fact of its run.
    """
    run = read_run(folder)
    now = code_facts()
    return replace(run, rescored=None if now.sha256 == run.code.sha256 else now)
