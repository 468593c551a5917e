"""Scored statements -> shares by target, speaker, outlet and month, with examples of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stance.columns import ABSTAINED
from stance.evaluation.prevalence.estimate import group_shares, table_notes
from stance.evaluation.prevalence.estimators import FloatArray, IndexArray
from stance.evaluation.prevalence.grouping import Arrays, Group, find_groups, find_unit, to_arrays
from stance.evaluation.prevalence.results import EstimateSettings
from stance.evaluation.sample_labels import LabelledSample, read_sample
from stance.evaluation.scored import ScoredTable, read_scored
from stance.evaluation.summary.page import MOST_ROWS, render_summary
from stance.evaluation.summary.results import Cell, CorpusCounts
from stance.labels import Stance

EXAMPLES = 3
UNCORRECTED = (
    "No labels were given: the shares count the answers of the classifier as if they were right, "
    "and their intervals only know how many statements there are. Label a sample of this table "
    "(stance sample), and give it with --labels."
)


@dataclass(frozen=True, slots=True)
class CorpusSummary(CorpusCounts):
    """Scored statements by target and by the columns that were asked for.

    Attributes:
        table: the statements.
        sample: labels of some of them; none where no labels were given.
        by: columns of the groups; ``month`` may be made of ``date``.
        unit: column of the clusters, or "" where statements are taken as independent.
        level: nominal coverage of the intervals.
        cells: for each target all of its statements, whose ``shares.by`` is "", and then its
            groups: months in time, others the largest first.
        notes: on the whole, in plain sentences.
    """

    def to_html(self, title: str | None = None, *, most: int = MOST_ROWS) -> str:
        """One self-contained page, with tables that sort and filter.

        Args:
            title: its heading; the name of the scored file when None.
            most: how many statements the page holds at most. Of more it takes those that a cell
                names as examples, and a random draw of the others, and says so; the figures count
                all.

        Raises:
            DataError: ``most`` is below 1.
        """
        return render_summary(self, title=title, most=most)


def summarize(
    scored: Path | str,
    *,
    labels: Path | str | None = None,
    by: Sequence[str] | None = None,
    cluster: str | None = None,
    level: float = 0.95,
    columns: Mapping[str, str] | None = None,
) -> CorpusSummary:
    """Count stances by target, speaker, outlet and month, with intervals and examples.

    Args:
        scored: table that ``stance score`` or ``stance analyze`` wrote: CSV, TSV, JSONL or Parquet.
        labels: people's labels of some of its statements, drawn at random or with
            ``sampling_probability``, as ``stance sample`` draws them: shares are then corrected for
            the errors of the classifier.
        by: columns of groups; ``month`` is made of ``date`` where it is no column. None takes those
            of speaker, outlet and month that the table has.
        cluster: column of the article, or of what else depends on each other; None takes the first
            of ``near_duplicates``, ``document_id``, ``article`` and ``group`` that is there.
        level: nominal coverage of the intervals, in (0, 1).
        columns: ``id``, ``statement``, ``target`` (of both files) and ``stance`` (of the labels) ->
            its column, where that has another name.

    Raises:
        DataError: a column or cell is missing or of the wrong kind, or a setting is out of range;
            the message names file, row and field.
        MissingExtraError: SciPy is not installed.
    """
    shared = {field: name for field, name in (columns or {}).items() if field != "stance"}
    table = read_scored(Path(scored), columns=shared)
    sample = LabelledSample({}, 0)
    if labels is not None:
        sample = read_sample(Path(labels), table, columns=columns)
    unit = find_unit(table, cluster)
    arrays = to_arrays(table, sample, unit)
    names = _usual_groups(table) if by is None else tuple(dict.fromkeys(by))
    settings = EstimateSettings(
        by=tuple(name for name in names if name != "target"), level=level, smallest=1
    )
    examples = _Examples(table, arrays)
    cells = []
    for group in find_groups(table, settings.by, settings.smallest):
        shares = group_shares(arrays, group, unit=unit, settings=settings)
        if not sample.labels:
            shares = replace(shares, warnings=())  # each would say that labels are missing
        confident, doubtful = examples.of(group)
        cells.append(Cell(shares, _counts(group, table), confident, doubtful))
    notes = table_notes(table, sample, arrays, unit)
    if not sample.labels:
        notes.insert(0, UNCORRECTED)
    return CorpusSummary(table, sample, settings.by, unit, level, tuple(cells), tuple(notes))


def _usual_groups(table: ScoredTable) -> tuple[str, ...]:
    dated = "date" in table.columns
    return tuple(
        name
        for name in ("speaker", "outlet", "month")
        if name in table.columns or (name == "month" and dated)
    )


def _counts(group: Group, table: ScoredTable) -> dict[str, int]:
    found = Counter(_name(table.rows[i].stance) for i in group.rows)
    return {name: found[name] for name in ("favor", "neutral", "against", ABSTAINED)}


def _name(stance: Stance | None) -> str:
    return ABSTAINED if stance is None else stance.value


class _Examples:
    """The statements of a group that the model is surest and least sure of."""

    def __init__(self, table: ScoredTable, arrays: Arrays) -> None:
        self._table = table
        self._confidences: FloatArray = arrays.proxy.max(axis=1)

    def of(self, group: Group) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Positions in the table; none where it has no probabilities."""
        if not self._table.has_probabilities:
            return (), ()
        order = group.rows[np.argsort(-self._confidences[group.rows], kind="stable")]
        seen: set[str] = set()
        confident = self._first(order, seen, answered=True)
        return confident, self._first(order[::-1], seen, answered=False)

    def _first(self, order: IndexArray, seen: set[str], *, answered: bool) -> tuple[int, ...]:
        """The first with words that were not seen; a wire copy says nothing new."""
        found: list[int] = []
        for position in map(int, order):
            row = self._table.rows[position]
            words = " ".join(row.statement.split()).casefold()
            if words in seen or (answered and row.stance is None):
                continue
            seen.add(words)
            found.append(position)
            if len(found) == EXAMPLES:
                break
        return tuple(found)
