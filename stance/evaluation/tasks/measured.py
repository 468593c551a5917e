"""Results that are one table of measures, and how they are stored and reported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stance.evaluation.report import report_files
from stance.evaluation.resampling import Interval
from stance.evaluation.result_files import read_results
from stance.evaluation.run_facts import RunFacts
from stance.files import write_files


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table.

    Attributes:
        name: what is measured.
        n: of how many.
        value: with its interval.
        difference: from the value of all, or None where there is nothing to compare with.
    """

    name: str
    n: int
    value: Interval
    difference: Interval | None = None


@dataclass(frozen=True, slots=True)
class MeasuredResults:
    """The results of an evaluation that gives one table.

    Attributes:
        run: where they come from.
        caption: what the table shows.
        notes: sentences that stand below it.
        measures: its lines.
    """

    run: RunFacts
    caption: str
    notes: tuple[str, ...]
    measures: tuple[Measure, ...]


def write_measured(folder: Path, results: MeasuredResults) -> MeasuredResults:
    """Write ``results.json``, ``report.md`` and ``report.html``; returns the results.

    Raises:
        DataError: the folder cannot be written.
    """
    shown = {"results": results, "compared": any(m.difference for m in results.measures)}
    write_files(folder, report_files("measured", results, results.run, shown))
    return results


def rebuild_measured(folder: Path) -> MeasuredResults:
    """Make the report anew from the stored results.

    Raises:
        DataError: ``results.json`` is missing or damaged.
    """
    return write_measured(folder, read_results(folder, MeasuredResults))
