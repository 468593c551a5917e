"""From a document to its statements: the extractors, and how one is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from stance.errors import ConfigError
from stance.extract.admission import admitted, without_conditions
from stance.extract.closing_clauses import with_closing_clauses
from stance.extract.completion import (
    complete_clauses,
    complete_passive,
    parted_relative,
    standing_quotes,
)
from stance.extract.confidence import Evidence, by_rules, weights, with_confidence
from stance.extract.document import Document
from stance.extract.embedded_relatives import with_main_clauses
from stance.extract.expected import of_expected
from stance.extract.headlines import with_headlines
from stance.extract.layout import with_forms
from stance.extract.linking import is_plausible, link_spans, with_missed_quotes
from stance.extract.missed_relatives import with_relatives
from stance.extract.only_names import only_names
from stance.extract.parentheses import joined_halves, of_aside, of_inverted, with_apposition
from stance.extract.plain_sentences import missed_sentences, without_unattributed
from stance.extract.quotations import Attribution
from stance.extract.quoted_as import with_quoted
from stance.extract.rules import direct_by_rules, indirect_by_rules
from stance.extract.statements import build_statements
from stance.extract.tails import with_nearer_clauses
from stance.once import Once, OnceEach
from stance.schema import Statement

if TYPE_CHECKING:
    from stance.checkpoint import PrecisionChoice
    from stance.extract.tagger import Tagger


class Extractor(Protocol):
    """Whatever finds the attributed statements of a document.

    An extractor of your own needs this one method; :func:`stance.analyze` takes it.
    """

    def extract(self, document: Document) -> list[Statement]:
        """Every attributed statement, in reading order; spans slice back to the text."""


class RuleExtractor:
    """Quotation marks and word lists alone; needs no weights, and misses more than the tagger."""

    def extract(self, document: Document) -> list[Statement]:
        """Every attributed statement, in reading order. Never raises on any text."""
        found = [by_rules(document, item) for item in self.attributions(document)]
        return build_statements(document, found)

    def attributions(self, document: Document) -> list[Attribution]:
        """All attributions, in reading order."""
        quotes = direct_by_rules(document)
        return _statements_of(document, [*quotes, *indirect_by_rules(document, quotes)])


class TaggerExtractor:
    """The trained tagger with the rules that link its spans. Safe from several threads.

    Args:
        tagger: what :meth:`Tagger.load` gives.
        minimum_confidence: in [0, 1]; statements below it are left out. When None, the threshold
            that gave a precision of .95 on marked articles that the tagger did not learn from.

    Raises:
        ConfigError: ``minimum_confidence`` is not in [0, 1].
    """

    def __init__(self, tagger: Tagger, *, minimum_confidence: float | None = None) -> None:
        least = weights().threshold if minimum_confidence is None else minimum_confidence
        if not isinstance(least, float | int) or not 0 <= least <= 1:
            raise ConfigError(
                f"minimum_confidence is {minimum_confidence!r}: give a number in [0, 1], or None"
            )
        self.tagger = tagger
        self.minimum_confidence = least

    @classmethod
    def load(
        cls,
        folder: Path | None = None,
        *,
        device: str | None = None,
        precision: PrecisionChoice | None = None,
        minimum_confidence: float | None = None,
    ) -> TaggerExtractor:
        """Load a tagger's adapter with its backbone.

        Args:
            folder: holds the adapter; the bundled one when None.
            device: ``cpu``, ``cuda``, ``mps``; when None ``cuda`` where it is, else ``cpu``.
            precision: number format, as in :func:`load_extractor`.
            minimum_confidence: statements below it are left out; see the class.

        Raises:
            ModelLoadError: a file is missing, damaged or of another kind.
            ConfigError: the device is not there or does not multiply the number format, or
                ``minimum_confidence`` is not in [0, 1].
        """
        from stance.checkpoint import pick_device, pick_precision
        from stance.extract.tagger import Tagger

        precision = pick_precision(precision, pick_device(device))  # one tagger for all its names
        if folder:
            tagger = Tagger.load(folder, device=device, precision=precision)
        else:
            tagger = _bundled_tagger((device, precision))
        return cls(tagger, minimum_confidence=minimum_confidence)

    def extract(self, document: Document) -> list[Statement]:
        """Every attributed statement, in reading order. Never raises on any text."""
        found, evidence = self.attributions(document)
        judged = [with_confidence(document, item, evidence) for item in found]
        sure = [item for item in judged if item.confidence >= self.minimum_confidence]
        return build_statements(document, sure)

    def attributions(self, document: Document) -> tuple[list[Attribution], Evidence]:
        """All attributions, sure and unsure ones, in reading order, and the evidence for them."""
        spans = self.tagger.tag(document)
        linked = [item for item in link_spans(document, spans) if is_plausible(document, item)]
        rules = direct_by_rules(document)
        linked = with_missed_quotes(document, with_nearer_clauses(document, linked, rules), rules)
        return _statements_of(document, linked), Evidence(spans)


def _load_bundled(key: tuple[str | None, PrecisionChoice | None]) -> Tagger:
    from stance.extract.tagger import Tagger

    device, precision = key
    return Tagger.load(device=device, precision=precision)


_bundled_tagger = OnceEach(_load_bundled)
"""The bundled tagger of a device and format, which all extractors share: it takes 100 MB."""


def _statements_of(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that are statements, whole and in reading order."""
    apposed = [with_apposition(document, of_aside(document, item)) for item in found]
    inverted = [of_inverted(document, item) for item in apposed]
    found = [of_expected(document, item) for item in joined_halves(document, inverted)]
    formed = with_quoted(document, with_forms(document, found))
    formed = without_conditions(document, formed)
    parted = [part for item in formed for part in parted_relative(document, item)]
    taken = sorted(piece for item in parted for piece in item.content)
    complete = [
        complete_clauses(document, complete_passive(document, item, taken), taken)
        for item in parted
        if not only_names(document, item)
    ]
    complete = with_main_clauses(document, complete)
    kept = [item for item in (admitted(document, item) for item in complete) if item is not None]
    plain = missed_sentences(document, kept)
    kept = [*without_unattributed(kept, plain), *plain]
    kept = with_headlines(document, with_relatives(document, kept))
    kept = with_closing_clauses(document, kept)
    return sorted([*kept, *standing_quotes(document, kept)], key=lambda item: item.content)


def load_extractor(
    name: str | Path = "default",
    *,
    device: str | None = None,
    precision: PrecisionChoice | None = None,
    minimum_confidence: float | None = None,
) -> Extractor:
    """Load an extractor.

    Args:
        name: ``default`` for the bundled tagger, ``rules`` for rules alone, or the folder of a
            tagger's adapter.
        device: ``cpu``, ``cuda``, ``mps``; when None ``cuda`` where it is, else ``cpu``. Rules need
            none.
        precision: number format of the tagger: ``fp32``, the reference; ``bf16``, half as long on a
            device that multiplies it; ``auto`` (also when None), which takes ``bf16`` on such a
            device.
        minimum_confidence: in [0, 1]; statements whose ``confidence`` is below are left out, so
            that 0 keeps all. When None, a threshold chosen on labelled articles. Rules take none.

    Raises:
        ConfigError: the name is unknown, the device is not there or does not multiply the number
            format, or ``minimum_confidence`` is not in [0, 1].
        ModelLoadError: the adapter or its backbone is missing or damaged.
    """
    if name == "rules":
        return RuleExtractor()
    if name == "default":
        return TaggerExtractor.load(
            device=device, precision=precision, minimum_confidence=minimum_confidence
        )
    folder = Path(name) if isinstance(name, str | Path) else None
    if folder is None or not folder.is_dir():
        raise ConfigError(
            f"unknown extractor {str(name)!r}: give 'default', 'rules' or the folder of a "
            "tagger's adapter"
        )
    return TaggerExtractor.load(
        folder, device=device, precision=precision, minimum_confidence=minimum_confidence
    )


default_extractor: Once[Extractor] = Once(load_extractor)
"""The bundled extractor, loaded once a process."""


def extract_statements(
    document: Document | str, *, extractor: Extractor | None = None
) -> list[Statement]:
    """Find every attributed statement of an article, in reading order.

    Args:
        document: a :class:`stance.Document`, or plain text; paragraphs end at line breaks.
        extractor: from :func:`stance.load_extractor`; the bundled one when None.

    Returns:
        Statements whose spans slice back to the document's text exactly; a nested one follows the
        statement that encloses it. No text makes it fail.

    Raises:
        DataError: neither a document nor a string was given.
        ModelLoadError: the tagger's weights or its backbone are missing or damaged.
    """
    if not isinstance(document, Document):
        document = Document(document)
    return (extractor or default_extractor()).extract(document)
