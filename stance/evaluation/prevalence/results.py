"""What an estimate of shares gives, as ``results.json`` holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stance.evaluation.prevalence.intervals import IntervalMethod
from stance.evaluation.run_facts import RunFacts

Design = Literal["equal", "known"]


@dataclass(frozen=True, slots=True)
class Share:
    """A share, or a difference of two, with its interval; in [0, 1], or [-1, 1]."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassShares:
    """Three estimates of one share side by side.

    Attributes:
        naive: predicted labels counted as if they were right.
        labelled: of the labelled statements alone, or None where they are too few.
        corrected: of predictions and labels together, or None likewise.
        gain: variance with labels alone over that of the corrected share: 1.5 is worth half as
            many labels again. None where either is not defined or has no variance.
    """

    naive: Share
    labelled: Share | None
    corrected: Share | None
    gain: float | None


@dataclass(frozen=True, slots=True)
class GroupShares:
    """Shares of the statements of one group.

    Attributes:
        by: the column that groups go by, or "" for all statements.
        group: its value, or "all".
        target: what the stance is toward.
        statements: scored statements.
        labels: of them with a label.
        clusters: articles (or what else was named) that they come from.
        labelled_clusters: of them with a label.
        power: how far the predictions are trusted, in [0, 1]; None where nothing is corrected.
        classes: by stance.
        warnings: where the figures cannot be relied on, in plain sentences.
    """

    by: str
    group: str
    target: str
    statements: int
    labels: int
    clusters: int
    labelled_clusters: int
    power: float | None
    classes: dict[str, ClassShares]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Three estimates of the difference of one share between two groups; see ClassShares."""

    naive: Share
    labelled: Share | None
    corrected: Share | None


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """Shares of one group less those of another.

    Attributes:
        by: the column that the groups go by.
        first: the one group.
        second: the other.
        target: what the stance is toward.
        classes: by stance.
    """

    by: str
    first: str
    second: str
    target: str
    classes: dict[str, Differences]


@dataclass(frozen=True, slots=True)
class EstimateSettings:
    """How shares are estimated.

    Attributes:
        by: columns whose values are groups; ``month`` is made of ``date`` where it is no column.
        cluster: column of the article, or of what else depends on each other; None takes
            ``near_duplicates``, ``document_id``, ``article`` or ``group``, the first that is there.
        reference: group that the others are compared with; None compares few groups with each
            other, and many with the first.
        method: form of the intervals.
        level: nominal coverage, in (0, 1).
        smallest: groups of fewer statements are put together.
        seed: of the bootstrap.
    """

    by: tuple[str, ...] = ()
    cluster: str | None = None
    reference: str | None = None
    method: IntervalMethod = "wilson"
    level: float = 0.95
    smallest: int = 20
    seed: int = 13


@dataclass(frozen=True, slots=True)
class PrevalenceResults:
    """Shares of stances in scored statements.

    Attributes:
        run: where the figures come from.
        settings: how they were estimated.
        design: ``equal`` chances of being labelled, or ``known`` probabilities.
        unit: column of the clusters, or "" where statements are taken as independent.
        statements: scored statements.
        labels: of them with a label.
        failed: rows of the scored table that were left out for their ``error``.
        abstained: statements without a predicted stance; the naive share counts them as neutral.
        empty: rows of the sample without a label.
        groups: all statements of each target, then the groups.
        differences: between groups.
        notes: on the whole, in plain sentences.
        methods: a paragraph for a paper.
    """

    run: RunFacts
    settings: EstimateSettings
    design: Design
    unit: str
    statements: int
    labels: int
    failed: int
    abstained: int
    empty: int
    groups: tuple[GroupShares, ...]
    differences: tuple[GroupDifference, ...]
    notes: tuple[str, ...]
    methods: str
