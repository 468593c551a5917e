"""Words before a name whose full stop does not end a sentence ("Sen.", "U.S.", "J.")."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CUT = (
    "Mr|Mrs|Ms|Mx|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Cmdr|Adm|Maj|St|Jr|Sr|Prof|Rev|Hon|Del|Asst|"
    "Chmn|Cpl|Det|Dir|Min|Pres|Pvt|Sec|Fr|Amb|Atty|Adv|Eng|Engr|Insp|Supt|Brig|Barr|Coun|Cllr|No|"
    "Inc|Corp|Ltd|Co"
)
CUT_SHORT = rf"(?:{_CUT}|{_CUT.upper()})\."
_ABBREVIATED = re.compile(rf"{CUT_SHORT}|(?:[^\W\d_a-z]\.)+")


def of_one_sentence(words: Sequence[str]) -> Sequence[str]:
    """The words behind the last one that ends a sentence ("the farmer said. | Minister")."""
    if words[-1].endswith("."):
        return []
    ends = [
        number + 1
        for number, word in enumerate(words)
        if word.endswith(".") and (word[0].islower() or not _ABBREVIATED.fullmatch(word))
    ]
    return words[ends[-1] :] if ends else words
