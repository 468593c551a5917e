"""The table of benchmarks: its lines, how they are computed from predictions, shown and written."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.benchmarks.config import Benchmark, Published
from eval.benchmarks.headline import HEADLINES
from stance.errors import DataError
from stance.evaluation.metrics import LabelArray
from stance.evaluation.predictions import ScoredRow
from stance.evaluation.report import escape_markdown
from stance.evaluation.resampling import (
    Interval,
    bootstrap_counts,
    bootstrap_interval,
    choose_clusters,
)
from stance.evaluation.run_facts import CodeFacts
from stance.evaluation.tasks.stance import StanceSettings
from stance.evaluation.wording import interval
from stance.labels import Sentiment, Stance
from stance.schema import CheckpointInfo

COLUMNS = (
    *("benchmark", "n", "left out", "its measure", "value", "ours", "published"),
    "trained on",
)
NOTE = (
    "Left out: rows whose words are among what the bundled models were trained on; the figures are "
    "of the others, published ones of the whole test split. The benchmark's own measure takes the "
    "more probable of the labels that it has. Ours is macro F1 of the answers as they are given, "
    "neutral among them; of attributions, F1 of content and speaker. 95 % intervals."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A benchmark, or a part of it.

    Attributes:
        benchmark: its name.
        part: of it, or ``""``.
        n: rows that are scored; of attributions, articles.
        left_out: rows that stand in training.
        measure: the benchmark's own, or ``""``.
        value: of it; None where it has none.
        ours: macro F1 over the labels that it has; of attributions, F1 of content and speaker.
        published: figures of others for its own measure.
        training: what of it the bundled models were trained on.
        sha256: of its files.
    """

    benchmark: str
    part: str
    n: int
    left_out: int
    measure: str
    value: Interval | None
    ours: Interval
    published: tuple[Published, ...]
    training: str
    sha256: tuple[str, ...]

    @property
    def title(self) -> str:
        """Name and part."""
        return f"{self.benchmark}, {self.part}" if self.part else self.benchmark

    def cells(self) -> list[str]:
        """As the table shows it."""
        others = [f"{item.value:.3f} {item.system} ({item.source})" for item in self.published]
        return [
            self.title,
            str(self.n),
            str(self.left_out),
            self.measure or "–",
            "–" if self.value is None else interval(self.value),
            interval(self.ours),
            "; ".join(others) or "–",
            "" if self.part else self.training,
        ]


@dataclass(frozen=True, slots=True)
class BenchmarkResults:
    """The table.

    Attributes:
        code: that made the predictions.
        checkpoint: that was measured.
        lines: one a benchmark, and one a part where it has several.
        not_run: benchmarks that could not be measured, and why.
    """

    code: CodeFacts
    checkpoint: CheckpointInfo
    lines: tuple[Line, ...]
    not_run: dict[str, str]


def make_lines(
    benchmark: Benchmark,
    rows: Sequence[ScoredRow],
    settings: StanceSettings,
    *,
    left_out: Sequence[str],
    sha256: tuple[str, ...],
) -> list[Line]:
    """The line of a benchmark, and one for each of its parts where it has several.

    Args:
        benchmark: its settings.
        rows: its scored rows.
        settings: of the resampling.
        left_out: the part of each row that is left out.
        sha256: of its files.

    Raises:
        DataError: the checkpoint does not predict what is judged.
    """
    parts = list(dict.fromkeys(row.gold.source for row in rows))
    lines = []
    for part in ["", *parts] if len(parts) > 1 else [""]:
        chosen = [row for row in rows if part in ("", row.gold.source)]
        value, macro = _score(benchmark, chosen, settings)
        lines.append(
            Line(
                benchmark=benchmark.name,
                part=part,
                n=len(chosen),
                left_out=sum(part in ("", name) for name in left_out),
                measure=benchmark.headline or "",
                value=value,
                ours=macro,
                published=tuple(item for item in benchmark.published if item.part == part),
                training=benchmark.training,
                sha256=sha256,
            )
        )
    return lines


def _score(
    benchmark: Benchmark, rows: Sequence[ScoredRow], settings: StanceSettings
) -> tuple[Interval | None, Interval]:
    """The benchmark's own measure and our macro F1."""
    gold, given, shares = _answers(benchmark, rows)
    k = len(benchmark.kind)
    clusters, unit = choose_clusters([r.gold.group for r in rows], [r.gold.text for r in rows])
    macro = bootstrap_interval(
        gold,
        given,
        classes=k,
        clusters=clusters,
        unit=unit,
        resamples=settings.bootstrap,
        level=settings.level,
        seed=settings.seed,
    )
    if benchmark.headline is None:
        return None, macro
    own = given
    if len(benchmark.allowed) < k:
        own = np.array(benchmark.allowed)[shares[:, benchmark.allowed].argmax(axis=1)]
    targets = [row.gold.target for row in rows]
    table = _counts(gold, own, targets, clusters, k)
    measure = HEADLINES[benchmark.headline]
    shape = (-1, len(set(targets)), k, k)
    value = bootstrap_counts(
        table,
        lambda sums: measure(sums.reshape(shape)),
        unit=unit,
        resamples=settings.bootstrap,
        level=settings.level,
        seed=settings.seed,
    )
    return value, macro


def _answers(
    benchmark: Benchmark, rows: Sequence[ScoredRow]
) -> tuple[LabelArray, LabelArray, np.typing.NDArray[np.float64]]:
    """Gold and given labels ``[n]``, and the probabilities ``[n, k]``."""
    gold, given, shares = [], [], []
    for row in rows:
        wanted: Stance | Sentiment | None = row.gold.stance
        found: Stance | Sentiment | None = row.stance
        probabilities: Sequence[float] | None = row.stance_probabilities
        if benchmark.answers == "sentiment":
            wanted, found = row.gold.sentiment, row.sentiment
            probabilities = row.sentiment_probabilities
        if wanted is None or found is None or probabilities is None:
            raise DataError(f"{benchmark.name}: the checkpoint predicts no {benchmark.answers}")
        order = list(benchmark.kind)
        gold.append(order.index(benchmark.kind(wanted)))
        given.append(order.index(benchmark.kind(found)))
        shares.append(probabilities)
    return np.array(gold, np.int64), np.array(given, np.int64), np.array(shares, np.float64)


def _counts(
    gold: LabelArray,
    given: LabelArray,
    targets: Sequence[str],
    clusters: Sequence[Hashable],
    k: int,
) -> np.typing.NDArray[np.float64]:
    """Confusion counts of each cluster, by target, flat: ``[clusters, targets * k * k]``."""
    ids = {cluster: place for place, cluster in enumerate(dict.fromkeys(clusters))}
    columns = {target: place for place, target in enumerate(dict.fromkeys(targets))}
    table = np.zeros((len(ids), len(columns), k, k))
    places = ([ids[c] for c in clusters], [columns[t] for t in targets], gold, given)
    np.add.at(table, tuple(np.asarray(place) for place in places), 1.0)
    return table.reshape(len(ids), -1)


def show_benchmarks(console: Console, results: BenchmarkResults) -> None:
    """Print the table, and what was not run."""
    table = Table(box=None, pad_edge=False)
    for position, column in enumerate(COLUMNS):
        number = position in (1, 2)
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    for line in results.lines:
        table.add_row(*line.cells())
    console.print(table)
    for name, why in results.not_run.items():
        console.print(f"not run: {name}: {why}", style="yellow", soft_wrap=True)
    console.print(NOTE, style="dim")


def markdown(results: BenchmarkResults) -> str:
    """The table as Markdown."""
    made, code = results.checkpoint, results.code
    rows = [COLUMNS, ["---"] * len(COLUMNS), *(line.cells() for line in results.lines)]
    table = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    facts = f"Checkpoint {made.name} ({made.sha256}), code {code.commit or code.version}."
    left = [f"- not run: {name}: {why}" for name, why in results.not_run.items()]
    lines = ["# Public benchmarks", "", escape_markdown(facts), "", *table, ""]
    return "\n".join([*lines, *map(escape_markdown, left), "", escape_markdown(NOTE), ""])


def _cell(text: str) -> str:
    return text if text == "---" else escape_markdown(text)


def with_lines(results: BenchmarkResults, lines: Sequence[Line]) -> BenchmarkResults:
    """The same results with other lines for the benchmarks that these are of."""
    anew = {line.benchmark for line in lines}
    kept = [line for line in results.lines if line.benchmark not in anew]
    order = list(dict.fromkeys(line.benchmark for line in results.lines))
    both = sorted([*kept, *lines], key=lambda line: order.index(line.benchmark))
    return replace(results, lines=tuple(both))
