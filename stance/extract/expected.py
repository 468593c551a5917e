"""What somebody is expected to say: "The mayor is expected to announce a freeze" is the mayor's."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import LEAST_CLIPPED
from stance.extract.quotations import Attribution

_EXPECTED = re.compile(
    r"(?P<who>[^,;:“”\"]{2,80}?(?:, [^,;:“”\"]{2,80},)?) (?P<cue>(?:is|are|was|were) "
    r"(?:(?:also|now|widely|later|then) )?(?:expected|due|set|likely|poised|scheduled) to "
    r"(?:also )?(?P<verb>[a-z]+)(?: for)?)\b"
)
_THAT = re.compile(r"[^.;:“”\"]{1,60}? that\b")


def of_expected(document: Document, item: Attribution) -> Attribution:
    """An attribution that begins with who is expected to say something as that one's.

    Where nothing attributes it and its first words are such a clause; else it stays as it is.
    """
    if item.source is not None:
        return item
    start, end = item.content[0][0], item.content[-1][1]
    match = _EXPECTED.match(document.text, start, end)
    known = lexicon()
    if match is None or known.reporting_forms.get(match["verb"]) is None:
        return item
    if match["who"].lower() in ("it", "there", "this", "that", "what"):
        return item
    behind = match.end()
    addressee = _THAT.match(document.text, behind, end) if match["verb"] == "tell" else None
    behind = addressee.end() if addressee else behind
    behind += len(document.text[behind:end]) - len(document.text[behind:end].lstrip())
    if len(document.text[behind:end].split()) < LEAST_CLIPPED:
        return item
    source = (start, start + len(match["who"].rstrip(",")))
    content = tuple((max(behind, left), right) for left, right in item.content if right > behind)
    return replace(item, source=source, cue=match.span("cue"), content=content)
