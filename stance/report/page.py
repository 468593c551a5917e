"""What every page of the library shares: one frame, one look, a strict content security policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from stance.report.policy import content_policy
from stance.texts import shown_on_page

SIGNS = {"favor": "+", "against": "−", "neutral": "○", "abstained": "?"}
_HOME = "stance.report"


def make_environment(package: str = _HOME) -> Environment:
    """Templates of a package, and ``page.html``, which they extend; all that they print is escaped.

    Args:
        package: that has the folder ``templates``.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(_HOME)]),
        autoescape=select_autoescape(),
        trim_blocks=True,
        finalize=shown_on_page,
    )
    environment.globals["signs"] = SIGNS
    return environment


def render_page(
    environment: Environment,
    name: str,
    package: str = _HOME,
    *,
    scripts: Sequence[str] = (),
    also: Mapping[str, Sequence[str]] | None = None,
    **shown: object,
) -> str:
    """Render a self-contained page that may load nothing and run no script but its own.

    Args:
        environment: from :func:`make_environment`.
        name: of the templates ``NAME.html``, ``NAME.css`` (which follows ``page.css``) and
            ``NAME.js``.
        package: that has them.
        scripts: its files that run before ``NAME.js``.
        also: what the page may do besides, as its policy says it: directive -> sources.
        shown: what the template prints.
    """
    style, script = style_and_script(name, package, scripts)
    return environment.get_template(f"{name}.html").render(
        style=Markup(style),
        script=Markup(script),
        policy=content_policy(style, script, also=also),
        **shown,
    )


def style_and_script(
    name: str, package: str = _HOME, scripts: Sequence[str] = ()
) -> tuple[str, str]:
    """The style and the script of a page; see :func:`render_page`."""
    style = _own(_HOME, "page.css") + _own(package, f"{name}.css")
    return style, "".join(_own(package, file) for file in (*scripts, f"{name}.js"))


def _own(package: str, name: str) -> str:
    """A file of ours, with the line ends of a parsed page, which are what is hashed."""
    return files(package).joinpath("templates", name).read_text(encoding="utf-8")
