"""Results -> tables on a console that the caller gives."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.console import PlainConsole
from stance.evaluation.report import BASELINE_NAMES, interval, number
from stance.evaluation.results import (
    ContextScores,
    LabelScores,
    SetResult,
    SignAgreement,
    SliceScores,
    StanceResults,
    StanceScores,
)
from stance.evaluation.tasks.attribution.articles import MODALITIES
from stance.evaluation.tasks.attribution.outcomes import NOT_LISTED
from stance.evaluation.tasks.attribution.scores import AttributionResults
from stance.evaluation.tasks.behaviour.perturbation_run import PerturbationResults
from stance.evaluation.tasks.behaviour.run import BehaviourResults
from stance.evaluation.tasks.measured import MeasuredResults
from stance.labels import Stance

_SHORT = {
    "majority": "majority",
    "neutral": "all neutral",
    "sentiment": "sentiment",
    "gold-sentiment": "gold sent.",
    "tfidf": "TF-IDF",
}


def report_console() -> Console:
    """Standard output: a terminal's width, and wide lines where it is piped."""
    return PlainConsole(width=None if PlainConsole().is_terminal else 180)


def show_stance(console: Console, results: StanceResults, errors: int) -> None:
    """Print the headline of a stance evaluation and at most ``errors`` errors, worst first."""
    sets = results.parts
    stances = [(part.title, part.stance) for part in sets if part.stance is not None]
    if len(stances) == 1:
        _show_one(console, *stances[0])
    elif stances:
        _show_many(console, stances)
    _show_sentiment(console, [(p.title, p.sentiment) for p in sets if p.sentiment is not None])
    _show_agreement(console, [(p.title, p.agreement) for p in sets if p.agreement is not None])
    _show_context(console, [(p.title, p.context) for p in sets if p.context is not None])
    _show_coverage(console, stances)
    _show_slices(console, results.slices)
    cut = sum(part.truncated for part in results.sets)
    if cut:
        console.print(Text(f"{cut} statements were cut to fit the model", style="yellow"))
    abstained = sum(part.abstained for part in results.sets)
    if abstained:
        console.print(Text(f"{abstained} abstentions, counted as neutral", style="yellow"))
    _show_not_run(console, results.run.not_run)
    _show_errors(console, results.sets, errors)


def _show_not_run(console: Console, not_run: dict[str, str]) -> None:
    for name, why in not_run.items():
        console.print(Text(f"not run: {name}: {why}", style="yellow"))


def _table(console: Console, caption: str, *columns: str) -> Table:
    console.print(Text(caption, style="bold"))
    table = Table(box=None, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", overflow="fold")
    return table


def _show_one(console: Console, title: str, scores: StanceScores) -> None:
    s = scores.overall
    table = _table(console, f"Stance: {title}, n = {s.n}", "", "value", "compare")
    table.add_row("accuracy", interval(s.accuracy))
    table.add_row("macro F1", interval(s.macro_f1))
    for name, item in s.baselines.items():
        text = f"{interval(item.macro_f1)}, accuracy {number(item.accuracy)}"
        table.add_row(f"  {BASELINE_NAMES[name]}", "", text)
    table.add_row("mean F1 of favor and against", number(scores.mean_f1_favor_against))
    table.add_row("wrong sides", str(scores.wrong_sides), f"of {scores.sided} favor or against")
    table.add_row("false sides", str(scores.false_sides), f"of {scores.neutral} neutral")
    table.add_row("Brier score", interval(s.brier))
    calibration = s.calibration
    before = calibration.ece_before
    note = "" if before is None else f"before calibration {number(before)}"
    table.add_row("ECE", number(calibration.ece_after), note)
    if scores.several_targets:
        several = scores.several_targets
        table.add_row(
            "right for all targets",
            number(several.all_right),
            f"of {several.n} statements with several targets",
        )
    console.print(table)
    of = s.macro_f1
    console.print(
        Text(
            f"[{100 * of.level:g} % bootstrap intervals over {of.clusters} {of.unit}s]",
            style="dim",
        )
    )
    classes = _table(
        console,
        "\nBy class (gold by row, predicted by column)",
        "gold",
        *s.labels,
        "precision",
        "recall",
        "F1",
    )
    for label, counts in zip(s.labels, s.confusion, strict=True):
        c = s.classes[label]
        name = f"{label} (absent)" if label in s.absent else label
        shares = [number(share) for share in (c.precision, c.recall, c.f1)]
        classes.add_row(name, *map(str, counts), *shares)
    console.print(classes)
    if s.absent:
        console.print(f"Absent from gold, left out of macro F1: {', '.join(s.absent)}.")


def _show_many(console: Console, sets: Sequence[tuple[str, StanceScores]]) -> None:
    table = _table(
        console,
        "Stance: macro F1, F1 by class, and macro F1 of the baselines",
        "set",
        "n",
        "macro F1",
        "acc.",
        *("against", "neutral", "favor"),
        "wrong sides",
        "false sides",
        "Brier",
        "ECE before",
        "ECE",
        *_SHORT.values(),
    )
    for title, scores in sets:
        s = scores.overall
        by_class = [
            "absent" if name in s.absent else number(s.classes[name].f1) for name in s.labels
        ]
        table.add_row(
            title,
            str(s.n),
            interval(s.macro_f1),
            number(s.accuracy.value),
            *by_class,
            f"{scores.wrong_sides}/{scores.sided}",
            f"{scores.false_sides}/{scores.neutral}",
            number(s.brier.value),
            number(s.calibration.ece_before),
            number(s.calibration.ece_after),
            *(_baseline(s, name) for name in _SHORT),
        )
    console.print(table)


def _baseline(scores: LabelScores, name: str) -> str:
    found = scores.baselines.get(name)
    return "–" if found is None else number(found.macro_f1.value)


def _show_sentiment(console: Console, sets: Sequence[tuple[str, LabelScores]]) -> None:
    if not sets:
        return
    columns = ("set", "n", "macro F1", "acc.", "ECE", "majority", "TF-IDF")
    table = _table(console, "\nSentiment: macro F1", *columns)
    for title, s in sets:
        table.add_row(
            title,
            str(s.n),
            interval(s.macro_f1),
            number(s.accuracy.value),
            number(s.calibration.ece_after),
            *(_baseline(s, name) for name in ("majority", "tfidf")),
        )
    console.print(table)


def _show_agreement(console: Console, sets: Sequence[tuple[str, SignAgreement]]) -> None:
    if not any(found.gold for _, found in sets):
        return
    table = _table(console, "\nStance and sentiment of one sign", "set", "n", "predicted", "gold")
    for title, found in sets:
        if found.gold is not None:
            shares = [number(found.predicted.share), number(found.gold.share)]
            table.add_row(title, str(found.predicted.n), *shares)
    console.print(table)


def _show_context(console: Console, sets: Sequence[tuple[str, ContextScores]]) -> None:
    if not sets:
        return
    columns = ("set", "n", "with", "without", "difference", "to right", "to wrong")
    table = _table(console, "\nContext: macro F1 with and without", *columns)
    for title, c in sets:
        table.add_row(
            title,
            str(c.n),
            number(c.macro_f1_with),
            interval(c.macro_f1_without),
            interval(c.with_minus_without),
            str(c.changed_to_right),
            str(c.changed_to_wrong),
        )
    console.print(table)


def _show_coverage(console: Console, sets: Sequence[tuple[str, StanceScores]]) -> None:
    found = [(title, scores.conformal) for title, scores in sets if scores.conformal is not None]
    if not found:
        return
    labels = [str(label) for label in Stance]
    columns = ("set", "asked for", "all", *labels, "labels in a set")
    table = _table(console, "\nPrediction sets: share that holds the gold stance", *columns)
    for title, c in found:
        shares = [
            interval(c.classes[label]) if label in c.classes else "absent" for label in labels
        ]
        table.add_row(title, number(c.nominal), interval(c.observed), *shares, f"{c.mean_size:.2f}")
    console.print(table)


def _show_slices(console: Console, slices: Sequence[SliceScores]) -> None:
    if not slices:
        return
    columns = ("slice", "n", "macro F1", "without context", "all neutral", "acc.", "wrong sides")
    caption = "\nSlices of all sets: macro F1"
    table = _table(console, caption, *columns, "false sides", "ECE", "drawn")
    for s in slices:
        table.add_row(
            f"{s.by}: {s.value}",
            str(s.n),
            interval(s.macro_f1),
            "–" if s.without_context is None else interval(s.without_context),
            number(s.neutral_f1),
            number(s.accuracy),
            f"{s.wrong_sides}/{s.sided}",
            f"{s.false_sides}/{s.neutral}",
            number(s.ece),
            f"{s.macro_f1.clusters} {s.macro_f1.unit}s",
        )
    console.print(table)


def _show_errors(console: Console, sets: Sequence[SetResult], limit: int) -> None:
    listed = [(part.title, error) for part in sets for error in part.errors]
    listed.sort(key=lambda item: str(Stance.NEUTRAL) in (item[1].gold, item[1].predicted))
    total = sum(part.n_errors for part in sets)
    console.print(Text(f"\n{total} errors", style="bold"))
    for title, error in listed[:limit]:
        line = Text(f"{title}, {error.id}, toward {error.target!r}: ", style="dim")
        line.append(f"gold {error.gold}, predicted {error.predicted}", style="bold")
        line.append(f" ({error.confidence:.2f})")
        console.print(line)
        console.print(Text("  " + error.text))
        if error.context:
            console.print(Text("  context: " + error.context, style="dim"))
    shown = min(len(listed), limit)
    if total > shown:
        console.print(Text(f"… {total - shown} more in predictions.csv", style="dim"))


def show_behaviour(console: Console, results: BehaviourResults, errors: int) -> None:
    """Print failure rates by capability and at most ``errors`` failed cases."""
    caption = f"Behaviour: {results.failures} of {results.cases} cases fail"
    table = _table(console, caption, "capability", "cases", "failures", "rate", "moved")
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
    table = _table(console, "Perturbed inputs", *columns)
    for c in results.capabilities:
        shown = "–" if c.passed is None else interval(c.passed)
        bar = "–" if c.bar is None else f"≥ {c.bar:.2f}"
        table.add_row(c.capability, str(c.made), str(c.counted), shown, bar, c.expected)
        for part in c.parts:
            table.add_row(f"  {part.part}", "", str(part.counted), interval(part.passed))
    console.print(table)
    _show_not_run(console, results.run.not_run)


def show_attribution(
    console: Console, results: AttributionResults, errors: Sequence[str] = ()
) -> None:
    """Print every measure, systems side by side, and the errors that are given in plain lines."""
    for file in results.files:
        single = f", {file.sentences} single sentences" if file.sentences else ""
        caption = f"{file.file}: {file.articles} articles{single}. F1, or what the name says"
        table = _table(console, caption, "measure", *file.systems)
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
    _show_not_run(console, results.run.not_run)
    for lines in errors:
        console.print(Text(lines))


def _show_modality(console: Console, name: str, confusion: Sequence[Sequence[int]]) -> None:
    caption = f"\nModality of matched statements, {name} (gold by row, predicted by column)"
    table = _table(console, caption, "gold", *MODALITIES, NOT_LISTED)
    for label, counts in zip(MODALITIES, confusion, strict=True):
        table.add_row(label, *map(str, counts))
    console.print(table)


def show_measured(console: Console, results: MeasuredResults) -> None:
    """Print the table of an end-to-end or fairness run, and its notes."""
    compared = any(measure.difference for measure in results.measures)
    columns = ("n", "value", "difference from all") if compared else ("n", "value")
    table = _table(console, results.caption, "", *columns)
    for m in results.measures:
        apart = [interval(m.difference) if m.difference else "–"] if compared else []
        table.add_row(m.name, str(m.n), interval(m.value), *apart)
    console.print(table)
    for note in results.notes:
        console.print(Text(note, style="dim"))
