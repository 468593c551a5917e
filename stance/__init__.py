"""Stance and sentiment of quoted statements in news.

``import stance`` is light: a name is resolved when it is first used (PEP 562), so that torch and
pandas are imported only by those who need them.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.analysis import Analysis
    from stance.engine.many import analyze_many, score
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
    from stance.evaluation.summary import Cell, CorpusSummary, summarize
    from stance.extract.document import Document
    from stance.extract.extractor import Extractor, extract_statements, load_extractor
    from stance.extract.html import html_to_document, html_to_text
    from stance.labels import Abstention, Sentiment, Stance
    from stance.model.classifier import StanceClassifier
    from stance.model.loading import load
    from stance.people import People, Person
    from stance.pipeline import analyze
    from stance.schema import (
        Candidate,
        CheckpointInfo,
        Explanation,
        Influence,
        Prediction,
        Span,
        Speaker,
        Statement,
    )
    from stance.speaker_counts import SpeakerRow, SpeakerTable, speaker_table
    from stance.tables import read_people

    __version__: str

logging.getLogger(__name__).addHandler(logging.NullHandler())

_find = lazy_names(
    __name__,
    {
        "analysis": "Analysis",
        "errors": "CalibrationError ConfigError DataError LabelError MissingExtraError "
        "ModelLoadError SpanError StanceError",
        "evaluation.summary": "Cell CorpusSummary summarize",
        "extract.document": "Document",
        "extract.extractor": "Extractor extract_statements load_extractor",
        "extract.html": "html_to_document html_to_text",
        "labels": "Abstention Sentiment Stance",
        "model.classifier": "StanceClassifier",
        "model.loading": "load",
        "people": "People Person",
        "pipeline": "analyze",
        "schema": "Candidate CheckpointInfo Explanation Influence Prediction Span Speaker "
        "Statement",
        "speaker_counts": "SpeakerRow SpeakerTable speaker_table",
        "tables": "read_people",
        "engine.many": "analyze_many score",
    },
)

__all__ = [
    "Abstention",
    "Analysis",
    "CalibrationError",
    "Candidate",
    "Cell",
    "CheckpointInfo",
    "ConfigError",
    "CorpusSummary",
    "DataError",
    "Document",
    "Explanation",
    "Extractor",
    "Influence",
    "LabelError",
    "MissingExtraError",
    "ModelLoadError",
    "People",
    "Person",
    "Prediction",
    "Sentiment",
    "Span",
    "SpanError",
    "Speaker",
    "SpeakerRow",
    "SpeakerTable",
    "Stance",
    "StanceClassifier",
    "StanceError",
    "Statement",
    "__version__",
    "analyze",
    "analyze_many",
    "extract_statements",
    "html_to_document",
    "html_to_text",
    "load",
    "load_extractor",
    "read_people",
    "score",
    "speaker_table",
    "summarize",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("newsstance")
        except PackageNotFoundError:
            return "0+unknown"
    return _find(name)


def __dir__() -> list[str]:
    return sorted(__all__)
