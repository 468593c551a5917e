"""Cues of a relative clause: who says it stands right before them ("her lawyers, who argued")."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.extract.parameters import RELATIVE_CUE_REACH
from stance.extract.quotations import Attribution

_SUBJECT = re.compile(r"[\w”\"’'),–—-] (who|which) (?:(?:also|has|have|had|later|then|\w+ly) )*$")


def of_relative(text: str, item: Attribution) -> Attribution:
    """An attribution with the relative pronoun before its cue as source, in place of others."""
    if item.source is None or item.cue is None or item.content[0][0] < item.cue[0]:
        return item
    cue = item.cue[0]
    match = _SUBJECT.search(text[max(0, cue - RELATIVE_CUE_REACH) : cue])
    if match is None:
        return item
    start = max(0, cue - RELATIVE_CUE_REACH) + match.start(1)
    end = start + len(match.group(1))
    near = item.source[0] < cue and item.source[1] + 4 > start
    return item if near else replace(item, source=(start, end))
