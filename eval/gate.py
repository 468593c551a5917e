"""The gate: fails where labels of the stored sets got worse by more than chance.

What the labels are compared with is a deliberate choice: the predictions that ``--accept`` stored.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.paired_test import p_worse
from eval.request import Request
from eval.sets import EvalConfig, SetConfig, load_sets
from stance.config import check_range
from stance.errors import ConfigError, DataError
from stance.evaluation.comparison import holm
from stance.evaluation.files import csv_text
from stance.evaluation.labelled_sets import LabelledSet
from stance.evaluation.metrics import LabelArray, macro_f1
from stance.evaluation.predictions import ScoredRow, read_cell, stored_cells
from stance.evaluation.provenance import code_facts, describe_file
from stance.evaluation.resampling import Interval, choose_clusters, paired_difference
from stance.evaluation.result_files import RESULTS, from_record, results_json
from stance.evaluation.run_facts import CodeFacts, DataFile
from stance.evaluation.tasks.answers import predict_set
from stance.evaluation.tasks.stance import without_folder
from stance.evaluation.wording import interval, number
from stance.files import write_files
from stance.labels import Sentiment, Stance
from stance.schema import CheckpointInfo
from stance.untrusted import read_json_object

ALL = "all sets"
COLUMNS = ("set", "id", "target", "stance", "sentiment")
KINDS: dict[str, type[Stance] | type[Sentiment]] = {"stance": Stance, "sentiment": Sentiment}
Key = tuple[str, str, str]  # set, id, target
Answer = dict[str, Stance | Sentiment | None]


@dataclass(frozen=True, slots=True)
class GateConfig:
    """A gate (``configs/eval/gate.yaml``).

    Attributes:
        task: ``gate``.
        sets: labelled sets of the checkout.
        checkpoint: ``default``, ``small``, ``base``, or a path relative to the config.
        baseline: CSV file of the accepted predictions, relative to the config; where they come
            from stands beside it in a JSON file of the same name.
        alpha: probability that a gate fails though nothing got worse, in (0, 1), for all sets
            together.
        resamples: of the test.
        seed: of the resampling.
        batch_size: pairs in one forward pass.
    """

    task: Literal["gate"] = "gate"
    sets: tuple[SetConfig, ...] = ()
    checkpoint: str = "small"
    baseline: str = "../../eval/results/gate.csv"
    alpha: float = 0.05
    resamples: int = 10_000
    seed: int = 13
    batch_size: int = 64

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range, or a set is none of the checkout.
        """
        if not self.sets or any(item.format != "labelled" for item in self.sets):
            raise ConfigError("'sets' of a gate: list one or more labelled files of the checkout")
        if not 0 < self.alpha < 1:
            raise ConfigError(f"alpha is {self.alpha}: give a number between 0 and 1")
        check_range("resamples", self.resamples, 100)
        check_range("batch_size", self.batch_size, 1)
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where accepted predictions come from: code, checkpoint, and the sets by their hashes."""

    code: CodeFacts
    checkpoint: CheckpointInfo
    data: dict[str, DataFile]


@dataclass(frozen=True, slots=True)
class Change:
    """One set and one kind of label, before and now.

    Attributes:
        name: of the set, and what is labelled.
        n: labelled rows.
        before: macro F1 of the accepted predictions.
        now: macro F1 of those of today.
        difference: now - before, with a 95 % interval.
        p: that it fell by so much by chance, corrected for the number of comparisons.
        worse: whether it did not.
    """

    name: str
    n: int
    before: float
    now: float
    difference: Interval
    p: float
    worse: bool


@dataclass(frozen=True, slots=True)
class LostRow:
    """A label that was right and is wrong now."""

    set: str
    id: str
    target: str
    gold: str
    now: str


@dataclass(frozen=True, slots=True)
class GateResults:
    """The outcome of a gate.

    Attributes:
        accepted: where the predictions come from that those of today are compared with.
        code: of today.
        checkpoint: of today.
        changes: by set and label; empty where there was nothing to compare with.
        lost: labels that were right and are wrong now.
        stored: whether the predictions of today were accepted.
    """

    accepted: Accepted
    code: CodeFacts
    checkpoint: CheckpointInfo
    changes: tuple[Change, ...]
    lost: tuple[LostRow, ...] = ()
    stored: bool = False

    @property
    def fails(self) -> bool:
        """Whether something got worse and was not accepted."""
        return not self.stored and any(change.worse for change in self.changes)


def run_gate(config: GateConfig, request: Request) -> GateResults:
    """Predict the sets, and compare with the accepted predictions or take their place.

    Raises:
        ConfigError: ``--data`` is given.
        DataError: a set is missing or damaged; without ``--accept``, there are no accepted
            predictions, or they are of other sets or of other rows.
        ModelLoadError: the checkpoint is missing or damaged.
    """
    if request.data:
        raise ConfigError("task gate takes no --data: its sets are those of its config")
    sets, _ = load_sets(EvalConfig(sets=config.sets), request.config, [])
    file = Path(os.path.normpath(request.config.parent / config.baseline))
    data = {part.name: describe_file(part.file) for part in sets}
    earlier = None
    try:
        earlier = _read(file, sets, data)
    except DataError as error:
        if not request.accept:
            raise
        request.say(f"nothing to compare with: {error}")
    classifier = request.classifier(request.checkpoint or config.checkpoint)
    rows: list[ScoredRow] = []
    for part in sets:
        request.say(f"{part.name}: {len(part.rows)} rows")
        rows += predict_set(
            part, classifier, batch_size=config.batch_size, ablation=False, baselines=False
        )
    today = Accepted(code_facts(), without_folder(classifier.info), data)
    results = GateResults(
        accepted=earlier[0] if earlier else today,
        code=today.code,
        checkpoint=today.checkpoint,
        changes=_compare(rows, earlier[1], config) if earlier else (),
        lost=_lost(rows, earlier[1]) if earlier else (),
        stored=request.accept,
    )
    if request.accept:
        cells = [(*_key(row), *_now(row).values()) for row in rows]
        texts = {file.name: csv_text(COLUMNS, cells), _facts(file).name: results_json(today)}
        write_files(file.parent, texts)
    write_files(request.folder, {RESULTS: results_json(results)})
    return results


def _facts(file: Path) -> Path:
    return file.with_suffix(".json")


def _gold(row: ScoredRow) -> Answer:
    return {"stance": row.gold.stance, "sentiment": row.gold.sentiment}


def _now(row: ScoredRow) -> Answer:
    return {"stance": row.stance, "sentiment": row.sentiment}


def _key(row: ScoredRow) -> Key:
    return row.set, row.gold.id, row.gold.target


def _read(
    file: Path, sets: Sequence[LabelledSet], data: dict[str, DataFile]
) -> tuple[Accepted, dict[Key, Answer]]:
    """The accepted predictions.

    Raises:
        DataError: they are missing, damaged or of other rows.
    """
    try:
        record = read_json_object(_facts(file))
        record.pop("format", None)
        accepted = from_record(record, Accepted, where=str(_facts(file)))
        answers: dict[Key, Answer] = {}
        for number, cells in enumerate(stored_cells(file, COLUMNS), start=1):
            where = f"{file.name}, row {number}"
            answers[cells["set"], cells["id"], cells["target"]] = {
                name: read_cell(kind, cells, name, where) for name, kind in KINDS.items()
            }
        names = dict.fromkeys((*data, *accepted.data))
        other = [name for name in names if data.get(name) != accepted.data.get(name)]
        if other:
            raise DataError(f"{file} is of other rows of {', '.join(other)}")
        if answers.keys() != {(s.name, row.id, row.target) for s in sets for row in s.rows}:
            raise DataError(f"{file} does not hold each row of the sets once")
    except DataError as error:
        raise DataError(
            f"{error}. To compare later predictions with those of today: the same with --accept"
        ) from error
    return accepted, answers


def _compare(
    rows: Sequence[ScoredRow], earlier: Mapping[Key, Answer], config: GateConfig
) -> tuple[Change, ...]:
    names = list(dict.fromkeys(row.set for row in rows))
    found: list[Change] = []
    for name in [*names, ALL] if len(names) > 1 else names:
        part = [row for row in rows if name in (row.set, ALL)]
        for label, kind in KINDS.items():
            labelled = [row for row in part if _gold(row)[label] is not None]
            if labelled:
                found.append(_change(f"{name}: {label}", labelled, label, kind, earlier, config))
    corrected = holm([change.p for change in found])
    return tuple(
        replace(change, p=p, worse=p < config.alpha)
        for change, p in zip(found, corrected, strict=True)
    )


def _change(
    name: str,
    rows: Sequence[ScoredRow],
    label: str,
    kind: type[Stance] | type[Sentiment],
    earlier: Mapping[Key, Answer],
    config: GateConfig,
) -> Change:
    """The comparison of some rows, before Holm's correction."""
    order = list(kind)
    columns: list[LabelArray] = []
    for answers in (map(_gold, rows), map(_now, rows), (earlier[_key(row)] for row in rows)):
        labels = [answer[label] for answer in answers]
        if None in labels:
            raise DataError(f"{name}: predicted then and not now, or now and not then: --accept it")
        columns.append(np.array([order.index(kind(found)) for found in labels], np.int64))
    gold, now, before = columns
    clusters, unit = choose_clusters([r.gold.group for r in rows], [r.gold.text for r in rows])
    difference = paired_difference(
        gold, now, before, clusters=clusters, unit=unit, resamples=1000, seed=config.seed
    )
    return Change(
        name=name,
        n=len(rows),
        before=macro_f1(gold, before, len(order)),
        now=macro_f1(gold, now, len(order)),
        difference=difference.interval,
        p=p_worse(
            gold, before, now, clusters=clusters, resamples=config.resamples, seed=config.seed
        ),
        worse=False,
    )


def _lost(rows: Sequence[ScoredRow], earlier: Mapping[Key, Answer]) -> tuple[LostRow, ...]:
    return tuple(
        LostRow(row.set, row.gold.id, row.gold.target, str(gold), str(_now(row)[label]))
        for row in rows
        for label, gold in _gold(row).items()
        if gold is not None and earlier[_key(row)][label] == gold != _now(row)[label]
    )


def show_gate(console: Console, results: GateResults, limit: int) -> None:
    """Print the comparison, at most ``limit`` rows that were lost, and the verdict."""
    then, now = results.accepted, results
    for when, code, checkpoint in (
        ("accepted", then.code, then.checkpoint),
        ("today", now.code, now.checkpoint),
    ):
        weights = (checkpoint.sha256 or "")[:12]
        console.print(f"{when}: {checkpoint.name} {weights}, code {code.commit or code.version}")
    table = Table(box=None, pad_edge=False)
    for position, column in enumerate(("macro F1", "n", "accepted", "today", "change", "p", "")):
        table.add_column(column, justify="right" if position else "left")
    for change in results.changes:
        verdict = Text("worse", style="red") if change.worse else Text("")
        cells = (change.name, str(change.n), number(change.before), number(change.now))
        table.add_row(*cells, interval(change.difference), number(change.p), verdict)
    if results.changes:
        console.print(table)
        console.print("[95 % intervals; p: one-sided, corrected for all lines (Holm)]", style="dim")
    for row in results.lost[:limit]:
        console.print(f"lost: {row.set} {row.id}, {row.target}: {row.gold}, now {row.now}")
    if len(results.lost) > limit:
        console.print(f"and {len(results.lost) - limit} more")
    if results.stored:
        console.print("Accepted: later predictions are compared with these.")
    elif results.fails:
        console.print("Something got worse by more than chance. If that is meant: --accept.")
    else:
        console.print("Nothing got worse by more than chance.")
