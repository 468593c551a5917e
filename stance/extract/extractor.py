"""From a document to its statements: the extractors, and how one is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from stance.errors import ConfigError
from stance.extract.document import Document
from stance.extract.linking import is_plausible, link_spans, with_missed_quotes
from stance.extract.rules import direct_by_rules, indirect_by_rules
from stance.extract.statements import build_statements
from stance.once import Once
from stance.schema import Statement

if TYPE_CHECKING:
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
        quotes = direct_by_rules(document)
        indirect = indirect_by_rules(document, quotes)
        found = sorted([*quotes, *indirect], key=lambda item: item.content)
        return build_statements(document, found)


class TaggerExtractor:
    """The trained tagger with the rules that link its spans. Safe from several threads.

    Args:
        tagger: what :meth:`Tagger.load` gives.
    """

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    @classmethod
    def load(cls, folder: Path | None = None, *, device: str | None = None) -> TaggerExtractor:
        """Load a tagger's adapter with its backbone.

        Args:
            folder: holds the adapter; the bundled one when None.
            device: ``cpu``, ``cuda``, ``mps``; when None ``cuda`` where it is, else ``cpu``.

        Raises:
            ModelLoadError: a file is missing, damaged or of another kind.
            ConfigError: the device is not there.
        """
        from stance.extract.tagger import DEFAULT_FOLDER, Tagger

        return cls(Tagger.load(folder or DEFAULT_FOLDER, device=device))

    def extract(self, document: Document) -> list[Statement]:
        """Every attributed statement, in reading order. Never raises on any text."""
        linked = link_spans(document, self.tagger.tag(document))
        found = [item for item in linked if is_plausible(document, item)]
        found = with_missed_quotes(document, found, direct_by_rules(document))
        return build_statements(document, found)


def load_extractor(name: str | Path = "default", *, device: str | None = None) -> Extractor:
    """Load an extractor.

    Args:
        name: ``default`` for the bundled tagger, ``rules`` for rules alone, or the folder of a
            tagger's adapter.
        device: ``cpu``, ``cuda``, ``mps``; when None ``cuda`` where it is, else ``cpu``. Rules need
            none.

    Raises:
        ConfigError: the name is unknown, or the device is not there.
        ModelLoadError: the adapter or its backbone is missing or damaged.
    """
    if name == "rules":
        return RuleExtractor()
    if name == "default":
        return TaggerExtractor.load(device=device)
    folder = Path(name) if isinstance(name, str | Path) else None
    if folder is None or not folder.is_dir():
        raise ConfigError(
            f"unknown extractor {str(name)!r}: give 'default', 'rules' or the folder of a "
            "tagger's adapter"
        )
    return TaggerExtractor.load(folder, device=device)


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
