"""The page that ``stance serve`` opens with."""

from __future__ import annotations

from stance.report.page import make_environment, page_hashes, render_page

_PACKAGE = "stance.serve"


def render_start(checkpoint: str, version: str) -> tuple[str, str]:
    """The page and its content security policy.

    The views that it shows inherit the policy, which therefore allows their own script and style.

    Args:
        checkpoint: name of the one that answers.
        version: of the library.
    """
    views = [page_hashes("analysis"), page_hashes("summary", "stance.evaluation.summary")]
    policy = {
        "style-src": [style for style, _ in views],
        "script-src": [script for _, script in views],
        "connect-src": ["'self'"],
    }
    page = render_page(
        make_environment(_PACKAGE),
        "serve",
        _PACKAGE,
        more_policy=policy,
        title="Who said what, and where do they stand?",
        checkpoint=checkpoint,
        version=version,
    )
    return page, "frame-ancestors 'none'"
