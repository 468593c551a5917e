"""Recipes of the pair model (``configs/train/*.yaml``): sources and stages as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stance.checkpoint import LAYERS, are_layers
from stance.config import check_range, from_mapping, read_yaml
from stance.errors import ConfigError
from stance.training.sources import Source
from stance.training.stages import Stage


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an adapter of the pair model is made. Paths are relative to the recipe's file.

    Attributes:
        name: of the adapter.
        sources: what is read; in a file the list, or the name of a file that has it.
        stages: what is trained, each stage from the adapter of the one before.
        task: always ``stance``.
        backbone: ``small`` or ``base``.
        layers: numbers of the backbone's layers that are used, ascending from 0; null takes those
            of the start where there is one, else all.
        start: ``small`` or ``base`` for the bundled weights, or the folder of an adapter; null
            starts at the bare backbone. Of a start with more layers only the updates of those that
            are used are taken.
        rank: of the low-rank updates; null takes that of the start where there is one, else 64. A
            higher one than the start's adds directions to its updates.
        alpha: ``alpha / rank`` is the factor of the updates; null takes that factor from the start
            where there is one, else 2.
        max_length: tokens of a pair, special tokens included.
        max_context: tokens of its context.
        seed: of everything that is drawn.
        targets: file of targets and their wordings; null is the library's own.
        wordings: file of the wordings of further targets; null where there are none. See
            :func:`~stance.training.target_wordings.collect_wordings`.
        replies: file of reply phrases; null where no stage derives replies.
    """

    name: str
    sources: tuple[Source, ...]
    stages: tuple[Stage, ...]
    task: Literal["stance"] = "stance"
    backbone: Literal["small", "base"] = "small"
    layers: tuple[int, ...] | None = None
    start: str | None = None
    rank: int | None = None
    alpha: int | None = None
    max_length: int = 256
    max_context: int = 96
    seed: int = 0
    targets: str | None = None
    wordings: str | None = None
    replies: str | None = None

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range, or stages do not fit together.
        """
        for key in ("rank", "alpha", "max_length"):
            if getattr(self, key) is not None:
                check_range(key, getattr(self, key), 1)
        if self.layers is not None and not are_layers(self.layers):
            raise ConfigError(f"layers is {list(self.layers)}: it must be {LAYERS}")
        check_range("max_context", self.max_context, 0)
        check_range("seed", self.seed, 0, 2**31)
        if not self.stages:
            raise ConfigError("stages: give one or more")
        names = [stage.name for stage in self.stages]
        if len(set(names)) < len(names):
            raise ConfigError(f"stages are called {', '.join(names)}: give each its own name")
        for stage in self.stages[:-1]:
            if len(stage.seeds) > 1:
                raise ConfigError(f"stage {stage.name}: only the last stage may have several seeds")
        alone = len(self.stages) == 1 and self.start is None
        if len(self.stages[-1].seeds) > 1 and alone:
            raise ConfigError(
                f"stage {self.stages[-1].name}: runs from the bare backbone have heads of their "
                "own, which cannot be averaged: add a stage before it"
            )
        for source in self.sources:
            unlabelled = source.role in ("unlabelled", "surroundings")
            if source.format == "attribution" and not unlabelled and not source.labels:
                raise ConfigError(
                    f"source {source.name}: attributions carry no stance: give the file of their "
                    "labels (labels), or one of the roles unlabelled and surroundings"
                )


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Where ``sources`` is the name of a file, relative to the recipe's, they are what that file lists
    under the same key, so that several recipes can share them.

    Raises:
        ConfigError: a file is missing or is no recipe; an unknown key is named with the nearest.
    """
    values = dict(read_yaml(path))
    if isinstance(values.get("sources"), str):
        shared = path.parent / str(values["sources"])
        listed = read_yaml(shared)
        if listed.keys() != {"sources"}:
            raise ConfigError(f"{shared} is named by {path}: it must have the key sources, alone")
        values["sources"] = listed["sources"]
    return from_mapping(values, Recipe, where=str(path))
