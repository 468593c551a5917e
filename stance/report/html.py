"""The HTML view of an analysis: the article with its statements marked, who speaks, and cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from stance.columns import ABSTAINED
from stance.errors import DataError
from stance.model import judged_range, judged_text
from stance.people import name_key
from stance.report.explained import Moved, moved_words
from stance.report.page import make_environment, render_page
from stance.report.passages import cut_article
from stance.schema import Article, Correction, Explanation, Prediction, Statement
from stance.speaker_counts import SpeakerCounter, SpeakerTable

SCRIPTS = ("corrections.js", "why.js")
"""What runs in the page before its own script."""


@dataclass(frozen=True, slots=True)
class _Card:
    """A statement with what the page says of it.

    Attributes:
        statement: the statement.
        predictions: one a target.
        stances: the stance toward each target, or ``abstained``.
        voices: positions of its speakers in the list of speakers; ``unknown`` where it has none.
        words: what the model judged.
        context: what stood around it, with a mark in the words' place.
        moved: the same, with the words that moved each prediction.
        place: where all of it stands in the article, for corrections.
    """

    statement: Statement
    predictions: Sequence[Prediction]
    stances: list[str]
    voices: list[str]
    words: str
    context: str
    moved: list[Moved]
    place: dict[str, object]


def render_html(
    article: Article,
    targets: Sequence[str],
    statements: Sequence[Statement],
    predictions: Sequence[Sequence[Prediction]],
    *,
    title: str | None = None,
    explanations: Sequence[Sequence[Explanation]] | None = None,
    corrections: Sequence[Correction] = (),
) -> str:
    """Render a self-contained page; all text of the article is escaped.

    The page's own script and style are the only ones that its content security policy allows, and
    it may load nothing. Without a script it shows every target's predictions.

    Args:
        article: the text, and the title, date and so on that head the page.
        targets: at least one; the marks show the stance toward the first until another is chosen.
        statements: of that text.
        predictions: for each statement, one prediction a target.
        title: heading of the page; the article's title when None.
        explanations: for each statement, one a target; None shows no words that mattered.
        corrections: of this article, shown again.

    Raises:
        DataError: an explanation is of another analysis, or a correction does not fit the article.
    """
    for number, correction in enumerate(corrections, start=1):
        if problem := correction.misfit(article.text):
            raise DataError(f"correction {number}, {problem}")
    environment = make_environment()
    environment.filters["numbers"] = lambda places: " ".join(str(n + 1) for n in places)
    table = _speakers(article, statements, predictions)
    cards = _cards(article.text, statements, predictions, table, explanations)
    return render_page(
        environment,
        "analysis",
        scripts=SCRIPTS,
        text=article.text,
        article_id=article.id
        or sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        corrections=[correction.to_record() for correction in corrections],
        title=title or article.title or "Stance analysis",
        about=[part for part in (", ".join(article.authors), article.outlet, article.date) if part],
        url=article.url,
        linked=(article.url or "").startswith(("https://", "http://")),
        targets=targets,
        paragraphs=cut_article(article.text, statements),
        cards=cards,
        stances=[card.stances[0] for card in cards],  # while no other target is chosen
        voices=table.rows,
        unknown=table.unknown,
    )


def _label(prediction: Prediction) -> str:
    return prediction.stance.value if prediction.stance else ABSTAINED


def _speakers(
    article: Article, statements: Sequence[Statement], predictions: Sequence[Sequence[Prediction]]
) -> SpeakerTable:
    counter = SpeakerCounter()
    for statement, row in zip(statements, predictions, strict=True):
        counter.add(
            "",
            article.id,
            statement.speakers,
            statement.speaker_confidence,
            {p.target: _label(p) for p in row},
        )
    return counter.table()


def _cards(
    text: str,
    statements: Sequence[Statement],
    predictions: Sequence[Sequence[Prediction]],
    table: SpeakerTable,
    explanations: Sequence[Sequence[Explanation]] | None,
) -> list[_Card]:
    places = {(row.kind, name_key(row.name)): str(at) for at, row in enumerate(table.rows)}
    given: Sequence[Sequence[Explanation | None]]
    given = explanations or [[None] * len(row) for row in predictions]
    if [len(row) for row in given] != [len(row) for row in predictions]:
        raise DataError("give one explanation for each statement and target, or none at all")
    cards = []
    for statement, row, why in zip(statements, predictions, given, strict=True):
        voices = [places[speaker.kind, name_key(speaker.name)] for speaker in statement.speakers]
        words, context = judged_text(text, statement)
        cards.append(
            _Card(
                statement,
                row,
                [_label(p) for p in row],
                voices or ["unknown"],
                words,
                context,
                [moved_words(words, context, p.target, e) for p, e in zip(row, why, strict=True)],
                _place(text, statement),
            )
        )
    return cards


def _place(text: str, statement: Statement) -> dict[str, object]:
    """The ranges of a statement, of what was judged of it and of its context, and its speaker."""
    start, end = judged_range(text, statement)
    around = text.find(statement.context, max(0, start - len(statement.context)))
    return {
        "spans": [(span.start, span.end) for span in statement.spans],
        "read": (start, end),
        "context": (around, around + len(statement.context)),
        "speaker": statement.speaker,
    }
