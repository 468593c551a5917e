"""Cues whose subject stands before them, where the tagger's source is another.

"her lawyers, who argued": the lawyers; "Ada Berg left after suggesting it.": not who is named in
the next sentence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from stance.extract.clauses import clause_after
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import RELATIVE_CUE_REACH
from stance.extract.passives import is_passive
from stance.extract.quotations import Attribution
from stance.extract.quote_marks import ENDS_QUOTE

_RELATIVE = re.compile(r"[\w”\"’'),–—-] (who|which) (?:(?:also|has|have|had|later|then|\w+ly) )*$")
_TEXT = re.compile(r"([a-z]+) (?=[a-z])")
_ANOTHER = re.compile(
    r"(?:But |And |Yet |Still, )?(?P<who>(?:[Aa]nother|[Oo]thers?|[Ss]ome|[Ss]everal|[Mm]any|"
    r"[Aa] (?:second|third|fourth|fifth)|[Tt]he (?:first|second|third|other|others))"
    r"(?: [a-z-]+){0,3}) "
)
_SUBJECT = re.compile(r"(?:It|He|She|They|[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+)+)(?= [a-z])")


def of_subject(document: Document, item: Attribution) -> Attribution:
    """An attribution with the subject of its cue as source, where that is plain."""
    if item.source is None or item.cue is None:
        return _of_inverted(document, item)
    return _of_upright(document, _with_text(document.text, item))


def _of_upright(document: Document, item: Attribution) -> Attribution:
    """A cue with the subject before it."""
    if item.source is None or item.cue is None or item.content[0][0] < item.cue[0]:
        return item
    text, cue = document.text, item.cue[0]
    start = max(0, cue - RELATIVE_CUE_REACH)
    match = _RELATIVE.search(text[start:cue])
    if match is not None:
        near = item.source[0] < cue and item.source[1] + 4 > start + match.start(1)
        relative = (start + match.start(1), start + match.end(1))
        return item if near else replace(item, source=relative)
    begin, end = document.sentence_at(cue)
    told = _ANOTHER.match(text, begin, cue) if item.source[1] <= begin else None
    if told is not None and told.end() == cue and item.content[0][0] < end:
        return replace(item, source=told.span("who"))  # "One man said no. Another | said yes"
    if item.source[0] < end or item.content[0][0] > end:
        return item
    subject = _SUBJECT.match(text, begin, cue)
    if subject is None or is_passive(text[slice(*item.cue)]):
        return replace(item, source=None)
    return replace(item, source=subject.span())


def _with_text(text: str, item: Attribution) -> Attribution:
    """A source with the text of its owner that the cue begins with ("Its | statement called")."""
    noun = _TEXT.match(text, *item.cue) if item.cue else None
    if noun is None or item.cue is None or item.source is None or item.source[1] + 1 != item.cue[0]:
        return item
    owner = text[slice(*item.source)].lower()
    owns = owner in ("his", "her", "its", "their") or owner.endswith(("'s", "’s", "s'", "s’"))
    if not owns or noun.group(1) not in lexicon().document_nouns:
        return item
    return replace(item, source=(item.source[0], noun.end(1)), cue=(noun.end(), item.cue[1]))


def _of_inverted(document: Document, item: Attribution) -> Attribution:
    """A verb right behind a quote with what follows it ("“Keep out,” read | a sign on a gate")."""
    end = item.content[-1][1]
    if item.cue is None or document.text[end - 1] not in ENDS_QUOTE or item.cue[0] != end + 1:
        return item
    clause = clause_after(document, end, document.sentence_at(end)[1])
    if clause is None or clause.cue != item.cue:
        return item
    return replace(item, source=clause.source)
