"""Text of an HTML page."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class _TextOfHtml(HTMLParser):
    """Collects the visible text of block elements."""

    _BLOCKS = frozenset(
        "p div br li ul ol h1 h2 h3 h4 h5 h6 tr td blockquote article section header footer "
        "figure figcaption main pre table title".split()
    )
    _HIDDEN = frozenset("script style noscript template svg head nav".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._hidden = 0  # </head> may be left out
        elif tag in self._HIDDEN:
            self._hidden += 1
        elif tag in self._BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in self._BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))


def html_to_text(source: str) -> str:
    """Visible text of an HTML page, one paragraph a line, entities decoded."""
    parser = _TextOfHtml()
    parser.feed(source)
    parser.close()
    paragraphs = (part.strip() for part in re.split(r"\n\n+", "".join(parser.parts)))
    return "\n\n".join(part for part in paragraphs if part)
