"""Finding attributions by rules: which words are said, by which words, under which cue.

Quotation marks give the extent of direct quotes, the clauses beside them source and cue. Used alone
where no tagger is wanted, and to add whole quotes that the tagger passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stance.extract.clauses import (
    Clause,
    byline_after,
    clause_after,
    clause_before,
    first_name,
    is_cue,
    lower,
    phrase_before,
    phrase_from,
    plain_clause_after,
    words_in,
)
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import (
    FACTOR_SAME_PARAGRAPH,
    JOINT_WORDS,
    LEAST_INDIRECT,
    LOWER_CASE_LEAD,
    SCORE_FROM_PARAGRAPH_BEFORE,
    SCORE_UNATTRIBUTED,
)
from stance.extract.quotations import Attribution, is_quotation, may_continue
from stance.extract.quote_marks import QuoteRegion
from stance.extract.segmentation import Range


def direct_by_rules(document: Document) -> list[Attribution]:
    """Direct and mixed quotes with source and cue, one record a statement, in reading order."""
    found: list[Attribution] = []
    pieces: list[list[Range]] = []
    continues = False
    for (start, end), inside in zip(document.paragraphs, _by_paragraph(document), strict=True):
        kept = [region for region in inside if is_quotation(document, region)]
        if not kept:
            continues = False
            continue
        here = _paragraph_quotes(document, start, end, kept)
        if continues and kept[0].start == start:
            head, last = here.pop(0), found[-1]
            pieces[-1].extend(head.content)
            found[-1] = replace(last, source=last.source or head.source, cue=last.cue or head.cue)
        found.extend(here)
        pieces.extend([*item.content] for item in here)
        continues = may_continue(document, kept[-1]) and kept[-1].end == end
    whole = [
        replace(item, content=tuple(content)) for item, content in zip(found, pieces, strict=True)
    ]
    return _inherit(document, whole)


def _by_paragraph(document: Document) -> list[list[QuoteRegion]]:
    """The quote regions of every paragraph."""
    result: list[list[QuoteRegion]] = [[] for _ in document.paragraphs]
    for region in document.quote_regions:
        result[document.paragraph_at(region.start)].append(region)
    return result


def _paragraph_quotes(
    document: Document, start: int, end: int, kept: Sequence[QuoteRegion]
) -> list[Attribution]:
    """Attributions of the quotes of one paragraph."""
    result: list[Attribution] = []
    resumed = False
    for number, region in enumerate(kept):
        left = kept[number - 1].end if number else start
        follower = kept[number + 1] if number + 1 < len(kept) else None
        right = follower.start if follower else end
        content = ((region.start, region.end),)
        if resumed:
            result[-1] = replace(result[-1], content=result[-1].content + content)
            resumed = False
            continue
        name = byline_after(document, region.end, end) if follower is None else None
        if name is not None:
            result.append(Attribution(content, name, None))
            continue
        after = _clause_behind(document, region, right)
        clause = after or clause_before(document, left, region.start)
        if clause is not None:
            result.append(Attribution(content, clause.source, clause.cue))
            resumed = after is not None and _resumes(document, after, follower)
        elif result and not _has_subject(document.text, left, region.start):
            score = result[-1].score * FACTOR_SAME_PARAGRAPH
            result.append(replace(result[-1], content=content, score=score, inherited=True))
        else:
            result.append(Attribution(content, None, None, SCORE_UNATTRIBUTED))
    return result


def _clause_behind(document: Document, region: QuoteRegion, right: int) -> Clause | None:
    """The clause after a quote, where the quote or the words behind it lead on to one."""
    inner = document.text[region.inner_start : region.inner_end].rstrip()
    gap = document.text[region.end : right]
    open_end = inner[-1:] in tuple(",!?—–…-") or gap.lstrip()[:1] in {",", "—"}
    goes_on = gap[:LOWER_CASE_LEAD].lstrip()[:1].islower() and inner[-1:] != "."
    if not (open_end or goes_on):
        return None
    clause = clause_after(document, region.end, right)
    return clause or plain_clause_after(document, (region.start, region.end), right)


def _resumes(document: Document, clause: Clause, follower: QuoteRegion | None) -> bool:
    """Whether the next quote goes on with the statement that ``clause`` interrupted."""
    if follower is None:
        return False
    text, right = document.text, follower.start
    if text[clause.span[1] : right].strip() or len(text[right : follower.end].split()) < 2:
        return False
    forms = lexicon().reporting_forms
    second_cue = any(lower(token) in forms for token in words_in(text, clause.cue[1], right))
    return text[clause.span[0] : right].rstrip().endswith((".", ",")) and not second_cue


def _has_subject(text: str, start: int, end: int) -> bool:
    """Whether the words between two quotes are more than a joint."""
    return len(text[start:end].split()) > JOINT_WORDS


def _inherit(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """Give quotes without a source the source of the paragraph before, at lower confidence."""
    result: list[Attribution] = []
    for item in found:
        where = document.paragraph_at(item.content[0][0])
        opening = document.paragraphs[where][0] == item.content[0][0]
        if item.source is None and item.cue is None and opening and where:
            lo, hi = document.paragraphs[where - 1]
            clause = clause_before(document, lo, hi)
            prior = result[-1] if result else None
            taken: Clause | Attribution | None = None
            if clause is not None and clause.source is not None:
                taken = clause
            elif prior is not None and prior.source and prior.content[0][0] >= lo:
                taken = prior
            if taken is not None:
                item = replace(
                    item,
                    source=taken.source,
                    cue=taken.cue,
                    score=SCORE_FROM_PARAGRAPH_BEFORE,
                    inherited=True,
                )
        result.append(item)
    return result


def indirect_by_rules(document: Document, taken: Sequence[Attribution]) -> list[Attribution]:
    """Indirect statements: a reporting verb with its clause, outside the quotes in ``taken``."""
    busy = sorted(piece for item in taken for piece in item.content)
    found: list[Attribution] = []
    position = 0
    for sentences in document.sentences:
        for lo, hi in sentences:
            while position < len(busy) and busy[position][1] <= lo:
                position += 1
            if position < len(busy) and busy[position][0] < hi:
                continue
            item = _indirect_of(document.text, lo, hi)
            if item is not None:
                found.append(item)
    return found


def _indirect_of(text: str, lo: int, hi: int) -> Attribution | None:
    """The first indirect statement of one sentence."""
    tokens = words_in(text, lo, hi)
    stop = hi - 1 if text[hi - 1] in ".!?" else hi
    for index, token in enumerate(tokens[:-2]):
        following = lower(tokens[index + 1])
        if following == "to" and lower(token) == "according" and index > 2:
            source = phrase_from(tokens, index + 2)
            end = tokens[index - 1].start() if tokens[index - 1].group() == "," else token.start()
            content = (lo, lo + len(text[lo:end].rstrip()))
            if source and content[1] > lo:
                return Attribution((content,), source, (token.start(), tokens[index + 1].end()))
        if not is_cue(tokens, index) or not _opens_clause(lower(token), following):
            continue
        subject, first = phrase_before(tokens, index)
        if subject is None and not token.group().endswith("ing"):
            continue
        begin = tokens[index + 1].start()
        if stop - begin > LEAST_INDIRECT:
            source = subject or first_name(tokens[:index])
            return Attribution(((begin, stop),), source, (tokens[first].start(), token.end()))
    return None


def _opens_clause(verb: str, following: str) -> bool:
    """Whether a form of a verb and the word after it ("" for a full stop) begin a statement."""
    words = lexicon()
    lemma = words.reporting_forms.get(verb)
    if lemma not in words.clause_verbs:
        return False
    bare = following not in words.phrase_enders and following[:1].isalnum()
    return following == "that" or (lemma in words.bare_clause_verbs and bare)
