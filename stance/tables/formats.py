"""What a table file is: its format, compression, encoding and delimiter, told or found out."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, get_args

import pyarrow as pa

from stance.errors import DataError
from stance.untrusted import open_file

TableFormat = Literal["csv", "tsv", "jsonl", "parquet"]
Compression = Literal["gzip", "zstd"]
DELIMITERS: dict[TableFormat, str] = {"csv": ",", "tsv": "\t"}
COMPRESSIONS: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_UNDECODED = re.compile("[\udc80-\udcff]")
_BYTE_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file and how it is read.

    Attributes:
        name: what it is called in messages.
        path: the file.
        kind: its format.
        compression: of the file, or None.
        encoding: of a text format.
        delimiter: of CSV and TSV.
    """

    name: str
    path: Path
    kind: TableFormat
    compression: Compression | None = None
    encoding: str = "utf-8"
    delimiter: str = ","


def table_format(path: Path) -> TableFormat:
    """The format that a file's name tells, apart from ``.gz`` or ``.zst`` at its end.

    Raises:
        DataError: it is not CSV, TSV, JSONL or Parquet.
    """
    name = path if compression_of(path) is None else path.with_suffix("")
    ending = name.suffix.lower().removeprefix(".")
    for known in get_args(TableFormat):
        if known == ending:
            return known  # type: ignore[no-any-return]  # get_args knows no types
    endings = ", ".join(f".{known}" for known in get_args(TableFormat))
    raise DataError(
        f"{path}: cannot tell the format; use one of {endings}, also with .gz or .zst after it"
    )


def compression_of(path: Path) -> Compression | None:
    """The compression that a file's name tells."""
    return COMPRESSIONS.get(path.suffix.lower())


def compression_of_bytes(head: bytes) -> Compression | None:
    """The compression that a file's first four bytes tell."""
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    return "zstd" if head.startswith(b"\x28\xb5\x2f\xfd") else None


def format_of_bytes(head: bytes) -> TableFormat:
    """The format of a file that has no name; of the first bytes all but the first line is left."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"{"):
        return "jsonl"
    first = head.split(b"\n", 1)[0]
    return "tsv" if first.count(b"\t") > first.count(b",") else "csv"


def open_plain(path: Path, compression: Compression | None) -> IO[bytes]:
    """Open a file and unpack it while it is read.

    Raises:
        OSError: it cannot be read; damaged compression is told when it is reached.
    """
    raw = open_file(path)
    if compression is None:
        return raw
    return io.BufferedReader(_Unpacked(raw, compression), _BLOCK)


class _Unpacked(io.RawIOBase):
    def __init__(self, raw: IO[bytes], compression: Compression) -> None:
        self._raw = raw
        self._stream = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), compression)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._raw.close()
        super().close()


def find_encoding(blocks: Iterable[bytes], name: str) -> tuple[str, str | None]:
    """The encoding of a text file, and what to say of it where it is not plain UTF-8.

    Without a byte order mark a text is UTF-8 if it can be; UTF-16 if every second byte is zero;
    UTF-8 with damaged places if most of its other bytes are sound UTF-8; else cp1252, which
    spreadsheets on Windows write.

    Args:
        blocks: the file's bytes, in pieces.
        name: of the file, for the message.

    Raises:
        DataError: it is none of them.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    sound = damaged = 0
    unknown: set[int] = set()
    first = True
    for block in blocks:
        if first:
            for mark, encoding in _BYTE_MARKS:
                if block.startswith(mark):
                    plain = encoding == "utf-8-sig"
                    return encoding, None if plain else f"{name} is read as {encoding.upper()}"
            zeros = [block[:4096:2].count(0), block[1:4096:2].count(0)]
            if max(zeros) > 0.4 * min(len(block), 4096) / 2:
                encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
                return encoding, f"{name} is read as {encoding.upper()}"
            first = False
        text = decoder.decode(block)
        if not text.isascii():
            bad = _UNDECODED.findall(text)
            damaged += len(bad)
            sound += len(text) - len(text.encode("ascii", "ignore")) - len(bad)
            unknown.update(ord(char) - 0xDC00 for char in bad)
    if not damaged and not decoder.decode(b"", final=True):
        return "utf-8", None
    if sound > damaged:
        return "utf-8", f"{name} is UTF-8 with {max(damaged, 1)} damaged bytes: see the errors"
    undefined = unknown & {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    if undefined:
        shown = ", ".join(f"{byte:#x}" for byte in sorted(undefined))
        raise DataError(
            f"{name} is neither UTF-8 nor cp1252 (it holds the bytes {shown}): save it as UTF-8, "
            "or name its encoding with encoding=, on the command line with --encoding"
        )
    return "cp1252", f"{name} is no UTF-8 and is read as cp1252 (another: --encoding)"


def check_encoding(encoding: str) -> str:
    """The encoding, if Python knows it as one of texts.

    Raises:
        DataError: it does not.
    """
    try:
        "".encode(encoding)
    except (LookupError, ValueError) as error:
        raise DataError(
            f"unknown encoding {encoding!r}: give one such as utf-8 or cp1252"
        ) from error
    return encoding


def blocks_of(handle: IO[bytes]) -> Iterator[bytes]:
    """What is left of a file, in pieces of a megabyte."""
    while block := handle.read(_BLOCK):
        yield block


def find_delimiter(sample: str, usual: str) -> str:
    """The delimiter of a table: the usual one, unless only another parts its lines alike.

    Args:
        sample: the beginning of the text.
        usual: what the file's ending tells.
    """
    whole = len(sample) < _SAMPLE
    for candidate in (usual, *(c for c in ";\t,|" if c != usual)):
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=candidate))
        except csv.Error:
            continue
        rows = [row for row in (rows if whole else rows[:-1])[:50] if row]
        widths = {len(row) for row in rows}
        if len(widths) == 1 and widths != {1}:
            return candidate
    return usual


def sample_of(handle: IO[bytes], encoding: str) -> str:
    """The first 64 KB of a file as text, for :func:`find_delimiter`."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(handle.read(_SAMPLE))
