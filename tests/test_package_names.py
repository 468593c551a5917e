"""Every name that a package lists for others is there, and importing the package is light."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

PACKAGES = [
    "stance.checkpoint",
    "stance.extract",
    "stance.model",
    "stance.report",
    "stance.tables",
    "stance.training",
]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_listed_name_is_there(package: str) -> None:
    module = import_module(package)
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        module.no_such_name  # noqa: B018


def test_importing_the_packages_imports_no_torch() -> None:
    code = f"import sys; import {', '.join(PACKAGES)}; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"
