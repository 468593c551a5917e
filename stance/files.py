"""Files out: each appears under its name when it is whole, and nothing is replaced unasked.

An output is written to a new file of the same folder, synchronised with the disk, and put in its
place in one step. Whoever writes an output holds its lock: a temporary file that lies there while
nobody holds it is of a run that died, and the next run removes it.
"""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from filelock import FileLock, Timeout

from stance.errors import DataError
from stance.texts import visible

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

logger = logging.getLogger(__name__)

_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]+)")
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def is_stream(path: Path) -> bool:
    """Whether an output takes bytes as they come: a pipe, a device, ``/dev/stdout`` or ``-``."""
    if str(path) == "-" or _descriptor(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse an output that would replace something, before any work is done for it.

    Raises:
        DataError: the path is a folder or a socket, a file that is there and may not be replaced,
            or no possible name.
    """
    if is_stream(path):
        return
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise DataError(f"cannot write {path}: {error}") from error
    if stat.S_ISDIR(mode):
        raise DataError(f"{path} is a folder: name a file")
    if not stat.S_ISREG(mode):
        raise DataError(f"{path} is no ordinary file: name another")
    if not overwrite:
        raise DataError(
            f"{path} exists: choose another name, or pass --overwrite (in Python overwrite=True)"
        )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be the only one that writes an output, from here to the end of the block.

    A thread that holds the lock may take it again. What a run that died left unfinished beside the
    output is removed first, and the log says so.

    Args:
        path: a file; a link stands for the file that it points to. Of a folder whose files are
            written together, any one name in it that all who write it agree on.

    Raises:
        DataError: another run writes it, or its folder cannot be written.
    """
    try:
        place = Path(os.path.realpath(path))
        made = not place.parent.exists()
        place.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place.with_name(f"{_stem(place)}.lock"), timeout=0.1, is_singleton=True)
        outermost = not lock.is_locked
        lock.acquire()
    except Timeout:
        raise DataError(
            f"another run is writing {path}: wait until it has ended, or choose another output"
        ) from None
    except (OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"cannot write {path}: {error}") from error
    try:
        if outermost:
            _remove_left(path, place)
        yield
    finally:
        if outermost:
            with suppress(OSError):  # who waits for the removed file starts over with a new one
                os.unlink(lock.lock_file)
        lock.release()
        if made:
            with suppress(OSError):  # it holds the output
                place.parent.rmdir()


@contextmanager
def writing(path: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Write an output: what the block writes appears under its name when the block is left.

    An error within leaves what was there before. A file that is replaced gives the new one its
    mode, owner and group (as far as this user may); a link stays, and the file that it points to is
    written; pipes, devices and ``/dev/stdout`` (also named ``-``) get the bytes as they come. The
    folder is made.

    Args:
        path: the output.
        overwrite: replace a file that is there.

    Raises:
        DataError: the file exists, also if it appeared during the block; another run writes it; or
            it cannot be written. An OSError of the block's own passes as it is.
    """
    check_output(path, overwrite=overwrite)
    if is_stream(path):
        if str(path) == "-":
            with standard_output() as handle:
                yield handle
            return
        with _explained(path):
            handle = _open_stream(path)
        with handle:
            yield handle
        return
    with locked(path), placing(path, overwrite=overwrite) as handle:
        yield handle


@contextmanager
def placing(path: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    """As :func:`writing` an ordinary file, for who holds a lock that covers it.

    Raises:
        DataError: the file appeared during the block, or cannot be written.
    """
    place = Path(os.path.realpath(path))
    with ExitStack() as stack:
        with _explained(path):
            handle = _begin(place, stack)
        yield handle
        with _explained(path):
            sync(handle)
            handle.close()
            _put(Path(handle.name), place, overwrite=overwrite)


def write_bytes(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file, which appears only when it is whole; its folder is made.

    Raises:
        DataError: it exists, another run writes it, or it cannot be written.
    """
    with writing(path, overwrite=overwrite) as handle, _explained(path):
        handle.write(content)


def write_text(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a text as UTF-8, with the line ends it has; see :func:`write_bytes`."""
    write_bytes(path, text.encode("utf-8", "replace"), overwrite=overwrite)


def write_files(folder: Path, files: Mapping[str, str], *, overwrite: bool = True) -> None:
    """Write several texts into a folder, so that a failure leaves the old ones as they were.

    All are written to temporary files of the folder first; only when the last of them is on the
    disk do they take the places of the old ones.

    Args:
        folder: made if it is not there.
        files: file name -> text, stored as UTF-8 with the line ends it has.
        overwrite: replace what is there.

    Raises:
        DataError: another run writes one of them, one exists that may not be replaced, the folder
            cannot be written to, or the disk is full.
    """
    with ExitStack() as stack, _explained(folder):
        for name, text in files.items():
            handle = stack.enter_context(writing(folder / name, overwrite=overwrite))
            handle.write(text.encode("utf-8", "replace"))
            sync(handle)


def sync(handle: BinaryIO) -> None:
    """Wait until what was written to a file is on the disk.

    Raises:
        OSError: it cannot be written.
    """
    handle.flush()
    os.fsync(handle.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can tell."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _stem(place: Path) -> str:
    """What the names of an output's lock and temporary files begin with; the length is fixed."""
    return f".stance-{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:16]}"


def _remove_left(path: Path, place: Path) -> None:
    for left in place.parent.glob(f"{_stem(place)}-*.part"):
        with suppress(OSError):
            left.unlink()
            logger.warning("an earlier run died while it wrote %s: removed what it left", path)


def _begin(place: Path, stack: ExitStack) -> BinaryIO:
    """A new file beside the output, which is removed with the stack unless it was put in place."""
    try:
        old = place.stat()
        mode = stat.S_IMODE(old.st_mode)
    except FileNotFoundError:
        mode = None
    temporary = place.with_name(f"{_stem(place)}-{secrets.token_hex(8)}.part")

    def create(name: str, flags: int) -> int:
        return os.open(name, flags, 0o666 if mode is None else mode)

    handle = open(temporary, "xb", opener=create)
    stack.callback(temporary.unlink, missing_ok=True)
    stack.callback(_close, handle)
    if mode is not None:
        with suppress(OSError, AttributeError):  # as far as this user may
            os.chown(temporary, old.st_uid, old.st_gid)
        os.chmod(temporary, mode)
    return handle


def _close(handle: BinaryIO) -> None:
    with suppress(OSError):  # of a full disk: the file goes away anyhow
        handle.close()


def _put(temporary: Path, place: Path, *, overwrite: bool) -> None:
    if overwrite:
        temporary.replace(place)
    else:
        _put_where_nothing_is(temporary, place)
    sync_folder(place.parent)


def _put_where_nothing_is(temporary: Path, place: Path) -> None:
    try:
        os.link(temporary, place)  # unlike a renaming, it replaces nothing
    except FileExistsError:
        raise DataError(
            f"{place} appeared during the run: move it away, or pass --overwrite (in Python "
            "overwrite=True)"
        ) from None
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS or os.path.lexists(place):
            raise
        temporary.rename(place)  # of file systems without hard links


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(f"cannot write {output_name(path)}: {error.strerror or error}") from error


def output_name(path: Path) -> str:
    """An output as the words "cannot write" go on."""
    return "to standard output" if str(path) == "-" else str(path)


def _descriptor(path: Path) -> int | None:
    """The number of an open file that a name such as ``/dev/stdout`` stands for."""
    if os.name != "posix":
        return None
    name = os.path.abspath(path)
    if name in ("/dev/stdout", "/dev/stderr"):
        return 1 if name == "/dev/stdout" else 2
    found = _DESCRIPTOR.fullmatch(name)
    return int(found[1]) if found else None


class _ForTerminal(io.BufferedWriter):
    """Whole lines of text on a terminal, which would obey the control characters in them."""

    def write(self, block: ReadableBuffer) -> int:
        super().write(visible(bytes(block).decode("utf-8", "replace")).encode())
        return len(bytes(block))


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output, as bytes; on a terminal control characters are shown, not obeyed.

    Raises:
        OSError: it cannot be written. What is still unwritten then goes nowhere.
    """
    sys.stdout.flush()
    if not sys.stdout.isatty():
        try:
            yield sys.stdout.buffer
        finally:
            try:
                sys.stdout.buffer.flush()
            except OSError:
                drop_standard_output()
                raise
        return
    # Of its own number, since standard output may be buffered or not.
    with _ForTerminal(os.fdopen(os.dup(sys.stdout.fileno()), "wb", 0)) as handle:
        yield handle


def drop_standard_output() -> None:
    """Send what is still unwritten nowhere, or Python would fail on it again when it ends."""
    with suppress(OSError, ValueError):  # a stream without a file behind it
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _open_stream(path: Path) -> BinaryIO:
    number = _descriptor(path)
    # Opening the name anew would empty a file that standard output goes to.
    raw = path.open("wb", 0) if number is None else os.fdopen(os.dup(number), "wb", 0)
    return _ForTerminal(raw) if raw.isatty() else io.BufferedWriter(raw)
