"""Which attributions are statements of a speaker, and of whom: checks that need no tagger.

A thing without a voice is no source ("history shows"), a passive names no speaker ("is believed"),
a question put to somebody is not theirs ("asked whether ..., Park smiled"), and what reporters ask
is context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.acts import TO_BE, WORD, is_act_or_label
from stance.extract.clauses import first_name, lower, phrase_before, words_in
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import (
    ASKED_BEFORE,
    FIGURE_REACH,
    OWNER_REACH,
    SUBJECT_TOKENS,
    SURNAME_REACH,
)
from stance.extract.quotations import Attribution
from stance.extract.quote_marks import BEGINS_QUOTE
from stance.extract.segmentation import Range

_HEAD_ENDS = re.compile(
    r"[,;:(—–“”\"]|\s(?:of|in|on|at|from|for|with|to|by|about|among|around|against|across|after|"
    r"before|between|behind|over|since|under|through|within|outside|inside|above|below|beneath|"
    r"beside|near|opposite|along|throughout|towards?|into|onto|who|which|that|whose|where|when|and|"
    r"or|as|than|like|here|there)\s"
)
_AGENTS = re.compile(r"(?:er|or|ist|ian|ant|ent|ee|man|men|woman|women|people|folk)s?$")
_POINTERS = frozenset("this that these those which what everything nothing something all".split())
_PUT = re.compile(
    r"(?:^|[.!?;:,—–“\"‘'(]\s*|\b(?:when|if|after|once|while|and|is|was|were|are|been|being|be)\s+"
    r"(?:\w+ly |often |later |also |then )?)"
    r"(?:asked|challenged|grilled|pressed|prodded|pushed|queried|questioned|quizzed)\b[^.;!?]*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|on|over|regarding)\s+$", re.IGNORECASE)
_PART_OF = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er) (\w+) of $")
_OWNERS = frozenset("his her its their my our".split())
_JOINT = re.compile(r"\b(?:among|amid|against|between|by|from|in|near|of|on|to|toward|with) ")
_FIGURES = frozenset("story tale themselves itself volumes".split())
"""What things are said to tell or to speak, for what they speak."""
_NAUGHT = re.compile(
    r"(?:nothing|little|no more|not a word|"
    r"(?:an?|some|several|no|one|another|his|her|their) "
    r"(?:\w+ )?(?:answer|comment|explanation|question|questions|reply|response|remarks?|words?))"
    r"(?: (?:more|else|further|new|at all))?"
)
"""What tells that something was said, or was not, and not what ("said nothing")."""
_TWO = re.compile(r"[^\W\d_a-z][\w-]+ and [^\W\d_a-z]")
"""A body may be named by two things ("Bread and Salt")."""
_CAUSE = re.compile(r"[^\W\d_a-z][\w-]+ for (?:the )?[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*)*")
"""A body is so called by what it is for ("Bread for Galicia")."""
_ADDRESSES = re.compile(r"(?:address|brief|greet|inform|interview|question)(?:e?s|ed|ing)?|told")
_ADDRESSEE = re.compile(r"(?:(?:the|his|her|its|their|some|all|many) )?(?:\w+ )?(\w+)")
_CONDITION = re.compile(r"(?:if|when|once|unless|should|after|before|until)\b", re.IGNORECASE)
_WAITS = re.compile(r"(?:await|hunt|listen|look|queue|search|wait)(?:s|ed|ing)?")
_ASKS = re.compile(
    r"(?:whether|if|about|why|how|what|when|where|who|whom|which|to|on|for)\b", re.IGNORECASE
)


def admitted(document: Document, item: Attribution) -> Attribution | None:
    """An attribution as far as it is a statement of its source, or None where it is none."""
    text = document.text
    quoted = text[item.content[0][0]] in BEGINS_QUOTE
    if item.verbatim:
        return item
    if len(item.content) == 1 and text[slice(*item.content[0])].lower() in lexicon().pronouns:
        return None
    if item.source is not None and all(_within(piece, item.source) for piece in item.content):
        return None
    if is_put_to_another(document, item):
        return None
    spoken = not (_is_of_a_reporter(text, item) or is_act_or_label(text, item))
    if not quoted and (not spoken or _says_naught(text, item)):
        return None
    if item.cue is None:
        return item
    if not quoted and _says_nothing(text, item.cue):
        return None
    if quoted and (_is_answered(text, item) or _makes_a_sound(document, item)):
        return replace(item, source=None, cue=None)
    subject = _owned(text, item) or item.source or _subject(document, item.cue)
    told = (item.cue[0], max(item.cue[1], min(item.content[0][0], item.cue[1] + FIGURE_REACH)))
    if subject is not None and not quoted and not has_voice(document, subject, told):
        return None
    if item.source is None and not quoted and _is_voiceless(document, item.cue):
        return None
    if item.source is None and subject is not None:
        named = all(_within(piece, subject) for piece in item.content)
        return None if named else replace(item, source=subject)
    if item.source is not None and _is_passive(text, item.cue) and not _by(text, item.source):
        return replace(item, source=None)
    return item


def without_conditions(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions without clauses that tell when something is said, not what.

    "If the vote fails, the mayor will say | that it was lost": the cue has a content behind it.
    """
    text = document.text
    told = {item.cue for item in found if item.cue and item.cue[1] <= item.content[0][0]}
    kept: list[Attribution] = []
    for item in found:
        start, end = item.content[0][0], item.content[-1][1]
        if item.cue in told and item.source is not None and _CONDITION.match(text, start):
            first = min(item.source[0], item.cue[0])
            if text[end:first] == ", " and text[item.cue[1] : item.cue[1] + 1] != ",":
                continue
        kept.append(item)
    return kept


def _says_naught(text: str, item: Attribution) -> bool:
    """Whether a content tells that something was said, or to whom, and not what."""
    if item.cue is None or len(item.content) > 1:
        return False
    known = lexicon()
    said, words = text[slice(*item.content[0])].lower(), text[slice(*item.cue)].lower().split()
    if _NAUGHT.fullmatch(said):
        return not any(word in known.judging_forms for word in words)
    addressee = _ADDRESSEE.fullmatch(said)
    if addressee is None or not _ADDRESSES.fullmatch(words[-1]):
        return False
    noun = addressee.group(1)
    people = (known.plural_roles, known.plural_bodies, known.group_nouns, known.role_nouns)
    return any(noun in group for group in people) or _AGENTS.search(noun) is not None


def has_voice(document: Document, source: Range, cue: Range, *, sign: bool = False) -> bool:
    """Whether a source can have said something: people, bodies and texts can, things cannot.

    What names no person, body or text has a voice with verbs of speech only; with verbs such as
    "show" and "suggest", or where ``sign`` is true, it is evidence.
    """
    text, words = document.text, lexicon()
    phrase = text[slice(*source)]
    end = _HEAD_ENDS.search(phrase, 1)
    heads = WORD.findall(phrase[: end.start()] if end else phrase)
    if not heads:
        return True
    if heads[-1].lower() == "s" and len(heads) > 1:
        heads.pop()
    head = heads[-1]
    said = [word.rstrip(":,") for word in text[slice(*cue)].lower().split()]
    evidence = sign or any(word in words.evidence_forms or word in _FIGURES for word in said)
    if len(heads) == 1 and head.lower() in _POINTERS:
        return not evidence
    if not evidence and (_CAUSE.fullmatch(phrase) or _TWO.match(phrase)):
        return True
    if head[0].isupper() and (len(heads) > 1 or not document.begins_sentence(source[0])):
        return True
    name = head.lower()
    if name in words.voiceless_nouns:
        near = text[max(0, source[0] - SURNAME_REACH) : source[1] + SURNAME_REACH]
        return head[0].isupper() and re.search(rf"[a-z,] {head}\b", near) is not None
    if head[0].isupper() or not evidence or (len(heads) == 1 and name in words.pronouns):
        return True
    speakers = (
        words.text_nouns, words.role_nouns, words.anonymous_nouns, words.plural_roles,
        words.group_nouns, words.body_nouns, words.plural_bodies,
    )  # fmt: skip
    return any(name in group for group in speakers) or bool(_AGENTS.search(name))


def _is_voiceless(document: Document, cue: Range) -> bool:
    """Whether all before a verb in its sentence is one word without a voice ("History will …")."""
    start = document.sentence_at(cue[0])[0]
    word = document.text[start : cue[0]].strip().lower()
    return word in lexicon().voiceless_nouns


def _within(inner: Range, outer: Range) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _says_nothing(text: str, cue: Range) -> bool:
    """Whether a cue has helping words only ("was never") or waits ("waited for an answer on")."""
    known = lexicon()
    helps = known.auxiliaries | known.adverbs | known.negation_words | TO_BE
    words = WORD.findall(text[slice(*cue)].lower())
    first = next((word for word in words if word not in helps), "")
    verbs = known.reporting_forms.keys() - known.noun_forms
    if _WAITS.fullmatch(first) and not any(word in verbs for word in words):
        return True
    helping = bool(words) and all(word in helps for word in words) and words[-1] != "to"
    return helping and bool(TO_BE & {*words})


def _owned(text: str, item: Attribution) -> Range | None:
    """What is somebody's where only the owner is taken for the source.

    "Her | silence suggests": the silence; "the tone of | the letter | hinted": the tone.
    """
    of = (
        _PART_OF.search(text, max(0, item.source[0] - OWNER_REACH), item.source[0])
        if item.source is not None
        else None
    )
    if of is not None and of.group(1).lower() in lexicon().voiceless_nouns:
        return (of.start(), of.end(1))
    if item.source is None or item.cue is None or not item.source[1] < item.cue[0]:
        return None
    words = text[item.source[1] : item.cue[1]].lower().split()
    owner = text[slice(*item.source)].lower()
    verbs = lexicon().evidence_forms
    if len(words) < 2 or words[-1] not in verbs or words[0] not in lexicon().voiceless_nouns:
        return None
    owns = owner in _OWNERS or owner.endswith(("'s", "’s"))
    return (item.source[0], item.source[1] + 1 + len(words[0])) if owns else None


def _subject(document: Document, cue: Range) -> Range | None:
    """The subject of a verb of evidence or speech whose source is not marked.

    It stands before the verb; a participle (", claiming that") has who begins the sentence.
    """
    text = document.text
    words = text[slice(*cue)].lower().split()
    expected = len(words) > 2 and words[-2] == "to" and words[-1] in lexicon().reporting_forms
    evidence = expected or any(word in lexicon().evidence_forms for word in words)
    says = words[-1] in lexicon().reporting_forms and words[-1] not in lexicon().noun_forms
    if not evidence and (not says or _is_passive(text, cue)):
        return None
    tokens = words_in(text, document.sentence_at(cue[0])[0], cue[1])
    first = next(i for i, token in enumerate(tokens) if token.end() > cue[0])
    joined = first > 0 and lower(tokens[first - 1]) in ("and", "but", "then")
    if evidence or not (words[0].endswith("ing") or joined):
        return _bearer(text, phrase_before(tokens, first)[0])
    name = first_name(tokens[:first])
    if name and name[0] <= tokens[min(first, SUBJECT_TOKENS)].start():
        return name
    known = lexicon()
    for token in tokens[: min(first, SUBJECT_TOKENS)]:
        if lower(token) in known.plural_roles or lower(token) in known.group_nouns:
            return token.span()
    return None


def _bearer(text: str, subject: Range | None) -> Range | None:
    """A subject, of a relative clause its noun alone ("anger among | fishermen | who say")."""
    if subject is None or not text[slice(*subject)].endswith(" who"):
        return subject
    start, end = subject[0], subject[1] - len(" who")
    joints = list(_JOINT.finditer(text, start, end))
    return (joints[-1].end() if joints else start, end)


def is_put_to_another(document: Document, item: Attribution) -> bool:
    """Whether a content is a question or request put to its apparent source ("asked whether")."""
    text, start = document.text, item.content[0][0]
    floor = max(document.sentence_at(start)[0], start - ASKED_BEFORE)
    asked = _PUT.search(text[floor:start])
    if asked is None or not (_ASKS.match(text, start) or _ABOUT.search(asked.group())):
        return False
    return not _by(text, item.source)


def _is_answered(text: str, item: Attribution) -> bool:
    """Whether a quote answers what a reporter asked in the sentence before."""
    if item.source is None or item.cue is None or item.cue[0] > item.content[0][0]:
        return False
    between = text[item.cue[0] : item.content[0][0]]
    words = WORD.findall(text[slice(*item.source)].lower())
    question = re.search(r"\basks?(?:ed)?\b|\bquestions?\b", between) is not None
    said = text[item.content[-1][1] - 2 : item.content[-1][1]]
    reporter = _is_reporter(words)
    return reporter and question and between.rstrip()[-1:] == "." and "?" not in said


def _makes_a_sound(document: Document, item: Attribution) -> bool:
    """Whether a thing is what the sentence before a quote is about ("The radio hissed.")."""
    if item.source is None or item.cue is None or item.cue[0] > item.content[0][0]:
        return False
    ended = document.text[item.cue[1] : item.content[0][0]].rstrip()[-1:] in tuple(".!?")
    told = document.text[slice(*item.cue)].lower().split()[-1:]
    speech = any(lexicon().reporting_forms.get(word) in lexicon().clause_verbs for word in told)
    return ended and not speech and not has_voice(document, item.source, item.cue, sign=True)


def _is_of_a_reporter(text: str, item: Attribution) -> bool:
    """Whether a reporter asks ("a reporter asked whether ...")."""
    if item.source is None or item.cue is None:
        return False
    words = WORD.findall(text[slice(*item.source)].lower())
    asks = lexicon().reporting_forms.get(text[slice(*item.cue)].split()[-1].lower())
    reporter = _is_reporter(words)
    return reporter and asks in lexicon().question_verbs


def _is_reporter(words: Sequence[str]) -> bool:
    """Whether a source is a reporter, or the writer of the article."""
    return words in (["i"], ["we"]) or any(word in lexicon().reporter_nouns for word in words)


def _is_passive(text: str, cue: Range) -> bool:
    """Whether a cue is a passive whose subject does not speak ("is widely believed")."""
    words = text[slice(*cue)].lower().split()
    while words and words[-1] in ("as", "to", "by", "be", "that", "of", "for", "in"):
        words.pop()
    if len(words) < 2 or not any(word in TO_BE for word in words[:-1]):
        return False
    return words[-1] in lexicon().passive_participles


def _by(text: str, source: Range | None) -> bool:
    """Whether "by" stands before a source ("was asked by Ada Berg")."""
    return source is not None and text[max(0, source[0] - 3) : source[0]].lower() == "by "
