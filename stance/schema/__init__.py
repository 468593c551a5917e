"""The records that flow through the library.

All are frozen and checked when made. Offsets count Unicode code points of the article's own text,
half open: ``text[start:end]``. ``to_record`` gives what JSON holds, ``from_record`` reads it back.
"""

from __future__ import annotations

from stance.schema.articles import Article
from stance.schema.checkpoints import CheckpointInfo
from stance.schema.corrections import Correction, FoundStatement
from stance.schema.explanations import Explanation, Head, Influence, Part
from stance.schema.predictions import Prediction
from stance.schema.spans import Span
from stance.schema.speakers import Candidate, Speaker, SpeakerKind
from stance.schema.statements import Kind, Modality, Statement

__all__ = [
    "Article",
    "Candidate",
    "CheckpointInfo",
    "Correction",
    "Explanation",
    "FoundStatement",
    "Head",
    "Influence",
    "Kind",
    "Modality",
    "Part",
    "Prediction",
    "Span",
    "Speaker",
    "SpeakerKind",
    "Statement",
]
