"""Plain warnings for text that is not English, or plainly unlike what the models were trained on.

A language identifier would be a large dependency for one warning; function words and script
settle the case for statements of a sentence or more, and shorter ones are let pass. A phrase with
a single English function word is let pass too unless one of another language is in it. For the
rest,
detectors on the model's own hidden states or logits were tried and missed four of five such texts
at one false alarm in a hundred, so form and length are all that is judged.
"""

from __future__ import annotations

import re

_ENGLISH = frozenset(
    "a an and are as at be been but by can did do does for from had has have he her his i if in is "
    "it its me my no not of on or our she so than that the their them then there they this to us "
    "was we were what when who will with would you your".split()
)
# Function words of the larger languages in Latin script that are rare in English.
_OTHERS = frozenset(
    "aber auf auch dans das dem den der des di dla dos ein eine el en est et geen gli het hij ich "
    "ikke il je jest kein la las le les los mit nicht nie non não och og para pas pour qui que się "
    "sie sont su sur tak til um una und une uno van ve vom von wir wird yang y zu è é że".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_MIN_WORDS = 7
_MIN_ENGLISH = 0.12
_PHRASE = 12
_MAX_FOREIGN_LETTERS = 0.3
_CODE = frozenset("{}[]<>=|\\^~*;/&_")
_MAX_CODE = 0.06
_MIN_CHARACTERS = 16
_MAX_WORDS = 120


def input_warning(text: str) -> str | None:
    """A sentence of warning where the models should not be trusted with a text, else None."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return "the statement has no letters"
    foreign = sum(ord(c) > 0x24F for c in letters) / len(letters)
    if foreign > _MAX_FOREIGN_LETTERS:
        return "the statement is not in Latin script; the model was trained on English"
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) >= _MIN_WORDS:
        english = sum(word in _ENGLISH for word in words) / len(words)
        shouted = sum(word.isupper() for word in text.split()) >= len(words) / 2
        phrase = 0 < english and len(words) < _PHRASE and _OTHERS.isdisjoint(words)
        if english < _MIN_ENGLISH and not shouted and not phrase:
            return "the statement does not look English; the model was trained on English"
    code = sum(c in _CODE for c in text) / len(text)
    if len(text) >= _MIN_CHARACTERS and code > _MAX_CODE:
        return "the statement looks like code or an address; the model was trained on prose"
    if len(text.split()) > _MAX_WORDS:
        return (
            f"the statement has more than {_MAX_WORDS} words; the model was trained on shorter ones"
        )
    return None
