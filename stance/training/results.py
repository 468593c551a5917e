"""What a training run writes down about itself: ``results.json``, from which its card is filled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from stance.evaluation import DataFile, describe_file
from stance.files import write_files
from stance.labels import Stance
from stance.training.records import TrainingPair
from stance.training.run_record import Machine
from stance.training.scores import Scores
from stance.training.sources import Corpus, Source, find_files
from stance.training.stages import StageRun

NAME = "results.json"


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What was read of one source, for the model card.

    Attributes:
        name: of the source.
        role: what it was for: ``train``, ``development``, ``calibration`` or another role.
        pairs: how many.
        labels: pairs by stance; those without one are under ``none``.
        licence: None where the recipe states none.
        citation: None where the recipe states none.
        files: that the pairs were read from, by name and hash.
    """

    name: str
    role: str
    pairs: int
    labels: dict[str, int] = field(default_factory=dict)
    licence: str | None = None
    citation: str | None = None
    files: tuple[DataFile, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingResults:
    """The result of a training run.

    Attributes:
        name: of the adapter.
        version: of this library.
        commit: of its checkout, or None where it is installed.
        recipe: file name of the recipe, or None for a fine-tuning.
        start: what training started from, in words.
        seed: of the run.
        data: what was read.
        stages: what was done, in order.
        before: scores of the start on the held-out pairs, by source; None where there was none.
        held_out: scores of the adapter on them.
        held_out_by: what was held out whole: ``group``, ``target``, ``statement``, or a ``file``.
        calibrated_on: what the calibration was fitted on, in words.
        calibration_notes: what was not fitted and why.
        calibration_error: expected calibration error of stance on those pairs, each half of their
            groups being scaled by temperatures of the other; None where they are too few.
        averaging_error: what the closing average lost by its rank, in [0, 1]; None without one.
        machine: where it ran.
    """

    name: str
    version: str
    commit: str | None
    recipe: str | None
    start: str
    seed: int
    data: tuple[DataFacts, ...]
    stages: tuple[StageRun, ...]
    held_out: dict[str, Scores]
    held_out_by: str
    calibrated_on: str
    machine: Machine
    before: dict[str, Scores] | None = None
    calibration_notes: tuple[str, ...] = ()
    calibration_error: float | None = None
    averaging_error: float | None = None

    def to_record(self) -> dict[str, object]:
        """The content of ``results.json``; scores that a source does not have are left out."""
        record = asdict(self)
        for key in ("before", "held_out"):
            if record[key] is not None:
                record[key] = {
                    source: {k: _rounded(v) for k, v in scores.items() if v is not None}
                    for source, scores in record[key].items()
                }
        return record

    def save(self, folder: Path) -> None:
        """Write ``results.json``."""
        text = json.dumps(self.to_record(), indent=1, ensure_ascii=False) + "\n"
        write_files(folder, {NAME: text})


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else round(value, 4)


def data_facts(
    name: str,
    role: str,
    pairs: Sequence[TrainingPair],
    *,
    licence: str | None = None,
    citation: str | None = None,
    files: Sequence[Path] = (),
) -> DataFacts:
    """Count the labels of a source, and hash its files.

    Raises:
        DataError: a file cannot be read.
    """
    labels = [str(pair.stance) if pair.stance else "none" for pair in pairs]
    counts = {key: labels.count(key) for key in (*map(str, Stance), "none") if key in labels}
    described = tuple(describe_file(path) for path in files)
    return DataFacts(name, role, len(pairs), counts, licence, citation, described)


def corpus_facts(
    corpus: Corpus, sources: Sequence[Source], *, recipe: Path, data: Path | None
) -> tuple[DataFacts, ...]:
    """What every source gave; a training source's held-out pairs are counted under their role.

    Args:
        corpus: read from the sources.
        sources: of a recipe.
        recipe: folder that relative paths start from.
        data: the folder that ``$DATA`` stands for.

    Raises:
        DataError: a file cannot be read.
    """
    pairs = {
        "train": [p for some in corpus.train.values() for p in some],
        "development": corpus.development,
        "calibration": corpus.calibration,
        "unlabelled": [p for some in corpus.unlabelled.values() for p in some],
    }
    facts = []
    for role, listed in pairs.items():
        for name in dict.fromkeys(pair.source for pair in listed):
            named = [source for source in sources if source.name == name]
            source = next((s for s in named if s.role == role), named[0])
            facts.append(
                data_facts(
                    name,
                    role,
                    [pair for pair in listed if pair.source == name],
                    licence=source.licence,
                    citation=source.citation,
                    files=find_files(source.file, recipe=recipe, data=data),
                )
            )
    return tuple(facts)
