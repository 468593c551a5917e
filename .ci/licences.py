"""Write docs/licences.md: every package that a default install brings, with its licence.

Fails on a licence that is neither permissive nor weak copyleft (LGPL, MPL), and on one that cannot
be read from the package's own metadata. `--check` also fails where the page on disk differs.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# NVIDIA's libraries, which only the CUDA build of PyTorch brings; the page says so.
ONLY_WITH_CUDA = re.compile(r"(nvidia|cuda)-.+|triton")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "licences.md"
ROOT_PACKAGE = "newsstance"

PERMISSIVE = {
    *("0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause"),
    *("BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-0"),
    *("PSF-2.0", "Python-2.0", "Unlicense", "Zlib"),
}
WEAK_COPYLEFT = {
    *("LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    *("MPL-1.1", "MPL-2.0"),
}
ALLOWED = PERMISSIVE | WEAK_COPYLEFT
# How older metadata writes a licence, by its identifier. "BSD": the number of clauses is not said.
WRITTEN = {
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The BSD 2-Clause License": "BSD-2-Clause",
}
# Packages whose metadata does not say it: licence, and where it was read.
READ_BY_HAND: dict[str, tuple[str, str]] = {}

HEADER = """\
---
orphan: true
---

# Licences

`newsstance` itself is Apache-2.0. A default install on Linux brings these packages, each under its
own licence; the page is made from their metadata (`make licences`) and checked in CI. Nothing here
is stronger than weak copyleft (LGPL, MPL), which asks something of you only if you change and pass
on that package itself. Where a package offers a choice, one of the choices must be allowed.

The pretrained backbones are fetched once by `stance download`: all-MiniLM-L6-v2 (`small`) and
all-mpnet-base-v2 (`base`), both Apache-2.0. The CUDA build of PyTorch brings NVIDIA's libraries
under NVIDIA's own terms; they are not in this table.

| package | version | licence |
|---|---|---|
"""


def installed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[Distribution]:
    """A package and everything it requires here, each once, without what CUDA brings."""
    seen: set[tuple[str, frozenset[str]]] = set()
    given: set[str] = set()
    waiting = [(name, extras)]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        found = distribution(current[0])
        key = canonicalize_name(found.metadata["Name"])
        if key not in given:
            given.add(key)
            yield found
        for line in found.requires or []:
            requirement = Requirement(line)
            if ONLY_WITH_CUDA.fullmatch(canonicalize_name(requirement.name)):
                continue
            chosen = current[1] or {""}
            if not requirement.marker or any(
                requirement.marker.evaluate({"extra": extra}) for extra in chosen
            ):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))


def licence_of(found: Distribution) -> str | None:
    """An SPDX expression from the metadata, or None where it says nothing that can be read."""
    metadata = found.metadata
    name = canonicalize_name(metadata["Name"])
    if name in READ_BY_HAND:
        return READ_BY_HAND[name][0]
    classified = [
        line.split(" :: ")[-1]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    from_classifiers = " AND ".join(WRITTEN.get(text, text) for text in classified)
    for text in (metadata.get("License-Expression"), metadata.get("License"), from_classifiers):
        expression = WRITTEN.get((text or "").strip(), (text or "").strip())
        if all(part in ALLOWED or _looks_like_spdx(part) for part in parts(expression)):
            return expression
    return None


def parts(expression: str) -> list[str]:
    """The licences that an expression names."""
    return [p.strip(" ()") for p in re.split(r"\s+(?:AND|OR)\s+", expression)]


def _looks_like_spdx(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]+[A-Za-z0-9.]*(-[A-Za-z0-9.]+)+( WITH [\w.-]+)?", text))


def allowed(expression: str) -> bool:
    """Whether every licence is allowed, or of a choice one. A choice inside brackets is refused."""
    if "(" in expression and " OR " in expression and " AND " in expression:
        return all(part in ALLOWED for part in parts(expression))
    return any(
        all(part.strip(" ()") in ALLOWED for part in re.split(r"\s+AND\s+", choice))
        for choice in re.split(r"\s+OR\s+", expression)
    )


def main() -> int:
    """Write or check the page; 1 where a licence is not allowed or the page is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare the page")
    check = parser.parse_args().check
    faults, rows = [], []
    for found in installed(ROOT_PACKAGE):
        name = found.metadata["Name"]
        if canonicalize_name(name) == ROOT_PACKAGE:
            continue
        licence = licence_of(found)
        if licence is None:
            faults.append(f"{name}: its licence cannot be read; look it up, add it to READ_BY_HAND")
        elif not allowed(licence):
            faults.append(f"{name}: {licence} is not allowed in a default install")
        rows.append((name.lower(), name, found.version.split("+")[0], licence or "unknown"))
    page = HEADER + "".join(
        f"| {name} | {v} | {licence} |\n" for _, name, v, licence in sorted(rows)
    )
    for name, (licence, why) in sorted(READ_BY_HAND.items()):
        page += f"\n{name}: {licence}, {why}.\n"
    if not check:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page:
        faults.append(f"{PAGE.name} is out of date: run `make licences`")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults) or f"{len(rows)} licences checked\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
