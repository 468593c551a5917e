"""Names that are imported when they are first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stance.lazy import lazy_names


def test_names_are_found_where_they_stand() -> None:
    find = lazy_names("stance", {"errors": "DataError SpanError", "model.pairs": "MASK"})
    from stance.errors import SpanError
    from stance.model.pairs import MASK

    assert find("SpanError") is SpanError and find("MASK") is MASK
    with pytest.raises(AttributeError, match="module 'stance' has no attribute 'nothing'"):
        find("nothing")


def test_importing_stance_imports_none_of_its_packages() -> None:
    code = "import stance, sys; print([m for m in sys.modules if m.startswith('stance.')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "['stance.lazy']"
