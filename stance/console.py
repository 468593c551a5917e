"""The one kind of console that anything is printed on: no markup, no emoji, no control character.

Articles, tables, checkpoints and file names are written by strangers; what is printed of them is
shown as it is, whatever square brackets, colons or escape sequences it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment

from stance.texts import visible

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderableType


class PlainConsole(Console):
    """A console that shows control characters by their numbers, wherever in a table they stand.

    Args:
        stderr: print on standard error instead.
        width: of the lines; that of the terminal when None.
    """

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The pieces of text that are printed; styles are added to them later."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)
