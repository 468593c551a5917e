"""Words of a sentence that an attribution takes in and its speaker does not say."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import RELATIVE_CUE_REACH
from stance.extract.parentheses import FINITE, PAST
from stance.extract.quotations import Attribution
from stance.extract.quote_marks import BEGINS_QUOTE
from stance.extract.segmentation import Range

_RELATIVE = re.compile(
    r", (?:which|whom|who|where) (?:(?:(?:the|an?|his|her|its|their) )?(?:[\w’'-]+ ){0,4})$"
)
MAIN_VERB = re.compile(
    rf", (?:(?:later|now|then|soon|also|since|has|never) )?"
    rf"(?:{FINITE.pattern}|(?:{PAST.pattern}|lies|stands)\b)"
)
"""The verb of a sentence behind the clause between commas that parts it from its subject."""
_SUPPOSES = re.compile(r"(?:If|Should|Unless|Were|Had|Once|Even if) ")
_MAIN_CLAUSE = re.compile(
    r", (?=(?:then )?(?:[\w’'-]+ ){1,6}?(?:will|would|could|may|might|can|must|shall)\b[^,;]*$)"
)
_BARE_RELATIVE = re.compile(r"(?<=[\w’']) (?:which|that|who|whom) $")
_HAS_OBJECT = re.compile(
    r"(?:He|I|It|She|They|We|You) |"
    r"\b(?!(?:about|against|among|and|around|as|at|behind|between|but|by|for|from|in|into|like|near|"
    r"of|on|or|over|than|through|to|under|until|with|within|without)\b)[a-z]{2,} "
    r"(?:an?|another|her|his|its|no|that|the|their|these|this|those) "
)
"""What begins a sentence up to its object ("The council passed a budget that ..."), not a noun."""
_ENDS_OPEN = re.compile(r",? (?:that|which|who|whom)$")
_SUBORDINATES = (" that ", " which ", " who ")
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
    item = _without_pronoun(document, _without_verb_of_noun(document, item))
    item = _without_main_verb(document, _without_verb_of_subject(document, item))
    return _without_main_clause(document, item)


def _without_pronoun(document: Document, item: Attribution) -> Attribution:
    """A noun without the relative pronoun behind it ("praised | a plan that | Berg wrote")."""
    start, end = item.content[-1]
    pronoun = _ENDS_OPEN.search(document.text, start, end)
    if len(item.content) > 1 or pronoun is None or pronoun.start() <= start:
        return item
    return replace(item, content=((start, pronoun.start()),))


def _without_verb_of_subject(document: Document, item: Attribution) -> Attribution:
    """Without the verb of a sentence whose subject has a relative clause without commas.

    "The man who police say | fired the shot | is thirty": police do not speak of his age.
    """
    if item.cue is None or item.content[-1][0] < item.cue[1]:
        return item
    text, (start, end) = document.text, item.content[-1]
    low = document.sentence_at(start)[0]
    first = _start_of_clause(item.cue, item.source)
    if item.source and text[slice(*item.source)] in ("who", "which", "that"):
        first = item.cue[0]
    relative = _BARE_RELATIVE.search(text, max(low, first - RELATIVE_CUE_REACH), first)
    if relative is None or text[start] in BEGINS_QUOTE:
        return item
    last = text[start:end].rsplit(" ", 1)[-1]
    if end < document.end_of_words(start) and not FINITE.fullmatch(last):
        return item
    noun = text[low : relative.start()]
    placed = noun.endswith((" in", " of", " on", " at", " to", " by", " for", " with", " from"))
    if placed or not noun[:1].isupper() or re.search(r"[,:]", noun) or FINITE.search(noun.lower()):
        return item
    if _HAS_OBJECT.search(noun):
        return item
    claims = lexicon().claim_nouns | lexicon().speech_nouns | _SAYINGS
    if noun.rsplit(" ", 1)[-1].lower() in claims:
        return item  # "Claims that the mayor said | he was ill"
    verbs = list(FINITE.finditer(text, start, end))
    behind = {verb.end() + 1 for verb in verbs}  # "has | had"
    own = [
        verb.start()
        for verb in verbs
        if verb.start() != start
        and verb.start() not in behind
        and not text.endswith(_SUBORDINATES, start, verb.start())
    ]
    own = own[1:] if first == item.cue[0] else own  # "who said | it was safe | has left"
    stop = own[0] - 1 if own else end
    return replace(item, content=(*item.content[:-1], (start, stop))) if start < stop else item


def _start_of_clause(cue: Range, source: Range | None) -> int:
    """Where the words that say who says it begin."""
    return min(cue[0], source[0]) if source else cue[0]


def _without_main_verb(document: Document, item: Attribution) -> Attribution:
    """Without the verb of the sentence behind a relative clause between commas.

    "Ada Berg, who said | that the bay was shut, | left": she left, and does not say so. So too of
    "The bay, which Oslo says | is shut, | lies far off", whose noun begins the sentence.
    """
    if item.cue is None or item.content[-1][0] < item.cue[1]:
        return item
    text, (start, end) = document.text, item.content[-1]
    low = document.sentence_at(start)[0]
    first = _start_of_clause(item.cue, item.source)
    relative = _RELATIVE.search(text, max(low, first - RELATIVE_CUE_REACH), item.cue[0])
    if relative is None or text[start] in BEGINS_QUOTE or document.regions_in(start, end):
        return item
    if MAIN_VERB.match(text, end):
        return item
    noun = text[low : relative.start()]
    if "," in noun or FINITE.search(noun) or not noun[:1].isupper():
        return item
    ends = [match.start() for match in MAIN_VERB.finditer(text, start, end)]
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
