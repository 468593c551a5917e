"""Words of a sentence that an attribution takes in and its speaker does not say."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import RELATIVE_CUE_REACH
from stance.extract.parentheses import FINITE
from stance.extract.quotations import Attribution
from stance.extract.quote_marks import BEGINS_QUOTE

_RELATIVE = re.compile(
    r", (?:which|whom|who) (?:(?:(?:the|an?|his|her|its|their) )?(?:[\w’'-]+ ){0,4})$"
)
_MAIN_VERB = re.compile(
    rf", (?:(?:later|now|then|soon|also|since|has|never) )?"
    rf"(?:{FINITE.pattern}|[a-z]{{2,}}ed\b|(?:left|quit|fled|went|came|died|won|lost|took|fell|ran|"
    r"lies|stood|stands|sat)\b)"
)
"""The verb of a sentence behind the clause between commas that parts it from its subject."""
_SUPPOSES = re.compile(r"(?:If|Should|Unless|Were|Had|Once|Even if) ")
_MAIN_CLAUSE = re.compile(
    r", (?=(?:then )?(?:[\w’'-]+ ){1,6}?(?:will|would|could|may|might|can|must|shall)\b[^,;]*$)"
)
_OWNS = ("'s", "’s", "s'", "s’")
_SAYINGS = frozenset(
    "admission announcement boast complaint confession declaration denial fear fears hint hope "
    "insistence hopes pledges statement suggestion testimony vow warning warnings".split()
)
_OWNERS = frozenset("his her their its".split())


def without_overrun(document: Document, item: Attribution) -> Attribution:
    """An attribution without what its sentence goes on to tell.

    Args:
        document: the document.
        item: an attribution.
    """
    item = _without_verb_of_noun(document, _without_main_verb(document, item))
    return _without_main_clause(document, item)


def _without_main_verb(document: Document, item: Attribution) -> Attribution:
    """Without the verb of the sentence behind a relative clause between commas.

    "Ada Berg, who said | that the bay was shut, | left": she left, and does not say so. So too of
    "The bay, which Oslo says | is shut, | lies far off", whose noun begins the sentence.
    """
    if item.cue is None or item.content[-1][0] < item.cue[1]:
        return item
    text, (start, end) = document.text, item.content[-1]
    low = document.sentence_at(start)[0]
    first = min(item.cue[0], item.source[0]) if item.source else item.cue[0]
    relative = _RELATIVE.search(text, max(low, first - RELATIVE_CUE_REACH), item.cue[0])
    if relative is None or text[start] in BEGINS_QUOTE or document.regions_in(start, end):
        return item
    if _MAIN_VERB.match(text, end):
        return item
    noun = text[low : relative.start()]
    if "," in noun or FINITE.search(noun) or not noun[:1].isupper():
        return item
    ends = [match.start() for match in _MAIN_VERB.finditer(text, start, end)]
    return replace(item, content=(*item.content[:-1], (start, ends[-1]))) if ends else item


def _without_verb_of_noun(document: Document, item: Attribution) -> Attribution:
    """What a pledge or a claim says, without the verb of the sentence whose subject it is.

    "The mayor’s pledge | to build a school | has been dropped": to build a school is pledged.
    """
    if item.source is None or item.cue is None or len(item.content) > 1:
        return item
    text, (start, end) = document.text, item.content[0]
    owner, noun = text[slice(*item.source)], text[slice(*item.cue)]
    owns = owner.endswith(_OWNS) or owner.lower() in _OWNERS
    known = lexicon().claim_nouns | lexicon().speech_nouns | _SAYINGS
    first = item.source[0] == document.sentence_at(start)[0]
    if not (owns and first and noun in known) or text[item.source[1] : item.cue[0]].strip():
        return item
    verbs = [match.start() for match in FINITE.finditer(text, start, end)]
    wished = bool(verbs) and re.search(r"\bbe\b", text[start : verbs[0]]) is not None
    number = 0 if wished or text.startswith("to ", start) else 1
    stop = verbs[number] - 1 if len(verbs) > number else end
    return replace(item, content=((start, stop),)) if start < stop else item


def _without_main_clause(document: Document, item: Attribution) -> Attribution:
    """A supposed statement without what would follow from it.

    "Should Oslo say | the talks are dead, prices will rise": Oslo would say that they are dead.
    """
    if item.source is None or item.cue is None or len(item.content) > 1:
        return item
    text, (start, end) = document.text, item.content[0]
    low = document.sentence_at(start)[0]
    if not (low <= item.source[0] < item.cue[0] < start and _SUPPOSES.match(text, low)):
        return item
    main = _MAIN_CLAUSE.search(text, start, end)
    return replace(item, content=((start, main.start()),)) if main else item
