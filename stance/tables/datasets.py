"""A Hugging Face dataset that was saved to disk, read like any other table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from stance.errors import DataError
from stance.tables.formats import TableFile
from stance.tables.readers import Piece


class SavedDataset:
    """What ``Dataset.save_to_disk`` wrote; offers what a :class:`stance.tables.Table` does.

    Its cells stay on the disk until they are read.

    Args:
        folder: that was written.

    Raises:
        DataError: it holds several splits, no rows, or is no such folder.
    """

    bad = 0
    first = ""
    notes: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        from datasets import Dataset, load_from_disk

        try:
            found = load_from_disk(str(folder))
        except Exception as error:  # its files may break the library that reads them at any place
            raise DataError(f"{folder} is not readable as a saved dataset: {error}") from error
        if not isinstance(found, Dataset):
            first = next(iter(found), "train")
            raise DataError(f"{folder} holds several splits: name one, such as {folder / first}")
        if not len(found):
            raise DataError(f"{folder} has no rows")
        self._dataset = found.with_format("arrow")
        self.file = TableFile(str(folder), folder, "parquet")  # typed, as Parquet is
        self.schema: pa.Schema = found.features.arrow_schema.remove_metadata()
        self.rows = len(found)
        self.lists = frozenset(f.name for f in self.schema if pa.types.is_nested(f.type))

    def pieces(self, size: int) -> Iterator[Piece]:
        """The rows in pieces of at most ``size``, the same at every call."""
        for rows in self._dataset.iter(batch_size=size):
            yield Piece([column.combine_chunks() for column in rows.columns])


def is_saved_dataset(folder: Path) -> bool:
    """Whether a folder is one that ``save_to_disk`` wrote."""
    names = ("dataset_info.json", "dataset_dict.json")
    return any(os.path.isfile(folder / name) for name in names)  # also of a name too long
