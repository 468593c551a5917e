"""Parquet files of strangers: a few hundred bytes can stand for many gigabytes.

Values are kept once and repeated by number, and pages are compressed, so the size of a file does
not tell what it takes in memory. Here what it stands for is counted first, and a file is refused
where that is large and out of all proportion to its size; then it is read in pieces of bounded
size.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stance.errors import DataError

MOST_PLAIN_BYTES = 256 << 20
"""What any file may stand for."""
MOST_TIMES = 1000
"""What a larger one may stand for, times its size on the disk."""
MOST_ROWS = 1 << 20
"""Rows that any file may have; a larger number takes a byte of the file for each."""
MOST_COLUMN_BYTES = 1 << 30
"""Of one column of one row group, unpacked, as its metadata say."""
PIECE_BYTES = 32 << 20
"""Cells of a piece that is read at a time, apart from a longer row."""
_MOST_METADATA = 16 << 20
_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT96": 12, "BYTE_ARRAY": 4}


def scan_parquet(path: Path) -> tuple[pa.Schema, int]:
    """Read a file through, and give its schema and its number of rows.

    Raises:
        DataError: it stands for more than its size allows.
        OSError: it cannot be read.
        pa.ArrowException: it is no Parquet file, or damaged.
    """
    most = max(MOST_PLAIN_BYTES, MOST_TIMES * os.path.getsize(path))
    with _open(path) as file:
        # The metadata of pandas or datasets would not tell of the columns that we add.
        schema, rows = file.schema_arrow.remove_metadata(), file.metadata.num_rows
        _check_claims(file.metadata, path, most)
        held = 0
        for group in range(file.metadata.num_row_groups):
            longest = _longest_cells(path, file, group, most)
            for batch in _batches(file, group, longest, 1024):
                held += _plain_bytes(batch)
                _check_size(held, path, most)
    return schema, rows


def parquet_pieces(path: Path, size: int) -> Iterator[list[pa.Array]]:
    """The rows in pieces of at most ``size`` rows and some 32 MB, column by column.

    The file was scanned before.

    Raises:
        DataError: it stands for more than its size allows.
        OSError: it cannot be read.
        pa.ArrowException: it is damaged.
    """
    most = max(MOST_PLAIN_BYTES, MOST_TIMES * os.path.getsize(path))
    with _open(path) as file:
        for group in range(file.metadata.num_row_groups):
            longest = _longest_cells(path, file, group, most)
            for batch in _batches(file, group, longest, size):
                start = 0
                while start < len(batch):
                    count = len(batch) - start
                    while count > 1 and _plain_bytes(batch.slice(start, count)) > PIECE_BYTES:
                        count = (count + 1) // 2
                    yield batch.slice(start, count).columns
                    start += count


def _open(path: Path, repeated: str | None = None) -> pq.ParquetFile:
    return pq.ParquetFile(
        path,
        read_dictionary=None if repeated is None else [repeated],
        thrift_string_size_limit=_MOST_METADATA,
        thrift_container_size_limit=_MOST_METADATA // 16,
        pre_buffer=False,
        buffer_size=1 << 20,
    )


def _batches(file: pq.ParquetFile, group: int, longest: int, size: int) -> Iterator[pa.RecordBatch]:
    """The rows of a row group, as many at a time as their longest cells allow."""
    rows = max(1, min(size, PIECE_BYTES // max(1, longest)))
    yield from file.iter_batches(batch_size=rows, row_groups=[group], use_threads=False)


def _check_claims(metadata: pq.FileMetaData, path: Path, most: int) -> None:
    """Refuse by what the metadata say, before anything is unpacked."""
    size = os.path.getsize(path)
    if metadata.num_rows > max(MOST_ROWS, size):
        raise DataError(
            f"{path}: its {size:,} bytes stand for {metadata.num_rows:,} rows, which are nearly "
            "all empty or the same: write the rows that count to a file of their own"
        )
    held = 0
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for number in range(row_group.num_columns):
            column = row_group.column(number)
            values, unpacked = column.num_values, column.total_uncompressed_size
            if unpacked > min(most, MOST_COLUMN_BYTES) or min(values, unpacked) < 0:
                raise DataError(
                    f"{path}: column {column.path_in_schema!r} of row group {group + 1} takes "
                    f"{unpacked:,} bytes: write the file anew in smaller row groups"
                )
            held += values * _WIDTHS.get(column.physical_type, 8)
    _check_size(held, path, most)


def _check_size(held: int, path: Path, most: int) -> None:
    if held > most:
        raise DataError(
            f"{path}: its {os.path.getsize(path):,} bytes stand for more than {most >> 20:,} MB "
            "of cells: write the rows to CSV or JSONL if that is meant"
        )


def _longest_cells(path: Path, file: pq.ParquetFile, group: int, most: int) -> int:
    """Bytes of the longest cells of a row group that are repeated by number, at most.

    Raises:
        DataError: lists of such cells may stand for more than the file's size allows.
    """
    row_group = file.metadata.row_group(group)
    total = 0
    for number in range(row_group.num_columns):
        column = row_group.column(number)
        unpacked, values = column.total_uncompressed_size, column.num_values
        if column.physical_type != "BYTE_ARRAY" or unpacked * values <= PIECE_BYTES:
            continue
        name = column.path_in_schema
        longest = unpacked // max(1, values)  # on average, where cells are not repeated
        if column.has_dictionary_page:
            longest = max(longest, _longest_repeated(path, name, group, unpacked))
        if "." in name:
            _check_size(longest * values, path, most)
        total += longest
    return total


def _longest_repeated(path: Path, name: str, group: int, unpacked: int) -> int:
    """Bytes of the longest value that a column keeps once; ``unpacked`` where that is not told."""
    with _open(path, name) as file:
        first = next(file.iter_batches(1, [group], [name], use_threads=False), None)
    array = None if first is None else first.column(0)
    while array is not None and pa.types.is_nested(array.type):
        if pa.types.is_map(array.type):
            array = array.keys if name.endswith(".key") else array.items
            continue
        parts = array.flatten()
        array = parts[-1] if isinstance(parts, list) else parts
    if array is None or not pa.types.is_dictionary(array.type):
        return unpacked
    return int(pc.max(pc.binary_length(array.dictionary)).as_py() or 0)


def _plain_bytes(cells: pa.RecordBatch | pa.Array) -> int:
    """Bytes of cells when every repeated value is written out."""
    if isinstance(cells, pa.RecordBatch):
        return sum(_plain_bytes(column) for column in cells.columns)
    if pa.types.is_dictionary(cells.type):
        values = cells.dictionary
        if pa.types.is_string(values.type) or pa.types.is_binary(values.type):
            lengths = pc.binary_length(values).take(cells.indices)
            return int(pc.sum(lengths).as_py() or 0) + 4 * len(cells)
        return int(cells.dictionary.nbytes // max(1, len(values))) * len(cells)
    if pa.types.is_nested(cells.type) and not pa.types.is_map(cells.type):
        parts = cells.flatten()
        return sum(map(_plain_bytes, parts if isinstance(parts, list) else [parts]))
    return int(cells.nbytes)
