"""What every text is freed of before it is used."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with U+FFFD in place of every lone surrogate (half a character).

    Neither tokenizers nor files take them. The text stays as long, so that offsets stay right.
    """
    return _SURROGATE.sub("\ufffd", text)
