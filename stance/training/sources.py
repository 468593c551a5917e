"""Sources of a recipe, declared as data: what file, in which format, in what part.

No name of a corpus stands in the code. A source says how its file is read, what its rows are for
and which derivations may be made of them.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from stance.config import check_range
from stance.errors import ConfigError, DataError
from stance.training.attributions import read_contents
from stance.training.formats import READERS, Reading
from stance.training.records import TrainingPair
from stance.training.stand_off import label_statements

logger = logging.getLogger(__name__)

Role = Literal["train", "development", "calibration", "surroundings", "unlabelled"]
Derivation = Literal["opposites", "noun_phrases", "neutral", "wordings", "variations", "replies"]
DATA = "$DATA"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a recipe.

    Attributes:
        name: names it in shares, scores and the model card.
        file: relative to the recipe, or to the folder of ``--data`` where it begins with
            ``$DATA/``. ``*`` stands for several files; a ``.gz`` beside the name is found too.
        format: ``pairs``, ``news``, ``statements``, ``mentions``, or ``attribution`` for the words
            of marked attributions, which carry no label.
        labels: a file of stand-off labels of the statements in ``file``, which take the place of
            the labels there; see :mod:`stance.training.stand_off`. For a tagger, the marks of the
            articles in ``file``; see :mod:`stance.evaluation.tasks.attribution.stand_off`. Found
            as ``file`` is.
        role: ``train``; ``development`` (scored, never trained on); ``calibration`` (temperatures
            and conformal scores are fitted on it); ``surroundings`` (sentences that may stand
            beside a statement); ``unlabelled`` (statements that only a teacher labels).
        share: of its pairs, in [0, 1].
        repeats: how often each pair, or article of a tagger, is seen in an epoch.
        weight: factor of the loss of its pairs.
        hold_out: share of its pairs that is held out of training, in whole groups (articles,
            themes); other sources' pairs of these groups are held out with them.
        hold_out_for: what they are for: ``development`` or ``calibration``.
        drop_trained: leave out pairs that a source with the role train has too; else such a pair
            is an error.
        where: keep only rows whose field has the value.
        sure_weights: see :class:`~stance.training.formats.Reading`.
        unattributed: see there.
        agreed_only: see there.
        derive: which derivations are made of its pairs.
        related_targets: its targets bear on one another (candidates of one election), so that none
            of its texts is called neutral toward another of them.
        licence: for the model card.
        citation: for the model card.
    """

    name: str
    file: str
    format: Literal["pairs", "news", "statements", "mentions", "attribution"] = "pairs"
    labels: str = ""
    role: Role = "train"
    share: float = 1.0
    repeats: int = 1
    weight: float = 1.0
    hold_out: float = 0.0
    hold_out_for: Literal["development", "calibration"] = "development"
    drop_trained: bool = False
    where: dict[str, str] = field(default_factory=dict)
    sure_weights: tuple[float, ...] = ()
    unattributed: Literal["drop", "neutral"] = "drop"
    agreed_only: bool = False
    derive: tuple[Derivation, ...] = ()
    related_targets: bool = False
    licence: str | None = None
    citation: str | None = None

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names source, key and value.
        """
        for key in ("share", "hold_out"):
            check_range(f"{self.name}: {key}", getattr(self, key), 0, 1)
        check_range(f"{self.name}: repeats", self.repeats, 1)
        check_range(f"{self.name}: weight", self.weight, 0)
        if self.hold_out and self.role != "train":
            raise ConfigError(f"{self.name}: only a source with the role train can hold_out")


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pairs of all sources of a recipe, by what they are for.

    Attributes:
        sources: by name.
        train: pairs by source, without what is held out.
        development: never trained on, for scores.
        calibration: never trained on, for temperatures and conformal scores; empty where no
            source has that role.
        surroundings: sentences that may stand beside a statement.
        unlabelled: statements without a target, by source.
    """

    sources: dict[str, Source]
    train: dict[str, list[TrainingPair]]
    development: list[TrainingPair]
    calibration: list[TrainingPair]
    surroundings: list[str]
    unlabelled: dict[str, list[TrainingPair]]

    def deriving(self, derivation: Derivation) -> set[str]:
        """Names of the sources of which a derivation is made."""
        return {name for name, spec in self.sources.items() if derivation in spec.derive}


def read_corpus(sources: Sequence[Source], *, recipe: Path, data: Path | None) -> Corpus:
    """Read every source of a recipe.

    A group that one source holds out is held out of all sources, so that no article is both
    trained on and measured.

    Args:
        sources: as the recipe lists them; a name may stand once for each role.
        recipe: folder of the recipe.
        data: folder of ``--data``.

    Raises:
        ConfigError: no source trains, a file stands under ``$DATA`` and no folder is given, or a
            pair or a group has two of the roles train, development and calibration.
        DataError: a file is missing or a row is bad.
    """
    read = [(source, read_source(source, recipe=recipe, data=data)) for source in sources]
    held = _hold_out([item for item in read if item[0].role == "train"])
    corpus = Corpus({}, {}, [], [], [], {})
    for source, pairs in read:
        if source.role == "train":
            if source.name in corpus.train:
                raise ConfigError(f"sources: {source.name!r} is listed twice")
            parts: dict[Role, list[TrainingPair]] = {}
            for pair in pairs:
                parts.setdefault(held.get(_unit(pair), "train"), []).append(pair)
            corpus.sources[source.name] = source
            corpus.train[source.name] = parts.get("train", [])
            corpus.development.extend(parts.get("development", []))
            corpus.calibration.extend(parts.get("calibration", []))
        elif source.role == "development":
            corpus.development.extend(pairs)
        elif source.role == "calibration":
            corpus.calibration.extend(pairs)
        elif source.role == "surroundings":
            corpus.surroundings.extend(pair.statement for pair in pairs)
        else:
            corpus.unlabelled[source.name] = [pair for pair in pairs if _unit(pair) not in held]
    if not corpus.train:
        raise ConfigError("sources: none has the role train")
    _drop_trained(corpus, {source.name for source in sources if source.drop_trained})
    _check_roles(corpus)
    return corpus


def _unit(pair: TrainingPair) -> str:
    """What is held out whole: a group; a pair without one stands for its statement."""
    return pair.group or f"\0{pair.source}\0{pair.statement}"


def _hold_out(read: Sequence[tuple[Source, list[TrainingPair]]]) -> dict[str, Role]:
    """The groups that sources hold out, and for what."""
    held: dict[str, Role] = {}
    for source, pairs in read:
        if source.hold_out:
            free = [pair for pair in pairs if _unit(pair) not in held]
            chosen = split_by_group(free, source.hold_out, seed=0)[1]
            held.update(dict.fromkeys(map(_unit, chosen), source.hold_out_for))
    return held


def _drop_trained(corpus: Corpus, names: Collection[str]) -> None:
    """Leave out of the named sources the pairs that are also trained on."""
    trained = {_read_words(pair) for pairs in corpus.train.values() for pair in pairs}
    for role in ("development", "calibration"):
        pairs: list[TrainingPair] = getattr(corpus, role)
        kept = [p for p in pairs if p.source not in names or _read_words(p) not in trained]
        if len(kept) < len(pairs):
            logger.info("%s: %d pairs are trained on and left out", role, len(pairs) - len(kept))
        pairs[:] = kept


def _check_roles(corpus: Corpus) -> None:
    """Refuse a pair, or a group, that has two roles."""
    seen: dict[object, tuple[str, str]] = {}
    trained = [pair for pairs in corpus.train.values() for pair in pairs]
    for role, listed in (
        ("train", trained),
        ("development", corpus.development),
        ("calibration", corpus.calibration),
    ):
        for pair in listed:
            for key, what in (
                (_read_words(pair), f"the pair {pair.statement[:60]!r}, {pair.target!r}"),
                (pair.group or None, f"the group (article) {pair.group!r}"),
            ):
                before = seen.setdefault(key, (role, pair.source)) if key else (role, "")
                if before[0] != role:
                    raise ConfigError(
                        f"sources: {what} is for {before[0]} in {before[1]!r} and for {role} in "
                        f"{pair.source!r}, so that what is measured would not be new: take it out "
                        "of one of them (drop_trained: true leaves trained pairs out of a source; "
                        "hold_out keeps whole groups back)"
                    )


def _read_words(pair: TrainingPair) -> tuple[str, str, str]:
    return pair.statement, pair.target, pair.context


def read_source(source: Source, *, recipe: Path, data: Path | None) -> list[TrainingPair]:
    """Read one source: all of its pairs, or its share of them.

    Raises:
        ConfigError: its file stands under ``$DATA`` and no folder is given.
        DataError: the file is missing or a row is bad.
    """
    reading = Reading(
        source.where, source.sure_weights, source.unattributed, source.agreed_only, checked=False
    )
    read = read_contents if source.format == "attribution" else READERS[source.format]
    pairs = [
        pair
        for path in find_files(source.file, recipe=recipe, data=data)
        for pair in read(path, reading)
    ]
    if source.labels:
        files = find_files(source.labels, recipe=recipe, data=data)
        pairs = label_statements(pairs, files, reading)
    pairs = [replace(p, source=source.name, weight=p.weight * source.weight) for p in pairs]
    if source.share < 1:
        rng = random.Random(source.name)
        pairs = [pair for pair in pairs if rng.random() < source.share]
    logger.info("%s: %d pairs from %s", source.name, len(pairs), source.file)
    return pairs


def find_files(file: str, *, recipe: Path, data: Path | None) -> list[Path]:
    """The files that a source names; see :class:`Source`.

    Raises:
        ConfigError: the file stands under ``$DATA`` and no folder is given.
        DataError: there is no such file.
    """
    folder, name = recipe, file
    if file.startswith(f"{DATA}/"):
        if data is None:
            raise ConfigError(f"{file}: give the folder that {DATA} stands for with --data")
        folder, name = data, file[len(DATA) + 1 :]
    if "*" in name:
        found = sorted(folder.glob(name))
    else:
        found = [p for p in (folder / name, folder / f"{name}.gz") if p.is_file()][:1]
    if not found:
        raise DataError(f"{folder} has no {name}: check the folder, or the source's file")
    return found


def split_by_group(
    pairs: Sequence[TrainingPair], share: float, seed: int
) -> tuple[list[TrainingPair], list[TrainingPair]]:
    """Split pairs into (train, held out) so that no group is in both.

    Groups are shuffled and held out until the share of pairs is reached; a group that would
    overshoot it by more than half is passed over. Pairs without a group stand alone.
    """
    sizes: dict[str, int] = {}
    keys = [pair.group or f"\0{pair.statement}" for pair in pairs]
    for key in keys:
        sizes[key] = sizes.get(key, 0) + 1
    order = sorted(sizes)
    random.Random(seed).shuffle(order)
    chosen: set[str] = set()
    count, wanted = 0, share * len(pairs)
    for key in order:
        if count < wanted and count + sizes[key] <= 1.5 * wanted:
            chosen.add(key)
            count += sizes[key]
    train = [pair for pair, key in zip(pairs, keys, strict=True) if key not in chosen]
    held = [pair for pair, key in zip(pairs, keys, strict=True) if key in chosen]
    return train, held
