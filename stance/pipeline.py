"""Article -> statements -> predictions. Composes the other modules and holds no rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from stance.analysis import Analysis
from stance.errors import CalibrationError, DataError
from stance.extract import Document, Extractor, default_extractor
from stance.once import Once

if TYPE_CHECKING:
    from stance.model import StanceClassifier
    from stance.schema import Prediction, Statement


def _load_classifier() -> StanceClassifier:
    from stance.model import load

    return load("default")


default_classifier = Once(_load_classifier)
"""The bundled classifier, loaded once a process."""


def check_targets(targets: str | Sequence[str]) -> tuple[str, ...]:
    """The targets as a tuple.

    Raises:
        DataError: there is none, or one is empty, no text, or given twice.
    """
    if not isinstance(targets, Iterable):
        raise DataError(f"targets are {targets!r}: give one as text, or several as a list of texts")
    wanted = (targets,) if isinstance(targets, str) else tuple(targets)
    if not wanted:
        raise DataError("no target: say what the stance is toward, for example 'a carbon tax'")
    for target in wanted:
        if not isinstance(target, str) or not target.strip():
            raise DataError(f"target {target!r} is empty or not text: give a noun phrase or claim")
        if wanted.count(target) > 1:
            raise DataError(f"target {target!r} is given twice: give it once")
    return wanted


def check_options(
    abstain_below: float | None,
    coverage: float | None,
    *,
    classifier: StanceClassifier | None = None,
    targets: Sequence[str] = (),
) -> None:
    """Refuse what the classifier would refuse of any statement, before there is one.

    Args:
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`.
        classifier: when None, only what no checkpoint allows is refused.
        targets: those that the classifier has to read.

    Raises:
        DataError: ``abstain_below`` is no probability, or the checkpoint cannot read a target.
        CalibrationError: ``coverage`` is out of range.
    """
    if abstain_below is not None and not 0 <= abstain_below <= 1:
        raise DataError(f"abstain_below is {abstain_below}: give a number in [0, 1]")
    if coverage is not None and not 0 < coverage < 1:
        raise CalibrationError(f"coverage is {coverage}: give a number between 0 and 1")
    if classifier is None:
        return
    if coverage is not None:
        classifier.calibration.thresholds(coverage)
    for target in targets:
        problem = classifier.target_problem(target)
        if problem:
            raise DataError(problem)


def analyze(
    text: str | Document,
    targets: str | Sequence[str],
    *,
    extractor: Extractor | None = None,
    classifier: StanceClassifier | None = None,
    abstain_below: float | None = None,
    coverage: float | None = None,
    progress: bool | None = False,
) -> Analysis:
    """Find every attributed statement of an article and judge it toward each target.

    Args:
        text: plain article text, or a :class:`stance.Document`, whose title, date and so on go to
            every row of the result. Offsets in the result are code points of this text.
        targets: one target or several, as noun phrases or claims, such as ``"a carbon tax"`` or
            ``"We should ban zoos"``.
        extractor: what finds the statements, from :func:`stance.load_extractor`; the bundled one
            when None.
        classifier: what judges them, from :func:`stance.load`; the bundled one when None.
        abstain_below: see :meth:`stance.StanceClassifier.predict`.
        coverage: see :meth:`stance.StanceClassifier.predict`.
        progress: show a progress bar on stderr; None shows it only on a terminal.

    Raises:
        DataError: the text is empty or not a string, there is no target, or the checkpoint cannot
            read one.
        ModelLoadError: weights or a backbone are missing or damaged.
        CalibrationError: ``coverage`` is out of range for the checkpoint.
    """
    document = text if isinstance(text, Document) else Document(text)
    if not document.text.strip():
        raise DataError("the article is empty: give its text")
    wanted = check_targets(targets)
    check_options(abstain_below, coverage)
    judge = classifier or default_classifier()
    check_options(abstain_below, coverage, classifier=judge, targets=wanted)
    # An extractor of the user's own may be a generator.
    statements = list((extractor or default_extractor()).extract(document))
    if not statements:
        return Analysis(document, wanted, (), ())
    predictions = _judge(
        document,
        statements,
        wanted,
        judge,
        abstain_below=abstain_below,
        coverage=coverage,
        progress=progress,
    )
    return Analysis(document, wanted, tuple(statements), predictions)


def _judge(
    document: Document,
    statements: Sequence[Statement],
    targets: tuple[str, ...],
    classifier: StanceClassifier,
    *,
    abstain_below: float | None,
    coverage: float | None,
    progress: bool | None,
) -> tuple[tuple[Prediction, ...], ...]:
    """The predictions of each statement toward each target."""
    from stance.model import judged_text

    judged = [judged_text(document.text, statement) for statement in statements]
    flat = classifier.predict(
        [words for words, _ in judged for _ in targets],
        [*targets] * len(statements),
        [context for _, context in judged for _ in targets],
        speakers=[statement.speaker for statement in statements for _ in targets],
        kinds=[statement.kind for statement in statements for _ in targets],
        abstain_below=abstain_below,
        coverage=coverage,
        progress=progress,
    )
    width = len(targets)
    return tuple(tuple(flat[i : i + width]) for i in range(0, len(flat), width))
