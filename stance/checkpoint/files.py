"""Hashes of files."""

from __future__ import annotations

import hashlib
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
        ModelLoadError: the file is missing, truncated or altered.
    """
    if not path.is_file():
        raise ModelLoadError(f"{path} is missing: install or download it again")
    found = sha256_of(path)
    if found != expected:
        raise ModelLoadError(
            f"{path} is damaged or altered: SHA-256 is {found}, expected {expected} "
            f"({path.stat().st_size:,} bytes). Delete it and install or download it again"
        )
