"""The parts of an unfinished output, which the same command continues, and their joining.

Beside the output lies the folder ``OUT.parts``: a manifest that tells what the parts are of, and of
each part its rows and a record. A part counts when its record is there, which is written last.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq

from stance.checkpoint import sha256_of
from stance.engine.jobs import Counts, Part, RowError
from stance.errors import DataError
from stance.files import check_output, placing, write_text
from stance.tables import RowWriter, TableFormat
from stance.untrusted import read_json_object

logger = logging.getLogger(__name__)

MANIFEST = "manifest.json"
_FORMAT = 1
_JOINED = "joined.json"
_COPIED = 1 << 20


def errors_of(output: Path) -> Path:
    """Where the errors of a run go."""
    return output.with_name(f"{output.name}.errors.jsonl")


def manifest_of(output: Path) -> Path:
    """Where it is written down how an output was made."""
    return output.with_name(f"{output.name}.manifest.json")


def parts_of(output: Path) -> Path:
    """The folder of an unfinished output."""
    place = Path(os.path.realpath(output))
    return place.with_name(f"{place.name}.parts")


def check_outputs(output: Path, *, overwrite: bool) -> None:
    """Refuse an output that would replace something, before any work is done for it.

    Raises:
        DataError: the output, its errors or its manifest are there, and not for the sole reason
            that an earlier run died at its last step.
    """
    if os.path.exists(parts_of(output) / _JOINED):  # also of a name too long
        return
    for path in (output, errors_of(output), manifest_of(output)):
        check_output(path, overwrite=overwrite)


class Parts:
    """The parts of one output; who uses them holds the output's lock.

    Args:
        output: the file that they will be.
        kind: its format.
        fingerprint: what tells the job from others.

    Raises:
        DataError: the folder holds the parts of another job, or is not of this program.
    """

    def __init__(self, output: Path, kind: TableFormat, fingerprint: dict[str, object]) -> None:
        self.folder = parts_of(output)
        self._kind = kind
        self._manifest: dict[str, object] = {"format": _FORMAT, **fingerprint}
        self.counts = Counts()
        self.done: set[int] = set()
        made = not self.folder.exists()
        try:
            self._open(output)
        except BaseException:
            if made:
                shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _open(self, output: Path) -> None:
        folder = self.folder
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise DataError(f"{folder} is in the way of the parts of the output: move it away")
        if not folder.exists():
            folder.mkdir(parents=True)
        elif (folder / MANIFEST).exists():
            for left in folder.glob(".stance-*"):  # of the run that died
                left.unlink()
            self.done = {int(path.stem[5:]) for path in folder.glob("part-*.json")}
            if self.done:
                self._compare(read_json_object(folder / MANIFEST), output)
                for number in self.done:
                    self.counts += self._record(number)[0]
                return
        elif any(not path.name.startswith(".stance-") for path in folder.iterdir()):
            raise DataError(
                f"{folder} is not of this program: move it away, or name another output"
            )
        write_text(folder / MANIFEST, json.dumps(self._manifest, indent=1) + "\n", overwrite=True)

    def _compare(self, stored: dict[str, object], output: Path) -> None:
        wanted = json.loads(json.dumps(self._manifest))
        other = differences("", stored, wanted, "now ")
        if other:
            raise DataError(
                f"{self.folder} holds an unfinished run with other {'; '.join(other[:4])}. Give "
                f"the command that began it, name another output than {output}, or delete the "
                "folder to begin anew"
            )

    def commit(self, number: int, part: Part) -> None:
        """Store a part, whole or not at all.

        Args:
            number: of the part.
            part: its rows, counts and errors.

        Raises:
            DataError: it cannot be written.
        """
        path = self._path(number)
        with placing(path, overwrite=True) as handle:
            handle.write(part.rows)
        record = {
            **identity_of(path),
            "counts": asdict(part.counts),
            "errors": [error.to_record() for error in part.errors],
        }
        with placing(path.with_suffix(".json"), overwrite=True) as handle:
            handle.write(json.dumps(record).encode() + b"\n")
        self.done.add(number)
        self.counts += part.counts

    def join(self, handle: BinaryIO, writer: RowWriter, advance: Callable[[int], None]) -> None:
        """Write the rows of all parts, in order, to a file in which the writer has begun.

        Raises:
            DataError: a part is not what it was, or the file cannot be written.
        """
        for number in sorted(self.done):
            path = self._path(number)
            if sha256_of(path) != self._load(number)["sha256"]:
                raise DataError(f"{path} is damaged: delete it and run the command again")
            if self._kind == "parquet":
                writer.write_arrow(pq.read_table(path))
            else:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, handle, _COPIED)
            advance(self._record(number)[0].inputs)

    def errors(self) -> Iterator[RowError]:
        """The errors of all parts, in order."""
        for number in sorted(self.done):
            yield from self._record(number)[1]

    def note_joined(self, output: BinaryIO) -> None:
        """Remember what the output will be, just before it gets its name."""
        output.flush()
        record = identity_of(Path(output.name))
        write_text(self.folder / _JOINED, json.dumps(record) + "\n", overwrite=True)

    def is_joined(self, output: Path) -> bool:
        """Whether the output is there, whole, and only the parts were not removed."""
        marker = self.folder / _JOINED
        if not marker.exists():
            return False
        if output.is_file():
            stored = read_json_object(marker)
            if stored == identity_of(output):
                return True
        self.forget_joined()
        return False

    def forget_joined(self) -> None:
        """Take the parts for those of an unfinished output."""
        (self.folder / _JOINED).unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the folder: each part's record before its rows, its manifest last."""
        for path in sorted(self.folder.glob("part-*"), key=lambda path: path.suffix != ".json"):
            path.unlink()
        self.forget_joined()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def manifest(self) -> dict[str, object]:
        """What the parts are of."""
        return self._manifest

    @property
    def joined(self) -> dict[str, object]:
        """Bytes and hash of the output that was joined."""
        return read_json_object(self.folder / _JOINED)

    def _path(self, number: int) -> Path:
        return self.folder / f"part-{number:07d}.{self._kind}"

    def _load(self, number: int) -> dict[str, object]:
        return read_json_object(self._path(number).with_suffix(".json"))

    def _record(self, number: int) -> tuple[Counts, list[RowError]]:
        path = self._path(number)
        try:
            stored = self._load(number)
            if path.stat().st_size != stored["bytes"]:
                raise ValueError("its rows are not whole")
            counts, errors = stored["counts"], stored["errors"]
            return Counts(**counts), [RowError(**error) for error in errors]  # type: ignore
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{path.with_suffix('.json')} is damaged ({error}): delete it and run the command "
                "again"
            ) from error


def identity_of(path: Path) -> dict[str, object]:
    """Bytes and hash of a file."""
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


def differences(name: str, stored: object, wanted: object, other: str) -> list[str]:
    """What differs in two JSON values, each in a few words, with a word before the second."""
    if stored == wanted:
        return []
    if isinstance(stored, Mapping) and isinstance(wanted, Mapping):
        return [
            difference
            for key in sorted({*stored, *wanted})
            for difference in differences(
                f"{name} {key}".lstrip(), stored.get(key), wanted.get(key), other
            )
        ]
    return [f"{name} ({_short(stored)}, {other}{_short(wanted)})"]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
