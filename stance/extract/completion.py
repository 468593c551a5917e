"""What an attribution leaves out: the noun of a relative clause, and quotes nothing attributes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.admission import has_voice
from stance.extract.clauses import is_cue, lower, phrase_from, words_in
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.overruns import without_overrun
from stance.extract.parameters import (
    ANTECEDENT_WORDS,
    RELATIVE_LEAD,
    SCORE_UNATTRIBUTED,
)
from stance.extract.parentheses import FINITE, PAST, RELATIVE_PLACE, complete_parenthetical
from stance.extract.quotations import Attribution, is_quotation
from stance.extract.quote_marks import BEGINS_QUOTE, ENDS_QUOTE, QuoteRegion
from stance.extract.segmentation import Range

_RELATIVE = re.compile(r"(?:,? ?\b(?:of|for|to|in|on|with|by|from) )?\b(?:which|that|who|whom)\s+$")
_SUBJECT = re.compile(
    r"(?:that|he|she|it|they|we|i|you|there|this|these|those|his|her|its|their|our|my|your)\b", re.I
)
_PRONOUNS = frozenset("which that who whom".split())
_NOUN_STARTS = frozenset(
    "a an the this these that those his her its their my our your some any all every each no one "
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty "
    "seventy eighty ninety several many both another".split()
)
NAMING = frozenset("call describe brand label dub term".split())
"""Their object is followed by what it is called."""
_TO_BE = frozenset("am are be been being is was were".split())
_JOINTS = frozenset("of and for in".split())
_BETWEEN_COMMAS = re.compile(r", (?:which|whom|who) (?:(?:the|an?|his|her|its) )?$")
_ENDS_RELATIVE = re.compile(r",? (?:that|which|who)$")
_PLAIN_VERB = re.compile(
    r"[a-z]{2,}(?:s|ed) (?:all|an?|every|her|his|its|many|most|no|several|the|their|three|two) "
)
"""A verb and its object, right behind a clause of saying ("a law Berg says | breaks a treaty")."""
_WHOSE = re.compile(r",? whose $")
_WHOM = re.compile(r"(?:whom|which|that|who) ((?:[\w’'-]+ ){0,5}[\w’'-]+) ")


def complete_clauses(document: Document, item: Attribution, taken: Sequence[Range]) -> Attribution:
    """An attribution with all that is said and nothing else, where clauses lie within clauses.

    Args:
        document: the document.
        item: an attribution.
        taken: the contents of all attributions.
    """
    item = complete_parenthetical(document, _without_place(document, item), taken)
    item = _behind_whose(document, item)
    item = complete_relative(document, _relative_subject(document, _from_noun(document, item)))
    return without_overrun(document, item)


def is_naming(cue: str) -> bool:
    """Whether a cue tells what its object is called, or judges it ("branded", "hailed")."""
    words, known = cue.lower().split(), lexicon()
    told = (
        known.reporting_forms.get(word) in NAMING or word in known.judging_forms for word in words
    )
    return any(told)


def complete_relative(document: Document, item: Attribution) -> Attribution:
    """Give a relative clause its noun: "a law which Berg said | was weak" speaks of a law.

    The noun phrase, with its relative pronoun where there is one, becomes the first piece.
    """
    if item.source is None or item.cue is None:
        return item
    text = document.text
    (source_start, source_end), (cue_start, cue_end) = item.source, item.cue
    if len(item.content) > 1 and text[slice(*item.content[0])].lower() in _PRONOUNS:
        item = replace(item, content=item.content[1:])
    item = _without_rest(text, item, source_start)
    start = item.content[0][0]
    if not source_end <= cue_start < cue_end <= start or text[cue_end:start].strip(" ,"):
        return item
    floor = document.sentence_at(source_start)[0]
    relative = _RELATIVE.search(text, max(floor, source_start - RELATIVE_LEAD), source_start)
    finite = (FINITE.match(text, start) or _PLAIN_VERB.match(text, start)) is not None
    if relative is None and not finite:
        return item
    if relative is not None and (_is_whole(text, relative, start) or text[start] in "“\"‘'«"):
        return item
    end = relative.start() if relative else source_start
    phrase = noun_phrase_before(document, floor, end)
    phrase = _owner_before(document, floor, phrase) if relative is None else phrase
    if phrase is None or any(
        begin < phrase[1] and phrase[0] < stop for begin, stop in item.content
    ):
        return item
    named = not finite and is_naming(text[cue_start:cue_end])
    stop = phrase[1] if named or relative is None else source_start
    piece = (phrase[0], phrase[0] + len(text[phrase[0] : stop].rstrip(" ,")))
    return replace(item, content=(piece, *item.content))


def _is_whole(text: str, relative: re.Match[str], start: int) -> bool:
    """Whether a clause behind "that" has a subject of its own; "which" and "whom" are objects."""
    opened = _SUBJECT.match(text, start) is not None
    return opened and relative.group().split()[-1] not in ("which", "whom")


def _behind_whose(document: Document, item: Attribution) -> Attribution:
    """A source without the noun between "whose" and it ("whose papers | police | say ...")."""
    source, text = item.source, document.text
    if source is None or not text.endswith("whose ", 0, source[0]):
        return item
    words = words_in(text, *source)
    own = [n for n, word in enumerate(words) if n and lower(word) in _NOUN_STARTS]
    first = own[0] if own else 1
    if len(words) <= first or item.cue is None or item.cue[0] < source[1]:
        return item
    return replace(item, source=(words[first].start(), source[1]))


def _owner_before(document: Document, start: int, phrase: Range | None) -> Range | None:
    """A noun behind "whose" with the noun whose it is ("the dam, whose | cost")."""
    whose = phrase and _WHOSE.search(document.text, max(start, phrase[0] - 9), phrase[0])
    owner = noun_phrase_before(document, start, whose.start()) if whose else None
    return (owner[0], phrase[1]) if owner and phrase else phrase


def _from_noun(document: Document, item: Attribution) -> Attribution:
    """A relative clause that a clause of saying parts from its pronoun, from its noun on.

    "He signed | a treaty that, critics say, | sells the bay": critics speak of the treaty.
    """
    clause = item.clause
    if len(item.content) != 2 or clause is None:
        return item
    (start, end), rest = item.content
    pronoun = _ENDS_RELATIVE.search(document.text, start, end)
    if pronoun is None or not end <= clause[0] < clause[1] <= rest[0]:
        return item
    phrase = noun_phrase_before(document, start, pronoun.start())
    if phrase is None:
        return item
    word = document.text[phrase[0] : end].split()[0]
    named = word[0].isupper() and phrase[0] > start
    whole = named or word.lower() in _NOUN_STARTS
    return replace(item, content=((phrase[0], end), rest)) if whole else item


def _without_rest(text: str, item: Attribution, source: int) -> Attribution:
    """Without what the sentence says behind a relative clause between commas.

    "The bay, which Oslo says | is its own |, | has no port": Oslo speaks of the bay.
    """
    low = max(0, source - RELATIVE_LEAD)
    if len(item.content) < 2 or not _BETWEEN_COMMAS.search(text, low, source):
        return item
    first, second = item.content[:2]
    after = source < first[0] and text[first[1] : second[0]] == ", "
    return replace(item, content=(first,)) if after else item


def _relative_subject(document: Document, item: Attribution) -> Attribution:
    """A naming verb with the subject between its relative pronoun and itself.

    "whom Bishop | described | as cowards": the bishop describes those named before "whom".
    """
    text = document.text
    if item.source is not None or item.cue is None or text[item.content[0][0]] in BEGINS_QUOTE:
        return item
    start, cue = item.content[0][0], item.cue[0]
    match = _WHOM.match(text, start, cue)
    behind = tuple(piece for piece in item.content if piece[0] >= item.cue[1])
    if match is None or match.end() != cue or not behind:
        return item
    return replace(item, source=match.span(1), content=((behind[0][0], behind[-1][1]),))


def _without_place(document: Document, item: Attribution) -> Attribution:
    """Without the words that say where or when holds what somebody says.

    "They left a valley where, according to the mayor, | no shot was fired": the mayor's word begins
    behind the comma.
    """
    clause = item.clause
    if len(item.content) < 2 or clause is None:
        return item
    text, (first, second) = document.text, item.content[:2]
    between = first[1] <= clause[0] and clause[1] <= second[0]
    ends = RELATIVE_PLACE.search(text, *first)
    return replace(item, content=item.content[1:]) if between and ends else item


def parted_relative(document: Document, item: Attribution) -> list[Attribution]:
    """An attribution whose content holds the relative clause of another speaker, as two.

    "He praised | a plan that Berg said would fail": he praised a plan; it would fail, Berg said.
    """
    (start, end), *more = item.content
    text, words = document.text, lexicon()
    if more or text[start] in BEGINS_QUOTE:
        return [item]
    tokens = words_in(text, start, end)
    for i in range(1, len(tokens) - 3):
        if lower(tokens[i]) not in _PRONOUNS:
            continue
        for j in range(i + 1, min(i + 1 + ANTECEDENT_WORDS, len(tokens) - 1)):
            if lower(tokens[j]) in words.clause_starters or lower(tokens[j]) in words.auxiliaries:
                break
            if j == i + 1 or not is_cue(tokens, j):
                continue
            verb, rest = words.reporting_forms[lower(tokens[j])], tokens[j + 1].start()
            said = verb in words.clause_verbs and FINITE.match(text, rest)
            phrase = noun_phrase_before(document, start, tokens[i].start())
            if phrase is None or not (said or verb in NAMING):
                break
            source = (tokens[i + 1].start(), tokens[j - 1].end())
            content = ((phrase[0], tokens[i].end()), (rest, end))
            inner = Attribution(content, source, tokens[j].span(), item.score)
            return [replace(item, content=((start, phrase[1]),)), inner]
    return [item]


def complete_passive(document: Document, item: Attribution, taken: Sequence[Range]) -> Attribution:
    """Give a judging passive what it speaks of: "The law was called | a disgrace | by a poet".

    Its subject, what it is called, and what was found behind who says so are the content.

    Args:
        document: the document.
        item: an attribution, whose cue may be a passive.
        taken: the sorted contents of all attributions; those of others are left alone.
    """
    text, cue = document.text, item.cue
    if cue is None or not _judges_subject(text[slice(*cue)].lower().split()):
        return item
    floor, stop = document.sentence_at(cue[0])
    source = item.source
    if source is None or source[0] < cue[0]:
        source = _agent(document, cue, stop)
    subject = noun_phrase_before(document, floor, cue[0])
    if source is None or subject is None or not text.startswith("by ", source[0] - 3):
        return item
    named = cue[1] + 1
    called = (named, named + len(text[named : source[0] - 3].rstrip()))
    behind = [piece for piece in item.content if piece[0] >= source[1]]
    pieces = [subject, *([called] if called[0] < called[1] else []), *behind]
    others = taken[bisect_left(taken, (floor, 0)) : bisect_left(taken, (stop, 0))]
    if any(
        start < last and first < end and (first, last) not in item.content
        for start, end in pieces
        for first, last in others
    ):
        return item
    return replace(item, content=tuple(pieces), source=source)


def _judges_subject(words: Sequence[str]) -> bool:
    """Whether a cue is a passive that judges its subject ("was called", "were criticised by")."""
    *before, verb = [word for word in words if word not in ("as", "by", "of", "for")] or [""]
    named = lexicon().reporting_forms.get(verb) in (*NAMING, "accuse")
    judges = named or verb in lexicon().judging_forms
    return judges and verb.endswith(("ed", "t")) and bool(before) and before[-1] in _TO_BE


def _agent(document: Document, cue: Range, stop: int) -> Range | None:
    """Who judges in a passive, where one of the words behind a "by" has a voice."""
    tokens = words_in(document.text, cue[1], stop)
    for number in range(len(tokens) - 2, -1, -1):
        if lower(tokens[number]) == "by":
            source = phrase_from(tokens, number + 1)
            return source if source and has_voice(document, source, cue, sign=True) else None
    return None


def noun_phrase_before(document: Document, start: int, end: int) -> Range | None:
    """The noun phrase that ends at ``end``: from its determiner, or its capitals, on."""
    tokens = words_in(document.text, start, end)
    while tokens and tokens[-1].group() == ",":
        tokens.pop()
    if not tokens or not tokens[-1].group()[0].isalnum():
        return None
    words = lexicon()
    first = len(tokens) - 1
    for index in range(len(tokens) - 1, max(-1, len(tokens) - 1 - ANTECEDENT_WORDS), -1):
        word = lower(tokens[index])
        if not word or not word[0].isalnum() or word in words.clause_starters:
            break
        verb = word in words.reporting_forms or word in words.auxiliaries
        verb = verb or (index > 0 and _does(word, lower(tokens[index - 1])))
        if verb and index < len(tokens) - 1:
            break
        if word in _NOUN_STARTS or word[0].isdigit():
            first = index
            before = lower(tokens[index - 1]) if index else ""
            if before not in _JOINTS and not (before in _NOUN_STARTS and before != word):
                break
        elif word in words.phrase_enders and word not in _JOINTS:
            break
        elif first == index + 1 and tokens[index].group()[0].isupper() and index:
            first = index
    return (tokens[first].start(), tokens[-1].end())


def _does(word: str, before: str) -> bool:
    """Whether a word is the verb of the noun before it ("the army | bought | drones").

    Behind an article, an owner or an adverb it only qualifies ("the newly opened port").
    """
    qualifies = before in _NOUN_STARTS or before.endswith(("ly", "'s", "’s", "s'", "s’"))
    return PAST.fullmatch(word) is not None and before.isalpha() and not qualifies


def standing_quotes(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """Quotes that are sentences of their own and that nothing attributes ("“No comment.”")."""
    taken = sorted(piece for item in found for piece in item.content)
    result: list[Attribution] = []
    for region in document.quote_regions:
        near = bisect_left(taken, (region.end, 0)) - 1
        free = near < 0 or taken[near][1] <= region.start
        if free and stands_alone(document, region):
            content = ((region.start, region.end),)
            result.append(Attribution(content, None, None, SCORE_UNATTRIBUTED))
    return result


def stands_alone(document: Document, region: QuoteRegion) -> bool:
    """Whether a quote is a whole sentence, or several, with whole sentences around it.

    Another quote may stand there too (“Is it deep?” “Deep enough.”).
    """
    text = document.text
    if not region.closed or region.single or not is_quotation(document, region):
        return False
    start, end = document.paragraphs[document.paragraph_at(region.start)]
    before, after = text[start : region.start].rstrip(), text[region.end : end].lstrip()
    inner = text[region.inner_start : region.inner_end].strip()
    whole = inner[-1:] in tuple(".!?…") and inner[:1].isupper()
    goes_on = after and not (after[0].isupper() or after[0] in "—–―-" or after[0] in BEGINS_QUOTE)
    answers = before[-1:] in tuple(ENDS_QUOTE) and before[-2:-1] in tuple(".!?…")
    return whole and (answers or before[-1:] in ("", *".!?…:")) and not goes_on
