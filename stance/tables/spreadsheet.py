"""Cells that a spreadsheet would run as formulas, and how they are kept from it."""

from __future__ import annotations

import re

# Signs that begin a formula, also in full width. A plain signed number is none.
_FORMULA = re.compile(r"(?='*[=+\-@\t\r\n＝＋－＠])(?!'*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\Z)")


def guard_cell(text: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run; other cells as they are.

    :func:`unguard_cell` takes it away: cells that begin with such apostrophes get one more.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguard_cell(text: str) -> str:
    """The cell that :func:`guard_cell` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
