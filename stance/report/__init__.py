"""HTML views of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.report.html import render_html

__getattr__ = lazy_names(__name__, {"html": "render_html"})  # the page's templates take their time

__all__ = ["render_html"]
