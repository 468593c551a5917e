"""What somebody is expected to say: "The mayor is expected to announce a freeze" is the mayor's."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import LEAST_CLIPPED
from stance.extract.quotations import Attribution

_CUE = (
    r"(?P<cue>(?:is|are|was|were) (?:(?:also|now|widely|later|then) )?"
    r"(?:expected|due|set|likely|poised|scheduled) to (?:also )?(?P<verb>[a-z]+)(?: for)?)\b"
)
_EXPECTED = re.compile(rf"(?P<who>[^,;:“”\"]{{2,80}}?(?:, [^,;:“”\"]{{2,80}},)?),? {_CUE}")
_BEHIND = re.compile(rf"\s+{_CUE}")
_THAT = re.compile(r"[^.;:“”\"]{1,60}? that\b")
_NOBODY = frozenset("there this that what which".split())


def of_expected(document: Document, item: Attribution) -> Attribution:
    """An attribution of what somebody is expected to say, as that one's; others stay as they are.

    The clause ("the mayor is expected to warn") may be taken for what is said, as a whole or with
    its verb.
    """
    text = document.text
    start, end = item.content[0][0], item.content[-1][1]
    if item.source is not None and item.cue is not None and not start <= item.cue[0] < end:
        if not item.source[1] <= item.cue[0] < item.cue[1] <= start:
            return item
        start = item.source[0]
    elif item.source is not None and item.cue is None:
        return item
    match = _EXPECTED.match(text, start, end)
    known = lexicon()
    if match is None or known.reporting_forms.get(match["verb"]) is None:
        return item
    apart = item.cue is not None and not match.start("cue") <= item.cue[0] < match.end("cue")
    if apart or match["who"].lower() in _NOBODY:
        return item
    behind = match.end()
    addressee = _THAT.match(text, behind, end) if match["verb"] == "tell" else None
    behind = addressee.end() if addressee else behind
    behind += len(text[behind:end]) - len(text[behind:end].lstrip())
    if len(text[behind:end].split()) < LEAST_CLIPPED:
        return item
    source = (start, start + len(match["who"].rstrip(",")))
    content = tuple((max(behind, left), right) for left, right in item.content if right > behind)
    return replace(item, source=source, cue=match.span("cue"), content=content)


def tells_expected(cue: str) -> bool:
    """Whether a cue is such a clause's ("is expected to announce")."""
    match = re.fullmatch(_CUE, cue)
    return match is not None and match["verb"] in lexicon().reporting_forms


def is_expected_to_say(text: str, end: int) -> bool:
    """Whether the words behind a place tell what somebody is expected to say."""
    match = _BEHIND.match(text, end)
    return match is not None and match["verb"] in lexicon().reporting_forms
