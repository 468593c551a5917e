"""Clauses of saying between commas: all of the sentence around them is what is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import ANTECEDENT_WORDS, LEAST_HALF, PARENTHESIS_TAIL
from stance.extract.quotations import Attribution
from stance.extract.quote_marks import BEGINS_QUOTE
from stance.extract.segmentation import Range

FINITE = re.compile(
    r"\b(?:is|are|was|were|has|had|have|will|would|can|could|may|might|must|should|shall|did|does|do)"
    r"(?:n[’']t)?\b"
)
"""Verbs that surely are finite."""
_COMMA = re.compile(r", ?")
_DASH = re.compile(r"(?<!\s)(?:\s*[–—]\s*|\s+--?\s+)")
_STATES = re.compile(rf"{FINITE.pattern} [^\W_]")
"""A verb with words behind it; without them it goes on later ("There are, she said, no wells")."""
PAST = re.compile(
    r"[a-z]{2,}ed|became|began|bought|broke|brought|built|burst|came|caught|died|drew|drove|fell|"
    r"fled|flew|fought|found|gave|got|grew|held|hit|kept|knew|lay|led|left|lost|made|met|paid|quit|"
    r"ran|rose|sank|sat|sent|shot|slept|sold|spent|spread|stole|stood|struck|swam|swept|threw|took|"
    r"went|won|wore|wrote"
)
"""Past forms of verbs that are seldom anything else."""
RELATIVE_PLACE = re.compile(r"\b(?:where|when|in which|at which|during which|after which)[, ]*$")
"""Ends words that only tell where or when holds what is said."""
_SAYS = re.compile(r"\w+(?:s|ed|d|id)")
_WHO_AND_REST = re.compile(
    rf"(?P<who>[^,;:“”\"]{{3,80}}(?:, [^,;:“”\"]{{3,60}})??), (?P<rest>{FINITE.pattern}.+)"
)
_HELPS = re.compile(rf"(?:(?:{FINITE.pattern}|[a-z]+ly|been|never|not|also|already|now|be) )*")
_IN_VIEW = re.compile(r", (?:in|to|from|by) $")
_GOES_ON = re.compile(r"[^,;:—–“”\"\n]*")
_OPENS_ASIDE = re.compile(r" ?(?P<mark>[,–—(]|(?<= )-(?= )) ?(?:so |as )?$")
_CLOSES_ASIDE = re.compile(r"(?: [^,;:–—()“”\"\n]{1,60}?)? ?(?P<mark>[,–—)]|(?<= )-(?= )) ?")
_CLOSED_BY = {",": ",", "–": "–", "—": "—", "-": "-", "(": ")"}
_FRONT = re.compile(r"(?P<subject>[^,;:–—()“”\"\n]{2,60}), ")
_TOLD_ASIDE = re.compile(r" (?P<verb>[a-z]+)(?: [^,;:–—()“”\"\n]{2,40})?, ")
_SUBJECT_AND_CUE = re.compile(r"[^,;:“”\"]+(?:, [^,;:“”\"]+,)? ?[^,;:“”\"]*")
_CUE_AND_SUBJECT = re.compile(r"[Aa]ccording to [^,;:“”\"]+, [^,;:“”\"]+")


def of_inverted(document: Document, item: Attribution) -> Attribution:
    """A verb of saying between commas with its subject behind it, that what is said parts.

    "The law | , warns | jurist Ada Berg, will fail": the jurist warns that the law will fail.
    """
    if item.cue is None:
        return item
    if item.source is None:
        return _of_untold(document, item, item.cue)
    text, start, end = document.text, item.content[0][0], item.content[-1][1]
    between = text[item.source[1] : item.cue[0]]
    told = text[slice(*item.cue)].lower()
    if between != ", " or start != item.cue[1] + 1 or not _SAYS.fullmatch(told):
        return item
    match = _WHO_AND_REST.match(text, start, end)
    if match is None:
        return item
    return replace(item, source=match.span("who"), content=(item.source, match.span("rest")))


def of_aside(document: Document, item: Attribution) -> Attribution:
    """A clause of saying between commas, where the tagger took in a word from around it.

    "The mill, Ada Berg | said |, had promised to pay": the mill is none of the speakers.
    "Her boss, | she | told the jury, | had asked | her to lie": what he had asked is what she told.
    """
    if item.source is None or item.cue is None or len(item.content) > 1:
        return item
    text, (start, end) = document.text, item.content[0]
    (left, right), cue = item.source, item.cue
    low = document.sentence_at(left)[0]
    front = _FRONT.match(text, low, right)
    if front is None or FINITE.search(front["subject"].lower()) or text[start] in BEGINS_QUOTE:
        return item
    if left == low and front.end() < right < cue[0] and text[right : cue[0]] == " ":
        if text[cue[1] : start] == ", " and FINITE.match(text, start):
            who = (front.end(), right)
            return replace(item, source=who, content=(front.span("subject"), (start, end)))
    told = _TOLD_ASIDE.match(text, right, cue[0])
    verb = lexicon().reporting_forms.get(told["verb"], "") if told else ""
    if told is None or left != front.end() or cue[0] != told.end() or start < cue[1]:
        return item
    if verb not in lexicon().clause_verbs or not FINITE.match(text, cue[0]):
        return item
    return replace(item, cue=told.span("verb"), content=(front.span("subject"), (cue[0], end)))


def _of_untold(document: Document, item: Attribution, cue: Range) -> Attribution:
    """The same, where the subject was taken for what is said.

    "The law | , warns | the jurist, Ada Berg | , | will fail".
    """
    text, low = document.text, document.sentence_at(cue[0])[0]
    if len(item.content) != 2 or not _SAYS.fullmatch(text[slice(*cue)].lower()):
        return item
    who, rest = item.content
    commas = text.endswith(", ", low, cue[0]) and text[who[1] : rest[0]] == ", "
    front = text[low : cue[0]].rstrip(", ")
    noun = "," not in front and not FINITE.search(front) and len(front.split()) <= ANTECEDENT_WORDS
    if not (commas and noun and front) or who[0] != cue[1] + 1 or not FINITE.match(text, rest[0]):
        return item
    return replace(item, source=who, content=((low, low + len(front)), rest))


def with_apposition(document: Document, item: Attribution) -> Attribution:
    """A speaker with the apposition that was taken for the start of what they say.

    "According to Ms. Berg – | the first mate – the doors were shut": Ms. Berg is the mate. So too
    between commas in the midst of a sentence.
    """
    if item.source is None or item.cue is None or item.cue[0] > item.source[0]:
        return item
    text, ((start, end), *more) = document.text, item.content
    dashes = _DASH.fullmatch(text, item.source[1], start)
    midst = text[item.source[1] : start] == ", " and text.endswith(", ", 0, item.cue[0])
    closes = (_DASH if dashes else _COMMA).search(text, start, end) if dashes or midst else None
    if closes is None or "," in text[start : closes.start()]:
        return item
    said = [(closes.end(), end), *more] if closes.end() < end else more
    if not said:
        return item
    if midst and (not FINITE.match(text, closes.end()) or FINITE.search(text, start, closes.end())):
        return item
    source = (item.source[0], closes.start())
    return replace(item, source=source, content=tuple(said))


def joined_halves(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """Attributions by the same words, one before and one behind these, as one."""
    result: list[Attribution] = []
    for item in found:
        last = result[-1] if result else None
        if last and item.cue and last.cue == item.cue and _same_start(last.source, item.source):
            whole = replace(last, content=(*last.content, *item.content), source=item.source)
            if RELATIVE_PLACE.search(document.text, *last.content[-1]):
                result[-1] = item
                continue
            parts = len(last.content) > 1 or _words(document, last) < LEAST_HALF
            if parts and is_parenthetical(document, whole):
                result[-1] = whole
                continue
        rest = _verb_behind(document, last, item) if last else None
        if last and rest is not None:
            result[-1] = replace(last, content=(last.content[0], rest))
            continue
        result.append(item)
    return result


def _same_start(one: Range | None, other: Range | None) -> bool:
    """Whether two sources are one, or one with an apposition behind it."""
    return one == other or (one is not None and other is not None and one[0] == other[0])


def _verb_behind(document: Document, last: Attribution, item: Attribution) -> Range | None:
    """The rest of what a clause parts, where its verb was taken for one more of the same speaker.

    "The city | , she added, had | promised | a wall": what the city promised is all hers.
    """
    clause, text = last.clause, document.text
    if clause is None or item.cue is None or item.source != last.source:
        return None
    (start, end), cue = last.content[0], item.cue
    if not end < clause[0] < clause[1] < cue[0] < item.content[0][0]:
        return None
    first, stop = clause[1] + 2, item.content[-1][1]
    low, high = document.sentence_at(start)
    joined = _HELPS.fullmatch(text, first, cue[0]) and text[clause[1] : first] == ", "
    parted = text[end : clause[0]] == ", " and text[start] not in BEGINS_QUOTE
    front = low <= start and not FINITE.search(text, start, end)
    if not (joined and parted and front and stop <= high) or text[slice(*cue)].endswith("ing"):
        return None
    return (first, stop)


def _words(document: Document, item: Attribution) -> int:
    """How many words a content has."""
    return sum(len(document.text[start:end].split()) for start, end in item.content)


def complete_parenthetical(
    document: Document, item: Attribution, taken: Sequence[Range]
) -> Attribution:
    """Join the rest of a sentence that an attributing clause between commas interrupts.

    "The army, she told a crowd, | should stay": without the rest the content has no verb.

    Args:
        document: the document.
        item: an attribution, whose last piece the clause follows.
        taken: the contents of other attributions, which are left alone.
    """
    clause = item.clause
    if clause is None:
        return item
    text = document.text
    said = tuple(piece for piece in item.content if text[slice(*piece)] not in ("so", "as"))
    item = replace(item, content=said or item.content)  # "The nets, so he claims, were cut"
    end = item.content[-1][1]
    around = _around_clause(document, item, clause, taken)
    if around is not None:
        return replace(item, content=around)
    fronted = _with_front(document, item, clause, taken)
    if fronted is not None:
        return replace(item, content=fronted)
    in_view = _IN_VIEW.match(text, end, clause[0])
    opened = text[end : clause[0]].strip() == ","
    if text[item.content[0][0]] in BEGINS_QUOTE or not (opened or in_view):
        return item
    stop = document.sentence_at(end)[1]
    closing = _closing(text, clause, stop)
    rest = (closing.end() if closing else stop, document.end_of_words(end))
    whole = not in_view and any(_STATES.search(text, *piece) for piece in item.content)
    if closing is None or whole or rest[1] - rest[0] < 2 or not text[rest[0]].islower():
        return item
    if any(start < rest[1] and rest[0] < last for start, last in taken):
        return item
    return replace(item, content=(*item.content, rest))


def _around_clause(
    document: Document, item: Attribution, clause: Range, taken: Sequence[Range]
) -> tuple[Range, Range] | None:
    """The two halves of a sentence that a clause between commas parts, or None.

    "The | army, she told a crowd, | must leave | the | port" is one sentence but for the clause.
    """
    if not is_parenthetical(document, item):
        return None
    text, (start, last) = document.text, (item.content[0][0], item.content[-1][1])
    stop = document.end_of_words(start)
    before = start + len(text[start : clause[0]].rstrip(", "))
    in_view = _IN_VIEW.search(text, start, clause[0])
    before = in_view.start() if in_view else before
    closing = _closing(text, clause, stop)
    behind = closing.end() if closing else item.content[-1][0]
    end = stop if _GOES_ON.fullmatch(text, last, stop) else last
    own = {*item.content}
    if any(a < end and start < b for a, b in taken if (a, b) not in own):
        return None
    return ((start, before), (behind, end))


def _with_front(
    document: Document, item: Attribution, clause: Range, taken: Sequence[Range]
) -> tuple[Range, ...] | None:
    """A content without a subject with the subject before the clause, or None.

    "The quay, says the pilot, | is sinking" speaks of the quay; dashes and parentheses part them
    as commas do.
    """
    text, start = document.text, item.content[0][0]
    low = document.sentence_at(start)[0]
    if not low < clause[0] < clause[1] <= start - 2 or document.regions_in(low, start):
        return None
    opens = _OPENS_ASIDE.search(text, low, clause[0])
    closes = _CLOSES_ASIDE.fullmatch(text, clause[1], start)
    if opens is None or closes is None or not FINITE.match(text, start):
        return None
    front = text[low : opens.start()]
    phrase = "," not in front and not FINITE.search(front)
    if not phrase or _CLOSED_BY[opens["mark"]] != closes["mark"]:
        return None
    if len(front.split()) > ANTECEDENT_WORDS or any(a < clause[0] and low < b for a, b in taken):
        return None
    last, stop = item.content[-1][1], document.end_of_words(start)
    last = stop if _GOES_ON.fullmatch(text, last, stop) else last
    if any(a < last and start < b for a, b in taken if (a, b) not in item.content):
        last = item.content[-1][1]
    return ((low, opens.start()), *item.content[:-1], (item.content[-1][0], last))


def is_set_off(document: Document, item: Attribution) -> bool:
    """Whether dashes or parentheses part a clause of saying from the two halves around it."""
    clause = item.clause
    if clause is None or len(item.content) != 2:
        return False
    (_, end), (start, _) = item.content
    if not end < clause[0] < clause[1] < start:
        return False
    opens = _OPENS_ASIDE.search(document.text, end, clause[0])
    closes = _CLOSES_ASIDE.fullmatch(document.text, clause[1], start)
    if opens is None or closes is None or opens.start() != end or opens["mark"] == ",":
        return False
    return _CLOSED_BY[opens["mark"]] == closes["mark"]


def _closing(text: str, clause: Range, stop: int) -> re.Match[str] | None:
    """The comma behind a clause of saying, or the dash behind an apposition that one begins."""
    mark = _DASH if _DASH.search(text, *clause) else _COMMA
    return mark.search(text, clause[1], min(stop, clause[1] + PARENTHESIS_TAIL))


def is_parenthetical(document: Document, item: Attribution) -> bool:
    """Whether commas part source and cue from the statement around them, in one sentence."""
    clause = item.clause
    if clause is None:
        return False
    text, (start, last) = document.text, (item.content[0][0], item.content[-1][1])
    if text[start] in BEGINS_QUOTE or not start < clause[0] < clause[1] < item.content[-1][0]:
        return False
    if document.regions_in(start, last):
        return False
    low, high = document.sentence_at(start)
    closing = _closing(text, clause, high)
    before = text[start : clause[0]]
    opened = before.endswith(", ") or _IN_VIEW.search(before) is not None
    if closing is None or closing.end() not in {start for start, _ in item.content}:
        return False
    inside = any(clause[1] < end and start < closing.start() for start, end in item.content)
    said = any(form.fullmatch(text, *clause) for form in (_SUBJECT_AND_CUE, _CUE_AND_SUBJECT))
    return opened and said and low <= start and last <= high and not inside
