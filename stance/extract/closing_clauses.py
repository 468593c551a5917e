"""Clauses of saying with their verb first that end a sentence ("…, grumbles the ferryman").

The tagger seldom met verbs of manner, and passes such sentences over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.extract.admission import has_voice
from stance.extract.document import Document
from stance.extract.layout import lead_of
from stance.extract.lexicon import lexicon
from stance.extract.parameters import SCORE_ADDED_QUOTE
from stance.extract.parentheses import FINITE, PAST
from stance.extract.phrases import is_noun
from stance.extract.quotations import Attribution
from stance.extract.segmentation import Range

_MANNER = re.compile(
    r"(?:bemoan|bluster|chuckle|crow|fume|gripe|groan|grouse|growl|grumble|gush|howl|lament|moan|"
    r"murmur|muse|mutter|opine|quip|reckon|scoff|shrug|sigh|sniff|snort|wail|whine|whisper)(?:e?s|e?d)"
)
_TAKES_NOBODY = frozenset(
    "acknowledge add admit affirm agree allege argue assert boast caution claim complain concede "
    "conclude contend counter declare emphasise emphasize explain hint insist joke lament maintain "
    "predict reiterate remark repeat reply respond say speculate state stress suggest vow warn "
    "write".split()
)
"""Behind these nobody is the object ("He left, told Ada Berg" goes on with what he did)."""
_VERB = re.compile(r"(?P<mark>,|[?!]) (?P<cue>[a-z]+) ")
_WHO = re.compile(
    r"(?P<who>[^,;:“”\"\n]{2,70}(?:, [^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*){0,3})?)"
    r"(?P<more>, (?:an?|the|who|whose|from|of|in)\b[^;:“”\"\n]*)?"
)
_PARTED = re.compile(r"[;:“”\"\n]")
_HEAD_ENDS = re.compile(r",| (?:of|at|from|in|on|for|with|behind|near|outside) ")
_LEAST_SAID = 3
"""How many words are a sentence at least."""


def tells(verb: str) -> bool:
    """Whether a form of a verb says something, and takes nobody for its object."""
    says = lexicon().reporting_forms.get(verb) in _TAKES_NOBODY and not verb.endswith("ing")
    return says or _MANNER.fullmatch(verb) is not None


def with_closing_clauses(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, with those of sentences that end with a verb of saying and its subject.

    Args:
        document: the document.
        found: all attributions so far; one by the same verb stays as it is.
    """
    kept = list(found)
    for sentence in (item for items in document.sentences for item in items):
        item = None if document.regions_in(*sentence) else _read(document, sentence)
        if item is None or item.cue is None or item.source is None:
            continue
        near = [other for other in kept if item.content[0][0] <= other.content[0][0] < sentence[1]]
        if any(_alike(other, item) for other in near):
            continue
        lost = [o for o in near if o.source in (None, item.source) or o.cue == item.cue]
        kept = [*(other for other in kept if not any(other is part for part in lost)), item]
    return kept


def _alike(other: Attribution, item: Attribution) -> bool:
    """Whether the same verb of somebody introduces some of the same words."""
    return (
        other.source is not None
        and other.cue == item.cue
        and other.content[0][0] < item.content[0][1]
    )


def _read(document: Document, sentence: Range) -> Attribution | None:
    """A sentence as an attribution, or None where it does not end so."""
    text, start = document.text, lead_of(document, sentence[0])
    if text[start].islower() and text[: sentence[0]].rstrip(" ")[-1:] in ("?", "!"):
        start = document.sentence_at(sentence[0] - 2)[0]  # "Is it far? | asks the boy."
    end = document.end_of_words(sentence[0])
    for verb in _VERB.finditer(text, start, end):
        marked = verb["mark"] != ","
        said = (start, verb.start() + marked)
        asks = marked and lexicon().reporting_forms.get(verb["cue"]) in lexicon().question_verbs
        if not (asks or tells(verb["cue"])) or verb["cue"].endswith("ing"):
            continue
        who = _WHO.fullmatch(text, verb.end(), end)
        if who is None or len(text[slice(*said)].split()) < _LEAST_SAID:
            return None
        if not _is_clause(text, said) or not _is_somebody(document, who, verb):
            return None
        return Attribution((said,), who.span("who"), verb.span("cue"), SCORE_ADDED_QUOTE)
    return None


def _is_clause(text: str, said: Range) -> bool:
    """Whether words are one clause, and no subject with an apposition whose verb comes later."""
    words = text[slice(*said)]
    states = FINITE.search(words) or re.search(rf"\b(?:{PAST.pattern})\b", words)
    return _PARTED.search(words) is None and ("," not in words or states is not None)


def _is_somebody(document: Document, who: re.Match[str], verb: re.Match[str]) -> bool:
    """Whether words name or call somebody who can say something."""
    head = _HEAD_ENDS.split(who["who"])[0].split()[-1]
    noun = is_noun(head.lower()) and head.lower() not in lexicon().document_nouns
    named = head[0].isupper() or noun  # "Ada Berg, a chemist, wrote a book"
    return named and has_voice(document, who.span("who"), verb.span("cue"), sign=True)
