"""Stance and sentiment of quoted statements in news.

``import stance`` is light: a name is resolved when it is first used (PEP 562), so that torch and
pandas are imported only by those who need them.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.analysis import Analysis
    from stance.errors import (
        CalibrationError,
        ConfigError,
        DataError,
        LabelError,
        MissingExtraError,
        ModelLoadError,
        SpanError,
        StanceError,
    )
    from stance.extract.document import Document
    from stance.extract.extractor import Extractor, extract_statements, load_extractor
    from stance.extract.html import html_to_document, html_to_text
    from stance.labels import Sentiment, Stance
    from stance.model.classifier import StanceClassifier, load
    from stance.pipeline import analyze
    from stance.schema import CheckpointInfo, Prediction, Span, Statement
    from stance.tables import score_dataset, score_table

    __version__: str

logging.getLogger(__name__).addHandler(logging.NullHandler())

_HOME = {
    "Analysis": "stance.analysis",
    "CalibrationError": "stance.errors",
    "CheckpointInfo": "stance.schema",
    "ConfigError": "stance.errors",
    "DataError": "stance.errors",
    "Document": "stance.extract.document",
    "Extractor": "stance.extract.extractor",
    "LabelError": "stance.errors",
    "MissingExtraError": "stance.errors",
    "ModelLoadError": "stance.errors",
    "Prediction": "stance.schema",
    "Sentiment": "stance.labels",
    "Span": "stance.schema",
    "SpanError": "stance.errors",
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
    "score_dataset": "stance.tables",
    "score_table": "stance.tables",
}

__all__ = [
    "Analysis",
    "CalibrationError",
    "CheckpointInfo",
    "ConfigError",
    "DataError",
    "Document",
    "Extractor",
    "LabelError",
    "MissingExtraError",
    "ModelLoadError",
    "Prediction",
    "Sentiment",
    "Span",
    "SpanError",
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
    "score_dataset",
    "score_table",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("newsstance")
        except PackageNotFoundError:
            return "0+unknown"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
