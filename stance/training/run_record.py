"""Ties a training folder's checkpoints to the run that wrote them, and keeps the run's cost."""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from stance.errors import ConfigError

_LAST_WRITTEN = "trainer_state.json"


def newest_checkpoint(folder: Path) -> Path | None:
    """The newest ``checkpoint-<step>`` that was written to its end, or None.

    The Transformers ``Trainer`` writes ``trainer_state.json`` last; a run that is killed before
    leaves a folder that nothing can resume from.
    """
    whole: dict[int, Path] = {}
    for path in folder.glob("checkpoint-*"):
        try:
            state = json.loads((path / _LAST_WRITTEN).read_text(encoding="utf-8"))
            whole[int(state["global_step"])] = path
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return whole[max(whole)] if whole else None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What ``run.json`` holds.

    Attributes:
        path: the file.
        key: hash of recipe, seed and data, which must be the same to go on.
        earlier: minutes of the sessions before this one, up to their last checkpoints.
        began: when this session began, by ``time.monotonic``.
    """

    path: Path
    key: str
    earlier: float
    began: float

    def minutes(self) -> float:
        """Minutes of all sessions so far."""
        return self.earlier + (time.monotonic() - self.began) / 60

    def save(self) -> None:
        """Write the file; to be called with every checkpoint."""
        partial = self.path.with_suffix(".partial")
        text = json.dumps({"key": self.key, "minutes": self.minutes()}) + "\n"
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, self.path)


def open_run(folder: Path, parts: object, *, resumes: bool, began: float) -> RunRecord:
    """Record a run before it trains, or find the record of the run that is resumed.

    Args:
        folder: gets ``run.json``.
        parts: recipe, seed and data; their ``repr`` tells runs apart.
        resumes: whether there is a checkpoint that the run would go on from.
        began: when this session began, by ``time.monotonic``.

    Raises:
        ConfigError: the checkpoint belongs to another run, or there is no record of its run.
    """
    path = folder / "run.json"
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    earlier = 0.0
    if resumes:
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            same, earlier = stored["key"] == key, float(stored["minutes"])
        except (OSError, ValueError, KeyError, TypeError):
            same = False
        if not same:
            raise ConfigError(
                f"{folder} holds checkpoints of another run (other recipe, seed or data) or of one "
                "without a record: give another folder with -o or delete it"
            )
    folder.mkdir(parents=True, exist_ok=True)
    record = RunRecord(path, key, earlier, began)
    record.save()
    return record
