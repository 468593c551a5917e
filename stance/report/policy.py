"""The content security policy of a page that is whole in itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence


def content_policy(
    style: str, script: str = "", *, also: Mapping[str, Sequence[str]] | None = None
) -> str:
    """A policy that lets the page's own style and script act, and nothing be loaded.

    Args:
        style: the text of its one style element, with the line ends of a parsed page.
        script: of its one script element; without one no script runs at all.
        also: further sources that a directive allows.

    Source: Content Security Policy Level 3, 2.3.1.
    """
    allowed = {"default-src": ["'none'"], "style-src": [content_hash(style)]}
    if script:
        allowed["script-src"] = [content_hash(script)]
    allowed |= {"base-uri": ["'none'"], "form-action": ["'none'"]}
    for directive, sources in (also or {}).items():
        allowed[directive] = [*allowed.get(directive, []), *sources]
    return "; ".join(" ".join([directive, *sources]) for directive, sources in allowed.items())


def content_hash(content: str) -> str:
    """How a policy names an inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
