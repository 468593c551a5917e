"""The commands run in this process, and load each checkpoint and extractor once for all tests."""

from __future__ import annotations

from functools import cache

import pytest

import stance

_LOAD, _LOAD_EXTRACTOR = cache(stance.load), cache(stance.load_extractor)


@pytest.fixture(autouse=True)
def load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stance, "load", _LOAD)
    monkeypatch.setattr(stance, "load_extractor", _LOAD_EXTRACTOR)
