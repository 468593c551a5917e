"""Output files: none is replaced unasked, and each appears under its name when it is whole."""

from __future__ import annotations

import secrets
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from stance.errors import DataError


def check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse an output that would replace something, before any work is done for it.

    Raises:
        DataError: the path is a folder or device, a file that is there and may not be replaced, or
            no possible name.
    """
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


def write_text(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a UTF-8 file, which appears only when it is whole; its folder is made.

    Raises:
        DataError: it exists, or cannot be written.
    """
    check_output(path, overwrite=overwrite)
    partial: Path | None = None
    try:
        partial = begin_partial(path)
        with partial.open("w", encoding="utf-8", newline="") as handle:
            handle.write(text)
        partial.replace(path)
    except OSError as error:
        raise DataError(f"cannot write {path}: {error}") from error
    finally:
        remove_partial(partial)


def begin_partial(path: Path) -> Path:
    """Make the empty file that an output is until it is whole; its folder is made.

    Its name is new and nobody else's, also where several write the same output. Its mode is that
    of the file it will replace, else that of any new file.

    Raises:
        OSError: it cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".stance-{secrets.token_hex(8)}.partial")
    partial.open("xb").close()
    if path.exists():
        shutil.copymode(path, partial)
    return partial


def remove_partial(partial: Path | None) -> None:
    """Remove what is left of a file that was begun and not finished."""
    if partial is not None:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
