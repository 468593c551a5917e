"""Tagged spans in one form, whatever form the marks have from which a tagger learned.

Marks of different hands agree on what is said and by whom, and differ in what belongs to it. Here a
quote holds its marks, a clause its "that", a cue its auxiliaries ("is expected to announce"), and
what is said ends with a phrase, before the comma or full stop of the sentence around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import CUE_LEAD
from stance.extract.quotations import RoleSpan
from stance.extract.quote_marks import BEGINS_QUOTE

_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:[’'][^\W\d_]+)?) $")
_NEXT_WORD = re.compile(r" ([\w$£€](?:[\w%’'&-]|[.,](?=\d))*)")
_PROSPECTS = frozenset(
    "about due expected going likely planned planning plans poised prepared preparing ready "
    "scheduled set".split()
)
"""Before "to" they belong to the verb that follows ("is due to announce")."""
_NOT_OF_VERBS = frozenset("if whether without to all".split())
_BREAKS_OFF = frozenset("a an the this these his her its their our my your of".split())
_NUMBER = re.compile(
    r"\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty"
)
_COUNTED = re.compile(r" (?!does |goes |has |is |says |was )[a-z]{2,}s\b")
_OPEN = frozenset("at by for from in near of on with".split())
_NOUN_BEHIND = re.compile(r"(?: (?:the|an?|his|her|its|their))? [^\W\d_][\w’'-]*")
_NAME_BEHIND = re.compile(r"(?: [^\W\d_a-z][\w’'-]*){1,4}")
_SPOKEN = re.compile(r"(?:i|we|you|it|they|there)\b", re.IGNORECASE)
"""Sentences that begin so belong to the quote behind them rather than to the report."""
_CLAIM = re.compile(r"(?:(?:an?|any|all|the|these|those|some|many|media|press) )*([a-z]+)")


def conventional(document: Document, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Spans of one text with the bounds that the rules count on, in reading order.

    Args:
        document: the text.
        spans: of a tagger, in reading order, none within another.
    """
    text = document.text
    result: list[RoleSpan] = []
    for number, span in enumerate(spans):
        floor = result[-1].end if result else 0
        ceiling = spans[number + 1].start if number + 1 < len(spans) else len(text)
        if span.role == "content":
            span = _whole_content(document, span, floor, ceiling)
            last = result[-1] if result else None
            if last is not None and _is_one(document, last, span):
                span = replace(result.pop(), end=span.end)
        elif span.role == "cue":
            span = replace(span, start=_start_of_cue(text, span.start, floor))
        else:
            span = replace(span, end=_end_of_source(text, span, ceiling))
        result.append(span)
    return _joined(text, result)


def _whole_content(document: Document, span: RoleSpan, floor: int, ceiling: int) -> RoleSpan:
    """A content with its quotation marks or its "that", without the sentence's punctuation."""
    text, start, end = document.text, span.start, span.end
    for region in document.regions_in(max(0, start - 1), end + 1):
        if region.inner_end == end and region.end <= ceiling:
            end = region.end
        if region.inner_start == start and region.start >= floor:
            lost = region.start == region.inner_start
            start = _lost_start(document, start, floor) if lost else region.start
    that = text.startswith("that ", max(0, start - 5)) and not text[start - 6 : start - 5].isalnum()
    if that and start - 5 >= floor and text[start] not in BEGINS_QUOTE:
        start -= 5
    if document.quote_state[end - 1] == 0:
        end = _end_of_phrase(text, start, end, ceiling)
        end = start + len(text[start:end].rstrip(",;: "))
        if text[end - 1] == "." and _ends_sentence(document, end):
            end -= 1
    return replace(span, start=start, end=max(end, start + 1))


def _lost_start(document: Document, start: int, floor: int) -> int:
    """Where a quote begins whose opening mark is lost: with the spoken sentences before it."""
    for begin, end in reversed(document.sentences_of(document.paragraph_at(start))):
        if begin < start and end <= start:
            if begin < floor or not _SPOKEN.match(document.text, begin):
                break
            start = begin
    return start


def _is_one(document: Document, last: RoleSpan, span: RoleSpan) -> bool:
    """Whether a content is the "that" of the one behind it.

    Or the sentence before it, in a quote whose opening mark is lost.
    """
    text = document.text
    if last.role == "content" and text[last.start : span.start] == "that ":
        return True
    if last.role != "content" or text[last.end : span.start] not in (". ", "! ", "? "):
        return False
    regions = document.regions_in(span.start, span.end)
    return any(region.start == region.inner_start == span.start for region in regions)


def _end_of_phrase(text: str, start: int, end: int, ceiling: int) -> int:
    """Where a phrase ends in which a content breaks off ("a freeze in her | first budget")."""
    last = text[start:end].rsplit(None, 1)[-1].lower()
    counted = _COUNTED.match(text, end, ceiling) if _NUMBER.fullmatch(last) else None
    if last not in _BREAKS_OFF:
        return counted.end() if counted else end
    stops = lexicon().clause_starters | {"and", "or", "by"}
    while (match := _NEXT_WORD.match(text, end, ceiling)) and match.group(1).lower() not in stops:
        end = match.end()
    return end


def _ends_sentence(document: Document, end: int) -> bool:
    """Whether a full stop before ``end`` is that of its sentence, not that of a short form."""
    word = document.text[max(0, end - CUE_LEAD) : end - 1].rsplit(None, 1)[-1:]
    short = not word or word[0].lower() in lexicon().abbreviations or "." in word[0]
    return document.sentence_at(end - 1)[1] == end and not short


def _start_of_cue(text: str, start: int, floor: int) -> int:
    """Where the verbs and adverbs begin that belong to the verb of a cue."""
    known = lexicon()
    own = known.auxiliaries | known.adverbs | known.negation_words | known.hypothetical_words
    own -= _NOT_OF_VERBS
    while (match := _WORD_BEFORE.search(text, max(floor, start - CUE_LEAD), start)) is not None:
        word = match.group(1)
        if word not in own:  # "to" and adverbs belong to it behind such a word
            if word != "to" and not word.endswith("ly"):
                break
            outer = _PROSPECTS | known.negation_words if word == "to" else own
            match = _WORD_BEFORE.search(text, max(floor, match.start() - CUE_LEAD), match.start())
            if match is None or match.group(1) not in outer:
                break
        start = match.start()
    return start


def _end_of_source(text: str, span: RoleSpan, ceiling: int) -> int:
    """Where a source ends that breaks off ("a man on the | quay", "poet | Iman Saleh")."""
    role = text[span.start : span.end].rsplit(None, 1)[-1].lower()
    if role in _OPEN or role in _BREAKS_OFF:
        noun = _NOUN_BEHIND.match(text, span.end, ceiling)  # "a man from | the balcony"
        return noun.end() if noun else span.end
    name = _NAME_BEHIND.match(text, span.end, ceiling) if role in lexicon().role_nouns else None
    return name.end() if name else span.end


def _joined(text: str, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Spans with what belongs to a cue in it: its other half, and the claim that it is about.

    "Rejected | claims | that it had failed": what is said begins behind the claims.
    """
    result: list[RoleSpan] = []
    for number, span in enumerate(spans):
        last = result[-1] if result else None
        if last is not None and last.role == "cue" and text[last.end : span.start] == " ":
            following = spans[number + 1] if number + 1 < len(spans) else None
            if span.role == "cue" or _is_claim(text, span, following):
                result[-1] = replace(last, end=span.end)
                continue
        result.append(span)
    return result


def _is_claim(text: str, span: RoleSpan, following: RoleSpan | None) -> bool:
    """Whether a content is the noun of the clause with "that" which follows it."""
    if span.role != "content" or following is None or following.role != "content":
        return False
    noun = _CLAIM.fullmatch(text, span.start, span.end)
    claims = noun is not None and noun.group(1) in lexicon().claim_nouns
    return claims and text[span.end : following.start] == " "
