"""Input files: found, named, fingerprinted; standard input and pipes laid down first."""

from __future__ import annotations

import atexit
import glob
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from stance.checkpoint import sha256_of
from stance.errors import DataError
from stance.tables import (
    Piece,
    SavedDataset,
    TableFile,
    TableFormat,
    compression_of_bytes,
    format_of_bytes,
    is_saved_dataset,
    open_plain,
    read_table,
)

_COPIED = 1 << 20
_FIRST = 1 << 16


class AnyTable(Protocol):
    """What jobs read rows from: a table file, a saved dataset, a frame."""

    @property
    def file(self) -> TableFile:
        """Where it is and how it is read."""

    @property
    def schema(self) -> pa.Schema:
        """Names and types of its columns."""

    @property
    def rows(self) -> int:
        """How many it has."""

    @property
    def bad(self) -> int:
        """How many of them have a problem."""

    @property
    def first(self) -> str:
        """What is wrong with the first of these."""

    @property
    def lists(self) -> frozenset[str]:
        """Columns some of whose cells are lists."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out and should be told."""

    def pieces(self, size: int) -> Iterator[Piece]:
        """The rows in pieces of at most ``size``, the same at every call."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How tables are read, where that is not to be found out.

    Attributes:
        kind: their format; None takes the ending of the name, or the bytes of standard input.
        encoding: of text formats.
        delimiter: of CSV and TSV.
    """

    kind: TableFormat | None = None
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class InputFiles:
    """The files of a run, as they were when it began.

    Attributes:
        names: what they are called.
        paths: the files that are read.
        hashes: SHA-256 of each.
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    hashes: tuple[str, ...]
    _stamps: tuple[tuple[int, int], ...] = field(default=())

    @property
    def fingerprint(self) -> dict[str, object]:
        """What tells these files from others; many are told by one hash."""
        if len(self.names) <= 16:
            return dict(zip(self.names, self.hashes, strict=True))
        both = "\n".join(map(" ".join, zip(self.hashes, self.names, strict=True)))
        digest = hashlib.sha256(both.encode("utf-8", "surrogatepass")).hexdigest()
        return {"files": len(self.names), "sha256": digest}

    def check(self) -> None:
        """See whether they are still the same.

        Raises:
            DataError: one changed.
        """
        for name, path, known, stamp in zip(
            self.names, self.paths, self.hashes, self._stamps, strict=True
        ):
            if _stamp(path) != stamp and _hash(path) != known:
                raise DataError(f"{name} changed during the run: what was made of it is of no use")


def describe_files(names: Iterable[str], paths: Iterable[Path]) -> InputFiles:
    """Read the files once and remember what they were."""
    known: list[str] = []
    places: list[Path] = []
    for name, path in zip(names, paths, strict=True):
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if os.path.isdir(path) else []
        known += [f"{name}/{file.relative_to(path).as_posix()}" for file in inside] or [name]
        places += inside or [path]
    stamps = tuple(_stamp(path) for path in places)
    hashes = tuple(_hash(path) for path in places)
    return InputFiles(tuple(known), tuple(places), hashes, stamps)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return (found.st_size, found.st_mtime_ns)


def _hash(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        return f"not readable: {error.strerror}"


def find_files(sources: Sequence[str], problems: dict[str, str] | None = None) -> list[str]:
    """The files that are meant; a pattern stands for its files, by name.

    Args:
        sources: files and patterns.
        problems: takes what to say of a pattern that matches no file, which is then among the
            files; None raises it.

    Raises:
        DataError: there is no source, or a pattern matches no file.
    """
    if not sources:
        raise DataError("no input: name a file, or - for standard input")
    found: list[str] = []
    for source in sources:
        if source != "-" and not os.path.exists(source) and glob.has_magic(source):
            files = sorted(filter(os.path.isfile, glob.glob(source, recursive=True)))
            if not files:
                note_problem(problems, source, f"no file matches {source[:200]}")
            found += files or [source]
        else:
            found.append(source)
    return list(dict.fromkeys(found))


def note_problem(problems: dict[str, str] | None, source: str, said: str) -> None:
    """Note what is wrong with a source, or raise it where nobody takes notes.

    Raises:
        DataError: ``problems`` is None.
    """
    if problems is None:
        raise DataError(said)
    problems[source] = said


def read_tables(sources: Sequence[str], options: TableOptions) -> list[AnyTable]:
    """Read tables through; ``-`` is standard input.

    Raises:
        DataError: one is missing, has no rows, or is not of its format.
    """
    return [_read_table(source, options) for source in sources]


def _read_table(source: str, options: TableOptions) -> AnyTable:
    kind, name, path = options.kind, source, Path(source)
    if os.path.isdir(source) and is_saved_dataset(path):
        return SavedDataset(path)
    compression = None
    if is_piped(source):
        name, path = ("standard input" if source == "-" else source), lay_down(source)
        with path.open("rb") as handle:
            compression = compression_of_bytes(handle.read(4))
        if kind is None and path.stat().st_size:
            with open_plain(path, compression) as plain:
                kind = format_of_bytes(plain.read(_FIRST))
    return read_table(
        path,
        name=name,
        kind=kind,
        compression=compression,
        encoding=options.encoding,
        delimiter=options.delimiter,
    )


def is_piped(source: str) -> bool:
    """Whether a source is standard input or a pipe, which can be read once only."""
    if source == "-":
        return True
    try:
        return stat.S_ISFIFO(os.stat(source).st_mode)
    except (OSError, ValueError):
        return False


def lay_down(source: str) -> Path:
    """Copy standard input or a pipe to a temporary file, which goes away with the process.

    Raises:
        DataError: it cannot be read or copied.
    """
    try:
        handle, name = tempfile.mkstemp(prefix="stance-input-")
        atexit.register(_remove, name)
        with os.fdopen(handle, "wb") as copy:
            if source == "-":
                shutil.copyfileobj(sys.stdin.buffer, copy, _COPIED)
            else:
                with open(source, "rb") as pipe:
                    shutil.copyfileobj(pipe, copy, _COPIED)
    except OSError as error:
        raise DataError(f"cannot read {source}: {error}") from error
    return Path(name)


def _remove(name: str) -> None:
    with suppress(OSError):
        os.unlink(name)


def joint_schema(tables: Sequence[AnyTable]) -> pa.Schema:
    """The columns of all tables, in the order in which they come first.

    A column has the type that holds the values of all, and text where none does.
    """
    if len(tables) == 1:
        return tables[0].schema
    types: dict[str, pa.DataType] = {}
    for table in tables:
        for column in table.schema:
            known = types.setdefault(column.name, column.type)
            if known != column.type:
                types[column.name] = _common(known, column.type)
    return pa.schema(list(types.items()))


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    try:
        schemas = [pa.schema([("x", kind)]) for kind in (one, other)]
        return pa.unify_schemas(schemas, promote_options="permissive").field("x").type
    except pa.ArrowException:
        return pa.string()
