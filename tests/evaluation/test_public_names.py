from __future__ import annotations

import subprocess
import sys

import stance.evaluation as evaluation


def test_every_public_name_is_there() -> None:
    assert all(getattr(evaluation, name) is not None for name in evaluation.__all__)
    assert dir(evaluation) == sorted(evaluation.__all__)


def test_importing_the_package_loads_no_model() -> None:
    code = "import stance.evaluation, sys; print({'torch', 'sklearn', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
