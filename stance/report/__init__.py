"""HTML views of records."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.report.html import render_html

_HOME = {"render_html": "html"}

__all__ = ["render_html"]


def __getattr__(name: str) -> object:
    """Import a name when it is first used: the page's templates take their time."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
