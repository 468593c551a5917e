"""Hashes of files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from stance.errors import ModelLoadError

_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def check_sha256(path: Path, expected: str) -> None:
    """Compare a file with its pinned hash.

    Raises:
        ModelLoadError: the file is missing, truncated or altered, or cannot be read.
    """
    if not os.path.isfile(path):
        raise ModelLoadError(f"{path} is missing")
    try:
        found = sha256_of(path)
    except OSError as error:
        raise ModelLoadError(f"cannot read {path}: {error.strerror or error}") from error
    if found != expected:
        raise ModelLoadError(
            f"{path} is damaged or altered: SHA-256 is {found}, expected {expected} "
            f"({os.path.getsize(path):,} bytes)"
        )
