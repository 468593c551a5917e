"""Shares of stances by group: naive, from labels alone, and corrected, with their differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np

from stance.errors import DataError
from stance.evaluation.prevalence.cautions import group_cautions
from stance.evaluation.prevalence.estimators import (
    FloatArray,
    ShareEstimate,
    counted_shares,
    estimate_shares,
    sum_rows,
)
from stance.evaluation.prevalence.grouping import (
    UNLIKE_RANDOM,
    Arrays,
    Group,
    find_groups,
    find_unit,
    to_arrays,
    unlike_random,
)
from stance.evaluation.prevalence.intervals import difference_interval, share_interval
from stance.evaluation.prevalence.methods import methods_paragraph
from stance.evaluation.prevalence.results import (
    ClassShares,
    Design,
    Differences,
    EstimateSettings,
    GroupDifference,
    GroupShares,
    PrevalenceResults,
    Share,
)
from stance.evaluation.provenance import code_facts, config_hash, describe_file
from stance.evaluation.run_facts import RunFacts
from stance.evaluation.sample_labels import LabelledSample
from stance.evaluation.scored import ScoredTable
from stance.labels import Stance

_STANCES = tuple(map(str, Stance))
_FEW_GROUPS = 4  # all pairs of so many are compared
_Estimates = dict[str, ShareEstimate | None]  # naive, labelled, corrected


def estimate_prevalence(
    table: ScoredTable,
    sample: LabelledSample,
    settings: EstimateSettings,
    *,
    sample_file: Path,
    name: str = "",
) -> PrevalenceResults:
    """Shares of favor, neutral and against in scored statements, corrected by labels of some.

    Args:
        table: from ``read_scored``.
        sample: from ``read_sample``.
        settings: groups, clusters and intervals.
        sample_file: that the sample was read from, for the record.
        name: of the report; None takes that of the scored file.

    Raises:
        DataError: a named column or the reference is not there, or a setting is out of range.
        MissingExtraError: SciPy is not installed.
    """
    unit = find_unit(table, settings.cluster)
    arrays = to_arrays(table, sample, unit)
    design: Design = "equal" if arrays.probabilities is None else "known"
    groups = find_groups(table, settings.by, settings.smallest)
    shares, estimates = [], []
    for group in groups:
        part = _part(arrays, group)
        found = _estimates(part)
        estimates.append(found)
        shares.append(_group(group, part, found, design, unit, settings))
    results = PrevalenceResults(
        run=RunFacts(
            name=name or table.file.name,
            task="prevalence",
            config_hash=config_hash(settings),
            data={"scored": describe_file(table.file), "labels": describe_file(sample_file)},
            code=code_facts(),
            requested=table.file.name,
            checkpoint=None,
            seed=settings.seed if settings.method == "bootstrap" else None,
        ),
        settings=settings,
        design=design,
        unit=unit,
        statements=len(table.rows),
        labels=len(sample.labels),
        failed=table.failed,
        abstained=sum(row.stance is None for row in table.rows),
        empty=sample.empty,
        groups=tuple(shares),
        differences=tuple(_differences(groups, estimates, settings)),
        notes=tuple(table_notes(table, sample, arrays, unit)),
        methods="",
    )
    return replace(results, methods=methods_paragraph(results))


def group_shares(
    arrays: Arrays, group: Group, *, unit: str, settings: EstimateSettings
) -> GroupShares:
    """Shares of one group, where it need not be compared with others.

    Args:
        arrays: of all statements.
        group: one of ``find_groups``.
        unit: from ``find_unit``.
        settings: method, level and seed of the intervals.

    Raises:
        DataError: a setting is out of range.
        MissingExtraError: SciPy is not installed.
    """
    part = _part(arrays, group)
    known, clusters = np.unique(part.clusters, return_inverse=True)
    part = replace(part, clusters=clusters, count=len(known))
    design: Design = "equal" if part.probabilities is None else "known"
    return _group(group, part, _estimates(part), design, unit, settings)


def _part(arrays: Arrays, group: Group) -> Arrays:
    """The group's rows; clusters keep their numbers, so that groups can be compared."""
    rows, chances = group.rows, arrays.probabilities
    return Arrays(
        proxy=arrays.proxy[rows],
        counted=arrays.counted[rows],
        gold=arrays.gold[rows],
        labelled=arrays.labelled[rows],
        clusters=arrays.clusters[rows],
        count=arrays.count,
        probabilities=None if chances is None else chances[rows],
    )


def _estimates(part: Arrays) -> _Estimates:
    naive = counted_shares(part.counted, part.clusters, part.count)
    if part.labelled.sum() < 2 or len(set(part.clusters[part.labelled])) < 2:
        return {"naive": naive, "labelled": None, "corrected": None}
    sums = sum_rows(
        part.proxy,
        part.gold,
        part.labelled,
        part.clusters,
        probabilities=part.probabilities,
        count=part.count,
    )
    return {
        "naive": naive,
        "labelled": estimate_shares(sums, power=0.0),
        "corrected": estimate_shares(sums),
    }


def _group(
    group: Group,
    part: Arrays,
    found: _Estimates,
    design: Design,
    unit: str,
    settings: EstimateSettings,
) -> GroupShares:
    columns = {key: None if e is None else _shares(e, settings) for key, e in found.items()}
    gains = _gains(found)
    classes = {}
    for k in range(len(_STANCES) - 1, -1, -1):  # favor first
        naive, labelled, corrected = (
            None if column is None else column[k] for column in columns.values()
        )
        if naive is not None:  # it always is defined
            classes[_STANCES[k]] = ClassShares(naive, labelled, corrected, gains[k])
    corrected_estimate = found["corrected"]
    clusters, drawn = len(set(part.clusters)), len(set(part.clusters[part.labelled]))
    return GroupShares(
        by=group.by,
        group=group.name,
        target=group.target,
        statements=len(group.rows),
        labels=int(part.labelled.sum()),
        clusters=clusters,
        labelled_clusters=drawn,
        power=None if corrected_estimate is None else float(corrected_estimate.power),
        classes=classes,
        warnings=group_cautions(
            part,
            classes,
            design=design,
            method=settings.method,
            clusters=clusters,
            drawn_clusters=drawn,
            unit=unit,
        ),
    )


def _shares(estimate: ShareEstimate, settings: EstimateSettings) -> list[Share]:
    low, high = share_interval(
        estimate, method=settings.method, level=settings.level, seed=settings.seed
    )
    return _as_shares(np.clip(estimate.value, 0.0, 1.0), low, high)


def _as_shares(value: FloatArray, low: FloatArray, high: FloatArray) -> list[Share]:
    return [Share(*map(float, row)) for row in zip(value, low, high, strict=True)]


def _gains(found: _Estimates) -> list[float | None]:
    alone, corrected = found["labelled"], found["corrected"]
    if alone is None or corrected is None:
        return [None] * len(_STANCES)
    pairs = zip(alone.plain_variance, corrected.plain_variance, strict=True)
    return [float(a / c) if a > 0 and c > 0 else None for a, c in pairs]


def _differences(
    groups: Sequence[Group], estimates: Sequence[_Estimates], settings: EstimateSettings
) -> list[GroupDifference]:
    found: list[GroupDifference] = []
    known = dict(zip(_keys(groups), estimates, strict=True))
    for by, target in dict.fromkeys((group.by, group.target) for group in groups if group.by):
        names = [group.name for group in groups if (group.by, group.target) == (by, target)]
        for first, second in _pairs(names, settings.reference):
            sides = (known[by, target, first], known[by, target, second])
            found.append(GroupDifference(by, first, second, target, _compared(*sides, settings)))
    if settings.reference is not None and not found:
        names = [group.name for group in groups if group.by]
        raise DataError(
            f"no group is called {settings.reference!r} to compare with: there are "
            f"{', '.join(map(repr, names)) or 'none, since --by names no column'}"
        )
    return found


def _keys(groups: Sequence[Group]) -> list[tuple[str, str, str]]:
    return [(group.by, group.target, group.name) for group in groups]


def _pairs(names: Sequence[str], reference: str | None) -> list[tuple[str, str]]:
    if reference is None and len(names) <= _FEW_GROUPS:
        return list(combinations(names, 2))
    one = names[0] if reference is None else reference
    return [(name, one) for name in names if name != one] if one in names else []


def _compared(
    first: _Estimates, second: _Estimates, settings: EstimateSettings
) -> dict[str, Differences]:
    columns: dict[str, list[Share] | None] = {}
    for key, one in first.items():
        other = second[key]
        if one is None or other is None:
            columns[key] = None
            continue
        low, high = difference_interval(
            one, other, method=settings.method, level=settings.level, seed=settings.seed
        )
        value = np.clip(one.value, 0.0, 1.0) - np.clip(other.value, 0.0, 1.0)
        columns[key] = _as_shares(value, low, high)
    made = {}
    for k in range(len(_STANCES) - 1, -1, -1):
        naive, labelled, corrected = (
            None if column is None else column[k] for column in columns.values()
        )
        if naive is not None:
            made[_STANCES[k]] = Differences(naive, labelled, corrected)
    return made


def table_notes(table: ScoredTable, sample: LabelledSample, arrays: Arrays, unit: str) -> list[str]:
    """What to beware of in all figures of a table, in plain sentences."""
    notes = []
    if sample.labels and arrays.probabilities is None and unlike_random(arrays):
        notes.append(UNLIKE_RANDOM)
    if not unit:
        notes.append(
            "No column names the articles: statements are taken as independent, and intervals are "
            "too narrow where several come from one article. Name it with --cluster."
        )
    if table.failed:
        notes.append(f"{table.failed} rows that could not be scored are left out.")
    if sample.empty:
        notes.append(
            f"{sample.empty} rows of the sample have no label and count as not drawn: if they were "
            "left out because they are hard, the figures are wrong."
        )
    if sample.labels and not table.has_probabilities:
        notes.append("The table has no probabilities: the predicted labels are corrected.")
    return notes
