"""Settings of a run over public benchmarks, and what is read of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from eval.benchmarks import (
    argkp,
    claim_stance,
    gwsd,
    newsmtsc,
    perspectrum,
    polnear,
    pstance,
    semeval,
    vast,
)
from eval.benchmarks.headline import HeadlineName
from eval.benchmarks.raw import RawRow
from stance.errors import ConfigError, DataError, LabelError
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.tasks.attribution.articles import MarkedArticle
from stance.evaluation.tasks.stance import StanceSettings
from stance.labels import Sentiment, Stance, parse_label

Loader = Callable[[Sequence[Path]], Iterator[RawRow]]
LOADERS: dict[str, Loader] = {
    "semeval": semeval.read,
    "vast": vast.read,
    "pstance": pstance.read,
    "perspectrum": perspectrum.read,
    "claim-stance": claim_stance.read,
    "argkp": argkp.read,
    "gwsd": gwsd.read,
    "newsmtsc": newsmtsc.read,
}
LEAVE_OUT = "leave out"


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that others published for the benchmark's own measure.

    Attributes:
        system: what was measured.
        value: in [0, 1].
        source: the paper.
        part: the part of the benchmark, or ``""`` for all of it.
    """

    system: str
    value: float
    source: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One public benchmark.

    Attributes:
        name: shown in the table.
        format: a key of ``LOADERS``, or ``polnear``.
        files: relative to a folder of ``--data``; their bare names will do too.
        labels: the benchmark's names of labels -> ours, or ``leave out``.
        answers: what is judged.
        headline: the benchmark's own measure, or None where it has none for this.
        training: what of it the bundled models were trained on.
        sha256: of each file, 64 digits; empty does not check.
        published: figures of others.
    """

    name: str
    format: Literal[
        "semeval",
        "vast",
        "pstance",
        "perspectrum",
        "claim-stance",
        "argkp",
        "gwsd",
        "newsmtsc",
        "polnear",
    ]
    files: tuple[str, ...]
    training: str
    labels: dict[str, str] = field(default_factory=dict)
    answers: Literal["stance", "sentiment", "statements"] = "stance"
    headline: HeadlineName | None = None
    sha256: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()

    def __post_init__(self) -> None:
        """Check what belongs together.

        Raises:
            ConfigError: a label is unknown, or a checksum is missing.
        """
        if self.sha256 and len(self.sha256) != len(self.files):
            raise ConfigError(f"{self.name}: give 'sha256' for each of its files or for none")
        if (self.format == "polnear") != (self.answers == "statements"):
            raise ConfigError(f"{self.name}: 'answers: statements' is for the format polnear")
        for name, label in self.labels.items():
            try:
                _ = label == LEAVE_OUT or parse_label(self.kind, label)
            except LabelError as error:
                raise ConfigError(f"{self.name}: labels: {name}: {error}") from None

    @property
    def kind(self) -> type[Stance] | type[Sentiment]:
        """The kind of its labels."""
        return Sentiment if self.answers == "sentiment" else Stance

    @property
    def allowed(self) -> list[int]:
        """Columns of the labels that it has, in canonical order."""
        known = {parse_label(self.kind, name) for name in self.labels.values() if name != LEAVE_OUT}
        return [column for column, label in enumerate(self.kind) if label in known]


@dataclass(frozen=True, slots=True)
class BenchmarksConfig(StanceSettings):
    """A run over public benchmarks (``configs/eval/benchmarks.yaml``).

    Attributes:
        task: ``benchmarks``.
        checkpoint: ``default``, ``small``, ``base``, or a path relative to the config.
        trained: file of the hashes of what the bundled models were trained on, relative to the
            config.
        benchmarks: what is measured.
    """

    task: Literal["benchmarks"] = "benchmarks"
    checkpoint: str = "default"
    trained: str = "../../eval/benchmarks/trained.npy"
    benchmarks: tuple[Benchmark, ...] = ()
    context_ablation: bool = False

    def __post_init__(self) -> None:
        """Check ranges and names.

        Raises:
            ConfigError: a value is out of range, there is no benchmark, or two have one name.
        """
        StanceSettings.__post_init__(self)
        names = [benchmark.name for benchmark in self.benchmarks]
        if not names or len(set(names)) < len(names):
            raise ConfigError("'benchmarks': list one or more, each with a name of its own")


def find_files(benchmark: Benchmark, folders: Sequence[Path]) -> tuple[list[Path], str]:
    """The files of a benchmark, or none and what is missing and where it was looked for."""
    found = []
    for name in benchmark.files:
        places = [folder / part for folder in folders for part in (name, Path(name).name)]
        file = next((place for place in places if place.exists()), None)
        if file is None:
            looked = ", ".join(dict.fromkeys(map(str, places)))
            return [], f"looked for {looked}" if looked else f"give --data, a folder with {name}"
        found.append(file)
    return found, ""


def checked_hashes(benchmark: Benchmark, files: Sequence[Path]) -> tuple[str, ...]:
    """SHA-256 of each file; of a folder, that of the names and hashes of its files.

    Raises:
        DataError: a file cannot be read, or is another one than the config says.
    """
    try:
        found = tuple(_hash(file) for file in files)
    except OSError as error:
        raise DataError(f"cannot read {error.filename}: {error.strerror}") from error
    for file, wanted, there in zip(files, benchmark.sha256, found, strict=False):
        if wanted.lower() != there:
            raise DataError(
                f"{file}: SHA-256 {there}, but the config says {wanted}: it is another version or "
                "damaged"
            )
    return found


def _hash(path: Path) -> str:
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    inside = sorted(file for file in path.rglob("*") if file.is_file())
    listed = [f"{file.relative_to(path).as_posix()} {_hash(file)}\n" for file in inside]
    return hashlib.sha256("".join(listed).encode()).hexdigest()


def read_rows(benchmark: Benchmark, files: Sequence[Path]) -> list[LabelledRow]:
    """The rows of a benchmark of labelled pairs.

    Raises:
        DataError: a file or row is not of its format, a label is not in the config, an id is used
            twice for a target, or nothing is left; the message names file and row.
    """
    rows: list[LabelledRow] = []
    seen: dict[tuple[str, str], str] = {}
    for raw in LOADERS[benchmark.format](files):
        for name in ("id", "text", "target"):
            if not getattr(raw, name):
                raise DataError(f"{raw.where}: no {name}")
        before = seen.setdefault((raw.id, raw.target), raw.where)
        if before != raw.where:
            raise DataError(f"{raw.where}: the id {raw.id!r} stands in {before} already")
        if raw.label not in benchmark.labels:
            known = ", ".join(map(repr, benchmark.labels))
            raise DataError(f"{raw.where}: unknown label {raw.label!r}: the config has {known}")
        label = benchmark.labels[raw.label]
        if label == LEAVE_OUT:
            continue
        sentiment = benchmark.answers == "sentiment"
        rows.append(
            LabelledRow(
                id=raw.id,
                text=raw.text,
                target=raw.target,
                stance=None if sentiment else parse_label(Stance, label),
                sentiment=parse_label(Sentiment, label) if sentiment else None,
                group=raw.group or None,
                source=raw.part,
            )
        )
    if not rows:
        raise DataError(f"{', '.join(file.name for file in files)}: no row of the test split")
    return rows


def read_articles(files: Sequence[Path]) -> list[MarkedArticle]:
    """The articles of a benchmark of marked attributions.

    Raises:
        DataError: see :func:`eval.benchmarks.polnear.read`.
    """
    return [article for folder in files for article in polnear.read(folder)]
