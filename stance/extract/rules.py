"""Finding attributions by rules: which words are said, by which words, under which cue.

Quotation marks give the extent of direct quotes. The clauses beside them ("..., she said.",
"Smith told reporters: ...", "according to ...") give source and cue. Used where no
tagger is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.extract.lexicon import (
    ADVERBS,
    BARE_CLAUSE_VERBS,
    CLAUSE_STARTERS,
    CLAUSE_VERBS,
    PHRASE_ENDERS,
    REPORTING_FORMS,
    ROLE_NOUNS,
)
from stance.extract.quotations import Attribution, is_quotation, may_continue
from stance.extract.segmentation import QuoteRegion, Range, enclosing, sentence_ranges

_WORD = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Maj|St|Jr|Sr|Prof|Rev)\.|(?:[A-Z]\.)+"
    r"|\w+(?:[.’'\-–&]\w+)*|[^\w\s]"
)
_NOUNS = frozenset(
    "report reports state states claim claims charge charges comment comments remark remarks "
    "answer answers question questions estimate estimates offer offers post posts joke jokes "
    "hope hopes promise promises request requests demand demands protest protests tweets tweet "
    "note notes guess praise read rule rules object signal signals concern concerns".split()
)
_BYLINE = re.compile(
    r"\s*[―—–-]{1,2}\s*([^\W\d_a-z][\w.’'-]*(?:[ \u00a0]\w[\w.’'-]*){0,5}?)[.,]?\s*$"
)
_STOP = frozenset(';:—–()“”"«»[]')


@dataclass(frozen=True, slots=True)
class _Clause:
    """An attributing clause: source (may be absent), cue, and the range that it fills."""

    source: Range | None
    cue: Range
    span: Range


def words_in(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Words and punctuation marks of ``text[start:end]`` as matches on the whole text."""
    return list(_WORD.finditer(text, start, end))


def _lower(token: re.Match[str]) -> str:
    return token.group().lower().rstrip(".")


def _is_cue(tokens: Sequence[re.Match[str]], index: int) -> bool:
    """Whether a token is a reporting verb here, not a name or a noun of the same form."""
    raw = tokens[index].group()
    if raw.lower() not in REPORTING_FORMS or (index and raw[0].isupper()):
        return False
    if raw.lower() in _NOUNS and index:
        before = tokens[index - 1].group()
        plain = before[0].islower() and before.lower() not in {"he", "she", "who", "also", "they"}
        return not plain
    return True


def clause_after(text: str, start: int, end: int) -> _Clause | None:
    """An attributing clause that follows a quote in ``text[start:end]``, up to a sentence end."""
    sentences = sentence_ranges(text, start, end)
    if not sentences:
        return None
    lo, hi = sentences[0]
    tokens = words_in(text, lo, hi)
    while tokens and tokens[0].group() in ",—–-":
        tokens = tokens[1:]
    if not tokens:
        return None
    if _lower(tokens[0]) == "according" and len(tokens) > 2 and _lower(tokens[1]) == "to":
        source = _phrase_from(tokens, 2)
        return _Clause(source, (tokens[0].start(), tokens[1].end()), (lo, hi))
    for index, token in enumerate(tokens[:22]):
        word = _lower(token)
        if token.group() in _STOP or (index and word in CLAUSE_STARTERS - {"who", "as"}):
            return None
        if not _is_cue(tokens, index) or (index == 0 and word.endswith("ing")):
            continue
        before = index
        while before and _lower(tokens[before - 1]) in ADVERBS:
            before -= 1
        cue = (tokens[before].start(), token.end())
        if before == 0:
            source = _phrase_from(tokens, index + 1)
            return _Clause(source, cue, (lo, hi))
        last = before - 1
        while last >= 0 and tokens[last].group() == ",":
            last -= 1
        if last < 0:
            return None
        return _Clause((tokens[0].start(), tokens[last].end()), cue, (lo, hi))
    return None


def _phrase_from(tokens: Sequence[re.Match[str]], first: int) -> Range | None:
    """The noun phrase that starts at token ``first``."""
    last = first - 1
    index = first
    while index < len(tokens):
        raw, word = tokens[index].group(), _lower(tokens[index])
        if raw in _STOP or raw in ".!?":
            break
        if raw == ",":
            follow = _lower(tokens[index + 1]) if index + 1 < len(tokens) else ""
            if follow not in {"a", "an", "the", "who", "one", "his", "her", "its"}:
                break
            if follow == "who":
                break
        elif word in PHRASE_ENDERS:
            previous = _lower(tokens[index - 1]) if index > first else ""
            if not (word in {"for", "at", "in", "with", "from"} and previous in ROLE_NOUNS):
                break
        elif index > first and word in REPORTING_FORMS and word.endswith(("ed", "ing", "id")):
            break
        else:
            last = index
        index += 1
    if last < first:
        return None
    end = tokens[last].end()
    return (tokens[first].start(), end)


def byline_after(text: str, start: int, end: int) -> Range | None:
    """The name of a quote set off by a dash ("“...” — Ada Berg"), which ends its paragraph."""
    match = _BYLINE.match(text, start, end)
    return match.span(1) if match else None


def clause_before(text: str, start: int, end: int) -> _Clause | None:
    """The last attributing clause of ``text[start:end]``, which leads into a quote at ``end``."""
    sentences = sentence_ranges(text, start, end)
    if not sentences:
        return None
    lo, hi = sentences[-1]
    tokens = words_in(text, lo, hi)
    for index in range(len(tokens) - 1, -1, -1):
        word = _lower(tokens[index])
        if word == "to" and index and _lower(tokens[index - 1]) == "according":
            source = _phrase_from(tokens, index + 1)
            cue = (tokens[index - 1].start(), tokens[index].end())
            return _Clause(source, cue, (lo, hi))
        if not _is_cue(tokens, index):
            continue
        source, first = _phrase_before(tokens, index)
        if source is None and not word.endswith("ing"):
            continue
        if source is None:
            earlier = clause_before(text, lo, tokens[index].start())
            source = earlier.source if earlier else _first_name(tokens[:index])
        return _Clause(source, (tokens[first].start(), tokens[index].end()), (lo, hi))
    return None


def _first_name(tokens: Sequence[re.Match[str]]) -> Range | None:
    """The first run of capitalised words."""
    for index, token in enumerate(tokens):
        if token.group()[0].isupper() and _lower(token) not in CLAUSE_STARTERS | PHRASE_ENDERS:
            last = index
            while last + 1 < len(tokens) and tokens[last + 1].group()[0].isupper():
                last += 1
            return (token.start(), tokens[last].end())
    return None


def _phrase_before(tokens: Sequence[re.Match[str]], cue: int) -> tuple[Range | None, int]:
    """The subject before the verb at ``cue``, and the first token of the cue with auxiliaries."""
    first = cue
    while first and (_lower(tokens[first - 1]) in ADVERBS or tokens[first - 1].group() == "n't"):
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
        raw, word = tokens[stop].group(), _lower(tokens[stop])
        if raw in _STOP or raw in ",.!?" or word in CLAUSE_STARTERS:
            break
        stop -= 1
    if stop + 1 > begin:
        return None, first
    return (tokens[stop + 1].start(), tokens[last].end()), first


def direct_by_rules(
    text: str, paragraphs: Sequence[Range], regions: Sequence[QuoteRegion]
) -> list[Attribution]:
    """Direct and mixed quotes with source and cue, one record a statement, in reading order."""
    found: list[Attribution] = []
    by_paragraph: list[list[QuoteRegion]] = [[] for _ in paragraphs]
    index = 0
    for region in regions:
        while index + 1 < len(paragraphs) and paragraphs[index + 1][0] <= region.start:
            index += 1
        by_paragraph[index].append(region)
    continues: Attribution | None = None
    for (start, end), inside in zip(paragraphs, by_paragraph, strict=True):
        kept = [region for region in inside if is_quotation(text, region)]
        if not kept:
            continues = None
            continue
        here = _paragraph_quotes(text, start, end, kept)
        if continues is not None and kept[0].start == start:
            head = here[0]
            merged = replace(
                continues,
                content=continues.content + head.content,
                source=continues.source if continues.source else head.source,
                cue=continues.cue if continues.cue else head.cue,
            )
            found[-1] = merged
            here = here[1:]
        found.extend(here)
        runs_on = may_continue(text, kept[-1]) and kept[-1].end == end
        continues = found[-1] if runs_on else None
    return _inherit(text, paragraphs, found)


def _paragraph_quotes(
    text: str, start: int, end: int, kept: Sequence[QuoteRegion]
) -> list[Attribution]:
    """Attributions of the quotes of one paragraph."""
    result: list[Attribution] = []
    joined_with: int | None = None
    for number, region in enumerate(kept):
        left = kept[number - 1].end if number else start
        right = kept[number + 1].start if number + 1 < len(kept) else end
        inner = text[region.inner_start : region.inner_end].rstrip()
        content = ((region.start, region.end),)
        if joined_with is not None:
            head = result[joined_with]
            result[joined_with] = replace(head, content=head.content + content)
            joined_with = None
            continue
        gap = text[region.end : right]
        after = None
        if inner[-1:] in tuple(",!?—–…-") or gap.lstrip()[:1] in {",", "—"}:
            after = clause_after(text, region.end, right)
        elif gap[:30].lstrip()[:1].islower() and inner[-1:] != ".":
            after = clause_after(text, region.end, right)
        name = byline_after(text, region.end, end) if region is kept[-1] else None
        if name is not None:
            result.append(Attribution(content, name, None))
            continue
        before = clause_before(text, left, region.start) if after is None else None
        clause = after or before
        if clause is None:
            if result and not gap_has_subject(text, left, region.start):
                last = result[-1]
                result.append(
                    replace(last, content=content, score=last.score * 0.8, inherited=True)
                )
            else:
                result.append(Attribution(content, None, None, 0.0))
            continue
        result.append(Attribution(content, clause.source, clause.cue))
        if after is not None and number + 1 < len(kept):
            rest = text[after.span[1] : right].strip()
            follower = kept[number + 1]
            resumes = not rest and len(text[follower.start : follower.end].split()) > 1
            tail = text[after.span[0] : right].rstrip()
            if resumes and (tail.endswith((".", ",")) and not _second_cue(text, after, right)):
                joined_with = len(result) - 1
    return result


def _second_cue(text: str, clause: _Clause, right: int) -> bool:
    """Whether another reporting verb stands between ``clause`` and the next quote."""
    return any(_lower(token) in REPORTING_FORMS for token in words_in(text, clause.cue[1], right))


def gap_has_subject(text: str, start: int, end: int) -> bool:
    """Whether the words between two quotes are more than a joint."""
    return len(text[start:end].split()) > 4


def _inherit(
    text: str, paragraphs: Sequence[Range], found: Sequence[Attribution]
) -> list[Attribution]:
    """Give quotes without a source the source of the paragraph before, at lower confidence."""
    result: list[Attribution] = []
    for item in found:
        if item.source is None and item.cue is None:
            where = enclosing(paragraphs, item.content[0][0])
            opening = paragraphs[where][0] == item.content[0][0]
            if opening and where:
                lo, hi = paragraphs[where - 1]
                clause = clause_before(text, lo, hi)
                prior = result[-1] if result else None
                if clause is not None and clause.source is not None:
                    item = replace(
                        item, source=clause.source, cue=clause.cue, score=0.6, inherited=True
                    )
                elif prior is not None and prior.source and prior.content[0][0] >= lo:
                    item = replace(
                        item, source=prior.source, cue=prior.cue, score=0.6, inherited=True
                    )
        result.append(item)
    return result


_THAT = re.compile(r"\s*(?:,\s*)?that\b", re.IGNORECASE)


def indirect_by_rules(
    text: str, paragraphs: Sequence[Range], taken: Sequence[Attribution]
) -> list[Attribution]:
    """Indirect statements: a reporting verb with its clause, outside the quotes in ``taken``."""
    busy = sorted(piece for item in taken for piece in item.content)
    found: list[Attribution] = []
    position = 0
    for start, end in paragraphs:
        for lo, hi in sentence_ranges(text, start, end):
            while position < len(busy) and busy[position][1] <= lo:
                position += 1
            if position < len(busy) and busy[position][0] < hi:
                continue
            item = _indirect_of(text, lo, hi)
            if item is not None:
                found.append(item)
    return found


def _indirect_of(text: str, lo: int, hi: int) -> Attribution | None:
    """The first indirect statement of one sentence."""
    tokens = words_in(text, lo, hi)
    stop = hi - 1 if text[hi - 1] in ".!?" else hi
    for index, token in enumerate(tokens[:-2]):
        lemma = REPORTING_FORMS.get(_lower(token))
        following = _lower(tokens[index + 1])
        if following == "to" and _lower(token) == "according" and index > 2:
            source = _phrase_from(tokens, index + 2)
            end = tokens[index - 1].start() if tokens[index - 1].group() == "," else token.start()
            content = (lo, lo + len(text[lo:end].rstrip()))
            if source and content[1] > lo:
                return Attribution((content,), source, (token.start(), tokens[index + 1].end()))
        if lemma not in CLAUSE_VERBS or not _is_cue(tokens, index):
            continue
        that = following == "that"
        bare = lemma in BARE_CLAUSE_VERBS and (
            following not in PHRASE_ENDERS and following[0].isalnum()
        )
        if not that and not bare:
            continue
        source_range, first = _phrase_before(tokens, index)
        if source_range is None and not token.group().endswith("ing"):
            continue
        begin = tokens[index + 1].start()
        if stop - begin > 3:
            source = source_range or _first_name(tokens[:index])
            return Attribution(((begin, stop),), source, (tokens[first].start(), token.end()))
    return None
