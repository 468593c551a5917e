"""Stored predictions and results -> report.md, report.html, results.json. Needs no model."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eval import figures
from eval.predictions import STANCES, ScoredItem, read_predictions, write_predictions
from eval.provenance import stored_run
from eval.scoring import ScoringConfig, score_rows
from stance.errors import DataError

FORMAT = 1
TEMPLATES = Path(__file__).resolve().parent / "templates"
MAX_ERRORS = 300
BASELINE_NAMES = {
    "majority": "majority",
    "sentiment": "tone as stance",
    "gold-sentiment": "gold tone as stance",
    "tfidf": "TF-IDF + logistic regression",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def write_report(folder: Path, rows: Sequence[ScoredItem], facts: dict[str, Any]) -> dict[str, Any]:
    """Write all four files of a stance run.

    Args:
        folder: made if it is not there.
        rows: the run's predictions.
        facts: of the run; ``scoring`` holds a ``ScoringConfig`` or its values.

    Returns:
        The results, as written to ``results.json``.

    Raises:
        DataError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_predictions(folder / "predictions.csv", rows)
    except OSError as error:
        raise DataError(f"cannot write the report to {folder}: {error}") from error
    results = build_results(rows, facts)
    write_files(folder, results, "report", view(results))
    return results


def rebuild(folder: Path) -> dict[str, Any]:
    """Make report and results anew from the stored predictions of a stance run.

    Raises:
        DataError: ``predictions.csv`` or ``results.json`` is missing or damaged.
    """
    facts = stored_run(folder)
    results = build_results(read_predictions(folder / "predictions.csv"), facts)
    write_files(folder, results, "report", view(results))
    return results


def build_results(rows: Sequence[ScoredItem], facts: dict[str, Any]) -> dict[str, Any]:
    """Score predictions and list the errors, at most ``MAX_ERRORS`` of a block.

    Raises:
        DataError: the stored scoring settings cannot be read.
    """
    scoring = facts.get("scoring") or {}
    try:
        config = scoring if isinstance(scoring, ScoringConfig) else ScoringConfig(**scoring)
    except TypeError as error:
        raise DataError(f"results.json: 'scoring' cannot be read: {error}") from error
    blocks = score_rows(rows, config)
    for block in blocks:
        own = [r for r in rows if r.set == block["set"] and r.gold.source == block["source"]]
        wrong = [r for r in own if r.gold.stance not in (None, r.stance)]
        wrong_tone = [
            r
            for r in own
            if r.gold.sentiment is not None and r.sentiment not in (None, r.gold.sentiment)
        ]
        block["n_errors"], block["n_sentiment_errors"] = len(wrong), len(wrong_tone)
        block["errors"] = [_error(r) for r in wrong[:MAX_ERRORS]]
        block["sentiment_errors"] = [_error(r) for r in wrong_tone[:MAX_ERRORS]]
    run = {**facts, "scoring": dataclasses.asdict(config), "labels": [str(s) for s in STANCES]}
    return {"format": FORMAT, "run": run, "sets": blocks}


def _error(row: ScoredItem) -> dict[str, Any]:
    gold = row.gold
    return {
        "id": gold.id,
        "target": gold.target,
        "text": gold.text,
        "context": gold.context,
        "speaker": gold.speaker,
        "rationale": gold.rationale,
        "gold": None if gold.stance is None else str(gold.stance),
        "predicted": str(row.stance),
        "confidence": round(max(row.stance_probabilities), 4),
        "gold_sentiment": None if gold.sentiment is None else str(gold.sentiment),
        "sentiment": None if row.sentiment is None else str(row.sentiment),
    }


def title(block: dict[str, Any]) -> str:
    """Name of a block: its set, and its source where it has one."""
    source = block["source"]
    return f"{block['set']} · {source}" if source and source != block["set"] else str(block["set"])


def view(results: dict[str, Any]) -> dict[str, Any]:
    """What the stance templates show, with the figures drawn."""
    shown = []
    for block in results["sets"]:
        stance = block.get("stance")
        shown.append(
            {
                **block,
                "title": title(block),
                "figures": []
                if stance is None
                else [
                    (
                        "Confusion matrix",
                        figures.confusion_svg(stance["confusion"], stance["labels"]),
                    ),
                    (
                        "Reliability",
                        figures.reliability_svg(
                            stance["calibration"]["bins_after"],
                            stance["calibration"]["bins_before"],
                        ),
                    ),
                    ("Risk and coverage", figures.risk_coverage_svg(stance["risk_coverage"])),
                ],
            }
        )
    return {
        "run": results["run"],
        "blocks": shown,
        "baseline_names": BASELINE_NAMES,
        "max_errors": MAX_ERRORS,
    }


def write_files(
    folder: Path, results: dict[str, Any], template: str, shown: dict[str, Any]
) -> None:
    """Write results.json, report.md and report.html, each by way of a temporary file.

    Raises:
        DataError: the folder cannot be written.
    """
    environment = make_environment()
    files = {
        "results.json": json.dumps(_plain(results), indent=1, ensure_ascii=False) + "\n",
        "report.md": environment.get_template(f"{template}.md.j2").render(shown),
        "report.html": environment.get_template(f"{template}.html.j2").render(shown),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            part = folder / f".{name}.part"
            part.write_text(text, encoding="utf-8")
            os.replace(part, folder / name)
    except OSError as error:
        raise DataError(f"cannot write the report to {folder}: {error}") from error


def _plain(value: Any) -> Any:
    """Round floats to six decimals and make NaN null, so that the JSON is strict and short."""
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def make_environment() -> Environment:
    """Jinja environment: HTML is escaped by itself, Markdown through the filter ``md``."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["md"] = escape_markdown
    environment.filters["f3"] = number
    environment.filters["interval"] = interval
    return environment


def escape_markdown(value: object) -> str:
    """Text that Markdown shows as it is, on one line, also in a table cell."""
    text = " ".join(str(value).split())
    return _MARKDOWN.sub(r"\\\1", text).replace("&", "&amp;")


def number(value: float | None) -> str:
    """Three decimals, or a dash for None."""
    return "–" if value is None else f"{value:.3f}"


def interval(value: dict[str, Any]) -> str:
    """``0.812 [0.790, 0.835]``."""
    return f"{value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
