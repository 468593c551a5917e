"""Ties a training folder to the run that wrote it, and keeps the run's cost."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

import stance
from stance.config import from_mapping
from stance.errors import ConfigError, StanceError
from stance.evaluation import code_version
from stance.files import write_text
from stance.untrusted import read_json_object

NAME = "run.json"
_LAST_WRITTEN = "trainer_state.json"


def newest_checkpoint(folder: Path) -> Path | None:
    """The newest ``checkpoint-<step>`` that was written to its end, or None.

    The Transformers ``Trainer`` writes ``trainer_state.json`` last; a run that is killed before
    leaves a folder that nothing can resume from.
    """
    whole: dict[int, Path] = {}
    for path in folder.glob("checkpoint-*"):
        try:
            state = read_json_object(path / _LAST_WRITTEN)
            whole[int(str(state["global_step"]))] = path
        except (StanceError, ValueError, KeyError):
            continue
    return whole[max(whole)] if whole else None


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a run was made."""

    processor: str
    threads: int
    device: str
    bf16: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """By what code and on what machine weights were made.

    Attributes:
        version: of this library.
        commit: of its checkout, or None where it is installed.
        machine: where it ran.
    """

    version: str
    commit: str | None
    machine: Machine


def this_origin(device: torch.device, *, bf16: bool) -> Origin:
    """The code and the machine that run now."""
    processor = platform.processor() or platform.machine()
    here = Machine(processor, torch.get_num_threads(), str(device), bf16)
    return Origin(stance.__version__, code_version(), here)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What ``run.json`` holds.

    Attributes:
        folder: of the run.
        key: hash of recipe, seed and data, which must be the same to go on.
        finished: whether the run's adapter was written.
        earlier: minutes of the sessions before this one, up to their last checkpoints.
        began: when this session began, by ``time.monotonic``.
        origin: of the weights; a finished run keeps its own.
    """

    folder: Path
    key: str
    finished: bool
    earlier: float
    began: float
    origin: Origin

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.folder / "checkpoints"

    def minutes(self) -> float:
        """Minutes of all sessions so far."""
        if self.finished:
            return self.earlier
        return self.earlier + (time.monotonic() - self.began) / 60

    def save(self, *, finished: bool = False) -> None:
        """Write the file; to be called with every checkpoint."""
        record = {
            "key": self.key,
            "finished": finished,
            "minutes": round(self.minutes(), 2),
            "origin": asdict(self.origin),
        }
        write_text(self.folder / NAME, json.dumps(record) + "\n", overwrite=True)

    def finish(self) -> None:
        """Note that the adapter was written, and delete the checkpoints."""
        self.save(finished=True)
        shutil.rmtree(self.checkpoints, ignore_errors=True)


def open_run(folder: Path, parts: object, *, began: float, origin: Origin) -> RunRecord:
    """Record a run before it trains, or find the record of the run that is resumed.

    Args:
        folder: gets ``run.json`` and ``checkpoints``.
        parts: recipe, seed and data; their ``repr`` tells runs apart.
        began: when this session began, by ``time.monotonic``.
        origin: of this session.

    Raises:
        ConfigError: the folder holds the checkpoints, the stages or the adapter of another run, or
            an adapter or checkpoints without a record.
    """
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    adapter = folder / "adapter.json"
    record = RunRecord(folder, key, False, 0.0, began, origin)
    stored = _stored(folder / NAME)
    # Finished stages may be brought along without the record of the whole.
    stages = bool(stored) and (folder / "stages").is_dir()
    if adapter.exists() or stages or newest_checkpoint(record.checkpoints) is not None:
        if stored.get("key") != key:
            raise ConfigError(
                f"{folder} holds another run (other settings, seed or data) or one without a "
                "record: give another folder with -o, or delete it"
            )
        finished = bool(stored.get("finished")) and adapter.exists()
        minutes = float(str(stored.get("minutes", 0)))
        kept = read_origin(folder) if finished else origin
        record = RunRecord(folder, key, finished, minutes, began, kept)
    folder.mkdir(parents=True, exist_ok=True)
    if record.finished:  # it may have been killed while it deleted them
        shutil.rmtree(record.checkpoints, ignore_errors=True)
    else:
        record.save()
    return record


def read_origin(folder: Path) -> Origin:
    """The origin of a run's weights, from its ``run.json``.

    Raises:
        ConfigError: the file is missing or damaged.
    """
    stored = _stored(folder / NAME).get("origin")
    if not isinstance(stored, dict):
        raise ConfigError(f"{folder / NAME} does not say what made the run: delete the folder")
    return from_mapping(stored, Origin, where=str(folder / NAME))


def _stored(path: Path) -> dict[str, object]:
    try:
        return read_json_object(path)
    except StanceError:
        return {}
