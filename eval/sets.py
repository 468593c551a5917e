"""Settings of a stance evaluation, and the labelled sets they name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from eval.loaders import Format, detect_format, read_set
from stance.config import load_yaml_dataclass
from stance.errors import ConfigError, DataError
from stance.evaluation.labelled_sets import LabelledSet
from stance.evaluation.tasks.stance import StanceSettings

NO_FOLDER = "give the folder of the public files with --data"


@dataclass(frozen=True, slots=True)
class SetConfig:
    """One labelled set.

    Attributes:
        name: shown in the report.
        path: a file, relative to the config; of another format than ``labelled`` its stem in the
            ``--data`` folder.
        format: ``labelled``, ``public-stance``, ``public-sentiment`` or ``news``.
        article: of a labelled set, the text that its offsets refer to, relative to the config.
        agreed_only: of news, leave out rows to which a second annotator gives another stance.
        about: how the labels were made and under what licence the texts are, for the report.
    """

    name: str
    path: str
    format: Format = "labelled"
    article: str | None = None
    agreed_only: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class EvalConfig(StanceSettings):
    """A stance evaluation (``configs/eval/article.yaml``).

    Attributes:
        task: ``stance``.
        sets: what is evaluated.
        checkpoint: ``default``, ``small``, ``base``, or a path relative to the config; or several,
            which the report shows side by side. The first leads it.
    """

    task: Literal["stance"] = "stance"
    sets: tuple[SetConfig, ...] = field(default=())
    checkpoint: str | tuple[str, ...] = "default"

    @property
    def checkpoints(self) -> tuple[str, ...]:
        """All of them."""
        return (self.checkpoint,) if isinstance(self.checkpoint, str) else self.checkpoint

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range or a set's name is used twice.
        """
        StanceSettings.__post_init__(self)
        if not all(self.checkpoints) or not self.checkpoints:
            raise ConfigError("'checkpoint' is empty: name one, or list several")
        for item in self.sets:
            if item.article is not None and item.format != "labelled":
                raise ConfigError(f"set {item.name}: only a labelled set has an article")
            if item.agreed_only and item.format != "news":
                raise ConfigError(f"set {item.name}: agreed_only is for the format news")
        names = [s.name for s in self.sets]
        if "" in names:
            raise ConfigError("a set has an empty name")
        if len(set(names)) < len(names):
            raise ConfigError(f"two sets have one name: {', '.join(names)}")


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
) -> tuple[list[LabelledSet], dict[str, str]]:
    """Read the sets of a config, or the files given instead of them.

    Args:
        config: the evaluation's settings.
        config_path: its file; paths of labelled sets are relative to it.
        data: folders with the public files; *files* among them replace the config's sets, and one
            that the config names keeps its entry there (name, format, article).

    Returns:
        The sets found, and for each public set that is not there the reason.

    Raises:
        DataError: a set breaks its schema, a labelled one is missing, or no set is left.
    """
    for path in data:
        if not path.exists():
            raise DataError(f"--data {path} does not exist")
    files = [path for path in data if path.is_file()]
    if files:
        return _given(config, config_path, files), {}
    folders = [path for path in data if path.is_dir()]
    found: list[LabelledSet] = []
    absent: dict[str, str] = {}
    for item in config.sets:
        if item.format == "labelled":
            found.append(_load(item, _file(item.path, config_path), config_path))
            continue
        file = find_in(folders, item.path)
        if file is None:
            absent[item.name] = why_absent(folders, item.path)
        else:
            found.append(_load(item, file, config_path))
    if not found:
        raise DataError("no set to evaluate: " + "; ".join(f"{k}: {v}" for k, v in absent.items()))
    return found, absent


def load_own(sets: Sequence[SetConfig], config_path: Path) -> list[LabelledSet]:
    """Read labelled sets that are in the checkout.

    Raises:
        ConfigError: there is none, or one is of another format.
        DataError: a file is missing or breaks its schema.
    """
    if not sets:
        raise ConfigError(f"{config_path}: 'sets' is empty: list at least one labelled file")
    for item in sets:
        if item.format != "labelled":
            raise ConfigError(f"{config_path}: set {item.name} is {item.format}: use labelled ones")
    return [_load(item, _file(item.path, config_path), config_path) for item in sets]


def _given(config: EvalConfig, config_path: Path, files: Sequence[Path]) -> list[LabelledSet]:
    """The sets of files that were given instead of the config's."""
    own = {_own_file(item, config_path): item for item in config.sets}
    configs = [
        own.get(path.resolve()) or SetConfig(set_name(path), str(path), detect_format(path))
        for path in files
    ]
    if len({c.name for c in configs}) < len(configs):
        raise DataError("two --data files have one name: rename one")
    return [_load(c, file, config_path) for c, file in zip(configs, files, strict=True)]


def set_name(path: Path) -> str:
    """Name of a set after its file."""
    return path.name.removesuffix(".gz").rsplit(".", 1)[0]


def _own_file(item: SetConfig, config_path: Path) -> Path:
    return _file(item.path, config_path).resolve()


def _file(path: str, config_path: Path) -> Path:
    return Path(os.path.normpath(config_path.parent / path))


def _load(config: SetConfig, file: Path, config_path: Path) -> LabelledSet:
    article = _read_article(_file(config.article, config_path)) if config.article else None
    rows = read_set(file, config.format, article, agreed_only=config.agreed_only)
    return LabelledSet(config.name, tuple(rows), file, config.about)


def _read_article(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")  # offsets as `stance analyze` counts them
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read the article {path}: {error}") from error


def find_in(folders: Sequence[Path], stem: str) -> Path | None:
    """The file ``stem.jsonl.gz`` or ``stem.jsonl`` in the first folder that has it, or None."""
    for folder in folders:
        for ending in (".jsonl.gz", ".jsonl"):
            if (folder / f"{stem}{ending}").exists():
                return folder / f"{stem}{ending}"
    return None


def why_absent(folders: Sequence[Path], stem: str) -> str:
    """Why a public file was not found."""
    return f"no {stem}.jsonl.gz in {', '.join(f.name for f in folders)}" if folders else NO_FOLDER
