"""Measures a checkpoint on the public benchmarks that the user has."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.attribution_systems import AttributionConfig, load_systems
from eval.benchmarks.config import (
    Benchmark,
    BenchmarksConfig,
    checked_hashes,
    find_files,
    read_articles,
    read_rows,
)
from eval.benchmarks.results import (
    BenchmarkResults,
    Line,
    make_lines,
    markdown,
    with_lines,
)
from eval.benchmarks.seen import Hashes, are_seen, beginning, normalised, read_hashes
from eval.request import Request
from stance.errors import DataError
from stance.evaluation.labelled_sets import LabelledRow, LabelledSet
from stance.evaluation.predictions import PREDICTIONS, read_predictions
from stance.evaluation.provenance import code_facts
from stance.evaluation.report import rebuild_report
from stance.evaluation.result_files import from_record, results_json
from stance.evaluation.tasks.attribution.run import run_system
from stance.evaluation.tasks.attribution.scores import summarise
from stance.evaluation.tasks.stance import evaluate_stance, without_folder
from stance.files import write_files
from stance.untrusted import read_json_object

TABLE = "benchmarks.json"
ALL_SEEN = "every row stands in training"
ATTRIBUTION = "attribution and speaker, all kinds"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A benchmark of pairs that was found.

    Attributes:
        benchmark: its settings.
        rows: those that are scored.
        left_out: the part of each row that stands in training.
        sha256: of its files.
        file: the first of them.
    """

    benchmark: Benchmark
    rows: list[LabelledRow]
    left_out: list[str]
    sha256: tuple[str, ...]
    file: Path


def run_benchmarks(config: BenchmarksConfig, request: Request) -> BenchmarkResults:
    """Read, predict and score every benchmark that is there; write report and table.

    Raises:
        DataError: nothing is there, or a file is damaged or of another version.
        ModelLoadError: the checkpoint is missing or damaged.
    """
    folders = list(request.data)
    for folder in folders:
        if not folder.is_dir():
            raise DataError(f"--data {folder}: give a folder with the files of the benchmarks")
    trained = Path(os.path.normpath(request.config.parent / config.trained))
    hashes = read_hashes(trained)
    not_run: dict[str, str] = {}
    loaded: list[Loaded] = []
    marked: list[tuple[Benchmark, list[Path]]] = []
    for benchmark in config.benchmarks:
        files, why = find_files(benchmark, folders)
        if not files:
            not_run[benchmark.name] = why
        elif benchmark.answers == "statements":
            marked.append((benchmark, files))
        else:
            found = _load(benchmark, files, hashes)
            if found.rows:
                loaded.append(found)
            else:
                not_run[benchmark.name] = ALL_SEEN
    if not loaded and not marked:
        raise DataError(
            "no benchmark to measure: "
            + "; ".join(f"{name}: {why}" for name, why in not_run.items())
        )
    classifier = request.classifier(config.checkpoint)
    lines: list[Line] = []
    if loaded:
        sets = [LabelledSet(x.benchmark.name, tuple(x.rows), x.file, _about(x)) for x in loaded]
        evaluate_stance(
            config,
            sets,
            classifier,
            request.folder,
            name=request.config.stem,
            requested=config.checkpoint,
            not_run=not_run,
            overwrite=request.overwrite,
            say=request.say,
        )
        lines += _stance_lines(
            config, request.folder, [(x.benchmark, x.left_out, x.sha256) for x in loaded]
        )
    for benchmark, files in marked:
        request.say(f"{benchmark.name}: finding statements")
        line = _attribution_line(benchmark, files, hashes, config)
        if line is None:
            not_run[benchmark.name] = ALL_SEEN
        else:
            lines.append(line)
    order = [benchmark.name for benchmark in config.benchmarks]
    lines.sort(key=lambda line: order.index(line.benchmark))
    results = BenchmarkResults(code_facts(), without_folder(classifier.info), tuple(lines), not_run)
    return _write(request.folder, results)


def rebuild_benchmarks(config: BenchmarksConfig, folder: Path) -> BenchmarkResults:
    """Make report and table anew from what is stored.

    Raises:
        DataError: a stored file is missing or damaged, or of other benchmarks than the config's.
    """
    record = read_json_object(folder / TABLE)
    record.pop("format", None)
    stored = from_record(record, BenchmarkResults, where=str(folder / TABLE))
    known = {benchmark.name: benchmark for benchmark in config.benchmarks}
    kept = []
    for line in stored.lines:
        if line.benchmark not in known:
            raise DataError(f"{folder / TABLE}: {line.benchmark!r} is not in the config")
        if not line.part and known[line.benchmark].answers != "statements":
            parts = [x for x in stored.lines if x.benchmark == line.benchmark and x.part]
            left_out = [x.part for x in parts for _ in range(x.left_out)] or [""] * line.left_out
            kept.append((known[line.benchmark], left_out, line.sha256))
    if kept:
        rebuild_report(folder)
        stored = with_lines(stored, _stance_lines(config, folder, kept))
    return _write(folder, stored)


def _write(folder: Path, results: BenchmarkResults) -> BenchmarkResults:
    write_files(folder, {TABLE: results_json(results), "benchmarks.md": markdown(results)})
    return results


def _load(benchmark: Benchmark, files: Sequence[Path], hashes: Hashes) -> Loaded:
    """Read a benchmark, without the rows that stand in training."""
    sha256 = checked_hashes(benchmark, files)
    rows = read_rows(benchmark, files)
    seen = are_seen([normalised(row.text) for row in rows], hashes)
    return Loaded(
        benchmark,
        [row for row, known in zip(rows, seen, strict=True) if not known],
        [row.source for row, known in zip(rows, seen, strict=True) if known],
        sha256,
        files[0],
    )


def _about(found: Loaded) -> str:
    total = len(found.rows) + len(found.left_out)
    return (
        f"Trained on: {found.benchmark.training}. {len(found.left_out)} of {total} rows stand in "
        "training and are left out."
    )


def _stance_lines(
    config: BenchmarksConfig,
    folder: Path,
    found: Sequence[tuple[Benchmark, Sequence[str], tuple[str, ...]]],
) -> list[Line]:
    rows = read_predictions(folder / PREDICTIONS)
    lines = []
    for benchmark, left_out, sha256 in found:
        own = [row for row in rows if row.set == benchmark.name]
        lines += make_lines(benchmark, own, config, left_out=left_out, sha256=sha256)
    return lines


def _attribution_line(
    benchmark: Benchmark, files: Sequence[Path], hashes: Hashes, config: BenchmarksConfig
) -> Line | None:
    sha256 = checked_hashes(benchmark, files)
    articles = read_articles(files)
    seen = are_seen([beginning(article.text) for article in articles], hashes)
    kept = [article for article, known in zip(articles, seen, strict=True) if not known]
    if not kept:
        return None
    systems, _ = load_systems(AttributionConfig(systems=("stance",)))
    counts = run_system(systems["stance"], kept).counts
    measures = summarise(counts, resamples=config.bootstrap, seed=config.seed)
    return Line(
        benchmark=benchmark.name,
        part="",
        n=len(kept),
        left_out=len(articles) - len(kept),
        measure="",
        value=None,
        ours=measures[ATTRIBUTION],
        published=benchmark.published,
        training=benchmark.training,
        sha256=sha256,
    )
