"""What the API takes and gives, as its OpenAPI document describes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from stance.columns import (
    ERROR_COLUMN,
    PREDICTION_COLUMNS,
    STATEMENT_COLUMNS,
    Column,
    ColumnType,
)
from stance.schema import Head, Part
from stance.serve.settings import MOST_CHARACTERS, MOST_EXPLAINED, MOST_STATEMENTS

_LONGEST_TARGET = 300
_MOST_TARGETS = 20
_SOME_WORD = r"\S"
_TYPES: dict[ColumnType, Any] = {
    "text": str | None,
    "integer": int | None,
    "number": float | None,
    "flag": bool | None,
    "spans": list[list[int]],
    "speakers": list[dict[str, Any]],
    "candidates": list[dict[str, Any]],
}

Text = Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS, pattern=_SOME_WORD)]
Target = Annotated[
    str,
    Field(
        min_length=1,
        max_length=_LONGEST_TARGET,
        pattern=_SOME_WORD,
        description="What the stance is toward: a noun phrase or a claim.",
    ),
]
Name = Annotated[str, Field(max_length=1000)]


class _Asked(BaseModel):
    """A request: other fields than these are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Options(_Asked):
    """How the classifier is asked."""

    abstain_below: Annotated[
        float | None, Field(ge=0, le=1, description="Give no stance below this probability.")
    ] = None
    coverage: Annotated[
        float | None,
        Field(gt=0, lt=1, description="Also give the set that holds the right stance this often."),
    ] = None


class Article(Options):
    """An article whose statements are to be found and judged: ``text`` or ``html``."""

    text: Annotated[Text | None, Field(description="The article, plain.")] = None
    html: Annotated[Text | None, Field(description="Or its page.")] = None
    targets: Annotated[
        list[Target],
        Field(min_length=1, max_length=_MOST_TARGETS, json_schema_extra={"uniqueItems": True}),
    ]
    id: Name | None = None
    title: Name | None = None
    date: Name | None = None
    outlet: Name | None = None
    url: Name | None = None


class Statement(_Asked):
    """A statement that is to be judged."""

    statement: Text
    target: Target
    context: Annotated[
        Text | None, Field(description="The text around it; it may hold the statement.")
    ] = None
    speaker: Annotated[Name | None, Field(description="Who said it.")] = None


class Statements(Options):
    """Statements that are to be judged."""

    statements: Annotated[list[Statement], Field(min_length=1, max_length=MOST_STATEMENTS)]


class Unexplained(_Asked):
    """Statements whose answers are to be explained."""

    statements: Annotated[list[Statement], Field(min_length=1, max_length=MOST_EXPLAINED)]
    head: Annotated[Head, Field(description="Which answer is explained.")] = "stance"


def _record(name: str, columns: Iterable[Column], **more: Any) -> type[BaseModel]:
    """A model with a field for each of our columns, with its description."""
    fields: dict[str, Any] = {
        column.name: (_TYPES[column.type], Field(description=column.description))
        for column in columns
    }
    return create_model(name, **fields, **more)


Prediction = _record("Prediction", PREDICTION_COLUMNS)
_OPTIONAL: dict[str, Any] = {
    column.name: (_TYPES[column.type], Field(None, description=column.description))
    for column in (*(c for c in PREDICTION_COLUMNS if c.name != "target"), ERROR_COLUMN)
}
Judged = create_model("Judged", target=(str, ...), **_OPTIONAL)
FoundStatement = _record(
    "FoundStatement",
    STATEMENT_COLUMNS,
    predictions=(list[Prediction], Field(description="One a target.")),  # type: ignore[valid-type]
)


class About(BaseModel):
    """What is known of the article."""

    id: str | None
    title: str | None
    date: str | None
    outlet: str | None
    authors: list[str]
    url: str | None


class AnalyzedArticle(BaseModel):
    """The statements of an article, in its order."""

    schema_version: int
    checkpoint: dict[str, Any]
    targets: list[str]
    document: About
    text: Annotated[str, Field(description="To which all offsets refer (code points).")]
    statements: list[FoundStatement]  # type: ignore[valid-type]


class ScoredStatements(BaseModel):
    """What was found of each statement, in the order of the request."""

    checkpoint: dict[str, Any]
    predictions: list[Judged]  # type: ignore[valid-type]


class Place(BaseModel):
    """Words and where they stand: from ``start`` up to, and without, ``end`` (code points)."""

    text: str
    start: int
    end: int


class Influence(BaseModel):
    """What a word or a sentence did for an answer."""

    part: Annotated[Part, Field(description="The text that it stands in, as it was sent.")]
    span: Place
    weight: Annotated[
        float,
        Field(description="Probability of the label less its probability without these words."),
    ]


class Explained(BaseModel):
    """The words that moved an answer."""

    target: str
    head: Head
    label: Annotated[str, Field(description="The most probable one.")]
    probability: float
    words: Annotated[list[Influence], Field(description="Every word, in reading order.")]
    sentences: Annotated[list[Influence], Field(description="Every sentence of the context.")]
    strongest: Annotated[
        list[Influence],
        Field(description="The words that moved it by .05 or more, the strongest first: 8 at most"),
    ]
    sentence: Annotated[
        Influence | None,
        Field(description="The sentence that moved it most, by .05 or more."),
    ]


class ExplainedStatements(BaseModel):
    """What moved the answer of each statement, in the order of the request."""

    checkpoint: dict[str, Any]
    explanations: list[Explained]


class Refusal(BaseModel):
    """Why there is no answer, and the way out."""

    detail: str


class Health(BaseModel):
    """That the server answers."""

    status: str


class Version(BaseModel):
    """What answers."""

    version: str
    checkpoint: dict[str, Any]
    extractor: dict[str, Any]
