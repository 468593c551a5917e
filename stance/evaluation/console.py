"""Results -> tables on a console that the caller gives."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from stance.evaluation.console_tables import result_table, show_not_run
from stance.evaluation.results import (
    ContextScores,
    LabelScores,
    SetResult,
    SignAgreement,
    SliceScores,
    StanceResults,
    StanceScores,
)
from stance.evaluation.run_facts import ScoringSettings
from stance.evaluation.tasks.compare import ComparedRuns
from stance.evaluation.wording import (
    BASELINE_NAMES,
    DASH,
    class_shares,
    counted,
    headline,
    interval,
    lacks_shares,
    number,
    number_of,
    p_value,
    power_sentence,
    units,
)
from stance.labels import Stance

_SHORT = {
    "majority": "majority",
    "neutral": "all neutral",
    "sentiment": "sentiment",
    "gold-sentiment": "gold sent.",
    "tfidf": "TF-IDF",
    "tfidf-cv": "TF-IDF cv",
}


def show_stance(console: Console, results: StanceResults, errors: int) -> None:
    """Print the headline of a stance evaluation and at most ``errors`` errors, worst first."""
    sets = results.parts
    system = (results.run.scoring or ScoringSettings()).system
    for part in sets:
        if part.stance is not None:
            console.print(Text(headline(part, system)))
    stances = [(part.title, part.stance) for part in sets if part.stance is not None]
    if len(stances) == 1:
        _show_one(console, *stances[0])
    elif stances:
        _show_many(console, stances)
    for part in sets:
        if part.stance is not None:
            _show_systems(console, part.title, part.stance)
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
    show_not_run(console, results.run.not_run)
    _show_errors(console, results.sets, errors)


def _show_one(console: Console, title: str, scores: StanceScores) -> None:
    s = scores.overall
    table = result_table(console, f"Stance: {title}, n = {s.n}", "", "value", "compare")
    table.add_row("accuracy", interval(s.accuracy))
    table.add_row("macro F1", interval(s.macro_f1))
    for name, item in s.baselines.items():
        text = f"{interval(item.macro_f1)}, accuracy {number(item.accuracy)}"
        table.add_row(f"  {BASELINE_NAMES[name]}", "", text)
    table.add_row("mean F1 of favor and against", number(scores.mean_f1_favor_against))
    table.add_row("wrong sides", str(scores.wrong_sides), f"of {scores.sided} favor or against")
    table.add_row("false sides", str(scores.false_sides), f"of {scores.neutral} neutral")
    table.add_row("Brier score", interval(s.brier))
    note = "" if s.ece_before is None else f"before calibration {number(s.ece_before)}"
    table.add_row("ECE", number(s.ece), note)
    if scores.several_targets:
        several = scores.several_targets
        table.add_row(
            "right for all targets",
            number(several.all_right),
            f"of {several.n} statements with several targets",
        )
    console.print(table)
    if scores.power is not None:
        console.print(Text(power_sentence(scores.power), style="dim"))
    of = s.macro_f1
    console.print(
        Text(
            f"[{100 * of.level:g} % bootstrap intervals over {units(of)}]",
            style="dim",
        )
    )
    classes = result_table(
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
        classes.add_row(name, *map(str, counts), *class_shares(c))
    console.print(classes)
    if s.absent:
        console.print(f"Absent from gold, left out of macro F1: {', '.join(s.absent)}.")
    if any(lacks_shares(c) for c in s.classes.values()):
        console.print(DASH)


def _show_systems(console: Console, title: str, scores: StanceScores) -> None:
    """Several systems side by side, each two compared, and what the rows can show."""
    systems = scores.systems
    if len(systems) > 1:
        caption = f"\nSystems side by side: {title}"
        table = result_table(console, caption, "", *(item.system for item in systems))
        table.add_row("rows answered", *(str(item.n) for item in systems))
        for name in systems[0].measures:
            found = [item.measures[name] for item in systems]
            table.add_row(name, *(interval(value) if value else "not defined" for value in found))
        table.add_row("ECE", *(number(item.ece) for item in systems))
        console.print(table)
    if scores.comparisons:
        columns = ("n", "macro F1, first - second", "p, Holm", "p of McNemar, Holm")
        table = result_table(console, "\nBetter, or noise?", "systems", *columns)
        for pair in scores.comparisons:
            shares = [p_value(pair.p_holm), p_value(pair.mcnemar_holm)]
            cells = [str(pair.n), interval(pair.macro_f1), *shares]
            table.add_row(f"{pair.first} - {pair.second}", *cells)
        console.print(table)
        for pair in scores.comparisons:
            console.print(Text(f"{pair.first} and {pair.second}: {pair.verdict}."))


def _show_many(console: Console, sets: Sequence[tuple[str, StanceScores]]) -> None:
    table = result_table(
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
            number_of(s.brier),
            number(s.ece_before),
            number(s.ece),
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
    table = result_table(console, "\nSentiment: macro F1", *columns)
    for title, s in sets:
        table.add_row(
            title,
            str(s.n),
            interval(s.macro_f1),
            number(s.accuracy.value),
            number(s.ece),
            *(_baseline(s, name) for name in ("majority", "tfidf")),
        )
    console.print(table)


def _show_agreement(console: Console, sets: Sequence[tuple[str, SignAgreement]]) -> None:
    if not any(found.gold for _, found in sets):
        return
    table = result_table(
        console, "\nStance and sentiment of one sign", "set", "n", "predicted", "gold"
    )
    for title, found in sets:
        if found.gold is not None:
            shares = [number(found.predicted.share), number(found.gold.share)]
            table.add_row(title, str(found.predicted.n), *shares)
    console.print(table)


def _show_context(console: Console, sets: Sequence[tuple[str, ContextScores]]) -> None:
    if not sets:
        return
    columns = ("set", "n", "with", "without", "difference", "to right", "to wrong")
    table = result_table(console, "\nContext: macro F1 with and without", *columns)
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
    table = result_table(console, "\nPrediction sets: share that holds the gold stance", *columns)
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
    table = result_table(console, caption, *columns, "false sides", "ECE", "drawn")
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
            units(s.macro_f1),
        )
    console.print(table)


def _show_errors(console: Console, sets: Sequence[SetResult], limit: int) -> None:
    listed = [(part.title, error) for part in sets for error in part.errors]
    listed.sort(key=lambda item: str(Stance.NEUTRAL) in (item[1].gold, item[1].predicted))
    total = sum(part.n_errors for part in sets)
    console.print(Text("\n" + counted(total, "error"), style="bold"))
    for title, error in listed[:limit]:
        line = Text(f"{title}, {error.id}, toward {error.target!r}: ", style="dim")
        line.append(f"gold {error.gold}, predicted {error.predicted}", style="bold")
        if error.confidence is not None:
            line.append(f" ({error.confidence:.2f})")
        for name, label in error.others.items():
            line.append(f", {name} {label}", style="dim")
        console.print(line)
        console.print(Text("  " + error.text))
        if error.context:
            console.print(Text("  context: " + error.context, style="dim"))
    shown = min(len(listed), limit)
    if total > shown:
        console.print(Text(f"… {total - shown} more in predictions.csv", style="dim"))


def show_comparison(console: Console, results: ComparedRuns, most: int) -> None:
    """Print what two runs come to, and at most ``most`` rows that got better, and worse."""
    console.print(Text(f"{results.first} and {results.second}", style="bold"))
    columns = ("n", "A", "B", "B - A", "p, Holm", "better", "worse", "p of McNemar, Holm")
    table = result_table(console, "\nMacro F1", "set", *columns)
    for part in results.parts:
        test = part.test
        scores = [interval(value) for value in (part.before, part.after, test.macro_f1)]
        counts = [str(len(part.better)), str(len(part.worse))]
        cells = [str(test.n), *scores, p_value(test.p_holm), *counts, p_value(test.mcnemar_holm)]
        table.add_row(part.title, *cells)
    console.print(table)
    for part in results.parts:
        console.print(Text(f"{part.title}: {part.test.verdict}."))
    for title, parts in (
        ("better", [(part.title, row) for part in results.parts for row in part.better]),
        ("worse", [(part.title, row) for part in results.parts for row in part.worse]),
    ):
        console.print(Text(f"\n{len(parts)} rows got {title}", style="bold"))
        for name, row in parts[:most]:
            line = Text(f"{name}, {row.id}, toward {row.target!r}: ", style="dim")
            line.append(f"gold {row.gold}, before {row.before}, now {row.after}", style="bold")
            console.print(line)
            console.print(Text("  " + row.text))
