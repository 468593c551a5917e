"""What to say beside a group's figures where they cannot be relied on."""

from __future__ import annotations

from collections.abc import Mapping

from stance.evaluation.prevalence.coverage import GRID, NEAR, nearest_cell
from stance.evaluation.prevalence.grouping import Arrays
from stance.evaluation.prevalence.intervals import IntervalMethod
from stance.evaluation.prevalence.results import ClassShares, Design
from stance.labels import Stance

_NO_GAIN = 1.05


def group_cautions(
    part: Arrays,
    classes: Mapping[str, ClassShares],
    *,
    design: Design,
    method: IntervalMethod,
    clusters: int,
    drawn_clusters: int,
    unit: str,
) -> tuple[str, ...]:
    """Plain sentences.

    Args:
        part: the statements of the group.
        classes: its shares.
        design: how labels were drawn.
        method: form of the intervals.
        clusters: of the group.
        drawn_clusters: of them with a label.
        unit: column of the clusters, or "".
    """
    labels = int(part.labelled.sum())
    if labels < 2 or drawn_clusters < 2:
        where = f" in {drawn_clusters} {unit}" if unit else ""
        return (
            f"{labels} labels{where} are too few to correct anything: label more of this group.",
        )
    found = []
    if not part.proxy.std(axis=0).any():
        found.append("Every statement has the same prediction, which cannot correct anything.")
    absent = [name for name, shares in classes.items() if _is_absent(part, name)]
    if absent:
        found.append(
            f"No labelled statement is {' or '.join(absent)}: that share rests on few words."
        )
    found += _of_gain(classes, part)
    found += _of_coverage(classes, labels, clusters, design, method)
    return tuple(found)


def _is_absent(part: Arrays, name: str) -> bool:
    return not part.gold[:, list(map(str, Stance)).index(name)].any()


def _of_gain(classes: Mapping[str, ClassShares], part: Arrays) -> list[str]:
    gains = {name: shares.gain for name, shares in classes.items() if shares.gain is not None}
    if part.labelled.all():
        return ["Every statement has a label: there is nothing to correct."]
    little = [name for name, gain in gains.items() if gain < _NO_GAIN]
    if not little:
        return []
    return [
        f"For {', '.join(little)} the predictions add nothing to the labels: correction cannot "
        "help there, more labels can."
    ]


def _of_coverage(
    classes: Mapping[str, ClassShares],
    labels: int,
    clusters: int,
    design: Design,
    method: IntervalMethod,
) -> list[str]:
    """Where intervals of this kind did not hold their level in the simulation."""
    least = {name: values[0] for name, values in GRID.items()}
    if labels < least["labels"] or clusters < least["clusters"]:
        return [
            f"{labels} labels from {clusters} clusters are fewer than were simulated "
            f"({least['labels']:g} from {least['clusters']:g}): do not rely on the intervals."
        ]
    column = "by design"
    if design == "equal":
        column = "corrected" if method == "wilson" else f"corrected, {method}"
    found = []
    for name, shares in classes.items():
        if shares.corrected is None:
            continue
        cell = nearest_cell(labels, clusters, shares.corrected.value)
        held = cell.coverage[column]
        if not NEAR[0] <= held <= NEAR[1]:
            found.append(
                f"{name}: in a simulation with {cell.labels} labels from {cell.clusters} clusters "
                f"and a share of {cell.share:.0%}, such 95 % intervals held the truth in "
                f"{held:.0%} of cases."
            )
    return found
