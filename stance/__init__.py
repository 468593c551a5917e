"""Stance and sentiment of quoted statements in news.

``import stance`` is light: names that need torch are resolved when they are first used (PEP 562).
"""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.analysis import Analysis
    from stance.errors import StanceError
    from stance.extract.document import Document
    from stance.extract.extractor import Extractor, extract_statements, load_extractor
    from stance.extract.html import html_to_document, html_to_text
    from stance.labels import Sentiment, Stance
    from stance.model.classifier import StanceClassifier, load
    from stance.pipeline import analyze
    from stance.schema import Prediction, Span, Statement

logging.getLogger(__name__).addHandler(logging.NullHandler())

try:
    __version__ = version("newsstance")
except PackageNotFoundError:
    __version__ = "0+unknown"

_HOME = {
    "Analysis": "stance.analysis",
    "Document": "stance.extract.document",
    "Extractor": "stance.extract.extractor",
    "Prediction": "stance.schema",
    "Sentiment": "stance.labels",
    "Span": "stance.schema",
    "Stance": "stance.labels",
    "StanceClassifier": "stance.model.classifier",
    "StanceError": "stance.errors",
    "Statement": "stance.schema",
    "analyze": "stance.pipeline",
    "extract_statements": "stance.extract.extractor",
    "html_to_document": "stance.extract.html",
    "html_to_text": "stance.extract.html",
    "load": "stance.model.classifier",
    "load_extractor": "stance.extract.extractor",
}

__all__ = [
    "Analysis",
    "Document",
    "Extractor",
    "Prediction",
    "Sentiment",
    "Span",
    "Stance",
    "StanceClassifier",
    "StanceError",
    "Statement",
    "__version__",
    "analyze",
    "extract_statements",
    "html_to_document",
    "html_to_text",
    "load",
    "load_extractor",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
