"""Plain sentences that the tagger passed over: a subject, a verb that judges or denies, its object.

"The Rivers Trust welcomes the ruling." or, of a list, "Lima denies losing a ship".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from stance.extract.admission import has_voice
from stance.extract.clauses import phrase_before, words_in
from stance.extract.closing_clauses import tells
from stance.extract.document import Document
from stance.extract.layout import lead_of
from stance.extract.lexicon import lexicon
from stance.extract.parameters import ACRONYM_WORDS, PLAIN_SUBJECT, SCORE_ADDED_QUOTE
from stance.extract.parentheses import FINITE
from stance.extract.phrases import is_noun
from stance.extract.quotations import Attribution
from stance.extract.segmentation import Range

_VERB = re.compile(
    r"(?P<judges>welcom(?:es|ed)|condemn(?:s|ed)|denounc(?:es|ed)|deplor(?:es|ed)|prais(?:es|ed)|"
    r"applaud(?:s|ed)|critici[sz](?:es|ed)|reject(?:s|ed)|hail(?:s|ed)|oppos(?:es|ed)|"
    r"demand(?:s|ed)|(?:call|appeal)(?:s|ed) for)|(?P<denies>den(?:ies|ied))|"
    r"(?P<says>says|said|warns|warned|insists|insisted|claims|claimed)"
)
_OBJECT = re.compile(
    r"(?:the|an?|his|her|its|their|this|that|these|those|all|any|new|more|an? end to)\b|"
    r"[^\W\d_a-z]|[a-z]+ing\b"
)
_OF_ALL = re.compile(r"(?:call|appeal|demand|welcom|den)\w+")
"""After these an object needs no determiner ("calls for calm")."""
_CLAUSE = re.compile(r"(?:that|it|he|she|they|we|the|an?|his|her|its|their|no|all|[^\W\d_a-z])")
_TAIL = re.compile(
    r"(?P<said>[^:;“”\"]+), (?P<who>[^,;:“”\"]{2,60}) (?P<cue>says?|said|insists?|warns?|claims?)$"
)
_HEADED = re.compile(r"(?P<who>[^\W\d_a-z][\w’'-]*(?: [\w’'-]+){0,2})(?P<cue>:) (?P<said>[^:?]+)$")
"""A headline with who says it at its front ("Police: Two hurt in crash")."""
_VIEW = re.compile(
    r"(?:, in |\bIn )"
    r"(?P<who>his|her|their|[^\W\d_a-z][\w.-]*(?: [^\W\d_a-z][\w.-]*){0,3})"
    r"(?:[’']s?)? (?P<cue>view|opinion|words), "
)
_WORDS_OF = re.compile(
    r"(?:, in |\bIn )(?P<cue>the (?:view|opinion|words|eyes) of) "
    r"(?P<who>(?:(?:the|his|her|their|its|an?) )?[^\W\d_][\w’'.-]*(?: [^\W\d_][\w’'-]*){0,5}), "
)
"""Whose view a sentence is, between commas or at its front ("It was, in her view, a joke")."""
_ASIDE = re.compile(
    r"(?P<front>[^,;:–—()“”\"\n]{2,80}?) ?(?P<mark>[,–—(]) ?(?P<lead>as |so )?"
    r"(?P<who>he|she|they|(?:(?:the|his|her|our) )?[^\W\d_][\w’'-]*(?: [^\W\d_][\w’'-]*){0,3}?) "
    r"(?P<cue>(?:(?:has|had) )?(?:puts?|sees?|saw|tells?|told|has|had) it|"
    r"(?:lets?|makes?|made) it (?:be )?(?:clear|known|plain|understood)|[a-z]+)"
    r"(?: (?:the|his|her|their|an?|our) [\w’'-]+(?: [\w’'-]+)?"
    r"| (?:reporters|journalists|me|us|them))?"
    r" ?(?P<close>[,–—)]) (?P<rest>[^;:“”\"\n]+)"
)
"""A clause of saying within what it says ("The quota, as he put it, is a joke")."""
_INVERTED = re.compile(
    r"(?P<front>[^,;:–—()“”\"\n]{2,80}), (?P<cue>[a-z]+) "
    r"(?P<who>(?:(?:the|his|her|our|an?) )?[^\W\d_][\w’'.-]*(?: [^\W\d_][\w’'-]*){0,6}), "
    r"(?P<rest>[^;:“”\"\n]+)"
)
"""The same with the verb first ("The law, wrote Judge Berg, is dead")."""
_PUTS = re.compile(r".*\b(?:puts?|sees?|saw|tells?|told|has|had) it")
_HANGS = re.compile(
    r"(?:after|although|as|because|before|for|if|in|on|once|since|though|unless|until|when|while)\b",
    re.I,
)
"""What begins so may only tell when or why somebody spoke ("When the door opened, he shouted")."""
_ADDS = re.compile(r"(?:and|but|or|so|then|that|yet|[a-z]+ing)\b")
_CLOSED_BY = {",": ",", "–": "–", "—": "—", "(": ")"}
_DASHES = "–—"
_ASKS = frozenset("has have had did does do is are was were".split())


def missed_sentences(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions of plain sentences in which nothing is attributed yet.

    Args:
        document: the document.
        found: what is attributed in it.
    """
    sourced = _parts([item for item in found if item.source is not None or item.verbatim])
    cued = _parts([item for item in found if item.source is None and item.cue is not None])
    added = []
    for sentence in (item for items in document.sentences for item in items):
        if _touch(sourced, sentence):
            continue
        if document.regions_in(*sentence):
            item = _in_words(document, lead_of(document, sentence[0]), sentence, fronted=True)
        elif _touch(cued, sentence):  # a form that leaves no doubt tells more than a cue alone
            start = lead_of(document, sentence[0])
            item = _aside(document, start, document.end_of_words(sentence[0]))
        else:
            item = _plain(document, sentence)
        if item is not None:
            added.append(item)
    return added


def _parts(found: Sequence[Attribution]) -> list[Range]:
    """All ranges of attributions, sorted."""
    return sorted(
        part
        for item in found
        for part in (*item.content, item.source, item.cue)
        if part is not None
    )


def _touch(taken: Sequence[Range], sentence: Range) -> bool:
    """Whether one of the sorted ranges reaches into a sentence."""
    near = bisect_left(taken, (sentence[1], 0)) - 1
    return max((end for _, end in taken[max(0, near - 3) : near + 1]), default=0) > sentence[0]


def without_unattributed(
    found: Sequence[Attribution], plain: Sequence[Attribution]
) -> list[Attribution]:
    """Attributions without those that nobody makes in a plain sentence."""
    spans = [
        (min(item.source[0], item.content[0][0]), item.content[-1][1], len(item.content) > 1)
        for item in plain
        if item.source is not None
    ]
    return [
        item
        for item in found
        if item.source
        or not any(
            a <= item.content[0][0] < b and (parted or not item.cue) for a, b, parted in spans
        )
    ]


def _plain(document: Document, sentence: Range) -> Attribution | None:
    """The attribution of a sentence, or None where it is no plain one."""
    text, end = document.text, document.end_of_words(sentence[0])
    start = lead_of(document, sentence[0])
    behind = _TAIL.match(text, start, end) or _headed(document, start, sentence)
    if behind is not None and has_voice(document, behind.span("who"), behind.span("cue")):
        told = behind["cue"] == ":" or FINITE.search(behind["said"])
        said = (behind.span("said"),)
        if told:
            return Attribution(said, behind.span("who"), behind.span("cue"), SCORE_ADDED_QUOTE)
    view = _in_words(document, start, (start, end))
    if view is not None:
        return view
    aside = _aside(document, start, end)
    if aside is not None:
        return aside
    tokens = words_in(text, start, min(end, start + PLAIN_SUBJECT))
    for number, token in enumerate(tokens[1:], 1):
        verb = _VERB.match(text, token.start(), end)
        if verb is None or text[verb.end() : verb.end() + 1] != " ":
            continue
        subject = _subject(text, tokens, number, start)
        content = (verb.end() + 1, end)
        if subject is None or not _fits(text, verb, content):
            return None
        voiced = has_voice(document, subject, verb.span(), sign=True)
        return Attribution((content,), subject, verb.span(), SCORE_ADDED_QUOTE) if voiced else None
    return None


def _in_words(
    document: Document, start: int, sentence: Range, *, fronted: bool = False
) -> Attribution | None:
    """A sentence that is somebody's view or words; where it has quotes, only with that in front."""
    text, end = document.text, document.end_of_words(sentence[0])
    view = _VIEW.search(text, start, end) or _WORDS_OF.search(text, start, end)
    if view is None or not (view.start() == start or (text[view.start()] == "," and not fronted)):
        return None
    pieces = tuple(p for p in ((start, view.start()), (view.end(), end)) if p[0] < p[1])
    return Attribution(pieces, view.span("who"), view.span("cue"), SCORE_ADDED_QUOTE)


def _aside(document: Document, start: int, end: int) -> Attribution | None:
    """A sentence within which somebody is said to say it, or None.

    Between commas only with "as" or "so": other commas part much else.
    """
    text = document.text
    inverted = _INVERTED.match(text, start, end)
    if inverted is not None and _is_inverted(document, inverted):
        halves = (inverted.span("front"), inverted.span("rest"))
        return Attribution(halves, inverted.span("who"), inverted.span("cue"), SCORE_ADDED_QUOTE)
    match = _ASIDE.match(text, start, end)
    if match is None or _CLOSED_BY[match["mark"]] != match["close"]:
        return None
    known, verb = lexicon(), match["cue"].rsplit(" ", 1)[-1]
    puts = _PUTS.fullmatch(match["cue"]) is not None
    free = not _HANGS.match(match["front"]) and not _ADDS.match(match["rest"])
    who = match["who"].split()
    pronoun = len(who) == 1 and known.pronouns.get(who[0].lower(), "") in ("m", "f", "p")
    if puts:
        led = match["lead"] == "as "
    else:
        says = known.reporting_forms.get(verb) in known.clause_verbs or " it " in match["cue"]
        says = says or tells(verb)
        led = says and (match["mark"] != "," or match["lead"] is not None or (pronoun and free))
    named = (
        pronoun
        or who[-1][0].isupper()
        or has_voice(document, match.span("who"), match.span("cue"), sign=True)
    )
    parted = FINITE.match(match["rest"]) is not None or FINITE.search(match["front"]) is not None
    parted = parted or (pronoun and not puts and free)
    if not (led and named and parted) or FINITE.search(match["who"]):
        return None
    content = (match.span("front"), match.span("rest"))
    return Attribution(content, match.span("who"), match.span("cue"), SCORE_ADDED_QUOTE)


def _is_inverted(document: Document, match: re.Match[str]) -> bool:
    """Whether a verb of saying and somebody behind it stand between the halves of a sentence."""
    known = lexicon()
    says = known.reporting_forms.get(match["cue"]) in known.clause_verbs
    free = not _HANGS.match(match["front"]) and not _ADDS.match(match["rest"])
    free = free and tells(match["cue"]) and not FINITE.search(match["front"])
    says = says or tells(match["cue"])
    if not (says and (free or FINITE.match(match["rest"]))) or match["cue"].endswith("ing"):
        return False
    last = match["who"].split()[-1]
    told = last[0].isupper() or is_noun(last.lower())
    return told and has_voice(document, match.span("who"), match.span("cue"), sign=True)


def _headed(document: Document, start: int, sentence: Range) -> re.Match[str] | None:
    """Who says a headline of its own, where a body, a group or letters stand at its front."""
    text, end = document.text, sentence[1]
    line = document.paragraphs[document.paragraph_at(start)]
    timed = line[0] < start and text[end - 1] == "."
    end = document.end_of_words(start) if timed else end
    alone = line[1] == sentence[1] and (timed or (line == sentence and text[end - 1].isalnum()))
    match = _HEADED.match(text, start, end) if alone else None
    if match is None:
        return None
    known, words = lexicon(), match["who"].split()
    last = words[-1].lower()
    letters = len(words) == 1 and 1 < len(last) <= ACRONYM_WORDS and words[0].isupper()
    nouns = known.role_nouns | known.plural_roles.keys() | known.body_nouns | known.group_nouns
    return match if letters or last in nouns else None


def _subject(text: str, tokens: Sequence[re.Match[str]], verb: int, start: int) -> Range | None:
    """The subject before a verb, where it is all that stands before it."""
    if tokens[verb - 1].group() in _DASHES:
        dashes = [n for n, token in enumerate(tokens[: verb - 1]) if token.group() in _DASHES]
        subject: Range | None = (start, tokens[verb - 2].end()) if len(dashes) == 1 else None
    else:
        subject = phrase_before(tokens, verb)[0]
    if subject is None or subject[0] != start or not text[start].isupper():
        return None
    words = text[slice(*subject)].lower().split()
    asked = words[0] in _ASKS  # "Has the palace ever claimed ...?"
    return None if asked or words[0] in lexicon().pronouns else subject


def _fits(text: str, verb: re.Match[str], content: Range) -> bool:
    """Whether what follows a verb is what it says, denies or judges."""
    if content[1] - content[0] < 3:
        return False
    if verb["says"]:
        return _CLAUSE.match(text, *content) is not None and " " in text[slice(*content)].strip()
    return bool(_OBJECT.match(text, *content) or _OF_ALL.match(verb.group()))
