"""Cells that a spreadsheet would run as formulas, and how they are kept from it."""

from __future__ import annotations

import re

# Signs that begin a formula, also small, in full width, or behind what programs that read a table
# may leave out: blanks, marks without width, NUL. A plain signed number is none.
_UNSEEN = "[\\s\x00\xad\u200b-\u200f\u2060\ufeff]*"
_NUMBER = r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\Z"
_FORMULA = re.compile(rf"'*(?:[\t\r\n]|{_UNSEEN}(?!{_NUMBER})[=+\-@＝＋－＠﹦﹢﹣﹫])")


def guard_cell(text: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run; other cells as they are.

    :func:`unguard_cell` takes it away: cells that begin with such apostrophes get one more.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguard_cell(text: str) -> str:
    """The cell that :func:`guard_cell` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
