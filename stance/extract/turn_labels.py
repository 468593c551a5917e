"""Labels of turns in a transcript that are nouns ("THE WITNESS: …"): whom they do not mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.extract.phrases import Part


def is_label(text: str, part: Part) -> bool:
    """Whether a noun labels the line that it begins."""
    begins = part.start == 0 or text[part.start - 1] == "\n"
    return begins and text.startswith(":", part.end)


def has_own_label(text: str, words: Sequence[str]) -> bool:
    """Whether other turns are labelled by the last word of a name ("JUDGE MBEKI: …")."""
    last = re.escape(words[-1])
    return bool(re.search(rf"^[^\n:“”\"?!]{{0,60}}\b{last}(?: ?\([^()\n]*\))?:", text, re.I | re.M))
