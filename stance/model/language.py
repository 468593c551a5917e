"""Whether a text is in another language than English.

The script settles it for most languages; for those in Latin letters py3langid does, a naive Bayes
classifier of byte sequences that was trained on 139 languages and comes with its model (Lui and
Baldwin 2012, "langid.py: An Off-the-shelf Language Identification Tool"). Names and phrases of a
few words look like any language to it, so short texts are let pass, and another language has to be
far more probable than English.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from stance.once import Once

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# On the 10,265 statements of the news files for training, one is taken for another language, and
# of 53,604 other English texts two.
MIN_LETTERS = 16
_TIMES_AS_PROBABLE = 20.0
_MAX_OTHER_SCRIPT = 0.3
_READ = 2000  # characters; more do not change the answer
# Nigerian Pidgin shares its words; "zxx" are figures and marks.
_AS_ENGLISH = ("en", "pcm", "zxx")


def _load() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


_identifier = Once(_load)


def is_foreign(text: str) -> bool:
    """Whether a text is surely not English; False where it is too short to tell."""
    text = unicodedata.normalize("NFKC", text[:_READ])
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return False
    other = sum(not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if other > _MAX_OTHER_SCRIPT * len(letters):
        return True
    if len(letters) < MIN_LETTERS:
        return False
    shares = dict(_identifier().rank(text))
    english = max(shares.get(name, 0.0) for name in _AS_ENGLISH)
    foreign = max(share for name, share in shares.items() if name not in _AS_ENGLISH)
    return bool(foreign > _TIMES_AS_PROBABLE * english)
