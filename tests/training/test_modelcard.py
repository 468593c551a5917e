"""The commit that a card names is that of the package's own checkout, or none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from stance.training.model_card import code_version

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
