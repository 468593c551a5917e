"""Labels of turns in a transcript that are nouns ("THE WITNESS: …"): whom they do not mean."""

from __future__ import annotations

import re

from stance.extract.entities import Entity
from stance.extract.phrases import Part


def is_another_label(text: str, part: Part, entity: Entity | None) -> bool:
    """Whether a noun labels a line, and other lines are labelled by a name that it could mean.

    Args:
        text: of the document.
        part: the noun.
        entity: the name, or None.
    """
    begins = part.start == 0 or text[part.start - 1] == "\n" or text[part.start - 2] in ".?!"
    if entity is None or not begins or not text.startswith(":", part.end):
        return False
    last = re.escape(entity.words[-1])
    return bool(re.search(rf"^[^\n:“”\"?!]{{0,60}}\b{last}(?: ?\([^()\n]*\))?:", text, re.I | re.M))
