"""Attributing clauses beside a quotation: "..., she said", "Smith told reporters: ...", bylines.

Each function looks at one stretch of a document and gives source and cue by their place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import CLAUSE_WORDS
from stance.extract.quote_marks import ENDS_QUOTE
from stance.extract.segmentation import Range

_WORD = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Maj|St|Jr|Sr|Prof|Rev)\.|(?:[A-Z]\.)+"
    r"|\w+(?:[.’'\-–&]\w+)*|[^\w\s]"
)
_BYLINE = re.compile(
    r"\s*[―—–-]{1,2}\s*([^\W\d_a-z][\w.’'-]*(?:[ \u00a0]\w[\w.’'-]*){0,5}?)"
    r"(?: ?\(@\w{1,30}\))?(?:,? (?:on|via) [^\W\d_a-z]\w*)?"
    r"(?:,? (?:\d{1,2} [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2})(?:,? \d{4})?)?[.,]?\s*$"
)
"""A name behind a dash; of a post also its handle, where it stands and its date."""
_STOP = frozenset(';:—–()“”"«»[]')
_BEFORE_VERB = frozenset("he she who also they".split())
"""Small words after which a form such as "claims" is a verb."""
_LEADS = frozenset(",—–-")
_APPOSED = re.compile(r",(?: [^\W\d_a-z][\w’'-]+){2,4}")
_PAST = re.compile(r"[a-z]{2,}ed")
_APPOSITION_STARTS = frozenset("a an the one his her its".split())
_ROLE_PREPOSITIONS = frozenset("for at in with from".split())
"""Go on a role noun's phrase ("a spokesman for the union")."""


@dataclass(frozen=True, slots=True)
class Clause:
    """An attributing clause: source (may be absent), cue, and the range that it fills."""

    source: Range | None
    cue: Range
    span: Range


def words_in(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Words and punctuation marks of ``text[start:end]`` as matches on the whole text."""
    return list(_WORD.finditer(text, start, end))


def lower(token: re.Match[str]) -> str:
    """A word in small letters without its full stops; empty for a full stop itself."""
    return token.group().lower().rstrip(".")


def is_cue(tokens: Sequence[re.Match[str]], index: int) -> bool:
    """Whether a token is a reporting verb here, not a name or a noun of the same form."""
    raw = tokens[index].group()
    if raw.lower() not in lexicon().reporting_forms or (index and raw[0].isupper()):
        return False
    if raw.lower() in lexicon().noun_forms and index:
        before = tokens[index - 1].group()
        plain = before[0].islower() and before.lower() not in _BEFORE_VERB
        return not plain
    return True


def clause_after(document: Document, start: int, end: int) -> Clause | None:
    """An attributing clause that follows a quote in ``[start, end)``, up to a sentence end."""
    sentence = next(document.sentences_between(start, end), None)
    if sentence is None:
        return None
    tokens = _behind_leads(words_in(document.text, *sentence))
    if len(tokens) > 2 and lower(tokens[0]) == "according" and lower(tokens[1]) == "to":
        cue = (tokens[0].start(), tokens[1].end())
        return Clause(phrase_from(tokens, 2), cue, sentence)
    index = _first_verb(tokens)
    if index is None:
        return None
    before = index
    while before and lower(tokens[before - 1]) in lexicon().adverbs:
        before -= 1
    cue = (tokens[before].start(), tokens[index].end())
    if before == 0:
        return Clause(phrase_from(tokens, index + 1), cue, sentence)
    last = before - 1
    while last >= 0 and tokens[last].group() == ",":
        last -= 1
    if last < 0:
        return None
    return Clause((tokens[0].start(), tokens[last].end()), cue, sentence)


def plain_clause_after(document: Document, quote: Range, end: int) -> Clause | None:
    """A person and any verb in "-ed" right behind a quote and its comma, in either order.

    "“Rubbish,” snorted the pilot" (or "“Rubbish!”"): so placed they tell who speaks, whatever the
    verb means. A quote within a sentence may be a title ("The film “Long Night,” directed by Ada
    Berg").

    Args:
        document: the document.
        quote: with its marks.
        end: where the clause ends at the latest.
    """
    text, (start, stop) = document.text, quote
    sentence = next(document.sentences_between(stop, end), None)
    if sentence is None or text[stop - 1] not in ENDS_QUOTE or not document.begins_sentence(start):
        return None
    tokens = _behind_leads(words_in(text, *sentence))
    led = "," in (text[stop - 2], text[sentence[0]])
    led = led or (text[stop - 2] in "!?" and text[sentence[0]].islower())
    if not led or sentence[0] > stop + 1 or _first_verb(tokens) is not None:
        return None
    for index, token in enumerate(tokens[:CLAUSE_WORDS]):
        if token.group() in _STOP:
            break
        if not _PAST.fullmatch(token.group()):
            continue
        subject = (tokens[0].start(), tokens[index - 1].end()) if index else phrase_from(tokens, 1)
        if subject is None:
            return None
        name = _APPOSED.match(text, subject[1], sentence[1]) if not index else None
        if name or _is_somebody(text[slice(*subject)].split(), whole=index > 0):
            return Clause((subject[0], name.end() if name else subject[1]), token.span(), sentence)
    return None


def _behind_leads(tokens: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """Tokens without the commas and dashes at their front."""
    return list(dropwhile(lambda token: token.group() in _LEADS, tokens))


def _is_somebody(words: Sequence[str], *, whole: bool) -> bool:
    """Whether words are a pronoun, a name, or what people are called by; to the last if whole."""
    known = lexicon()
    first, last = words[0].lower(), words[-1].lower()
    if first in ("he", "she", "they"):
        return len(words) == 1
    people = known.role_nouns | known.plural_roles.keys() | known.group_nouns
    if whole and not words[-1][0].isupper() and last not in people:
        return False
    named = words[0][0].isupper() and first not in known.not_names
    return named or any(word.strip(",.").lower() in people for word in words)


def _first_verb(tokens: Sequence[re.Match[str]]) -> int | None:
    """Position of the first reporting verb before a stop or a further clause."""
    starters = lexicon().clause_starters
    for index, token in enumerate(tokens[:CLAUSE_WORDS]):
        word = lower(token)
        further = index > 0 and word in starters and word not in ("who", "as")
        if token.group() in _STOP or further:
            return None
        if is_cue(tokens, index) and (index or not word.endswith("ing")):
            return index
    return None


def phrase_from(tokens: Sequence[re.Match[str]], first: int) -> Range | None:
    """The noun phrase that starts at token ``first``."""
    words = lexicon()
    last = first - 1
    index = first
    while index < len(tokens):
        raw, word = tokens[index].group(), lower(tokens[index])
        if raw in _STOP or raw in ".!?":
            break
        if raw == ",":
            follow = lower(tokens[index + 1]) if index + 1 < len(tokens) else ""
            if follow not in _APPOSITION_STARTS:
                break
        elif word in words.phrase_enders:
            previous = lower(tokens[index - 1]) if index > first else ""
            if not (word in _ROLE_PREPOSITIONS and previous in words.role_nouns):
                break
        elif index > first and word in words.reporting_forms and word.endswith(("ed", "ing", "id")):
            break
        else:
            last = index
        index += 1
    return (tokens[first].start(), tokens[last].end()) if last >= first else None


def byline_after(document: Document, start: int, end: int) -> Range | None:
    """The name of a quote set off by a dash ("“...” — Ada Berg"), which ends its paragraph."""
    match = _BYLINE.match(document.text, start, end)
    return match.span(1) if match else None


def clause_before(document: Document, start: int, end: int) -> Clause | None:
    """The last attributing clause of ``[start, end)``, which leads into a quote at ``end``.

    A participle ("..., adding that") has the source of the clause before it, else the first name.
    """
    sentence = next(document.sentences_between(start, end, backwards=True), None)
    if sentence is None:
        return None
    tokens = words_in(document.text, *sentence)
    cue: Range | None = None
    stop = len(tokens)
    for index in range(len(tokens) - 1, -1, -1):
        word = lower(tokens[index])
        if word == "to" and index and lower(tokens[index - 1]) == "according":
            own = (tokens[index - 1].start(), tokens[index].end())
            return Clause(phrase_from(tokens[:stop], index + 1), cue or own, sentence)
        if not is_cue(tokens, index):
            continue
        source, first = phrase_before(tokens, index)
        if source is None and not word.endswith("ing"):
            continue
        cue = cue or (tokens[first].start(), tokens[index].end())
        if source is not None:
            return Clause(source, cue, sentence)
        stop = index
    return Clause(first_name(tokens[:stop]), cue, sentence) if cue else None


def first_name(tokens: Sequence[re.Match[str]]) -> Range | None:
    """The first run of capitalised words."""
    words = lexicon()
    for index, token in enumerate(tokens):
        known = lower(token) in words.clause_starters or lower(token) in words.phrase_enders
        if token.group()[0].isupper() and not known:
            last = index
            while last + 1 < len(tokens) and tokens[last + 1].group()[0].isupper():
                last += 1
            return (token.start(), tokens[last].end())
    return None


def phrase_before(tokens: Sequence[re.Match[str]], cue: int) -> tuple[Range | None, int]:
    """The subject before the verb at ``cue``, and the first token of the cue with auxiliaries."""
    words = lexicon()
    first = cue
    while first and (
        lower(tokens[first - 1]) in words.adverbs or tokens[first - 1].group() == "n't"
    ):
        first -= 1
    last = first - 1
    if last < 0:
        return None, first
    appositive = tokens[last].group() == ","
    if appositive:
        last -= 1
        index = last
        while index >= 0 and tokens[index].group() not in ",;:—":
            index -= 1
        if index <= 0:
            return None, first
        begin = index - 1
    else:
        begin = last
    stop = begin
    while stop >= 0:
        raw, word = tokens[stop].group(), lower(tokens[stop])
        if raw in _STOP or raw in ",.!?" or word in words.clause_starters:
            break
        stop -= 1
    if stop + 1 > begin:
        return None, first
    return (tokens[stop + 1].start(), tokens[last].end()), first
