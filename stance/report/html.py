"""The HTML view of an analysis: the article with its statements marked, and a table."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, select_autoescape

from stance.schema import Article, Prediction, Statement
from stance.texts import shown_on_page


def render_html(
    article: Article,
    targets: Sequence[str],
    statements: Sequence[Statement],
    predictions: Sequence[Sequence[Prediction]],
    *,
    title: str | None = None,
) -> str:
    """Render a self-contained page; all text of the article is escaped.

    Args:
        article: the text, and the title, date and so on that head the page.
        targets: at least one; the marks in the text show the stance toward the first.
        statements: of that text.
        predictions: for each statement, one prediction a target.
        title: heading of the page; the article's title when None.
    """
    environment = Environment(
        loader=PackageLoader("stance.report"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        finalize=shown_on_page,
    )
    return environment.get_template("analysis.html").render(
        title=title or article.title or "Stance analysis",
        about=[part for part in (", ".join(article.authors), article.outlet, article.date) if part],
        url=article.url,
        linked=(article.url or "").startswith(("https://", "http://")),
        targets=targets,
        pieces=_pieces(article.text, statements, predictions),
        rows=list(zip(statements, predictions, strict=True)),
    )


def _pieces(
    text: str, statements: Sequence[Statement], predictions: Sequence[Sequence[Prediction]]
) -> list[tuple[str, int | None, str]]:
    """Cut the article into (text, statement number or None, stance toward the first target).

    Where statements are nested the outer one is marked.
    """
    spans = sorted(
        (span.start, -span.end, number)
        for number, statement in enumerate(statements)
        for span in statement.spans
    )
    pieces: list[tuple[str, int | None, str]] = []
    position = 0
    for start, negative_end, number in spans:
        if start < position:
            continue
        stance = predictions[number][0].stance
        pieces.append((text[position:start], None, ""))
        label = stance.value if stance else "abstained"
        pieces.append((text[start:-negative_end], number, label))
        position = -negative_end
    pieces.append((text[position:], None, ""))
    return pieces
