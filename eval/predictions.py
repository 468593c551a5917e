"""Stored predictions: what a run writes to ``predictions.csv`` and a report is rebuilt from."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.handset import GoldItem
from stance.errors import DataError, LabelError
from stance.labels import Sentiment, Stance, parse_label

STANCES = tuple(Stance)
SENTIMENTS = tuple(Sentiment)
STANCE_BASELINES = ("majority", "sentiment", "gold-sentiment", "tfidf")
TONE_BASELINES = ("majority", "tfidf")
_ITEM = ("set", "source", "id", "group", "speaker", "target", "text", "context", "rationale")
_P_STANCE = tuple(f"p_{label}" for label in STANCES)
_P_TONE = tuple(f"tone_{label}" for label in SENTIMENTS)
_P_BARE = tuple(f"bare_{label}" for label in STANCES)
COLUMNS = (
    *_ITEM,
    "gold_stance",
    "stance",
    *_P_STANCE,
    "gold_sentiment",
    "sentiment",
    *_P_TONE,
    "truncated",
    "bare_stance",
    *_P_BARE,
    *(f"stance_{name}" for name in STANCE_BASELINES),
    *(f"tone_by_{name}" for name in TONE_BASELINES),
)
_CELL_LIMIT = 50_000_000


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """A gold row with everything that was predicted for it.

    Attributes:
        set: name of the evaluated set.
        gold: the labelled row.
        stance: predicted stance.
        stance_probabilities: calibrated, in canonical order.
        sentiment: predicted tone, or None where the checkpoint has none.
        sentiment_probabilities: calibrated, in canonical order, or None.
        truncated: whether words of the statement were cut.
        bare_stance: stance predicted without the context, or None where it was not tried.
        bare_probabilities: its probabilities, or None.
        stance_baselines: stance by each baseline that ran.
        tone_baselines: tone by each baseline that ran.
    """

    set: str
    gold: GoldItem
    stance: Stance
    stance_probabilities: tuple[float, ...]
    sentiment: Sentiment | None = None
    sentiment_probabilities: tuple[float, ...] | None = None
    truncated: bool = False
    bare_stance: Stance | None = None
    bare_probabilities: tuple[float, ...] | None = None
    stance_baselines: dict[str, Stance] = field(default_factory=dict)
    tone_baselines: dict[str, Sentiment] = field(default_factory=dict)


def write_predictions(path: Path, rows: Sequence[ScoredItem]) -> None:
    """Write one CSV row for each scored item; an empty cell is a missing value."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, restval="")
        writer.writeheader()
        for row in rows:
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
                "gold_stance": gold.stance,
                "stance": row.stance,
                "gold_sentiment": gold.sentiment,
                "sentiment": row.sentiment,
                "truncated": int(row.truncated),
                "bare_stance": row.bare_stance,
            }
            for names, values in (
                (_P_STANCE, row.stance_probabilities),
                (_P_TONE, row.sentiment_probabilities),
                (_P_BARE, row.bare_probabilities),
            ):
                for name, value in zip(names, values or (), strict=bool(values)):
                    record[name] = f"{value:.9g}"
            record |= {f"stance_{name}": label for name, label in row.stance_baselines.items()}
            record |= {f"tone_by_{name}": label for name, label in row.tone_baselines.items()}
            writer.writerow({k: "" if v is None else str(v) for k, v in record.items()})


def read_predictions(path: Path) -> list[ScoredItem]:
    """Read what :func:`write_predictions` wrote.

    Raises:
        DataError: the file is missing, lacks a column, or a cell cannot be read; the message names
            file, row and field.
    """
    limit = csv.field_size_limit(_CELL_LIMIT)
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path.name}: no column {', '.join(missing)}: run the evaluation")
            rows = [_row(cells, f"{path.name}, row {n}") for n, cells in enumerate(reader, 1)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read stored predictions {path.name}: {error}") from error
    finally:
        csv.field_size_limit(limit)
    if not rows:
        raise DataError(f"{path.name}: no rows: run the evaluation first")
    return rows


def _row(cells: dict[str, str], where: str) -> ScoredItem:
    if any(cells.get(column) is None for column in COLUMNS):
        raise DataError(f"{where}: the row is cut short")
    for column in ("set", "id", "target", "text", "stance"):
        if not cells[column]:
            raise DataError(f"{where}: field {column!r} is empty")
    stance = _stance(cells, "stance", where)
    probabilities = _numbers(cells, _P_STANCE, where)
    if stance is None or probabilities is None:
        raise DataError(f"{where}: field {_P_STANCE[0]!r} is empty")
    gold = GoldItem(
        id=cells["id"],
        text=cells["text"],
        target=cells["target"],
        stance=_stance(cells, "gold_stance", where),
        sentiment=_tone(cells, "gold_sentiment", where),
        context=cells["context"],
        speaker=cells["speaker"] or None,
        rationale=cells["rationale"],
        group=cells["group"] or None,
        source=cells["source"],
    )
    stance_by = {n: _stance(cells, f"stance_{n}", where) for n in STANCE_BASELINES}
    tone_by = {n: _tone(cells, f"tone_by_{n}", where) for n in TONE_BASELINES}
    return ScoredItem(
        set=cells["set"],
        gold=gold,
        stance=stance,
        stance_probabilities=probabilities,
        sentiment=_tone(cells, "sentiment", where),
        sentiment_probabilities=_numbers(cells, _P_TONE, where),
        truncated=cells["truncated"] == "1",
        bare_stance=_stance(cells, "bare_stance", where),
        bare_probabilities=_numbers(cells, _P_BARE, where),
        stance_baselines={n: label for n, label in stance_by.items() if label is not None},
        tone_baselines={n: label for n, label in tone_by.items() if label is not None},
    )


def _stance(cells: dict[str, str], column: str, where: str) -> Stance | None:
    try:
        return parse_label(Stance, cells[column]) if cells[column] else None
    except LabelError as error:
        raise DataError(f"{where}: field {column!r}: {error}") from None


def _tone(cells: dict[str, str], column: str, where: str) -> Sentiment | None:
    try:
        return parse_label(Sentiment, cells[column]) if cells[column] else None
    except LabelError as error:
        raise DataError(f"{where}: field {column!r}: {error}") from None


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
