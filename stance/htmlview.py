"""The HTML view of an analysis: the article with its statements marked, and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, select_autoescape

if TYPE_CHECKING:
    from stance.pipeline import Analysis


def render_html(analysis: Analysis, title: str) -> str:
    """Render a self-contained page; all text of the article is escaped."""
    environment = Environment(
        loader=PackageLoader("stance"), autoescape=select_autoescape(), trim_blocks=True
    )
    return environment.get_template("analysis.html").render(
        title=title,
        targets=analysis.targets,
        pieces=_pieces(analysis),
        rows=list(zip(analysis.statements, analysis.predictions, strict=True)),
    )


def _pieces(analysis: Analysis) -> list[tuple[str, int | None, str]]:
    """Cut the article into (text, statement number or None, stance toward the first target).

    Where statements are nested the outer one is marked.
    """
    spans = sorted(
        (span.start, -span.end, number)
        for number, statement in enumerate(analysis.statements)
        for span in statement.spans
    )
    pieces: list[tuple[str, int | None, str]] = []
    position = 0
    for start, negative_end, number in spans:
        if start < position:
            continue
        stance = analysis.predictions[number][0].stance
        pieces.append((analysis.text[position:start], None, ""))
        label = stance.value if stance else "abstained"
        pieces.append((analysis.text[start:-negative_end], number, label))
        position = -negative_end
    pieces.append((analysis.text[position:], None, ""))
    return pieces
