"""Results in words: numbers with their intervals, the headline, and what the rows can show."""

from __future__ import annotations

from stance.evaluation.metrics import ClassScores
from stance.evaluation.power import Power
from stance.evaluation.resampling import MIN_CLUSTERS, Interval
from stance.evaluation.results import SetResult

BASELINE_NAMES = {
    "majority": "majority",
    "neutral": "always neutral",
    "sentiment": "sentiment as stance",
    "gold-sentiment": "gold sentiment as stance",
    "vader": "VADER as stance",
    "tfidf": "TF-IDF + logistic regression",
    "tfidf-cv": "TF-IDF + logistic regression, cross-validated",
    "statement-cv": "statement only, cross-validated",
    "target-cv": "target only, cross-validated",
}

DASH = "– is not defined: no row is of the stance, or none was predicted as it."


def headline(part: SetResult, system: str) -> str:
    """What the scores of a set come to, in a few sentences.

    Args:
        part: scores with a stance.
        system: what the evaluated system is called.

    Raises:
        ValueError: the set has no stance.
    """
    if part.stance is None:
        raise ValueError(f"{part.title} has no scores of stance")
    s = part.stance.overall
    right = s.n - part.n_errors
    said = f"{system} has {right} of {s.n} right: macro F1 {interval(s.macro_f1)}."
    if s.baselines:
        name, best = max(s.baselines.items(), key=lambda item: item[1].macro_f1.value)
        gap = best.model_minus_baseline
        verdict = "better by" if gap.value > 0 else "worse by" if gap.value < 0 else "no better:"
        noise = "" if gap.low > 0 or gap.high <= 0 else ", which may be noise"
        said += (
            f" The best baseline, {BASELINE_NAMES[name]}, reaches {number_of(best.macro_f1)}: "
            f"{system} is {verdict} {interval(gap)}{noise}."
        )
    if s.absent:
        said += f" Absent from gold, and left out of macro F1: {', '.join(s.absent)}."
    if s.macro_f1.clusters < MIN_CLUSTERS:
        few = "is" if s.macro_f1.clusters == 1 else "are"
        said += f" {units(s.macro_f1)} {few} too few for an interval to hold."
    others = [item for item in part.stance.comparisons if system in (item.first, item.second)]
    for item in others:
        other = item.second if item.first == system else item.first
        said += f" Against {other}: {item.verdict}."
    return said


def power_sentence(power: Power) -> str:
    """What rows can show of two systems, and what it takes to show more."""
    worth = ""
    if power.effective < power.rows:
        worth = f", which tell as much as {power.effective} of as many articles,"
    shown = [
        f"{difference:.3f} where one system alone is right on {apart} of them"
        for apart, difference in power.detectable.items()
        if difference is not None
    ]
    needed = ", ".join(
        f"{difference} takes {rows:,} rows" for difference, rows in power.needed.items()
    )
    can = "can show no difference between two systems"
    if shown:
        can = f"would show a difference in accuracy of {', of '.join(shown)}"
    return (
        f"{counted(power.rows, 'row')}{worth} {can}, in four of five samples. With one system "
        f"alone right on 20 %, a difference of {needed}."
    )


def counted(count: int, unit: str) -> str:
    """``1 row``, ``12 rows``."""
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def units(value: Interval) -> str:
    """What an interval was drawn from: ``12 articles``."""
    return counted(value.clusters, value.unit)


def lacks_shares(scores: ClassScores) -> bool:
    """Whether some of :func:`class_shares` is not defined."""
    return not scores.predicted or not scores.support


def class_shares(scores: ClassScores) -> list[str]:
    """Precision, recall and F1; a dash where nothing was predicted, or nothing is gold."""
    return [
        number(scores.precision if scores.predicted else None),
        number(scores.recall if scores.support else None),
        number(scores.f1 if scores.support else None),
    ]


def number(value: float | None) -> str:
    """Three decimals, or a dash for None."""
    return "–" if value is None else f"{value:.3f}"


def p_value(value: float) -> str:
    """Three decimals, or ``<0.001``."""
    return "<0.001" if value < 0.001 else number(value)


def number_of(value: Interval | None) -> str:
    """Three decimals of the value without its interval, or a dash for None."""
    return number(None if value is None else value.value)


def interval(value: Interval | None) -> str:
    """``0.812 [0.790, 0.835]``; a dash for None, and no interval of a single cluster."""
    if value is None:
        return "–"
    if value.clusters < 2:
        return f"{value.value:.3f} (one {value.unit})"
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"
