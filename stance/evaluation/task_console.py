"""Results of the other tasks -> tables on a console that the caller gives."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from stance.evaluation.console_tables import result_table, show_not_run
from stance.evaluation.tasks.attribution.articles import MODALITIES
from stance.evaluation.tasks.attribution.outcomes import NOT_LISTED
from stance.evaluation.tasks.attribution.scores import AttributionResults
from stance.evaluation.tasks.behaviour.perturbation_run import PerturbationResults
from stance.evaluation.tasks.behaviour.run import BehaviourResults
from stance.evaluation.tasks.measured import MeasuredResults
from stance.evaluation.wording import interval, number


def show_behaviour(console: Console, results: BehaviourResults, errors: int) -> None:
    """Print failure rates by capability and at most ``errors`` failed cases."""
    caption = f"Behaviour: {results.failures} of {results.cases} cases fail"
    table = result_table(console, caption, "capability", "cases", "failures", "rate", "moved")
    for item in results.capabilities:
        counts = [str(item.cases), str(item.failures)]
        table.add_row(item.capability, *counts, number(item.rate), str(item.moved))
    console.print(table)
    failed = [text for item in results.capabilities for text in item.failed]
    for text in failed[:errors]:
        console.print(Text(text))
    if len(failed) > errors:
        console.print(Text(f"… {len(failed) - errors} more in report.md", style="dim"))


def show_perturbations(console: Console, results: PerturbationResults) -> None:
    """Print, for each capability and kind of change, the share that is as expected, and its bar."""
    columns = ("what changes", "cases", "counted", "as expected", "bar", "the answer")
    table = result_table(console, "Perturbed inputs", *columns)
    for c in results.capabilities:
        shown = "–" if c.passed is None else interval(c.passed)
        bar = "–" if c.bar is None else f"≥ {c.bar:.2f}"
        table.add_row(c.capability, str(c.made), str(c.counted), shown, bar, c.expected)
        for part in c.parts:
            table.add_row(f"  {part.part}", "", str(part.counted), interval(part.passed))
    console.print(table)
    show_not_run(console, results.run.not_run)


def show_attribution(
    console: Console, results: AttributionResults, errors: Sequence[str] = ()
) -> None:
    """Print every measure, systems side by side, and the errors that are given in plain lines."""
    for file in results.files:
        single = f", {file.sentences} single sentences" if file.sentences else ""
        caption = f"{file.file}: {file.articles} articles{single}. F1, or what the name says"
        table = result_table(console, caption, "measure", *file.systems)
        systems = file.systems.values()
        for measure in file.measures:
            table.add_row(measure, *(interval(s.measures[measure]) for s in systems))
        table.add_row("articles on which it raises", *(str(s.raised) for s in systems))
        table.add_row("seconds an article, mean", *(number(s.seconds_per_article) for s in systems))
        table.add_row("seconds an article, longest", *(number(s.seconds_longest) for s in systems))
        console.print(table)
        for name, scores in file.systems.items():
            if scores.modality is not None:
                _show_modality(console, name, scores.modality)
        console.print()
    show_not_run(console, results.run.not_run)
    for lines in errors:
        console.print(Text(lines))


def _show_modality(console: Console, name: str, confusion: Sequence[Sequence[int]]) -> None:
    caption = f"\nModality of matched statements, {name} (gold by row, predicted by column)"
    table = result_table(console, caption, "gold", *MODALITIES, NOT_LISTED)
    for label, counts in zip(MODALITIES, confusion, strict=True):
        table.add_row(label, *map(str, counts))
    console.print(table)


def show_measured(console: Console, results: MeasuredResults) -> None:
    """Print the table of an end-to-end or fairness run, and its notes."""
    compared = any(measure.difference for measure in results.measures)
    columns = ("n", "value", "difference from all") if compared else ("n", "value")
    table = result_table(console, results.caption, "", *columns)
    for m in results.measures:
        apart = [interval(m.difference) if m.difference else "–"] if compared else []
        table.add_row(m.name, str(m.n), interval(m.value), *apart)
    console.print(table)
    for note in results.notes:
        console.print(Text(note, style="dim"))
