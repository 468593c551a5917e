"""What is declared is imported, what is imported is declared, and what is installed is pinned."""

from __future__ import annotations

import ast
import re
import runpy
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import stance

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
EXTRAS = {
    extra: {canonicalize_name(Requirement(line).name) for line in lines}
    for extra, lines in PROJECT["optional-dependencies"].items()
}
OTHER_NAMES = {"sklearn": "scikit-learn"}  # Python 3.10 cannot tell
BY_EXCEPTION = {"lxml-html-clean"}  # pyproject.toml says why
# Packages whose commands need an extra throughout; their modules may import it at the top.
HOME_OF_EXTRA = {
    "training": {"train"},
    "evaluation": {"eval"},
    "integrations": {"sklearn", "spacy"},
    "serve": {"serve"},
}


@cache
def providers() -> dict[str, list[str]]:
    """Distributions by the name that is imported."""
    return dict(packages_distributions())


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Each third-party distribution that a module imports, and whether only inside a function."""
    names = providers()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules = [node.module]
        else:
            continue
        for module in modules:
            top = module.split(".")[0]
            if top in sys.stdlib_module_names or top in {"stance", "eval", "_typeshed"}:
                continue
            for distribution in names.get(top, [OTHER_NAMES.get(top, top)])[:1]:
                yield canonicalize_name(distribution), id(node) in lazy


MODULES = sorted((ROOT / "stance").rglob("*.py"))


def test_each_core_requirement_is_imported() -> None:
    used = {found for path in MODULES for found, _ in imported(path)}
    assert CORE - BY_EXCEPTION <= used


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_import_is_declared(path: Path) -> None:
    package = path.relative_to(ROOT / "stance").parts[0]
    for name, lazy in imported(path):
        if name in CORE:
            continue
        homes = {extra for extra, names in EXTRAS.items() if name in names} - {"dev", "docs"}
        assert homes, f"{name} is in no requirement of pyproject.toml"
        if HOME_OF_EXTRA.get(package, set()) & homes:
            continue
        assert lazy, f"{name} belongs to the extra {homes}: import it where it is used"
        text = path.read_text(encoding="utf-8")
        assert any(f"newsstance[{extra}]" in text for extra in homes), (
            f"where {name} is missing, the error must name the extra {homes}"
        )


# What the CUDA build of torch brings, at versions that torch itself pins.
ONLY_WITH_CUDA = re.compile(r"(nvidia|cuda)-.+|triton")


def closure(lines: list[str]) -> Iterator[str]:
    """Distributions that requirements bring here, themselves included."""
    seen: set[str] = set()
    waiting = [Requirement(line) for line in lines]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in seen:
            continue
        try:
            more = requires(name) or []
        except PackageNotFoundError:
            continue  # an extra that is not installed
        seen.add(name)
        yield name
        for line in more:
            inner = Requirement(line)
            extras = requirement.extras or {""}
            if not inner.marker or any(inner.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(inner)


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="constraints.txt is made on 3.11")
def test_what_is_installed_is_pinned() -> None:
    pinned = {
        canonicalize_name(line.split("==")[0])
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    lines = PROJECT["dependencies"] + [
        line for extra in PROJECT["optional-dependencies"].values() for line in extra
    ]
    unpinned = sorted(set(closure(lines)) - pinned)
    assert [name for name in unpinned if not ONLY_WITH_CUDA.fullmatch(name)] == []


@pytest.mark.parametrize("name", ["aait", "pymupdf", "sentence-transformers", "mapie", "spacy"])
def test_the_default_install_does_not_bring(name: str) -> None:
    assert name not in set(closure(PROJECT["dependencies"]))


def test_versions_agree() -> None:
    version = PROJECT["version"]
    assert stance.__version__ == version
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first
    assert first.group(1) == version


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("Apache-2.0 WITH LLVM-exception AND MIT", True),
        ("MPL-1.1 OR GPL-2.0-only", True),
        ("GPL-2.0-only AND MIT", False),
        ("AGPL-3.0-or-later", False),
        ("MIT AND (GPL-2.0-only OR MPL-2.0)", False),
        ("LGPL-2.1-or-later", True),
        ("Proprietary", False),
    ],
)
def test_which_licences_a_default_install_may_have(expression: str, expected: bool) -> None:
    rules = runpy.run_path(str(ROOT / ".ci" / "licences.py"))
    assert rules["allowed"](expression) is expected


@pytest.mark.parametrize("folder", ["stance", "eval"])
def test_no_file_is_long(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 350} == {}


def test_the_citation_names_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^version: \"?{re.escape(PROJECT['version'])}\"?$", citation, re.M)
