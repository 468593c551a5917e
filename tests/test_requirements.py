"""The files that pin every package by hash agree with the constraints, and name no index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_packaging import CORE, ROOT, canonicalize_name

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = {
    canonicalize_name(line.split("==")[0]): line.split("==")[1].split(";")[0].strip()
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if "==" in line
}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_package_is_pinned_by_version_and_hash(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text and "index" not in text
    found = {}
    for entry in re.split(r"^(?=\S)", text, flags=re.M):
        if entry:
            name, version = entry.split()[0].split("==")
            found[canonicalize_name(name)] = version.split("+")[0]
            hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}(?= |$)", entry, flags=re.M)
            assert len(hashes) == entry.count("--hash") >= 1, name
    assert found.keys() >= CORE
    differing = {n: v for n, v in found.items() if n in PINNED and PINNED[n] != v}
    assert differing == {}


def test_the_platforms_are_documented() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert LOCKS and all(f"`{path.name}`" in page for path in LOCKS)
