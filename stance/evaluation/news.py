"""Rows of the format ``news``: labelled statements of articles, in the words the pipeline judges.

A row gives the words of a statement and the passage around it. What is judged of an indirect
statement begins at its speaker and cue ("Ms Ruiz condemned the strikes"): see
:func:`stance.model.judged_text`. Here cue and mention are found again from the row alone, so that
training, evaluation and ``stance analyze`` read the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from stance.errors import DataError
from stance.labels import Stance, parse_label
from stance.schema import Kind, Span, Statement

Row = Mapping[str, object]
Place = tuple[int, int]

NEAR = 60  # characters between a speaker's mention and the cue
_MARKS = '"“”„«»'
_CLOSING = re.compile(f"[.,!?…]?[{_MARKS}]")
_PRONOUNS = ("he", "she", "they", "it", "we", "I", "who")
# "the", "Mr", "Prime Minister", "Former Conservative leader": what may stand before a name.
_TITLE = re.compile(
    r"(?<![\w’'-])(?!(?:But|And|Yet|So|In|On|At|As|If|While|When|Then|Earlier|Later|However)\b)"
    r"(?:[Tt]he )?(?:[A-Z][\w’'-]*\.? ){0,4}(?:(?<=[a-z] )[a-z]+ )?(?:[A-Z][\w’'-]*\.? )?$"
)
_SENTENCE_END = re.compile(r"(?<!\b[MD]r)(?<!\bMrs)(?<!\bMs)[.!?][\"”’')]*\s+(?=[\"“‘A-Z])")


@dataclass(frozen=True, slots=True)
class NewsWords:
    """What is judged of a row.

    Attributes:
        text: the judged words.
        context: the passage, in which the place of the judged words is marked by ``[...]``.
        speaker: who said it, or None.
        located: whether the statement stands in the passage; else text and context are as given.
        cue: whether the cue was found, and ``mention``: whether the speaker was, beside it.
        kind: ``direct``, ``indirect`` or ``mixed``.
    """

    text: str
    context: str
    speaker: str | None
    located: bool
    cue: bool
    mention: bool
    kind: Kind


def news_words(row: Row, where: str) -> NewsWords:
    """Read what is judged of a row.

    Args:
        row: ``text``; where there are any ``context``, ``spans`` (the pieces of the statement in
            its article, ``[[start, end], ...]``; ``text`` joins them by one space), ``kind``,
            ``cue``, ``speaker`` (``unknown`` is None), and ``cue_spans`` and ``source_spans``, the
            places of cue and mention in the article. Where ``kind`` is empty, a statement is
            direct if quotation marks enclose it, and its text is given without them.
        where: file and line, for messages.

    Raises:
        DataError: a field is of the wrong type, or ``spans`` do not fit the text.
    """
    text, context, speaker = (_text(row, key, where) for key in ("text", "context", "speaker"))
    if not text.strip():
        raise DataError(f"{where}: field 'text' is missing or empty")
    named = None if speaker.strip().lower() in ("", "unknown") else speaker
    spans = read_spans(row, "spans", where)
    pieces = _pieces(text, spans, where)
    places, shift = _locate(context, pieces, spans)
    if not places:
        kind = _kind(row, where) or ("direct" if _enclosed(text, 0, len(text)) else "indirect")
        return NewsWords(text, context, named, False, False, False, kind)
    kind = _kind(row, where) or _kind_by_marks(context, places)
    if kind == "direct":
        places = [_without_marks(context, place) for place in places]
        return _judged(context, places, kind, named, None, None)
    cue_text = _text(row, "cue", where)
    cue = _given(row, "cue_spans", cue_text, context, shift, where)
    cue = cue or _find_cue(context, cue_text, places)
    mention = _given(row, "source_spans", speaker, context, shift, where) if cue else None
    if cue and not mention:
        mention = _find_mention(context, named, cue, before=cue[0] < places[0][0])
    return _judged(context, places, kind, named, cue, mention)


def says_statement(row: Row, where: str) -> bool:
    """Whether the row's words are a statement: ``statement`` is true or not given.

    Raises:
        DataError: the field is neither true nor false.
    """
    flag = row.get("statement")
    if flag is not None and not isinstance(flag, bool):
        raise DataError(f"{where}: field 'statement' must be true or false, not {flag!r}")
    return flag is not False


def is_agreed(row: Row, where: str) -> bool:
    """Whether no second annotator (``second``) gives the row another stance.

    Raises:
        DataError: ``stance`` or ``second`` is no label.
    """
    if row.get("second") in (None, ""):
        return True
    first, second = (_label(row, key, where) for key in ("stance", "second"))
    return first is second


def _judged(
    context: str,
    places: Sequence[Place],
    kind: Kind,
    speaker: str | None,
    cue: Place | None,
    mention: Place | None,
) -> NewsWords:
    """The words that the pipeline takes, by the pipeline's own function."""
    from stance.model import judged_text  # brings a tokenizer, which a report does without

    pieces = tuple(Span.of(context, *place) for place in places)
    statement = Statement(
        text=" ".join(piece.text for piece in pieces),
        spans=pieces,
        speaker_mention=Span.of(context, *mention) if mention else None,
        cue=Span.of(context, *cue) if cue else None,
        kind=kind,
        context=context,
    )
    words, marked = judged_text(context, statement)
    return NewsWords(words, marked, speaker, True, cue is not None, mention is not None, kind)


def _locate(
    context: str, pieces: Sequence[str], spans: Sequence[Place]
) -> tuple[list[Place], int | None]:
    """Where the pieces stand in the context, and the context's offset in its article.

    The offset is None where the distances of the pieces are not those of the spans.
    """
    for found in re.finditer(_whole(pieces[0]), context):
        shift = found.start() - spans[0][0] if spans else 0
        places = [(start + shift, end + shift) for start, end in spans]
        if places and [context[a:b] for a, b in places] == list(pieces):
            return places, shift
    places, at = [], 0
    for piece in pieces:
        match = re.compile(_whole(piece)).search(context, at)
        if match is None:
            return [], None
        places.append(match.span())
        at = match.end()
    return places, None


def _whole(words: str) -> str:
    """A pattern of the words: "No" does not stand in "Norway"."""
    before = r"(?<!\w)" if words[0].isalnum() else ""
    after = r"(?!\w)" if words[-1].isalnum() else ""
    return f"{before}{re.escape(words)}{after}"


def _kind_by_marks(context: str, places: Sequence[Place]) -> Kind:
    if all(_enclosed(context, *place) for place in places):
        return "direct"
    marked = any(mark in context[start:end] for start, end in places for mark in _MARKS)
    return "mixed" if marked else "indirect"


def _enclosed(text: str, start: int, end: int) -> bool:
    """Whether one pair of quotation marks stands around ``text[start:end]``, or at its ends."""
    words = text[start:end]
    if len(words) > 2 and words[0] in _MARKS and words[-1] in _MARKS:
        words = words[1:-1]
    elif start == 0 or text[start - 1] not in _MARKS or not _CLOSING.match(text, end):
        return False
    return not any(mark in words for mark in _MARKS)


def _without_marks(text: str, place: Place) -> Place:
    start, end = place
    if end - start > 2 and text[start] in _MARKS and text[end - 1] in _MARKS:
        return start + 1, end - 1
    return place


def _given(
    row: Row, key: str, words: str, context: str, shift: int | None, where: str
) -> Place | None:
    """The place that a row states, if the words stand there in the context."""
    spans = read_spans(row, key, where)
    if shift is None or not spans:
        return None
    places = [(start + shift, end + shift) for start, end in spans]
    if " ".join(context[max(0, a) : max(0, b)] for a, b in places) != words:
        return None
    return places[0][0], places[-1][1]


def _find_cue(context: str, cue: str, places: Sequence[Place]) -> Place | None:
    """The cue nearest before the statement in its paragraph, else nearest after its beginning."""
    cue = cue.strip()
    if not cue:
        return None
    start, end = places[0][0], places[-1][1]
    left = context.rfind("\n", 0, start) + 1
    right = context.find("\n", end)
    right = len(context) if right < 0 else right
    found = [
        match.span()
        for match in re.compile(_whole(cue)).finditer(context, left, right)
        if not any(a < match.end() and match.start() < b for a, b in places)
    ]
    sentence = _sentence_start(context, left, start)
    before = [place for place in found if sentence <= place[0] and place[1] <= start]
    after = [place for place in found if place[0] > start]
    earlier = [place for place in found if place[1] <= start]
    nearest = before[-1:] or after[:1] or earlier[-1:]
    return nearest[0] if nearest else None


def _find_mention(context: str, speaker: str | None, cue: Place, *, before: bool) -> Place | None:
    """The speaker beside the cue, in its sentence: full name, last name or a pronoun.

    Before the statement it stands before the cue ("Ana Ruiz said"); behind the statement on either
    side of it ("..., said Ana Ruiz").
    """
    names = (speaker, speaker.split()[-1]) if speaker else ()
    left = context.rfind("\n", 0, cue[0]) + 1
    left = _sentence_start(context, left, cue[0])
    right = cue[1] if before else _sentence_stop(context, cue[1])
    for name in (*names, *_PRONOUNS):
        pattern = re.compile(_whole(name), re.IGNORECASE if name != "I" else 0)
        earlier = [match.span() for match in pattern.finditer(context, left, cue[0])]
        if earlier and earlier[-1][1] >= cue[0] - NEAR:
            start, end = earlier[-1]
            title = _TITLE.search(context, left, start) if name not in _PRONOUNS else None
            return (title.start() if title else start), end
        later = pattern.search(context, cue[1], right)
        if later is not None:
            return later.span()
    return None


def _sentence_start(text: str, left: int, at: int) -> int:
    ends = [match.end() for match in _SENTENCE_END.finditer(text, left, at + 1)]
    return ends[-1] if ends else left


def _sentence_stop(text: str, at: int) -> int:
    stop = min(len(text), at + NEAR)
    newline = text.find("\n", at, stop)
    stop = stop if newline < 0 else newline
    end = _SENTENCE_END.search(text, at, stop)
    return end.start() if end else stop


def _pieces(text: str, spans: Sequence[Place], where: str) -> list[str]:
    if not spans:
        return [text]
    lengths = [end - start for start, end in spans]
    if sum(lengths) + len(lengths) - 1 != len(text):
        raise DataError(f"{where}: the pieces of 'spans' do not fit the length of the text")
    pieces, at = [], 0
    for length in lengths:
        pieces.append(text[at : at + length])
        at += length + 1
    return pieces


def read_spans(row: Row, key: str, where: str) -> list[Place]:
    """The spans in a field; none where it is missing.

    Raises:
        DataError: they are no list of ``[start, end]``, or one of them is empty.
    """
    value = row.get(key)
    if value is None:
        return []
    spans: list[Place] = []
    for span in value if isinstance(value, list) else [value]:
        if not (isinstance(span, list) and len(span) == 2 and all(type(x) is int for x in span)):
            raise DataError(f"{where}: field {key!r} must be a list of [start, end]")
        if span[0] >= span[1]:
            raise DataError(f"{where}: field {key!r}: {span} is empty")
        spans.append((span[0], span[1]))
    return spans


def _kind(row: Row, where: str) -> Kind | None:
    value = _text(row, "kind", where)
    if value not in ("", "direct", "indirect", "mixed"):
        raise DataError(f"{where}: field 'kind' is {value!r}: use direct, indirect or mixed")
    return cast(Kind, value) if value else None


def _text(row: Row, key: str, where: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DataError(f"{where}: field {key!r} is {value!r}: give text")
    return value


def _label(row: Row, key: str, where: str) -> Stance:
    try:
        return parse_label(Stance, _text(row, key, where))
    except ValueError as error:
        raise DataError(f"{where}: field {key!r}: {error}") from None
