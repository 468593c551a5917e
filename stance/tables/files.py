"""Output files: none is replaced unasked, and each appears under its name when it is whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from stance.errors import DataError


def check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse an output that would replace something, before any work is done for it.

    Raises:
        DataError: the path is a folder, or a file that is there and may not be replaced.
    """
    if path.is_dir():
        raise DataError(f"{path} is a folder: name a file")
    if path.exists() and not overwrite:
        raise DataError(
            f"{path} exists: choose another name, or pass --overwrite (in Python overwrite=True)"
        )


def write_text(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a UTF-8 file, which appears only when it is whole; its folder is made.

    Raises:
        DataError: it exists, or cannot be written.
    """
    check_output(path, overwrite=overwrite)
    partial = partial_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="") as handle:
            handle.write(text)
        partial.replace(path)
    except OSError as error:
        raise DataError(f"cannot write {path}: {error}") from error
    finally:
        remove_partial(partial)


def partial_path(path: Path) -> Path:
    """The name that a file has until it is whole."""
    return path.with_name(path.name + ".partial")


def remove_partial(partial: Path) -> None:
    """Remove what is left of a file that was not finished."""
    with suppress(OSError):  # such as a "folder" of the path that is a file
        partial.unlink(missing_ok=True)
