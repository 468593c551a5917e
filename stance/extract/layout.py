"""Lines whose form tells who speaks, or that nobody does: transcripts, posts, bylines, datelines.

A labelled line of a transcript ("SEN. PARK: No.") and an embedded post are the words of their
speaker; what an interviewer asks there is context. Credits and bylines are no statements;
datelines, times of a live blog and bullets belong to no statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.extract.clauses import byline_after, plain_clause_after
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.names import fold, given_gender, is_organisation, title_words
from stance.extract.parameters import (
    CONFIDENCE_OF_FORM,
    HEADLINE_LENGTH,
    INTRODUCTION_LINES,
    LABEL_WORDS,
    LEAST_NAMED_TURNS,
    LEAST_TURNS,
    SCORE_STATED,
)
from stance.extract.quotations import Attribution
from stance.extract.quote_marks import BEGINS_QUOTE
from stance.extract.segmentation import Range

_LABEL = re.compile(
    r"(?P<label>[QA](?=[.:])|Q(?= +[^\W\d_a-z“\"])|[^\W\d_a-z][^:\n“”\"?!]{0,60}?(?=:))"
    r"[.:]?\s+(?=\S)"
)
_CAPITALISED = re.compile(r"(?:(?:[^\W\d_a-z][\w.’'-]*|de|la|van|von|bin|al|der|den)(?:,? |$))+$")
_OF_SPEAKER = re.compile(r" ?\([^()]*\)$|, [^\W\d_A-Z].*")
"""What a label tells of its speaker behind the name ("Ada Berg (Harbour Union)")."""
_CUT_TITLE = re.compile(r"(?:[^\W\d_]{2,6}\. )+(?=\S)")
_NO_SPEAKER = frozenset(
    "advertisement analysis background breaking caption comment correction editor exclusive "
    "explainer fact factbox graphic image key live more note opinion photo picture read related "
    "source sources summary update updated video watch what who why when where how".split()
)
_ASKING = frozenset("q question clerk chair chairman chairperson chairwoman".split())
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_AUTHOR_ABOVE = re.compile(r"([^\W\d_][^\n@()]{1,40}?)\s*\(?@\w{1,30}\)?(?:\s*[·•|–—-][^\n]*)?")
_AUTHOR_BELOW = re.compile(r"[—–-]{1,2}\s*([^\W\d_][^\n@()]{1,40}?)\s*\(@\w{1,30}\)[^\n]*")
_AUTHOR_BEHIND = re.compile(
    r"(?P<words>[^\n]*?\S)\s+[—–-]{1,2}\s*([^\W\d_][^\n@()]{1,40}?)\s*\(@\w{1,30}\)[^\n]*"
)
_HEADED = re.compile(
    r": ((?:the |an? )?(?:[a-z][\w’'-]* ){0,4}[^\W\d_a-z][\w’'.-]*(?: [^\W\d_a-z][\w’'.-]*){0,3})"
    r"(?= [a-z]|$)"
)
"""Who stands behind the quote of a headline ("‘We stay’: mayor Ole Dahl defies ministers")."""
_INTERVIEWED = re.compile(
    r"\b(?:[Ii]nterview(?:s|ed)?(?: with)?|[Cc]onversation with|Q ?& ?A with|questions (?:to|for)|"
    r"(?:spoke|speaks|talked|talks|sat down|met) (?:to|with)|answers from):? "
    r"(?:(?:the|our|a|an|(?!by )[a-z-]+|Dr|Mr|Mrs|Ms|Prof)\.? ){0,6}?"
    r"(?P<who>[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'.-]*){1,3})"
)
"""Who answers the questions of a transcript ("Interview with the pilot Ada Berg")."""
_FULL_NAME = re.compile(
    r"(?<![Bb]y )\b[^\W\d_a-z][\w’'.-]+(?: (?:(?:de|la|van|von|al|bin|el) )*[^\W\d_a-z][\w’'.-]*)+"
)
"""Where nothing else tells it, the only one named before a transcript answers in it."""
_STAMP = re.compile(
    r"\d{1,2}[:.]\d{2}\s*(?:[AaPp]\.?[Mm]\.?)?\s*[·•|–—-](?:[\s·•|,.–—-]|\d[\d.,]*(?![\d.,])[KkMm]?(?!\w)|(?:"
    r"[^\W\d_a-z]\w*|at|comments?|for|from|iPhone|likes?|of|on|replies|reposts?|retweets?|shares?|via|"
    r"views?)(?!\w))*|[·•]?\s*\d+ ?[hm] ago"
)
"""The time of a post ("9:41 AM · 3 June 2026 · 1.2K likes")."""
_LEAD = re.compile(
    r"(?:[•▪●◦*‣–—-]\s+)?(?:\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?(?: (?:GMT|BST|UTC|[A-Z]{1,3}T))?"
    r"\s*[-–—|:]?\s+)?"
    r"(?:[^\W\d_a-z][\w .,'’/-]{1,60}\((?:[^\W\d_a-z][\w ]{1,20})\)\s*[-–—]{1,2}\s+)?"
)
_CREDIT = re.compile(
    r"\(?(?:Photo|Photograph|Picture|Image|Credit|Caption|Video|Graphic|Illustration|File photo)s?"
    r"(?: (?:by|credit|courtesy of))?\s*[:/|]|"
    r"By [^\W\d_a-z][\w.’'-]+(?: [^\W\d_a-z][\w.’'-]+){1,4}$|"
    r"\([^\W\d_a-z]\w+/[^()]{2,40}\)$|©"
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One labelled paragraph of a transcript: its number, label and words."""

    paragraph: int
    label: Range
    words: Range


def with_forms(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions with what the form of lines tells, in no order.

    Turns and posts take the place of what was found in their lines; credits go; contents and
    sources lose the dateline, time or bullet before them.
    """
    turns = _turns(document)
    spoken = [*_spoken(document, turns), *_posts(document), *_headed(document)]
    taken = {turn.paragraph for turn in turns}
    taken |= {document.paragraph_at(start) for item in spoken for start, _ in item.content}
    kept = []
    for item in found:
        number = document.paragraph_at(item.content[0][0])
        if number not in taken and not _is_credit(document, number, item):
            kept.append(_without_lead(document, number, item))
    return [*(item for item in kept if item is not None), *spoken]


def with_line_form(document: Document, item: Attribution) -> Attribution:
    """A content with the source that its line gives, by what stands right beside it.

    A byline or a plain clause behind a quote ("“We stay.” — Ada Berg", "“Rubbish,” snorted the
    pilot"), a name and a colon before: the headline "Berg: harbour fees must fall".
    """
    text, (start, end) = document.text, (item.content[0][0], item.content[-1][1])
    line = document.paragraphs[document.paragraph_at(start)]
    if text[start] in BEGINS_QUOTE:
        last = document.paragraphs[document.paragraph_at(end - 1)][1]
        name = byline_after(document, end, last)
        if name is not None:
            return replace(item, source=name, cue=None, score=SCORE_STATED)
        clause = plain_clause_after(document, (start, end), last)
        if clause is None or (item.cue and end <= item.cue[0] < clause.span[1]):
            return item
        return replace(item, source=clause.source, cue=clause.cue)
    match = _LABEL.match(text, *line)
    if item.cue is not None or match is None or match.end() != start or text[end - 1 : end] == ".":
        return item
    label = re.findall(r"[^\W\d_]+", match.group("label").lower())
    headed = end == line[1] and 0 < len(label) <= LABEL_WORDS and not _NO_SPEAKER & {*label}
    if not headed or item.source not in (None, match.span("label")):
        return item
    colon = match.end("label")
    return replace(item, source=match.span("label"), cue=(colon, colon + 1))


def _turns(document: Document) -> list[_Turn]:
    """The labelled lines, where there are enough of them to be a transcript."""
    shouted: list[_Turn] = []
    named: list[_Turn] = []
    for number, (start, end) in enumerate(document.paragraphs):
        match = _LABEL.match(document.text, start, end)
        if match is None or document.text[match.end()] in BEGINS_QUOTE:
            continue
        label = match.group("label")
        name = _OF_SPEAKER.sub("", label)
        words = re.findall(r"[^\W\d_]+", name.lower())
        if not words or len(words) > LABEL_WORDS or _NO_SPEAKER & {*words}:
            continue
        turn = _Turn(number, match.span("label"), (match.end(), end))
        if label.upper() == label:
            shouted.append(turn)
        elif _CAPITALISED.fullmatch(name):
            named.append(turn)
    answered = named and any(_asks(document.text[slice(*turn.label)]) for turn in shouted)
    if len(shouted) < LEAST_TURNS and not answered:
        shouted = []
    labels = [document.text[slice(*turn.label)] for turn in named]
    asked = any(_asks(label) for label in labels) and len({*labels}) > 1
    mixed = bool(shouted) and len(shouted) + len(named) == len(document.paragraphs)
    few = len(named) < LEAST_NAMED_TURNS or len({*labels}) in (1, len(labels))
    if few and not (asked or mixed):
        named = []
    return sorted([*shouted, *named], key=lambda turn: turn.paragraph)


def _asks(label: str) -> bool:
    """Whether a label is of one who puts questions ("Interviewer", "Q")."""
    words = re.findall(r"[^\W\d_]+", label.lower())
    return bool({*words} & (lexicon().reporter_nouns | _ASKING))


def _spoken(document: Document, turns: Sequence[_Turn]) -> list[Attribution]:
    """The turns of a transcript as statements, with the unlabelled lines that go on with them."""
    text, result = document.text, []
    following = [*(turn.paragraph for turn in turns[1:]), 0]
    asking = _only_ask(text, turns)
    answering = _interviewed(document, turns[0].paragraph) if turns else None
    for turn, until in zip(turns, following, strict=False):
        label = re.findall(r"[^\W\d_]+", text[slice(*turn.label)].lower())
        asks = _asks(text[slice(*turn.label)]) or text[slice(*turn.label)] in asking
        more = [document.paragraphs[n] for n in range(turn.paragraph + 1, until)]
        pieces = [turn.words, *more] if len(more) <= 2 else [turn.words]
        pieces = [piece for piece in pieces if not _ASIDE.fullmatch(text, *piece)]
        if not pieces or (asks and text[pieces[-1][0] : pieces[-1][1]].rstrip(")] ").endswith("?")):
            continue
        source: Range | None = _without_cut_title(text, turn.label)
        if label in (["a"], ["q"], ["answer"], ["question"]):
            source = answering if label[0] in ("a", "answer") else None
        result.append(_verbatim(tuple(pieces), source))
    return result


def _without_cut_title(text: str, label: Range) -> Range:
    """A label without a cut word before the name that is no known title ("MIN. BERG")."""
    title = _CUT_TITLE.match(text, *label)
    known = lexicon().abbreviations
    if title is None or any(word.rstrip(".").lower() in known for word in title.group().split()):
        return label
    return (title.end(), label[1])


def _interviewed(document: Document, before: int) -> Range | None:
    """The one whom the lines before a transcript say was interviewed, or None."""
    start = document.paragraphs[max(0, before - INTRODUCTION_LINES)][0]
    end = document.paragraphs[before][0]
    text = document.text
    found = [match.span("who") for match in _INTERVIEWED.finditer(text, start, end)]
    found = found or [
        match.span()
        for match in _FULL_NAME.finditer(text, start, end)
        if _is_somebody(match.group().split())
    ]
    names = {text[slice(*span)] for span in found}
    return found[0] if len(names) == 1 else None


def _is_somebody(words: Sequence[str]) -> bool:
    """Whether capitalised words are a person's full name, with titles or without."""
    name, known = words[title_words(words) :], lexicon()
    joined = " ".join(name).lower()
    place = joined in known.places or joined in known.countries
    return len(name) > 1 and not (
        place or is_organisation(name) or fold(name[0]) in known.not_names
    )


def _only_ask(text: str, turns: Sequence[_Turn]) -> set[str]:
    """The labels, of a paper or a station, all of whose turns are questions."""
    words: dict[str, list[str]] = {}
    for turn in turns:
        words.setdefault(text[slice(*turn.label)], []).append(text[slice(*turn.words)].rstrip())
    return {
        label
        for label, said in words.items()
        if len(said) > 1
        and all(item.endswith("?") for item in said)
        and (len(label.split()) == 1 or not title_words(label.title().split()))
        and not given_gender(label.split()[0])
    }


def _posts(document: Document) -> list[Attribution]:
    """Embedded posts: an author's line with a handle, and the words under or above it."""
    text, paragraphs, result = document.text, document.paragraphs, []
    for number, span in enumerate(paragraphs):
        above = _AUTHOR_ABOVE.fullmatch(text, *span)
        below = _AUTHOR_BELOW.fullmatch(text, *span)
        behind = _AUTHOR_BEHIND.fullmatch(text, *span) if below is None else None
        if behind is not None and not document.regions_in(*behind.span("words")):
            result.append(_verbatim((behind.span("words"),), behind.span(2)))
            continue
        if below is not None and number:
            words = paragraphs[number - 1]
        elif above is not None and number + 1 < len(paragraphs):
            words = paragraphs[number + 1]
        else:
            continue
        match = below or above
        quoted = any(r.start <= words[0] for r in document.regions_in(*words))
        if match is not None and not _STAMP.fullmatch(text, *words) and not quoted:
            result.append(_verbatim((words,), match.span(1)))
    return result


def _headed(document: Document) -> list[Attribution]:
    """Headlines that begin with a quote and a colon: the words of who stands behind it."""
    text, result = document.text, []
    for start, end in document.paragraphs:
        regions = document.regions_in(start, start + 1) if text[start] in BEGINS_QUOTE else []
        if not regions or not text[end - 1].isalnum() or len(text[start:end]) > HEADLINE_LENGTH:
            continue
        region = regions[0]
        name = _HEADED.match(text, region.end, end)
        if name is not None:
            inner = (region.inner_start, region.inner_end)
            result.append(_verbatim((inner,), name.span(1)))
    return result


def _verbatim(pieces: tuple[Range, ...], source: Range | None) -> Attribution:
    return Attribution(pieces, source, None, verbatim=True, confidence=CONFIDENCE_OF_FORM)


def _is_credit(document: Document, number: int, item: Attribution) -> bool:
    """Whether a content is, or stands in, a byline, a credit or the time of a post."""
    start, end = document.paragraphs[number]
    first, last = item.content[0]
    credited = any(_CREDIT.match(document.text, *span) for span in ((start, end), (first, last)))
    return credited or _STAMP.fullmatch(document.text, start, end) is not None


def lead_of(document: Document, start: int) -> int:
    """Where a sentence begins behind the dateline, time or bullet of its paragraph."""
    first, end = document.paragraphs[document.paragraph_at(start)]
    lead = _LEAD.match(document.text, first, end)
    return max(start, lead.end()) if lead else start


def _without_lead(document: Document, number: int, item: Attribution) -> Attribution | None:
    """An attribution without the dateline, time or bullet before it; None if nothing is left."""
    start, end = document.paragraphs[number]
    lead = _LEAD.match(document.text, start, end)
    floor = lead.end() if lead else start
    if floor <= start:
        return item
    content = tuple((max(a, floor), b) for a, b in item.content if b > floor)
    source = item.source
    if source is not None and start <= source[0] < floor:
        source = (floor, source[1]) if source[1] > floor else None
    return replace(item, content=content, source=source) if content else None
