"""Results -> tables in the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.report import BASELINE_NAMES, interval, number, title

_SHORT = {
    "majority": "majority",
    "sentiment": "tone",
    "gold-sentiment": "gold tone",
    "tfidf": "TF-IDF",
}


def show_stance(console: Console, results: dict[str, Any], errors: int) -> None:
    """Print the headline of a stance evaluation and at most ``errors`` errors."""
    blocks = results["sets"]
    with_stance = [b for b in blocks if "stance" in b]
    if len(with_stance) == 1:
        _show_one(console, with_stance[0])
    elif with_stance:
        _show_many(console, with_stance)
    _show_tone(console, [b for b in blocks if "sentiment" in b])
    _show_agreement(console, [b for b in blocks if "agreement" in b])
    _show_context(console, [b for b in blocks if "context" in b])
    cut = sum(block["truncated"] for block in blocks)
    if cut:
        console.print(Text(f"{cut} statements were cut to fit the model", style="yellow"))
    for name, why in results["run"].get("not_run", {}).items():
        console.print(Text(f"not run: {name}: {why}", style="yellow"))
    _show_errors(console, with_stance, errors)


def _table(console: Console, caption: str, *columns: str) -> Table:
    console.print(Text(caption, style="bold"))
    table = Table(box=None, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", overflow="fold")
    return table


def _show_one(console: Console, block: dict[str, Any]) -> None:
    s = block["stance"]
    table = _table(console, f"Stance: {title(block)}, n = {s['n']}", "", "value", "compare")
    table.add_row("accuracy", interval(s["accuracy"]))
    table.add_row("macro F1", interval(s["macro_f1"]))
    for name, item in s["baselines"].items():
        text = f"{interval(item['macro_f1'])}, accuracy {number(item['accuracy'])}"
        table.add_row(f"  {BASELINE_NAMES[name]}", "", text)
    table.add_row("mean F1 of favor and against", number(s["mean_f1_favor_against"]))
    table.add_row("Brier score", interval(s["brier"]))
    calibration = s["calibration"]
    before = calibration["ece_before"]
    note = "" if before is None else f"before calibration {number(before)}"
    table.add_row("ECE", number(calibration["ece_after"]), note)
    if s["several_targets"]:
        several = s["several_targets"]
        table.add_row(
            "right for all targets",
            number(several["all_right"]),
            f"of {several['n']:.0f} statements with several targets",
        )
    console.print(table)
    level, of = s["macro_f1"]["level"], s["macro_f1"]
    console.print(
        Text(
            f"[{100 * level:g} % bootstrap intervals over {of['clusters']} {of['unit']}s]",
            style="dim",
        )
    )
    classes = _table(
        console,
        "\nBy class (gold by row, predicted by column)",
        "gold",
        *s["labels"],
        "precision",
        "recall",
        "F1",
    )
    for label, counts in zip(s["labels"], s["confusion"], strict=True):
        c = s["classes"][label]
        name = f"{label} (absent)" if label in s["absent"] else label
        scores = [number(c[key]) for key in ("precision", "recall", "f1")]
        classes.add_row(name, *map(str, counts), *scores)
    console.print(classes)
    if s["absent"]:
        console.print(f"Absent from gold, left out of macro F1: {', '.join(s['absent'])}.")


def _show_many(console: Console, blocks: list[dict[str, Any]]) -> None:
    table = _table(
        console,
        "Stance: macro F1, F1 by class, and macro F1 of the baselines",
        "set",
        "n",
        "macro F1",
        "acc.",
        *("against", "neutral", "favor"),
        "Brier",
        "ECE before",
        "ECE",
        *_SHORT.values(),
    )
    for block in blocks:
        s = block["stance"]
        by_class = [
            "absent" if name in s["absent"] else number(s["classes"][name]["f1"])
            for name in s["labels"]
        ]
        table.add_row(
            title(block),
            str(s["n"]),
            interval(s["macro_f1"]),
            number(s["accuracy"]["value"]),
            *by_class,
            number(s["brier"]["value"]),
            number(s["calibration"]["ece_before"]),
            number(s["calibration"]["ece_after"]),
            *(
                number(s["baselines"][key]["macro_f1"]["value"]) if key in s["baselines"] else "–"
                for key in _SHORT
            ),
        )
    console.print(table)


def _show_tone(console: Console, blocks: list[dict[str, Any]]) -> None:
    if not blocks:
        return
    columns = ("set", "n", "macro F1", "acc.", "ECE", "majority", "TF-IDF")
    table = _table(console, "\nSentiment: macro F1", *columns)
    for block in blocks:
        s = block["sentiment"]
        others = [s["baselines"].get(key) for key in ("majority", "tfidf")]
        table.add_row(
            title(block),
            str(s["n"]),
            interval(s["macro_f1"]),
            number(s["accuracy"]["value"]),
            number(s["calibration"]["ece_after"]),
            *("–" if o is None else number(o["macro_f1"]["value"]) for o in others),
        )
    console.print(table)


def _show_agreement(console: Console, blocks: list[dict[str, Any]]) -> None:
    both = [b for b in blocks if "gold" in b["agreement"]]
    if not both:
        return
    table = _table(console, "\nStance and sentiment of one sign", "set", "n", "predicted", "gold")
    for block in both:
        a = block["agreement"]
        shares = [number(a[key]["share"]) for key in ("predicted", "gold")]
        table.add_row(title(block), f"{a['predicted']['n']:.0f}", *shares)
    console.print(table)


def _show_context(console: Console, blocks: list[dict[str, Any]]) -> None:
    if not blocks:
        return
    columns = ("set", "n", "with", "without", "difference", "to right", "to wrong")
    table = _table(console, "\nContext: macro F1 with and without", *columns)
    for block in blocks:
        c = block["context"]
        table.add_row(
            title(block),
            str(c["n"]),
            number(c["macro_f1_with"]),
            interval(c["macro_f1_without"]),
            interval(c["with_minus_without"]),
            str(c["changed_to_right"]),
            str(c["changed_to_wrong"]),
        )
    console.print(table)


def _show_errors(console: Console, blocks: list[dict[str, Any]], limit: int) -> None:
    listed = [(block, error) for block in blocks for error in block["errors"]]
    total = sum(block["n_errors"] for block in blocks)
    console.print(Text(f"\n{total} errors", style="bold"))
    for block, error in listed[:limit]:
        head = f"{title(block)}, {error['id']}, toward {error['target']!r}: "
        line = Text(head, style="dim")
        line.append(f"gold {error['gold']}, predicted {error['predicted']}", style="bold")
        line.append(f" ({error['confidence']:.2f})")
        console.print(line)
        console.print(Text("  " + error["text"]))
        if error["context"]:
            console.print(Text("  context: " + error["context"], style="dim"))
    shown = min(len(listed), limit)
    if total > shown:
        console.print(Text(f"… {total - shown} more in predictions.csv", style="dim"))


def show_behaviour(console: Console, results: dict[str, Any], errors: int) -> None:
    """Print failure rates by capability and at most ``errors`` failed cases."""
    caption = f"Behaviour: {results['failures']} of {results['cases']} cases fail"
    table = _table(console, caption, "capability", "cases", "failures", "rate", "moved")
    for item in results["capabilities"]:
        counts = [str(item[key]) for key in ("cases", "failures")]
        table.add_row(item["capability"], *counts, number(item["rate"]), str(item["moved"]))
    console.print(table)
    failed = [text for item in results["capabilities"] for text in item["failed"]]
    for text in failed[:errors]:
        console.print(Text(text))
    if len(failed) > errors:
        console.print(Text(f"… {len(failed) - errors} more in report.md", style="dim"))
