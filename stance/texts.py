"""What every text is freed of before it is used, and how it is shown."""

from __future__ import annotations

import json
import re

# Those that a terminal obeys or that change the order or the lines of what is shown: C0 without tab
# and line end, DEL, C1, marks of writing direction, line and paragraph separators, tags, and halves
# of characters.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\U000e0000-\U000e007f]|\r(?!\n)"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with U+FFFD in place of every lone surrogate (half a character).

    Neither tokenizers nor files take them. The text stays as long, so that offsets stay right.
    """
    return _SURROGATE.sub("\ufffd", text)


def visible(text: str) -> str:
    r"""The text with control characters written by their numbers, such as ``\x1b``.

    Every text that we did not write goes through here on its way to a terminal or a page.
    """
    return text if text.isprintable() else _CONTROL.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def escaped_controls(text: str) -> str:
    """JSON with control characters by their escapes, which mean the same."""
    return _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], text)


def shown_on_page(value: object) -> object:
    """A value as a template prints it: texts :func:`visible`, but not what is markup already."""
    return visible(value) if type(value) is str else value
