"""Statements and cells as the compact JSON that the script of a summary's page reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from stance.columns import ABSTAINED
from stance.evaluation.prevalence import Share
from stance.evaluation.prevalence.grouping import group_of
from stance.evaluation.scored import PROBABILITY_COLUMNS, ScoredStatement
from stance.evaluation.summary.results import Cell, CorpusCounts
from stance.labels import Stance
from stance.tables import unguard_cell
from stance.texts import escaped_controls

_STANCES = (*map(str, Stance), ABSTAINED)
_COLUMNS = ("id", "document_id", "title", "date", "outlet", "url", "number", "speaker", "sentiment")
_UNITS = {
    "document_id": "articles",
    "article": "articles",
    "near_duplicates": "different articles",
}
_UNGUARDED = (".jsonl", ".jsonl.gz", ".json", ".parquet")  # no apostrophe stands before a formula


def page_data(summary: CorpusCounts, kept: Sequence[int]) -> str:
    """JSON that may stand in a ``script`` element: it holds no ``<``.

    Its fields, those of statements in the order of ``kept``:

    - ``targets`` and ``target``: the names, and the number of each statement's.
    - ``texts``; ``stance``: 0 against, 1 neutral, 2 favor, 3 abstained; ``label``: the same of the
      people's label, 3 where there is none, or null for all.
    - ``shares``: probabilities of against, neutral and favor in ten-thousandths, one after another,
      or null where the table has none.
    - ``row``: the statement's number among the table's scored rows, from 1.
    - ``columns``: name -> other cells of the table, as ``values``, which ``index`` points into
      where they repeat.
    - ``unit`` and ``units``: the column of the clusters, and what they are called.
    - ``by``: the columns of the groups; ``groups``: name -> the groups, in the same way.
    - ``cells``: by (-1 for all statements of the target), group, target, statements, clusters,
      labels, counts by stance, predicted and corrected shares (or null) of favor, neutral and
      against with the ends of their intervals in tenths of a percent, places of the confident and
      of the doubtful, and numbers of ``warnings``.

    Args:
        summary: of the corpus.
        kept: positions of the statements that the page holds.
    """
    table = summary.table
    rows = [table.rows[i] for i in kept]
    plain: Callable[[object], object] = (
        _text if table.file.name.lower().endswith(_UNGUARDED) else _unguarded
    )
    targets = {target: number for number, target in enumerate(table.targets)}
    columns = [
        name
        for name in dict.fromkeys((*_COLUMNS, summary.unit, *summary.by))
        if name in table.columns and name != "target"
    ]
    groups: dict[str, dict[str, int]] = {name: {} for name in summary.by}
    of_group = {
        name: [known.setdefault(group_of(table, row, name), len(known)) for row in rows]
        for name, known in groups.items()
    }
    warnings: dict[str, int] = {}
    places = {position: place for place, position in enumerate(kept)}
    cells = [_cell(cell, summary.by, groups, targets, places, warnings) for cell in summary.cells]
    return _as_json(
        {
            "unit": summary.unit,
            "units": units_of(summary),
            "targets": [plain(target) for target in targets],
            "target": [targets[row.target] for row in rows],
            "texts": [plain(row.statement) for row in rows],
            "stance": [_STANCES.index(row.stance or ABSTAINED) for row in rows],
            "label": _labels(summary, kept),
            "shares": _shares(rows) if table.has_probabilities else None,
            "row": [position + 1 for position in kept],
            "columns": {
                name: _encoded([plain(row.cells.get(name)) for row in rows]) for name in columns
            },
            "by": summary.by,
            "groups": {
                name: {"values": [plain(value) for value in groups[name]], "index": index}
                for name, index in of_group.items()
            },
            "cells": cells,
            "warnings": list(warnings),
        }
    )


def units_of(summary: CorpusCounts) -> str:
    """What clusters are called in a sentence, or "" where there are none."""
    return _UNITS.get(summary.unit, f"different {summary.unit}" if summary.unit else "")


def _text(value: object) -> object:
    if value is None or (isinstance(value, (str, int)) and not isinstance(value, bool)):
        return value
    return str(value)


def _unguarded(value: object) -> object:
    return unguard_cell(value) if isinstance(value, str) else _text(value)


def _labels(summary: CorpusCounts, kept: Sequence[int]) -> list[int] | None:
    if not summary.corrected:
        return None
    known = {i: _STANCES.index(label.stance) for i, label in summary.sample.labels.items()}
    return [known.get(position, len(Stance)) for position in kept]


def _shares(rows: Sequence[ScoredStatement]) -> list[int]:
    """As the table has them, which may sum to a little less or more than 1."""
    return [
        round(10_000 * float(str(row.cells[name]))) for row in rows for name in PROBABILITY_COLUMNS
    ]


def _encoded(cells: list[object]) -> dict[str, list[object]]:
    known: dict[object, int] = {}
    index: list[object] = [known.setdefault(cell, len(known)) for cell in cells]
    return (
        {"values": list(known), "index": index}
        if 2 * len(known) < len(cells)
        else {"values": cells}
    )


def _cell(
    cell: Cell,
    by: Sequence[str],
    groups: dict[str, dict[str, int]],
    targets: dict[str, int],
    places: dict[int, int],
    warnings: dict[str, int],
) -> list[object]:
    shares = cell.shares
    known = groups.get(shares.by, {})
    return [
        by.index(shares.by) if shares.by else -1,
        # A group none of whose statements the page holds still has a name.
        known.setdefault(shares.group, len(known)) if shares.by else 0,
        targets[shares.target],
        shares.statements,
        shares.clusters,
        shares.labels,
        [cell.counts[name] for name in _STANCES],
        _three([three.naive for three in shares.classes.values()]),
        _three([three.corrected for three in shares.classes.values()]),
        [places[i] for i in cell.confident if i in places],
        [places[i] for i in cell.doubtful if i in places],
        [warnings.setdefault(text, len(warnings)) for text in shares.warnings],
    ]


def _three(shares: Sequence[Share | None]) -> list[int] | None:
    found = [share for share in shares if share is not None]
    if len(found) < len(shares):
        return None
    return [_tenths(x) for share in found for x in (share.value, share.low, share.high)]


def _tenths(share: float) -> int:
    """Tenths of a percent, rounded as everywhere else; a script rounds halves another way."""
    return round(10 * float(f"{100 * share:.1f}"))


def _as_json(data: object) -> str:
    """Compact, and inert within a page: neither ``</script`` nor ``<!--`` can stand in it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return escaped_controls(text.replace("<", "\\u003c"))
