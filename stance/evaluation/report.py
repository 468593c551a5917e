"""Results -> ``report.md`` and ``report.html``, beside ``results.json``. Needs no model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from stance.evaluation import figures
from stance.evaluation.predictions import (
    PREDICTIONS,
    ScoredRow,
    predictions_csv,
    read_predictions,
)
from stance.evaluation.provenance import stored_run
from stance.evaluation.result_files import RESULTS, results_json
from stance.evaluation.results import SetResult, StanceResults
from stance.evaluation.run_facts import RunFacts, ScoringSettings
from stance.evaluation.scoring import MAX_ERRORS, score_pooled, score_rows
from stance.evaluation.slices import score_slices
from stance.evaluation.wording import (
    BASELINE_NAMES,
    DASH,
    class_shares,
    headline,
    interval,
    lacks_shares,
    number,
    number_of,
    p_value,
    power_sentence,
    units,
)
from stance.files import write_files
from stance.report import content_policy
from stance.texts import shown_on_page, visible

NO_BREAK = "\N{NO-BREAK SPACE}"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def build_results(rows: Sequence[ScoredRow], facts: RunFacts) -> StanceResults:
    """Score the predictions of a run."""
    settings = facts.scoring or ScoringSettings()
    pooled = score_pooled(rows, settings) if settings.pooled else None
    return StanceResults(facts, score_rows(rows, settings), pooled, score_slices(rows, settings))


def write_report(folder: Path, rows: Sequence[ScoredRow], facts: RunFacts) -> StanceResults:
    """Write all four files of a stance run; returns the results.

    Raises:
        DataError: the folder cannot be written.
    """
    results = build_results(rows, replace(facts, rows=len(rows)))
    write_files(folder, {PREDICTIONS: predictions_csv(rows), **_report_files(results)})
    return results


def rebuild_report(folder: Path) -> StanceResults:
    """Make report and results anew from the stored predictions of a stance run.

    Raises:
        DataError: ``predictions.csv`` or ``results.json`` is missing or damaged, or the first holds
            another number of rows than the second says.
    """
    facts = stored_run(folder)
    results = build_results(read_predictions(folder / PREDICTIONS, rows=facts.rows), facts)
    write_files(folder, _report_files(results))
    return results


def _report_files(results: StanceResults) -> dict[str, str]:
    parts = [part for part in results.parts if part.stance is not None]
    ran = {name for part in parts if part.stance for name in part.stance.overall.baselines}
    system = (results.run.scoring or ScoringSettings()).system
    shown = {
        "parts": results.parts,
        "sets": results.sets,
        "slices": results.slices,
        "drawings": [_drawings(part, system) for part in results.sets],
        "headlines": [(part.title, headline(part, system)) for part in parts],
        "baseline_names": {key: name for key, name in BASELINE_NAMES.items() if key in ran},
        "power_of": power_sentence,
        "max_errors": MAX_ERRORS,
    }
    return report_files("stance", results, results.run, shown)


def _drawings(part: SetResult, system: str) -> list[tuple[str, Markup]]:
    if part.stance is None:
        return []
    scores = part.stance.overall
    compared = [
        (item.system, found, "after")
        for item in part.stance.systems
        if (found := item.measures["macro F1"]) is not None
    ] + [(BASELINE_NAMES[name], item.macro_f1, "other") for name, item in scores.baselines.items()]
    drawn = [
        ("Macro F1, baselines in grey", figures.scores_svg(compared, "macro F1")),
        (f"Confusion matrix, {system}", figures.confusion_svg(scores.confusion, scores.labels)),
    ]
    calibration = scores.calibration
    if calibration is not None:
        bins = figures.reliability_svg(calibration.bins_after, calibration.bins_before)
        curve = figures.risk_coverage_svg(scores.risk_coverage)
        drawn += [(f"Reliability, {system}", bins), (f"Risk and coverage, {system}", curve)]
    return drawn


def report_files(
    template: str, results: object, run: RunFacts, shown: Mapping[str, object]
) -> dict[str, str]:
    """The texts of ``results.json``, ``report.md`` and ``report.html``.

    Args:
        template: name of the pair of templates.
        results: a results record, for the JSON.
        run: its facts.
        shown: what else the templates read.
    """
    environment = make_environment()
    style = files("stance.evaluation").joinpath("templates", "report.css").read_text("utf-8")
    page = {"run": run, "style": Markup(style), "policy": content_policy(style), **shown}
    made = {RESULTS: results_json(results)}
    for ending in ("md", "html"):
        made[f"report.{ending}"] = environment.get_template(f"{template}.{ending}.j2").render(page)
    return made


def make_environment() -> Environment:
    """Jinja environment: HTML is escaped by itself, Markdown through the filter ``md``."""
    environment = Environment(
        loader=PackageLoader("stance.evaluation"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        finalize=shown_on_page,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["md"] = escape_markdown
    environment.filters["f3"] = number
    environment.filters["interval"] = interval
    environment.filters["units"] = units
    environment.filters["unbroken"] = unbroken
    environment.filters["class_shares"] = class_shares
    environment.tests["lacking_shares"] = lacks_shares
    environment.globals["dash"] = DASH
    environment.filters["number_of"] = number_of
    environment.filters["p_value"] = p_value
    return environment


def unbroken(value: str) -> str:
    """``37.2 % [27.5, 48.0]``, which a narrow cell breaks before the bracket alone."""
    share, bracket, ends = value.partition(" [")
    return f"{share.replace(' ', NO_BREAK)}{bracket}{ends.replace(' ', NO_BREAK)}"


def escape_markdown(value: object) -> str:
    """Text that Markdown shows as it is, on one line, also in a table cell."""
    text = " ".join(visible(str(value)).split())
    return _MARKDOWN.sub(r"\\\1", text).replace("&", "&amp;")
