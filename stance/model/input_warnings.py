"""What makes a text unfit for the models, or unlike what they were trained on.

Detectors on the model's own hidden states or logits were tried and missed four of five such texts
at one false alarm in a hundred, so language, form and length are all that is judged.
"""

from __future__ import annotations

from stance.labels import Abstention
from stance.model.language import is_foreign

_CODE = frozenset("{}[]<>=|\\^~*;/&_")
_MAX_CODE = 0.06
_MIN_CHARACTERS = 16
_MAX_WORDS = 120
_SENTENCES = {
    Abstention.NO_LETTERS: "the statement has no letters",
    Abstention.NOT_ENGLISH: "the statement is not in English, which the model was trained on",
}


def unfit(text: str, *, english_only: bool) -> Abstention | None:
    """Why a text cannot be judged whatever the model says of it, or None.

    Args:
        text: a statement.
        english_only: whether the model reads English alone.
    """
    if not any(c.isalpha() for c in text):
        return Abstention.NO_LETTERS
    return Abstention.NOT_ENGLISH if english_only and is_foreign(text) else None


def input_warning(text: str, problem: Abstention | None) -> str | None:
    """A sentence of warning where the models should not be trusted with a text, else None.

    Args:
        text: a statement.
        problem: what :func:`unfit` says of it.
    """
    if problem is not None:
        return _SENTENCES[problem]
    code = sum(c in _CODE for c in text) / len(text)
    if len(text) >= _MIN_CHARACTERS and code > _MAX_CODE:
        return "the statement looks like code or an address; the model was trained on prose"
    if len(text.split(maxsplit=_MAX_WORDS)) > _MAX_WORDS:
        return (
            f"the statement has more than {_MAX_WORDS} words; the model was trained on shorter ones"
        )
    return None
