"""Stored predictions: what a run writes to ``predictions.csv`` and a report is rebuilt from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stance.errors import DataError, LabelError
from stance.evaluation.files import csv_text, read_csv
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.moved_words import MovingWords, moved_cell, read_moved
from stance.labels import AnyLabel, Sentiment, Stance, parse_label
from stance.tables import unguard_cell
from stance.untrusted import parse_json

PREDICTIONS = "predictions.csv"
STANCE_BASELINES = (
    *("majority", "neutral", "sentiment", "gold-sentiment", "vader", "tfidf"),
    *("tfidf-cv", "statement-cv", "target-cv"),
)
SENTIMENT_BASELINES = ("majority", "vader", "tfidf")
_OTHER = "stance_of_"  # and the name of a system
_ROW = ("set", "source", "id", "group", "speaker", "target", "text", "context", "rationale")
_SLICES = "slices"
_MOVED = "words_that_moved"  # there only where some row has them
_P_STANCE = tuple(f"p_{label}" for label in Stance)
_P_SENTIMENT = tuple(f"p_sentiment_{label}" for label in Sentiment)
_P_BARE = tuple(f"p_{label}_without_context" for label in Stance)
_BASELINE_COLUMNS = (
    *(f"stance_by_{name}" for name in STANCE_BASELINES),
    *(f"sentiment_by_{name}" for name in SENTIMENT_BASELINES),
)
COLUMNS = (
    *_ROW,
    _SLICES,
    "gold_stance",
    "stance",
    *_P_STANCE,
    "gold_sentiment",
    "sentiment",
    *_P_SENTIMENT,
    "abstained",
    "truncated",
    "used_context",
    "stance_without_context",
    *_P_BARE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system beside the evaluated one says of a row.

    Attributes:
        stance: neutral where it abstained.
        probabilities: in canonical order, or None where it gives none.
    """

    stance: Stance
    probabilities: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A labelled row with everything that was predicted for it.

    Attributes:
        set: name of the evaluated set.
        gold: the labelled row.
        stance: predicted stance; neutral where the classifier abstained.
        stance_probabilities: calibrated, in canonical order, or None where the system gives none.
        sentiment: predicted sentiment, or None where the checkpoint has none.
        sentiment_probabilities: calibrated, in canonical order, or None.
        abstained: whether the classifier abstained.
        truncated: whether words of the statement were cut.
        used_context: whether the model read words of a context.
        bare_stance: stance predicted without the context, or None where it was not tried.
        bare_probabilities: its probabilities, or None.
        stance_baselines: stance by each baseline that ran.
        sentiment_baselines: sentiment by each baseline that ran.
        others: by the systems beside it that answered this row.
        moved: the words that moved the predicted stance, or None where nobody asked.
    """

    set: str
    gold: LabelledRow
    stance: Stance
    stance_probabilities: tuple[float, ...] | None
    sentiment: Sentiment | None = None
    sentiment_probabilities: tuple[float, ...] | None = None
    abstained: bool = False
    truncated: bool = False
    used_context: bool = False
    bare_stance: Stance | None = None
    bare_probabilities: tuple[float, ...] | None = None
    stance_baselines: dict[str, Stance] = field(default_factory=dict)
    sentiment_baselines: dict[str, Sentiment] = field(default_factory=dict)
    others: dict[str, Answer] = field(default_factory=dict)
    moved: MovingWords | None = None


def as_stored(probability: float) -> float:
    """A probability as the file holds it: nine digits, so that a report is rebuilt exactly."""
    return float(f"{probability:.9g}")


def predictions_csv(rows: Sequence[ScoredRow]) -> str:
    """The text of ``predictions.csv``: one row each; an empty cell is a missing value."""
    cells = list(map(_cells, rows))
    names = dict.fromkeys(name for row in rows for name in row.others)
    others = [column for name in names for column in (_OTHER + name, *_of_other(name))]
    moved = [_MOVED] if any(row.moved for row in rows) else []
    columns = [*COLUMNS, *_BASELINE_COLUMNS, *others, *moved]
    return csv_text(columns, ([row.get(name) for name in columns] for row in cells))


def _of_other(name: str) -> list[str]:
    return [f"p_{label}_of_{name}" for label in Stance]


def _cells(row: ScoredRow) -> dict[str, object]:
    gold = row.gold
    record: dict[str, object] = {
        "set": row.set,
        "source": gold.source,
        "id": gold.id,
        "group": gold.group,
        "speaker": gold.speaker,
        "target": gold.target,
        "text": gold.text,
        "context": gold.context,
        "rationale": gold.rationale,
        _SLICES: json.dumps(dict(gold.slices), ensure_ascii=False) if gold.slices else None,
        "gold_stance": gold.stance,
        "stance": row.stance,
        "gold_sentiment": gold.sentiment,
        "sentiment": row.sentiment,
        "abstained": int(row.abstained),
        "truncated": int(row.truncated),
        "used_context": int(row.used_context),
        "stance_without_context": row.bare_stance,
        _MOVED: moved_cell(row.moved),
    }
    for names, values in (
        (_P_STANCE, row.stance_probabilities),
        (_P_SENTIMENT, row.sentiment_probabilities),
        (_P_BARE, row.bare_probabilities),
        *((_of_other(name), answer.probabilities) for name, answer in row.others.items()),
    ):
        for name, value in zip(names, values or (), strict=bool(values)):
            record[name] = f"{value:.9g}"
    record |= {f"stance_by_{name}": label for name, label in row.stance_baselines.items()}
    record |= {f"sentiment_by_{name}": label for name, label in row.sentiment_baselines.items()}
    record |= {_OTHER + name: answer.stance for name, answer in row.others.items()}
    return record


def read_predictions(path: Path, *, rows: int | None = None) -> list[ScoredRow]:
    """Read what :func:`predictions_csv` gave.

    Args:
        path: the file.
        rows: how many rows the run recorded; None does not check.

    Raises:
        DataError: the file is missing, lacks a column, holds another number of rows than recorded,
            or one of them twice, or a cell cannot be read; the message names file, row and field.
    """
    found = stored_cells(path, COLUMNS, rows=rows)
    return [_row(cells, f"{path.name}, row {n}") for n, cells in enumerate(found, 1)]


def stored_cells(
    path: Path, columns: Sequence[str], *, rows: int | None = None
) -> list[dict[str, str]]:
    """The cells of a stored file of predictions, row by row.

    Raises:
        DataError: see :func:`read_predictions`.
    """
    found = [
        {name: unguard_cell(cell) for name, cell in cells.items()} for _, cells in read_csv(path)
    ]
    if not found:
        raise DataError(f"{path.name}: no rows: run the evaluation first")
    missing = [column for column in columns if column not in found[0]]
    if missing:
        raise DataError(f"{path.name}: no column {', '.join(missing)}: run the evaluation again")
    if rows is not None and len(found) != rows:
        raise DataError(
            f"{path.name} holds {len(found)} rows, but the run in results.json stored {rows}: the "
            "file was cut or belongs to another run. Run the evaluation again"
        )
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in enumerate(found, 1):
        before = seen.setdefault(tuple(cells.values()), number)
        if before != number:
            raise DataError(
                f"{path.name}, row {number} is row {before} once more: the file was changed after "
                "the run. Run the evaluation again"
            )
    return found


def _row(cells: dict[str, str], where: str) -> ScoredRow:
    for column in ("set", "id", "target", "text"):
        if not cells[column]:
            raise DataError(f"{where}: field {column!r} is empty")
    stance = read_cell(Stance, cells, "stance", where)
    probabilities = _numbers(cells, _P_STANCE, where)
    if stance is None:
        raise DataError(f"{where}: field 'stance' is empty")
    gold = LabelledRow(
        id=cells["id"],
        text=cells["text"],
        target=cells["target"],
        stance=read_cell(Stance, cells, "gold_stance", where),
        sentiment=read_cell(Sentiment, cells, "gold_sentiment", where),
        context=cells["context"],
        speaker=cells["speaker"] or None,
        rationale=cells["rationale"],
        group=cells["group"] or None,
        source=cells["source"],
        slices=_slices(cells, where),
    )
    return ScoredRow(
        set=cells["set"],
        gold=gold,
        stance=stance,
        stance_probabilities=probabilities,
        sentiment=read_cell(Sentiment, cells, "sentiment", where),
        sentiment_probabilities=_numbers(cells, _P_SENTIMENT, where),
        abstained=_flag(cells, "abstained", where),
        truncated=_flag(cells, "truncated", where),
        used_context=_flag(cells, "used_context", where),
        bare_stance=read_cell(Stance, cells, "stance_without_context", where),
        bare_probabilities=_numbers(cells, _P_BARE, where),
        stance_baselines=_labels(Stance, cells, "stance_by_", STANCE_BASELINES, where),
        sentiment_baselines=_labels(Sentiment, cells, "sentiment_by_", SENTIMENT_BASELINES, where),
        others=_others(cells, where),
        moved=read_moved(
            cells.get(_MOVED, ""),
            {"statement": gold.text, "target": gold.target, "context": gold.context},
            f"{where}: field {_MOVED!r}",
        ),
    )


def _others(cells: dict[str, str], where: str) -> dict[str, Answer]:
    found = {}
    for column in cells:
        name = column.removeprefix(_OTHER)
        if name == column:
            continue
        lacking = [other for other in _of_other(name) if other not in cells]
        if lacking:
            raise DataError(f"{where}: no column {', '.join(lacking)}: run the evaluation again")
        stance = read_cell(Stance, cells, column, where)
        if stance is not None:
            found[name] = Answer(stance, _numbers(cells, _of_other(name), where))
    return found


def read_cell(
    kind: type[AnyLabel], cells: dict[str, str], column: str, where: str
) -> AnyLabel | None:
    """The label in a cell, or None where it is empty.

    Raises:
        DataError: it is no such label; the message begins with ``where``.
    """
    try:
        return parse_label(kind, cells[column]) if cells[column] else None
    except LabelError as error:
        raise DataError(f"{where}: field {column!r}: {error}") from None


def _labels(
    kind: type[AnyLabel], cells: dict[str, str], prefix: str, names: Sequence[str], where: str
) -> dict[str, AnyLabel]:
    found = {
        name: read_cell(kind, cells, prefix + name, where)
        for name in names
        if prefix + name in cells  # another version may have had other baselines
    }
    return {name: label for name, label in found.items() if label is not None}


def _slices(cells: dict[str, str], where: str) -> dict[str, str]:
    try:
        found = parse_json(cells[_SLICES] or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise DataError(f"{where}: field {_SLICES!r} is no JSON object of texts")
    return found


def _flag(cells: dict[str, str], column: str, where: str) -> bool:
    if cells[column] not in ("0", "1"):
        raise DataError(f"{where}: field {column!r} is {cells[column]!r}: use 0 or 1")
    return cells[column] == "1"


def _numbers(cells: dict[str, str], columns: Sequence[str], where: str) -> tuple[float, ...] | None:
    if not any(cells[column] for column in columns):
        return None
    values = []
    for column in columns:
        try:
            value = float(cells[column])
        except ValueError:
            raise DataError(f"{where}: field {column!r} is no number: {cells[column]!r}") from None
        if not 0.0 <= value <= 1.0:
            raise DataError(f"{where}: field {column!r} is {value}: not in [0, 1]")
        values.append(value)
    return tuple(values)
