"""Every example of the README runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = re.findall(
    r"^```(\w+)( notest)?\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
)
PYTHON = [body for language, skip, body in BLOCKS if language == "python" and not skip]
SHELL = [
    line.split("#")[0].strip()
    for language, skip, body in BLOCKS
    if language == "sh" and not skip
    for line in body.splitlines()
    if line.split("#")[0].strip()
]
# `make test` runs this test, CI runs `make test`; the install line is what `make install` does.
RUN = [line for line in SHELL if not line.startswith(("make ", "pip install"))]


@pytest.fixture
def copy_of_checkout(tmp_path: Path) -> Path:
    """A folder that looks like the checkout, so that outputs stay out of it."""
    for name in ("examples", "configs", "eval"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("body", PYTHON)
def test_python_examples(body: str, copy_of_checkout: Path) -> None:
    subprocess.run([sys.executable, "-c", body], cwd=copy_of_checkout, check=True, timeout=300)


@pytest.mark.parametrize("line", RUN)
def test_shell_examples(line: str, copy_of_checkout: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        line,
        shell=True,
        cwd=copy_of_checkout,
        check=True,
        timeout=300,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
    )


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in SHELL:
        if line.startswith("make "):
            assert f"\n{line.split()[1]}:" in makefile
