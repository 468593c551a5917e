"""What a labelled statement of news is told apart by in a report: plain rules on the row alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from stance.evaluation.labelled_sets import optional_text
from stance.evaluation.news import NewsWords
from stance.evaluation.row_slices import NOT_STATED, length_of

TargetKind = Literal["claim", "person or body", "policy or event"]
_DATED = re.compile(r"([a-z-]+)_\d{4}-\d{2}-\d{2}_")
_FINITE = re.compile(
    r"\b(?:should|must|would|can|could|will|shall|may|might|cannot|is|are|was|were|has|have|had|do|"
    r"does|did|needs?|ought)\b|n[’']t\b"
)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whom|whose|if|when|where|whether|while|because|until|what|why|how|"
    r"the way)\b"
)
# A phrase has its first article in small letters.
_SENTENCE = re.compile(r"(?:The|A|An|It|There|We|They|This|These|Our|No|Other|All) ")
_AFTER_HEAD = re.compile(
    r"[,(]|\b(?:of|to|on|in|for|against|with|by|from|over|between|about|at|into|under|after|as|"
    r"toward|towards|within|among|during|behind|before|than|that|which|who|whose|such|and|or)\b"
)
_SMALL = frozenset("the a an of and for de la al bin von van".split())
_BODIES = frozenset(
    "administration agency alliance army authority authorities bank board bureau cabinet campaign "
    "church city club coalition committee community commission company companies corporation "
    "corporations council country countries court department federation firm firms force forces "
    "government governments group groups institute institution institutions leadership media "
    "military ministry movement nation nations navy office organisation organisations organization "
    "organizations opposition parliament party parties people police press regime senate state "
    "states team tribunal troops union unions university "
    "adviser advisers aide aides ally allies analyst analysts candidate candidates chairman "
    "chancellor critic critics democrats director donors immigrants judge king leader leaders "
    "lawmakers lawyers mayor migrants militants minister ministers nominee officer officers "
    "official officials organisers parents politicians president protesters rebels refugees "
    "republicans residents senator soldiers students supporters voters workers".split()
)


def news_slices(row: Mapping[str, object], words: NewsWords, where: str) -> dict[str, str]:
    """What a row of the format ``news`` is told apart by.

    ``outlet``: what stands before the date in the article's id, else the row's ``source``.
    ``target``: see :func:`target_kind`. ``length``: words that are judged. ``cue``: whether the
    cue is among them; a direct quote is judged without it.

    Raises:
        DataError: a field is of the wrong type.
    """
    dated = _DATED.match(optional_text(row, "article", where) or "")
    cue = (optional_text(row, "cue", where) or "").strip()
    outlet = dated.group(1) if dated else optional_text(row, "source", where)
    judged = words.cue and words.kind != "direct" and cue in words.text
    return {
        "outlet": outlet or NOT_STATED,
        "kind": words.kind,
        "target": target_kind(optional_text(row, "target", where) or ""),
        "length": length_of(words.text),
        "cue": "judged with it" if judged else "judged without it",
    }


def target_kind(target: str) -> TargetKind:
    """What a target is, told by its words alone.

    A claim is a sentence: it has a finite verb of a short list (modals, to be, to have, to do)
    outside a subordinate clause, or begins with a capital article or pronoun. Of the phrases, a
    person or body is one whose head, the last word before the first preposition, comma or
    relative, is a name (a capital) or one of a short list of nouns for bodies and people. All else
    is a policy or event. Names of events and treaties thus count as bodies, and claims whose only
    verb is another one as phrases.

    >>> target_kind("We should leave NATO"), target_kind("the Harbour Board of Lund")
    ('claim', 'person or body')
    >>> target_kind("the claim that the vote was rigged"), target_kind("Ana Ruiz's tax plan")
    ('policy or event', 'policy or event')
    """
    finite, clause = _FINITE.search(target), _SUBORDINATE.search(target)
    sentence = _SENTENCE.match(target) and re.search(r" [a-z]{3,}", target)
    if sentence or (finite and not (clause and clause.start() < finite.start())):
        return "claim"
    found = _AFTER_HEAD.search(target)
    phrase = target[: found.start()] if found and found.start() else target
    heads = [word.strip("’'\".") for word in phrase.split() if word not in _SMALL]
    if not heads or any(word.endswith("ing") for word in (heads[0], *heads[1:-1])):
        return "policy or event"
    named = heads[-1][:1].isupper() and not heads[-1].endswith(("’s", "'s"))
    return "person or body" if named or heads[-1].lower() in _BODIES else "policy or event"
