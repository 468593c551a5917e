"""Where a result comes from: code, data, settings and checkpoint of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stance.schema import CheckpointInfo

Task = Literal[
    "stance",
    "comparison",
    "behaviour",
    "perturbation",
    "attribution",
    "end_to_end",
    "fairness",
    "explanations",
    "prevalence",
]


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """The code that made a result.

    Attributes:
        version: of the library.
        commit: of the checkout, ending in ``+changed`` where files differ from it; None where
            there is no checkout.
        sha256: first 16 hex digits of the hash of all sources.
        created: when, in ISO 8601, UTC.
    """

    version: str
    commit: str | None
    sha256: str
    created: str


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that was evaluated: its name and the SHA-256 of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ScoringSettings:
    """How stored predictions are scored.

    Attributes:
        bootstrap: resamples of every interval.
        level: nominal coverage of the intervals, in (0, 1).
        seed: of the resampling.
        stance_temperature: what the stance logits were divided by, or None where unknown, and where
            they got a bias as well.
        context_temperature: the same where the model read a context, or None where it is no other.
        sentiment_temperature: the same for sentiment.
        coverage: nominal coverage of the conformal prediction sets, or None.
        set_thresholds: lowest probability of against, neutral and favor in such a set, or None.
        pooled: whether all rows are also scored together.
        system: what the evaluated system is called beside others.
    """

    bootstrap: int = 1000
    level: float = 0.95
    seed: int = 13
    stance_temperature: float | None = None
    context_temperature: float | None = None
    sentiment_temperature: float | None = None
    coverage: float | None = None
    set_thresholds: tuple[float, ...] | None = None
    pooled: bool = False
    system: str = "checkpoint"


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Where a result comes from.

    Attributes:
        name: of the evaluation, for the report.
        task: what was evaluated.
        config_hash: first 16 hex digits of the hash of the settings.
        data: the evaluated files, by the name of their set.
        about: how the labels of a set were made and under what licence its texts are, by the name
            of the set; sets of which nothing was stated are left out.
        code: what made the predictions.
        requested: the checkpoint, or the systems, as they were asked for.
        checkpoint: what is known of the checkpoint, or None where there is none.
        seed: of the resampling, or None where nothing is drawn.
        scoring: how the predictions are scored, or None for a task without settings.
        rows: how many predictions are stored, or None where none are.
        not_run: what was left out, and why.
        seconds: that the predictions took, or None where it was not measured.
        rescored: the code that made the report anew, where it is other code.
        systems: the checkpoints beside it, by their names in the report.
        notes: what was read in another way than it was written, such as names of labels.
    """

    name: str
    task: Task
    config_hash: str
    data: dict[str, DataFile]
    code: CodeFacts
    requested: str
    checkpoint: CheckpointInfo | None
    seed: int | None
    scoring: ScoringSettings | None = None
    rows: int | None = None
    about: dict[str, str] = field(default_factory=dict)
    not_run: dict[str, str] = field(default_factory=dict)
    seconds: float | None = None
    rescored: CodeFacts | None = None
    systems: dict[str, CheckpointInfo] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Name of the checkpoint or systems, for the report."""
        return self.checkpoint.name if self.checkpoint is not None else self.requested
