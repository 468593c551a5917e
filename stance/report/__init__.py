"""HTML views of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.report.explained import Piece, cut_words
    from stance.report.html import render_html
    from stance.report.policy import content_policy

__getattr__ = lazy_names(  # the page's templates take their time
    __name__, {"explained": "Piece cut_words", "html": "render_html", "policy": "content_policy"}
)

__all__ = ["Piece", "content_policy", "cut_words", "render_html"]
