"""Two stored evaluations of the same rows: what got better, what worse, and whether it is noise."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.comparison import Comparison, compare_answers, corrected
from stance.evaluation.metrics import class_scores
from stance.evaluation.predictions import PREDICTIONS, ScoredRow, read_predictions
from stance.evaluation.provenance import Say, code_facts, config_hash, describe_file, guard_output
from stance.evaluation.report import report_files
from stance.evaluation.resampling import Interval, bootstrap_interval
from stance.evaluation.result_files import RESULTS, read_run
from stance.evaluation.row_arrays import CLASSES, draws_of, indices
from stance.evaluation.run_facts import RunFacts, ScoringSettings
from stance.files import locked, write_files
from stance.labels import Stance

logger = logging.getLogger(__name__)
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A row that one of the two has right and the other wrong.

    Attributes:
        id: of the row.
        target: what the stance is toward.
        text: the statement.
        context: around it, or ``""``.
        speaker: who said it, or None.
        gold: gold stance.
        before: stance in the first run.
        after: stance in the second.
        probabilities: of the second, by stance; empty where it gives none.
    """

    id: str
    target: str
    text: str
    context: str
    speaker: str | None
    gold: str
    before: str
    after: str
    probabilities: dict[str, float]


@dataclass(frozen=True, slots=True)
class PartComparison:
    """Two runs on the rows of one set.

    Attributes:
        title: of the set.
        before: macro F1 of the first run.
        after: macro F1 of the second.
        test: second - first.
        f1: by class, in the first and in the second run; None where gold lacks the class.
        better: rows that are right now.
        worse: rows that were right before.
        other_errors: rows that are wrong in both, each time with another label.
    """

    title: str
    before: Interval
    after: Interval
    test: Comparison
    f1: dict[str, tuple[float, float] | None]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    other_errors: int


@dataclass(frozen=True, slots=True)
class ComparedRuns:
    """What two stored runs come to.

    Attributes:
        run: where this comes from.
        first: name of the first run, and ``second`` of the other.
        second: see there.
        parts: one for each set.
    """

    run: RunFacts
    first: str
    second: str
    parts: tuple[PartComparison, ...]


def compare_runs(
    first: Path,
    second: Path,
    output: Path | None = None,
    *,
    overwrite: bool = False,
    say: Say = logger.info,
) -> ComparedRuns:
    """Compare the stored predictions of two evaluations.

    Rows are the same where set, id and target are. Rows that only one of the runs has, or whose
    gold stance differs, are left out and counted in the notes. Intervals are drawn as the second
    run draws its own.

    Args:
        first: folder of a run, with ``predictions.csv`` and ``results.json``.
        second: folder of another.
        output: gets ``report.html``, ``report.md`` and ``results.json``, or None.
        overwrite: replace another run there.
        say: told what is left out and replaced.

    Raises:
        DataError: a folder holds no stance run, one id has other words in the two, or they have no
            row in common.
    """
    runs = [read_run(folder) for folder in (first, second)]
    rows = [_stored(folder, run) for folder, run in zip((first, second), runs, strict=True)]
    settings = runs[1].scoring or ScoringSettings()
    names = [f"{letter} ({run.shown})" for letter, run in zip("AB", runs, strict=True)]
    shared, notes = _shared(rows[0], rows[1], names)
    for note in notes:
        say(note)
    sets = list(dict.fromkeys(key[0] for key in shared))
    parts = [
        _part(name, [key for key in shared if key[0] == name], rows, names, settings)
        for name in sets
    ]
    tests = corrected([part.test for part in parts])
    facts = RunFacts(
        name=f"{first.name} and {second.name}",
        task="comparison",
        config_hash=config_hash(settings),
        data={
            letter: describe_file(folder / PREDICTIONS)
            for letter, folder in zip("AB", (first, second), strict=True)
        },
        code=code_facts(),
        requested=", ".join(names),
        checkpoint=None,
        seed=settings.seed,
        scoring=settings,
        notes=tuple(notes),
    )
    tested = [replace(part, test=test) for part, test in zip(parts, tests, strict=True)]
    results = ComparedRuns(facts, names[0], names[1], tuple(tested))
    if output is not None:
        with locked(output / RESULTS):
            guard_output(output, facts, overwrite=overwrite, say=say)
            write_files(output, report_files("comparison", results, facts, {"results": results}))
    return results


def _stored(folder: Path, run: RunFacts) -> dict[Key, ScoredRow]:
    if run.task != "stance":
        raise DataError(f"{folder} holds a run of task {run.task!r}: give two of `stance evaluate`")
    rows = read_predictions(folder / PREDICTIONS, rows=run.rows)
    return {
        (row.set, row.gold.id, row.gold.target): row for row in rows if row.gold.stance is not None
    }


def _shared(
    first: Mapping[Key, ScoredRow], second: Mapping[Key, ScoredRow], names: Sequence[str]
) -> tuple[list[Key], list[str]]:
    """The rows of both, and what is left out."""
    both = [key for key in first if key in second]
    for key in both:
        if first[key].gold.text != second[key].gold.text:
            raise DataError(
                f"row {key[1]!r} of {key[0]} has other words in the two runs: are these the same "
                "statements?"
            )
    same = [key for key in both if first[key].gold.stance is second[key].gold.stance]
    if not same:
        raise DataError(
            "the two runs have no row in common (set, id and target): evaluate both on one file"
        )
    notes = [
        f"left out: {count} {'row' if count == 1 else 'rows'} {why}"
        for count, why in (
            (len(first) - len(both), f"of {names[0]} alone"),
            (len(second) - len(both), f"of {names[1]} alone"),
            (len(both) - len(same), "whose gold stance differs"),
        )
        if count
    ]
    return same, notes


def _part(
    title: str,
    keys: Sequence[Key],
    rows: Sequence[Mapping[Key, ScoredRow]],
    names: Sequence[str],
    settings: ScoringSettings,
) -> PartComparison:
    one, other = ([run[key] for key in keys] for run in rows)
    gold = indices(Stance, [row.gold.stance for row in one])
    before, after = (indices(Stance, [row.stance for row in run]) for run in (one, other))
    draws = draws_of(other, settings)
    scores = [class_scores(gold, labels, CLASSES) for labels in (before, after)]
    changes: dict[str, list[Change]] = {"better": [], "worse": []}
    moved = 0
    for was, now in zip(one, other, strict=True):
        right = (was.stance is was.gold.stance, now.stance is was.gold.stance)
        if right[0] != right[1]:
            changes["better" if right[1] else "worse"].append(_change(was, now))
        elif not right[0] and was.stance is not now.stance:
            moved += 1
    return PartComparison(
        title=title,
        before=bootstrap_interval(gold, before, **draws),
        after=bootstrap_interval(gold, after, **draws),
        test=compare_answers(names[1], names[0], gold, (after, before), **draws),
        f1={
            str(label): (scores[0][c].f1, scores[1][c].f1) if scores[0][c].support else None
            for c, label in enumerate(Stance)
        },
        better=tuple(changes["better"]),
        worse=tuple(changes["worse"]),
        other_errors=moved,
    )


def _change(was: ScoredRow, now: ScoredRow) -> Change:
    values = now.stance_probabilities or ()
    return Change(
        id=now.gold.id,
        target=now.gold.target,
        text=now.gold.text,
        context=now.gold.context,
        speaker=now.gold.speaker,
        gold=str(now.gold.stance),
        before=str(was.stance),
        after=str(now.stance),
        probabilities={
            str(label): round(value, 4) for label, value in zip(Stance, values, strict=False)
        },
    )
