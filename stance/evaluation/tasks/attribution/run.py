"""Runs extractors over attribution files; stores scores, and predictions as offsets.

Intervals: 95 % percentile bootstrap over articles.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from stance.config import check_range
from stance.errors import DataError
from stance.evaluation.predictions import PREDICTIONS
from stance.evaluation.provenance import Say, code_facts, config_hash, describe_data, guard_output
from stance.evaluation.report import report_files
from stance.evaluation.result_files import read_results
from stance.evaluation.run_facts import RunFacts
from stance.evaluation.tasks.attribution.articles import (
    MODALITIES,
    Attributed,
    MarkedArticle,
    read_marked_articles,
    sentence_items,
)
from stance.evaluation.tasks.attribution.listing import JudgedStatement, statements_csv
from stance.evaluation.tasks.attribution.measures import (
    JOINT,
    Counts,
    mention_counts,
    returned_counts,
)
from stance.evaluation.tasks.attribution.outcomes import (
    NOT_LISTED,
    Outcome,
    judge,
    modality_confusion,
    outcome_counts,
)
from stance.evaluation.tasks.attribution.scores import (
    AttributionResults,
    FileScores,
    SystemScores,
    summarise,
)
from stance.files import write_files

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
        single_sentences: also judge single sentences that hold a quote and its source, where the
            file names no canonical speakers.
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


@dataclass
class SystemRun:
    """What one system gave on the articles of a file, one entry an article."""

    counts: list[Counts] = field(default_factory=list)
    outcomes: list[list[Outcome]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def run_system(system: System, articles: Sequence[MarkedArticle]) -> SystemRun:
    """Run one system over all articles.

    A third-party one that raises on an article finds nothing there; what our own raises goes on.
    """
    result = SystemRun()
    for article in articles:
        begun = time.perf_counter()
        found: Sequence[Attributed] = ()
        try:
            found = system.extract(article.text)
        except Exception as error:
            if not system.third_party:
                raise
            result.errors.append(f"{type(error).__name__}: {error} (article {article.id})")
        result.seconds.append(time.perf_counter() - begun)
        outcomes = judge(article, found)
        own = (
            mention_counts(article, found) if article.speakers is None else outcome_counts(outcomes)
        )
        result.counts.append({**own, **returned_counts(article, found)})
        result.outcomes.append(outcomes)
    return result


def score_system(
    run: SystemRun, singles: SystemRun | None, settings: AttributionSettings
) -> SystemScores:
    """The scores of a run over articles, and of one over the single sentences if there are any."""
    draws = {"resamples": settings.bootstrap, "seed": settings.seed}
    measures = summarise(run.counts, **draws)
    if singles is not None:
        alone = summarise([{JOINT: counts[JOINT]} for counts in singles.counts], **draws)
        measures["single sentences, span and speaker"] = alone[JOINT]
    return SystemScores(
        measures=measures,
        modality=modality_confusion([o for outcomes in run.outcomes for o in outcomes]),
        raised=len(run.errors),
        first_error=run.errors[0] if run.errors else "",
        seconds_per_article=float(np.mean(run.seconds)) if run.seconds else 0.0,
        seconds_longest=max(run.seconds, default=0.0),
    )


def evaluate_attribution(
    settings: AttributionSettings,
    systems: Mapping[str, System],
    files: Sequence[Path],
    folder: Path,
    *,
    name: str,
    not_run: Mapping[str, str] | None = None,
    overwrite: bool = False,
    say: Say = logger.info,
) -> AttributionResults:
    """Run every system over attribution files; write results, predictions and report.

    Args:
        settings: of the run; what they hold tells this run from another in the folder.
        systems: by name.
        files: as :func:`read_marked_articles` reads them.
        folder: gets ``results.json``, ``predictions.csv`` (offsets, none of the text),
            ``report.md`` and ``report.html``.
        name: of the evaluation, for the report.
        not_run: third-party systems that could not start, and why.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: a file breaks its schema or lists canonical speakers for some articles only, two
            files have one name, or the folder holds another run or cannot be written.
    """
    data = describe_data(files)
    if len(data) < len(files):
        raise DataError(f"two of the files have one name: {', '.join(map(str, files))}")
    read = {name: read_marked_articles(file) for name, file in zip(data, files, strict=True)}
    left_out = dict(not_run or {})
    facts = RunFacts(
        name=name,
        task="attribution",
        config_hash=config_hash(settings),
        data=data,
        code=code_facts(),
        requested=", ".join([*map(_named, systems, systems.values()), *left_out]),
        checkpoint=None,
        seed=settings.seed,
        not_run=left_out,
    )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    scores: list[FileScores] = []
    judged: list[JudgedStatement] = []
    for title, articles in read.items():
        canonical = {article.speakers is not None for article in articles}
        if len(canonical) > 1:
            raise DataError(f"{title}: some articles list their 'speakers' and others do not")
        bare = settings.single_sentences and canonical == {False}
        singles = sentence_items(articles) if bare else []
        by_system = {}
        for system_name, system in systems.items():
            say(f"{title}, {system_name}: {len(articles)} articles")
            if articles:  # so that what it loads when it is first used is not timed
                run_system(system, [MarkedArticle("first", articles[0].text[:200], ())])
            run = run_system(system, articles)
            alone = run_system(system, singles) if singles else None
            by_system[system_name] = score_system(run, alone, settings)
            for article, outcomes in zip(articles, run.outcomes, strict=True):
                judged += [JudgedStatement(title, system_name, article, o) for o in outcomes]
        scores.append(FileScores(title, len(articles), len(singles), by_system))
    results = AttributionResults(replace(facts, rows=len(judged)), tuple(scores))
    write_files(folder, {PREDICTIONS: statements_csv(judged), **_report(results)})
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
    shown = {"results": results, "modalities": MODALITIES, "not_listed": NOT_LISTED}
    return report_files("attribution", results, results.run, shown)
