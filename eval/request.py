"""What the command line asks for, and the checkpoint that it means."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import stance
from stance.errors import ConfigError
from stance.model import StanceClassifier

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    Attributes:
        config: the YAML file.
        output: folder to write to; None is ``out/`` and the name of config and checkpoint.
        data: files and folders given with ``--data``.
        checkpoints: instead of the config's; none takes those.
        rebuild: make the report anew from what is stored.
        overwrite: replace another run in the output folder.
        accept: of a gate, take today's predictions as what later ones are compared with.
        say: told what is going on.
    """

    config: Path
    output: Path | None = None
    data: Sequence[Path] = ()
    checkpoints: Sequence[str] = ()
    rebuild: bool = False
    overwrite: bool = False
    accept: bool = False
    say: Callable[[str], None] = logger.info

    @property
    def folder(self) -> Path:
        """The output folder."""
        suffix = "".join(f"-{Path(name).stem}" for name in self.checkpoints)
        return self.output or Path("out") / f"{self.config.stem}{suffix}"

    @property
    def checkpoint(self) -> str | None:
        """The one that is asked for, by a task that measures one; None takes the config's.

        Raises:
            ConfigError: several are asked for.
        """
        if len(self.checkpoints) > 1:
            raise ConfigError(
                f"--checkpoint is given {len(self.checkpoints)} times: only task stance measures "
                "several side by side; run this config once for each"
            )
        return self.checkpoints[0] if self.checkpoints else None

    def place(self, name: str) -> str:
        """Where a checkpoint is that a config names: a path relative to it, where it is there."""
        beside = self.config.parent / name
        return str(beside) if beside.exists() and not Path(name).exists() else name

    def classifier(self, name: str) -> StanceClassifier:
        """The checkpoint of a config, in the format whose figures are the same on every machine.

        Args:
            name: a checkpoint's name, or its path: relative to the config where it is there.

        Raises:
            ModelLoadError: the checkpoint is missing or damaged.
        """
        return stance.load(self.place(name), precision="fp32")
