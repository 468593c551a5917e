"""Article text -> statements -> predictions. Composes the other modules and holds no rules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from stance.analysis import Analysis
from stance.errors import DataError
from stance.extract.extractor import extract_statements
from stance.model.pairs import judged_text

if TYPE_CHECKING:
    from stance.model.classifier import StanceClassifier


@lru_cache(maxsize=1)
def default_classifier() -> StanceClassifier:
    """The bundled classifier, loaded once a process."""
    from stance.model.classifier import load

    return load("default")


def analyze(
    text: str,
    targets: Sequence[str] = ("foreign intervention",),
    *,
    classifier: StanceClassifier | None = None,
    abstain_below: float | None = None,
    coverage: float | None = None,
    progress: bool | None = False,
) -> Analysis:
    """Find every attributed statement of an article and judge it toward each target.

    Args:
        text: plain article text; offsets in the result are its code points.
        targets: at least one target, as a noun phrase or a claim.
        classifier: from :func:`stance.load`; the bundled one when None.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`.
        progress: show a progress bar on stderr.

    Raises:
        DataError: the text is empty or not a string, or there is no target.
    """
    if not isinstance(text, str) or not text.strip():
        raise DataError("the article is empty: give its text")
    if isinstance(targets, str):
        targets = (targets,)
    if not targets:
        raise DataError("no target: give at least one, for example 'foreign intervention'")
    statements = extract_statements(text)
    if not statements:
        return Analysis(text, tuple(targets), (), ())
    classifier = classifier or default_classifier()
    width = len(targets)
    judged = [judged_text(text, s) for s in statements]
    flat = classifier.predict(
        [words for words, _ in judged for _ in targets],
        [*targets] * len(statements),
        [context for _, context in judged for _ in targets],
        speakers=[s.speaker for s in statements for _ in targets],
        abstain_below=abstain_below,
        coverage=coverage,
        progress=progress,
    )
    rows = tuple(tuple(flat[i : i + width]) for i in range(0, len(flat), width))
    return Analysis(text, tuple(targets), tuple(statements), rows)
