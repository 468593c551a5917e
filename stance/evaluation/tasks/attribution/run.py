"""Runs extractors over an attribution file; stores scores, not predictions.

Intervals: 95 % percentile bootstrap over articles.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.config import check_range
from stance.evaluation.files import write_files
from stance.evaluation.metrics import FloatArray
from stance.evaluation.provenance import code_facts, config_hash, describe_data, guard_output
from stance.evaluation.report import report_files
from stance.evaluation.resampling import bootstrap_counts
from stance.evaluation.result_files import read_results
from stance.evaluation.results import RunFacts
from stance.evaluation.tasks.attribution.articles import (
    Article,
    Attributed,
    load_articles,
    sentence_items,
)
from stance.evaluation.tasks.attribution.measures import JOINT, Counts, score_article
from stance.evaluation.tasks.stance import Say

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class System:
    """An extractor under test.

    Attributes:
        extract: text -> attributions.
        third_party: another project's tool: where it raises on an article it finds nothing there,
            and the report counts it. An error of our own extractor is an error of the run.
        sha256: of its weights, or None where it has none; runs of other weights are other runs.
    """

    extract: Callable[[str], Sequence[Attributed]]
    third_party: bool = False
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """Settings of an attribution evaluation.

    Attributes:
        bootstrap: resamples of every interval.
        seed: of the resampling.
        single_sentences: also judge single sentences that hold a quote and its source.
    """

    bootstrap: int = 1000
    seed: int = 7
    single_sentences: bool = True

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range.
        """
        check_range("bootstrap", self.bootstrap, 1)
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other


@dataclass(frozen=True, slots=True)
class MeasureScores:
    """Precision, recall and F1 (accuracy, for speakers), with the interval of F1."""

    precision: float
    recall: float
    f1: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SystemScores:
    """What is measured of one system.

    Attributes:
        measures: by name.
        raised: articles on which it raised.
        first_error: what it raised first, or ``""``.
        seconds_per_article: mean time.
        seconds_longest: time of the article that took longest.
    """

    measures: dict[str, MeasureScores]
    raised: int
    first_error: str
    seconds_per_article: float
    seconds_longest: float


@dataclass(frozen=True, slots=True)
class AttributionResults:
    """The results of an attribution evaluation.

    Attributes:
        run: where they come from; ``run.not_run`` names the systems that could not start.
        articles: how many were read.
        sentences: how many single sentences were cut from them.
        systems: scores by name.
    """

    run: RunFacts
    articles: int
    sentences: int
    systems: dict[str, SystemScores]

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures."""
        for system in self.systems.values():
            return tuple(system.measures)
        return ()


@dataclass
class SystemCounts:
    """Counts of one system, one entry an article."""

    counts: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, found: Counts, seconds: float) -> None:
        """Add the counts of an article."""
        self.seconds.append(seconds)
        for key, value in found.items():
            self.counts.setdefault(key, []).append(value)


def run_system(system: System, articles: Sequence[Article]) -> SystemCounts:
    """Run one system over all articles.

    A third-party one that raises on an article finds nothing there; what our own raises goes on.
    """
    result = SystemCounts()
    for article in articles:
        begun = time.perf_counter()
        found: Sequence[Attributed] = ()
        try:
            found = system.extract(article.text)
        except Exception as error:
            if not system.third_party:
                raise
            result.errors.append(f"{type(error).__name__}: {error} (article {article.id})")
        seconds = time.perf_counter() - begun
        result.add(score_article(article, found), seconds)
    return result


def f1(counts: npt.NDArray[np.number]) -> npt.NDArray[np.float64]:
    """F1 of summed counts ``[..., 3]``: true positives, predicted, gold."""
    return _share(2.0 * counts[..., 0], counts[..., 1] + counts[..., 2])


def _share(part: npt.NDArray[np.number], whole: npt.NDArray[np.number]) -> FloatArray:
    """A quotient; 0 where there is nothing."""
    top, bottom = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=bottom > 0)


def summarise(result: SystemCounts, settings: AttributionSettings) -> dict[str, MeasureScores]:
    """Every measure of all articles together, with the bootstrap interval of its F1."""
    summary: dict[str, MeasureScores] = {}
    for key, rows in result.counts.items():
        table = np.array(rows, np.float64)
        hit, predicted, gold = table.sum(axis=0)
        interval = bootstrap_counts(
            table, f1, unit="article", resamples=settings.bootstrap, seed=settings.seed
        )
        precision, recall = float(_share(hit, predicted)), float(_share(hit, gold))
        summary[key] = MeasureScores(precision, recall, interval.value, interval.low, interval.high)
    return summary


def score_system(
    system: System,
    articles: Sequence[Article],
    singles: Sequence[Article],
    settings: AttributionSettings,
) -> SystemScores:
    """Run a system over articles, and over the single sentences if there are any."""
    if articles:  # so that what it loads when it is first used is not timed
        run_system(system, [Article("first", articles[0].text[:200], ())])
    result = run_system(system, articles)
    measures = summarise(result, settings)
    if singles:
        alone = summarise(run_system(system, singles), settings)
        measures["single sentences, span and speaker"] = alone[JOINT]
    return SystemScores(
        measures=measures,
        raised=len(result.errors),
        first_error=result.errors[0] if result.errors else "",
        seconds_per_article=float(np.mean(result.seconds)) if result.seconds else 0.0,
        seconds_longest=max(result.seconds, default=0.0),
    )


def evaluate_attribution(
    settings: AttributionSettings,
    systems: Mapping[str, System],
    file: Path,
    folder: Path,
    *,
    name: str,
    not_run: Mapping[str, str] | None = None,
    overwrite: bool = False,
    say: Say = logger.info,
) -> AttributionResults:
    """Run every system over an attribution file; write results and report.

    Args:
        settings: of the run; what they hold tells this run from another in the folder.
        systems: by name.
        file: JSONL with ``text`` and ``attributions`` a row.
        folder: gets ``results.json``, ``report.md`` and ``report.html``.
        name: of the evaluation, for the report.
        not_run: third-party systems that could not start, and why.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: the file breaks its schema, or the folder holds another run or cannot be written.
    """
    articles = load_articles(file)
    left_out = dict(not_run or {})
    facts = RunFacts(
        name=name,
        task="attribution",
        config_hash=config_hash(settings),
        data=describe_data([file]),
        code=code_facts(),
        requested=", ".join([*map(_named, systems, systems.values()), *left_out]),
        checkpoint=None,
        seed=settings.seed,
        not_run=left_out,
    )
    note = guard_output(folder, facts, overwrite=overwrite)
    if note:
        say(note)
    singles = sentence_items(articles) if settings.single_sentences else []
    scores = {}
    for title, system in systems.items():
        say(f"{title}: {len(articles)} articles")
        scores[title] = score_system(system, articles, singles, settings)
    results = AttributionResults(facts, len(articles), len(singles), scores)
    write_files(folder, _report(results))
    return results


def _named(name: str, system: System) -> str:
    return name if system.sha256 is None else f"{name} ({system.sha256})"


def rebuild_attribution(folder: Path) -> AttributionResults:
    """Make the report anew from the stored results.

    Raises:
        DataError: ``results.json`` is missing or damaged.
    """
    results = read_results(folder, AttributionResults)
    write_files(folder, _report(results))
    return results


def _report(results: AttributionResults) -> dict[str, str]:
    shown = {"results": results, "ran": results.systems, "measures": results.measures}
    return report_files("attribution", results, results.run, shown)
