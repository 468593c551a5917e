"""The results of an attribution evaluation as records, and how counts become scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stance.evaluation.resampling import Interval, Statistic, bootstrap_counts
from stance.evaluation.run_facts import RunFacts
from stance.evaluation.tasks.attribution import measures, outcomes
from stance.evaluation.tasks.attribution.measures import Counts, f1

_STATISTICS: Mapping[str, Statistic] = {**measures.STATISTICS, **outcomes.STATISTICS}


@dataclass(frozen=True, slots=True)
class SystemScores:
    """What is measured of one system on one file.

    Attributes:
        measures: by name; F1 where the name does not say otherwise, a share for speakers.
        modality: counts, gold by row, predicted by column and last "not listed", in the order of
            ``MODALITIES``; None where file or system gives no modality.
        raised: articles on which it raised.
        first_error: what it raised first, or ``""``.
        seconds_per_article: mean time.
        seconds_longest: time of the article that took longest.
    """

    measures: dict[str, Interval]
    modality: tuple[tuple[int, ...], ...] | None
    raised: int
    first_error: str
    seconds_per_article: float
    seconds_longest: float


@dataclass(frozen=True, slots=True)
class FileScores:
    """The scores of one attribution file.

    Attributes:
        file: its name up to the first dot.
        articles: how many it holds.
        sentences: how many single sentences were cut from them and judged too.
        systems: scores by name.
    """

    file: str
    articles: int
    sentences: int
    systems: dict[str, SystemScores]

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures."""
        return next((tuple(system.measures) for system in self.systems.values()), ())


@dataclass(frozen=True, slots=True)
class AttributionResults:
    """The results of an attribution evaluation.

    Attributes:
        run: where they come from; ``run.not_run`` names the systems that could not start.
        files: one for each attribution file.
    """

    run: RunFacts
    files: tuple[FileScores, ...]


def summarise(articles: Sequence[Counts], *, resamples: int, seed: int) -> dict[str, Interval]:
    """Every measure of all articles together, with its 95 % bootstrap interval over articles."""
    return {
        name: bootstrap_counts(
            np.array([counts[name] for counts in articles], np.float64),
            _STATISTICS.get(name, f1),
            unit="article",
            resamples=resamples,
            seed=seed,
        )
        for name in (articles[0] if articles else ())
    }
