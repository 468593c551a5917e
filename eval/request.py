"""What the command line asks for, and the checkpoint that it means."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import stance
from stance.model import StanceClassifier

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    Attributes:
        config: the YAML file.
        output: folder to write to; None is ``out/`` and the name of config and checkpoint.
        data: files and folders given with ``--data``.
        checkpoint: instead of the config's, or None.
        rebuild: make the report anew from what is stored.
        overwrite: replace another run in the output folder.
        accept: of a gate, take today's predictions as what later ones are compared with.
        say: told what is going on.
    """

    config: Path
    output: Path | None = None
    data: Sequence[Path] = ()
    checkpoint: str | None = None
    rebuild: bool = False
    overwrite: bool = False
    accept: bool = False
    say: Callable[[str], None] = logger.info

    @property
    def folder(self) -> Path:
        """The output folder."""
        suffix = f"-{Path(self.checkpoint).stem}" if self.checkpoint else ""
        return self.output or Path("out") / f"{self.config.stem}{suffix}"

    def classifier(self, name: str) -> StanceClassifier:
        """The checkpoint of a config, in the format whose figures are the same on every machine.

        Args:
            name: a checkpoint's name, or its path: relative to the config where it is there.

        Raises:
            ModelLoadError: the checkpoint is missing or damaged.
        """
        beside = self.config.parent / name
        found = str(beside) if beside.exists() and not Path(name).exists() else name
        return stance.load(found, precision="fp32")
