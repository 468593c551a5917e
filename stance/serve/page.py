"""The page that ``stance serve`` opens with."""

from __future__ import annotations

from stance.report.html import SCRIPTS
from stance.report.page import make_environment, render_page, style_and_script
from stance.report.policy import content_hash

_PACKAGE = "stance.serve"


def render_start(checkpoint: str, version: str) -> tuple[str, str]:
    """The page, and the content security policy that goes as a header beside its own.

    The views that it shows inherit its policy, which therefore allows their style and script.

    Args:
        checkpoint: name of the one that answers.
        version: of the library.
    """
    views = [
        style_and_script("analysis", scripts=SCRIPTS),
        style_and_script("summary", "stance.evaluation.summary"),
    ]
    page = render_page(
        make_environment(_PACKAGE),
        "serve",
        _PACKAGE,
        also={
            "style-src": [content_hash(style) for style, _ in views],
            "script-src": [content_hash(script) for _, script in views],
            "connect-src": ["'self'"],
        },
        title="Who said what, and where do they stand?",
        checkpoint=checkpoint,
        version=version,
    )
    return page, "frame-ancestors 'none'"
