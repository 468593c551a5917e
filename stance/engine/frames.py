"""Data frames and datasets in memory: the rows of each come back with the results beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from stance.errors import DataError
from stance.tables import Cells, Piece, TableFile

Frame = Any
"""A pandas or polars DataFrame, or a ``datasets.Dataset``."""
PLACE = "\0place"
"""A column of row numbers, by which output rows find the row that they are of."""


def kind_of_frame(value: object) -> str | None:
    """``pandas``, ``polars`` or ``datasets`` for a frame of theirs; None for anything else."""
    package = type(value).__module__.split(".")[0]
    known = {"pandas": "DataFrame", "polars": "DataFrame", "datasets": "Dataset"}
    return package if known.get(package) == type(value).__name__ else None


def refuse_other(value: object) -> None:
    """Say how to give what is almost a frame.

    Raises:
        DataError: always.
    """
    name, way = type(value).__name__, "paths, a data frame of pandas or polars, or a Dataset"
    if name in ("DatasetDict", "IterableDatasetDict"):
        way = f"one split, such as dataset[{next(iter(value), 'train')!r}]"  # type: ignore
    elif name == "IterableDataset":
        way = "Dataset.from_list(list(dataset)), which holds all its rows"
    elif name == "LazyFrame":
        way = "frame.collect()"
    raise DataError(f"the input is of type {name}: give {way}")


class FrameTable:
    """A frame, as jobs read tables.

    Raises:
        DataError: it has no rows, or two columns of one name.
    """

    bad = 0
    first = ""
    notes: tuple[str, ...] = ()

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._kind = kind_of_frame(frame)
        self.file = TableFile("the frame", Path("frame"), "parquet")
        self.rows = len(frame)
        names = frame.column_names if self._kind == "datasets" else frame.columns
        self._names = list(names)
        shown = [str(name) for name in self._names]
        if len(set(shown)) < len(shown):
            raise DataError("the frame has several columns of one name: rename all but one")
        if not self.rows:
            raise DataError("the frame has no rows")
        self.schema = pa.schema([*((name, pa.string()) for name in shown), (PLACE, pa.int64())])
        # Any cell may be a list; none of them has to be one.
        self.lists: frozenset[str] = frozenset()

    def pieces(self, size: int) -> Iterator[Piece]:
        """The rows in pieces of at most ``size``; cells are read when they are needed."""
        columns = [_cells(self._frame, name, self._kind) for name in self._names]
        for start in range(0, self.rows, size):
            places = range(start, min(start + size, self.rows))
            part: list[Cells] = [column[start : places.stop] for column in columns]
            yield Piece([*part, list(places)])


def _cells(frame: Frame, name: object, kind: str | None) -> list[object]:
    if kind == "pandas":
        return list(frame[name].tolist())
    if kind == "polars":
        return list(frame[name].to_list())
    return list(frame.with_format(None)[name])


def with_results(
    frame: Frame, places: Sequence[int], columns: Sequence[Cells], fields: Sequence[pa.Field]
) -> Frame:
    """The frame's rows at some places, in this order, with columns beside them.

    Args:
        frame: what was given.
        places: of the row that each output row is of.
        columns: the cells beside it.
        fields: their names and types.
    """
    kind = kind_of_frame(frame)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
    if kind == "datasets":
        from datasets import Dataset, Features, concatenate_datasets

        features = Features.from_arrow_schema(pa.schema(fields))
        names = [field.name for field in fields]
        data = {name: array.to_pylist() for name, array in zip(names, arrays, strict=True)}
        beside = Dataset.from_dict(data, features=features)
        same = list(places) == list(range(len(frame)))
        return concatenate_datasets([frame if same else frame.select(places), beside], axis=1)
    if kind == "polars":
        polars = sys.modules["polars"]  # whoever gives such a frame has imported it

        series = [
            polars.Series(field.name, polars.from_arrow(array))
            for field, array in zip(fields, arrays, strict=True)
        ]
        return frame[list(places)].with_columns(series)
    taken = frame.iloc[list(places)].copy()
    for field, array in zip(fields, arrays, strict=True):
        taken[field.name] = array.to_pandas().to_numpy()
    return taken
