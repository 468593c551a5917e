"""Settings of a stance evaluation, and the labelled sets they name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from eval.handset import GoldItem, detect_format, read_set
from stance.config import check_range, load_yaml_dataclass
from stance.errors import ConfigError, DataError
from stance.jsonl import find_data


@dataclass(frozen=True, slots=True)
class SetConfig:
    """One labelled set.

    Attributes:
        name: shown in the report.
        path: a file, relative to the config; for a public set its stem in the ``--data`` folder.
        format: ``hand``, ``public-stance`` or ``public-tone``.
        article: of a hand-labelled set, the text that its offsets refer to, relative to the config.
    """

    name: str
    path: str
    format: Literal["hand", "public-stance", "public-tone"] = "hand"
    article: str | None = None


@dataclass(frozen=True, slots=True)
class EvalConfig:
    """Settings of a stance evaluation (``configs/eval/article.yaml``).

    Attributes:
        task: ``stance``.
        sets: what is evaluated.
        checkpoint: ``default``, ``small``, ``base``, or a path relative to the config.
        context_ablation: also predict the rows that have a context without it.
        bootstrap: resamples of every interval.
        level: nominal coverage of the intervals.
        seed: of the resampling and of the TF-IDF baseline.
        batch_size: pairs in one forward pass.
        coverage: nominal coverage of the conformal sets that are checked; null for none.
    """

    task: Literal["stance"] = "stance"
    sets: tuple[SetConfig, ...] = field(default=())
    checkpoint: str = "default"
    context_ablation: bool = True
    bootstrap: int = 1000
    level: float = 0.95
    seed: int = 13
    batch_size: int = 32
    coverage: float | None = 0.9

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range or a set's name is used twice.
        """
        if self.bootstrap < 1 or self.batch_size < 1:
            raise ConfigError("bootstrap and batch_size must be 1 or more")
        for name, value in (("level", self.level), ("coverage", self.coverage)):
            if value is not None and not 0 < value < 1:
                raise ConfigError(f"{name} is {value}: give a number between 0 and 1")
        for item in self.sets:
            if item.article is not None and item.format != "hand":
                raise ConfigError(f"set {item.name}: only a hand-labelled set has an article")
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other
        names = [s.name for s in self.sets]
        if "" in names:
            raise ConfigError("a set has an empty name")
        if len(set(names)) < len(names):
            raise ConfigError(f"two sets have one name: {', '.join(names)}")


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """A set that was found, with its rows."""

    config: SetConfig
    file: Path
    items: list[GoldItem]


def load_config(path: Path) -> EvalConfig:
    """Read a stance evaluation config.

    Raises:
        ConfigError: unknown key, wrong type, value out of range, or no set.
    """
    try:
        config = load_yaml_dataclass(path, EvalConfig)
    except ConfigError as error:
        text = str(error)
        raise ConfigError(text if path.name in text else f"{path}: {text}") from None
    if not config.sets:
        raise ConfigError(f"{path}: 'sets' is empty: list at least one labelled file")
    return config


def load_sets(
    config: EvalConfig, config_path: Path, data: Sequence[Path]
) -> tuple[list[LoadedSet], dict[str, str]]:
    """Read the sets of a config, or the files given instead of them.

    Args:
        config: the evaluation's settings.
        config_path: its file; paths of hand-labelled sets are relative to it.
        data: folders with the public files; *files* among them replace the config's sets, and one
            that the config names keeps its entry there (name, format, article).

    Returns:
        The sets found, and for each public set that is not there the reason.

    Raises:
        DataError: a hand-labelled set is missing or breaks its schema, or no set is left.
    """
    for path in data:
        if not path.exists():
            raise DataError(f"--data {path} does not exist")
    files = [path for path in data if path.is_file()]
    folders = [path for path in data if path.is_dir()]
    if files:
        own = {_file(item.path, config_path).resolve(): item for item in config.sets}
        configs = [
            own.get(path.resolve()) or SetConfig(_stem(path), str(path), detect_format(path))
            for path in files
        ]
        if len({c.name for c in configs}) < len(configs):
            raise DataError("two --data files have one name: rename one")
        return [_load(c, file, config_path) for c, file in zip(configs, files, strict=True)], {}
    found: list[LoadedSet] = []
    absent: dict[str, str] = {}
    for item in config.sets:
        if item.format == "hand":
            found.append(_load(item, _file(item.path, config_path), config_path))
            continue
        try:
            if not folders:
                raise DataError("give the folder of the public files with --data")
            found.append(_load(item, find_in(folders, item.path), config_path))
        except DataError as error:
            absent[item.name] = str(error)
    if not found:
        raise DataError("no set to evaluate: " + "; ".join(f"{k}: {v}" for k, v in absent.items()))
    return found, absent


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


def _file(path: str, config_path: Path) -> Path:
    return Path(os.path.normpath(config_path.parent / path))


def _load(config: SetConfig, file: Path, config_path: Path) -> LoadedSet:
    article = _read_article(_file(config.article, config_path)) if config.article else None
    return LoadedSet(config, file, read_set(file, config.format, article))


def _read_article(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")  # offsets as `stance analyze` counts them
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read the article {path}: {error}") from error


def find_in(folders: Sequence[Path], stem: str) -> Path:
    """Find a public file in the first folder that has it.

    Raises:
        DataError: none has it.
    """
    for folder in folders:
        try:
            return find_data(folder, stem)
        except DataError:
            continue
    raise DataError(f"no {stem}.jsonl.gz in {', '.join(f.name for f in folders)}")
