"""Article text to attributed statements: who says what, by which words, and how surely linked.

The names below are resolved when they are first used, since some need torch (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.extract.document import Document
    from stance.extract.extractor import (
        Extractor,
        RuleExtractor,
        TaggerExtractor,
        default_extractor,
        extract_statements,
        load_extractor,
    )
    from stance.extract.html import html_to_document, html_to_text
    from stance.extract.quotations import Attribution, RoleSpan
    from stance.extract.quote_marks import QuoteRegion
    from stance.extract.segmentation import Range
    from stance.extract.tagger import Tagger, TaggerNetwork, build_network, pad_windows
    from stance.extract.tagging import (
        TAG_INDEX,
        TAGS,
        EncodedText,
        encode_text,
        pack_windows,
        viterbi,
    )

_HOME = {
    "Attribution": "quotations",
    "Document": "document",
    "EncodedText": "tagging",
    "Extractor": "extractor",
    "QuoteRegion": "quote_marks",
    "Range": "segmentation",
    "RoleSpan": "quotations",
    "RuleExtractor": "extractor",
    "TAGS": "tagging",
    "TAG_INDEX": "tagging",
    "Tagger": "tagger",
    "TaggerExtractor": "extractor",
    "TaggerNetwork": "tagger",
    "build_network": "tagger",
    "default_extractor": "extractor",
    "encode_text": "tagging",
    "extract_statements": "extractor",
    "html_to_document": "html",
    "html_to_text": "html",
    "load_extractor": "extractor",
    "pack_windows": "tagging",
    "pad_windows": "tagger",
    "viterbi": "tagging",
}

__all__ = [
    "TAGS",
    "TAG_INDEX",
    "Attribution",
    "Document",
    "EncodedText",
    "Extractor",
    "QuoteRegion",
    "Range",
    "RoleSpan",
    "RuleExtractor",
    "Tagger",
    "TaggerExtractor",
    "TaggerNetwork",
    "build_network",
    "default_extractor",
    "encode_text",
    "extract_statements",
    "html_to_document",
    "html_to_text",
    "load_extractor",
    "pack_windows",
    "pad_windows",
    "viterbi",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
