"""A result names the commit of its own checkout, or none; git is run in one module only."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stance.config import PACKAGE_DIR
from stance.evaluation.provenance import code_version

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def _git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for name in ("stance/__init__.py", "pyproject.toml", "README.md"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n")
    _git(root, "init", "--quiet")
    _git(root, "add", ".")
    _git(root, "commit", "--quiet", "--no-gpg-sign", "-m", "x")
    return root


def test_the_commit_of_the_checkout(checkout: Path) -> None:
    head = _git(checkout, "rev-parse", "--short=12", "HEAD")
    (checkout / "notes.txt").write_text("beside the sources")
    assert code_version(checkout / "stance") == head


@pytest.mark.parametrize("name", ["README.md", "stance/new.py", "configs/new.yaml"])
def test_changes_are_marked(checkout: Path, name: str) -> None:
    (checkout / name).parent.mkdir(exist_ok=True)
    (checkout / name).write_text("changed")
    assert str(code_version(checkout / "stance")).endswith("+changed")


def test_a_repository_around_an_installed_package_is_not_it(checkout: Path, tmp_path: Path) -> None:
    installed = checkout / ".venv" / "site-packages" / "stance"
    installed.mkdir(parents=True)
    assert code_version(installed) is None
    assert code_version(tmp_path / "stance") is None


def test_git_is_run_in_one_module() -> None:
    words = re.compile(r"""["']git["']""")
    found = {
        path.relative_to(PACKAGE_DIR).as_posix()
        for path in PACKAGE_DIR.rglob("*.py")
        if words.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"evaluation/provenance.py"}


@pytest.mark.parametrize("module", ["stance.cli", "stance.pipeline", "stance.engine.many"])
def test_analyze_and_score_import_no_evaluation(module: str) -> None:
    code = (
        f"import {module}, sys\n"
        "print([name for name in sys.modules if name.startswith('stance.evaluation')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
