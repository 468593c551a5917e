"""Article text to attributed statements: who says what, by which words, and how surely linked.

The names below are resolved when they are first used, since some need torch (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

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
    from stance.extract.pdf import pdf_to_text
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

__getattr__ = lazy_names(
    __name__,
    {
        "document": "Document",
        "extractor": "Extractor RuleExtractor TaggerExtractor default_extractor extract_statements "
        "load_extractor",
        "html": "html_to_document html_to_text",
        "pdf": "pdf_to_text",
        "quotations": "Attribution RoleSpan",
        "quote_marks": "QuoteRegion",
        "segmentation": "Range",
        "tagger": "Tagger TaggerNetwork build_network pad_windows",
        "tagging": "EncodedText TAGS TAG_INDEX encode_text pack_windows viterbi",
    },
)

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
    "pdf_to_text",
    "viterbi",
]
