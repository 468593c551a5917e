"""The columns of every table that the library writes: name, type, meaning, and how they are filled.

The order here is the order in the files, and the descriptions are the codebook of the
documentation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stance.schema import Article, Prediction, Speaker, Statement

ColumnType = Literal["text", "integer", "number", "flag", "spans", "speakers", "candidates"]
SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an output table.

    Attributes:
        name: its header.
        type: ``text``; ``integer``; ``number`` (with decimals); ``flag`` (true or false); ``spans``
            (a list of ``[start, end]`` pairs, in CSV as JSON); ``speakers`` and ``candidates``
            (lists of objects, in CSV as JSON; see :func:`speaker_fields`).
        description: what its cells mean, in one or two plain sentences.
    """

    name: str
    type: ColumnType
    description: str


DOCUMENT_COLUMNS = (
    Column("document_id", "text", "Your own name of the article, or the name of its file."),
    Column("title", "text", "The headline of the article, where it was given or found."),
    Column("date", "text", "The day of publication, where it was given or found."),
    Column("outlet", "text", "The newspaper, agency or site, where it was given or found."),
    Column("authors", "text", "Who wrote the article; several are joined by a semicolon."),
    Column("url", "text", "The address of the article, where it was given or found."),
)

STATEMENT_COLUMNS = (
    Column("number", "integer", "Number of the statement in its article, counted from 1."),
    Column(
        "statement",
        "text",
        "The words of the statement. Where an attribution interrupts a quote, its pieces are "
        "joined by one space.",
    ),
    Column(
        "start",
        "integer",
        "Where the statement begins: characters (Unicode code points) of the article's text before "
        "it.",
    ),
    Column("end", "integer", "Where it ends: the position after its last character."),
    Column(
        "spans",
        "spans",
        "Start and end of each piece of the statement, since an attribution may interrupt it.",
    ),
    Column(
        "kind",
        "text",
        "direct: all of it stands in quotation marks. indirect: none of it does. mixed: a part.",
    ),
    Column(
        "modality",
        "text",
        "asserted: the speaker said it (“said”). negated: the speaker did not say it (“declined to "
        "say”). denied: the speaker said that it is untrue (“denied that”). hypothetical: the "
        "speaker may say it (“would say”). question: the speaker asked it (“asked whether”).",
    ),
    Column(
        "statement_confidence",
        "number",
        "From 0 to 1: the calibrated probability that the words are a statement at all.",
    ),
    Column(
        "speaker",
        "text",
        "Who made the statement, by the fullest name that the article gives; joint speakers are "
        "joined by “and”. Empty where the article does not tell, or the rules do not find it.",
    ),
    Column(
        "speaker_kind",
        "text",
        "person, group, organisation, country, unnamed (the article only says what they are) or "
        "document (a text whose issuer is not told); of joint speakers joined by a semicolon.",
    ),
    Column(
        "speaker_role",
        "text",
        "Title, office or relation of the speaker, as the article writes it; those of joint "
        "speakers are joined by a semicolon. Empty where the article gives none.",
    ),
    Column(
        "speaker_affiliation",
        "text",
        "The body, party, country or place that the article ties the speaker to, as written; "
        "those of joint speakers are joined by a semicolon.",
    ),
    Column(
        "speakers",
        "speakers",
        "Each speaker with name, kind, role, affiliation, first_mention (start and end of the "
        "place where the article first names them) and, where the article left a choice, the "
        "candidates with their scores.",
    ),
    Column(
        "speaker_candidates",
        "candidates",
        "Where no speaker is given since several can be meant: their names and scores from 0 to 1.",
    ),
    Column("speaker_mention", "text", "The words that name the speaker here, such as “she”."),
    Column(
        "speaker_confidence",
        "number",
        "From 0 to 1: the share of such links of statement and speaker that were right on "
        "articles of the world’s news.",
    ),
    Column("anonymous", "flag", "Whether the speaker is unnamed (“two officials”)."),
    Column("cue", "text", "The words that attribute the statement, such as “said”."),
    Column(
        "nested_in",
        "integer",
        "Number of the statement that encloses this one, where a speaker quotes another.",
    ),
    Column("context", "text", "The sentences around the statement, as the article has them."),
)

PREDICTION_COLUMNS = (
    Column("target", "text", "What the stance is toward."),
    Column(
        "stance",
        "text",
        "favor, against or neutral toward the target: the most probable of the three. neutral also "
        "means that the statement does not speak of the target. Empty where the model abstained.",
    ),
    Column("stance_against", "number", "Calibrated probability, from 0 to 1, of against."),
    Column("stance_neutral", "number", "Calibrated probability, from 0 to 1, of neutral."),
    Column("stance_favor", "number", "Calibrated probability, from 0 to 1, of favor."),
    Column(
        "sentiment",
        "text",
        "positive, negative or neutral: the mood of the words, whatever the target. Empty where "
        "the checkpoint does not tell.",
    ),
    Column("sentiment_negative", "number", "Probability, from 0 to 1, of negative."),
    Column("sentiment_neutral", "number", "Probability, from 0 to 1, of neutral."),
    Column("sentiment_positive", "number", "Probability, from 0 to 1, of positive."),
    Column(
        "abstained",
        "flag",
        "Whether no stance is given. Its probabilities are, but do not rely on them.",
    ),
    Column(
        "abstained_because",
        "text",
        "Why: “no letters”, “not English”, “cut” (the statement is longer than the model reads), "
        "or “unsure” (its highest probability is below the bound that you set).",
    ),
    Column(
        "stance_set",
        "text",
        "With a coverage asked for: the stances that together hold the right one that often, "
        "joined by “|”. It may hold all three, or none.",
    ),
    Column("truncated", "flag", "Whether words of the statement were cut to fit the model."),
    Column(
        "used_context",
        "flag",
        "Whether the model read words around the statement. Its answer then also rests on them.",
    ),
    Column(
        "warnings",
        "text",
        "What makes the input unlike the texts that the model learned from; joined by a semicolon.",
    ),
)

ABSTAINED = "abstained"
SPEAKER_COLUMNS = (
    Column("speaker", "text", "The name in your list, else the fullest that the articles give."),
    Column("speaker_kind", "text", "person, group, organisation, country, unnamed or document."),
    Column(
        "speaker_role",
        "text",
        "Titles, offices and relations as the articles write them, the most frequent first; joined "
        "by a semicolon.",
    ),
    Column(
        "speaker_affiliation",
        "text",
        "What the articles tie the speaker to, as written, the most frequent first; joined by a "
        "semicolon.",
    ),
    Column("document_id", "text", "The article, where the speaker speaks in one alone."),
    Column("articles", "integer", "In how many articles the speaker makes a statement."),
    Column(
        "speaker_confidence",
        "number",
        "From 0 to 1: the mean of the statements’ own, so the share of them to expect right.",
    ),
    Column("target", "text", "What the stances of this row are toward."),
    Column("statements", "integer", "How many statements the speaker makes, alone or with others."),
    Column("favor", "integer", "How many of these are in favor of the target."),
    Column("neutral", "integer", "How many of these are neutral toward the target."),
    Column("against", "integer", "How many of these are against the target."),
    Column(ABSTAINED, "integer", "Of how many of these no stance is given."),
)

ERROR_COLUMN = Column("error", "text", "Why a row could not be judged; its other cells are empty.")

COLUMNS = (*DOCUMENT_COLUMNS, *STATEMENT_COLUMNS, *PREDICTION_COLUMNS)
COLUMN_NAMES = tuple(column.name for column in COLUMNS)


def document_fields(article: Article) -> dict[str, object]:
    """The cells of an article's own columns; authors are joined by a semicolon."""
    return {
        "document_id": article.id,
        "title": article.title,
        "date": article.date,
        "outlet": article.outlet,
        "authors": "; ".join(article.authors) or None,
        "url": article.url,
    }


def statement_fields(number: int, statement: Statement) -> dict[str, object]:
    """The cells of a statement's own columns, with spans as ``[[start, end], ...]``.

    Args:
        number: its number among the article's statements, counted from 1; ``nested_in`` is the
            number of the statement that encloses it.
        statement: the statement.
    """
    mention, speakers = statement.speaker_mention, statement.speakers
    return {
        "number": number,
        "statement": statement.text,
        "start": statement.start,
        "end": statement.end,
        "spans": [[span.start, span.end] for span in statement.spans],
        "kind": statement.kind,
        "modality": statement.modality,
        "statement_confidence": round(statement.confidence, 4),
        "speaker": statement.speaker,
        "speaker_kind": "; ".join(speaker.kind for speaker in speakers) or None,
        "speaker_role": "; ".join(speaker.role for speaker in speakers if speaker.role) or None,
        "speaker_affiliation": "; ".join(s.affiliation for s in speakers if s.affiliation) or None,
        "speakers": [speaker_fields(speaker) for speaker in speakers],
        "speaker_candidates": [item.to_record() for item in statement.speaker_candidates],
        "speaker_mention": mention.text if mention else None,
        "speaker_confidence": round(statement.speaker_confidence, 4),
        "anonymous": statement.anonymous,
        "cue": statement.cue.text if statement.cue else None,
        "nested_in": None if statement.nested_in is None else statement.nested_in + 1,
        "context": statement.context,
    }


def speaker_fields(speaker: Speaker) -> dict[str, object]:
    """One object of the column ``speakers``; its first mention is ``[start, end]`` or None."""
    first = speaker.first_mention
    return {
        **speaker.to_record(),
        "first_mention": [first.start, first.end] if first else None,
    }


def prediction_fields(prediction: Prediction) -> dict[str, object]:
    """The cells of a prediction's own columns: probabilities rounded to four digits."""
    fields: dict[str, object] = {
        "target": prediction.target,
        "stance": prediction.stance.value if prediction.stance else None,
    }
    for name in ("against", "neutral", "favor"):
        fields[f"stance_{name}"] = round(prediction.stance_probabilities[name], 4)
    fields["sentiment"] = prediction.sentiment.value if prediction.sentiment else None
    shares = prediction.sentiment_probabilities or {}
    for name in ("negative", "neutral", "positive"):
        fields[f"sentiment_{name}"] = round(shares[name], 4) if name in shares else None
    fields["abstained"] = prediction.abstained
    reason = prediction.abstained_because
    fields["abstained_because"] = None if reason is None else reason.value
    members = prediction.stance_set
    fields["stance_set"] = None if members is None else "|".join(members)
    fields["truncated"] = prediction.truncated
    fields["used_context"] = prediction.used_context
    fields["warnings"] = "; ".join(prediction.warnings)
    return fields


def to_rows(
    article: Article,
    statements: Sequence[Statement],
    predictions: Sequence[Sequence[Prediction]],
) -> list[dict[str, object]]:
    """One row a (statement, target), keys in the order of ``COLUMNS``.

    Args:
        article: where the statements stand; its metadata are on every row.
        statements: in document order.
        predictions: for each statement, one prediction a target.
    """
    about = document_fields(article)
    return [
        {**about, **statement_fields(number, statement), **prediction_fields(prediction)}
        for number, (statement, row) in enumerate(
            zip(statements, predictions, strict=True), start=1
        )
        for prediction in row
    ]
