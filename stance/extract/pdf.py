"""Article text of a PDF file, its lines put together to paragraphs.

PDFium (pypdfium2) gives the lines of a page as they are set. A line that is clearly shorter than
the others ends a paragraph; a hyphen at which a word was parted goes away; numbers of pages that
stand alone at the foot are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from statistics import quantiles

from stance.errors import DataError, MissingExtraError

MOST_PAGES = 2000
_MOST_CHARACTERS = 16 << 20
_SHORT = 0.75
_LINE = re.compile(r"\r\n|\r|\n")
_PARTED = "\ufffe\x02\xad"  # what PDFium writes for a hyphen at which a word was parted
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[0-9]{1,4}(?:\s*(?:/|of)\s*[0-9]{1,4})?", re.IGNORECASE)


def pdf_to_text(raw: bytes, name: str) -> str:
    """The text of a PDF file; offsets of an analysis count in it.

    Args:
        raw: the file.
        name: what it is called in messages.

    Returns:
        Its paragraphs, parted by empty lines.

    Raises:
        DataError: it is damaged, needs a password, has more than 2,000 pages or 16 million
            characters, or holds no text, as scans do.
        MissingExtraError: pypdfium2 is not installed.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise MissingExtraError(f"{name} is a PDF: pip install 'newsstance[pdf]'") from error

    try:
        with pypdfium2.PdfDocument(raw) as document:
            if len(document) > MOST_PAGES:
                raise DataError(f"{name} has more than {MOST_PAGES:,} pages: split it")
            text = "\n\n".join(_paragraphs(_pages(document, name)))
    except pypdfium2.PdfiumError as error:
        raise DataError(f"{name} cannot be read as a PDF: {error}") from error
    if not text:
        raise DataError(f"{name} holds no text, as scans do: let a program recognise it first")
    return text


def _pages(document: Iterable[object], name: str) -> Iterator[list[str]]:
    """The lines of each page, without its number."""
    read = 0
    for page in document:
        words = page.get_textpage()  # type: ignore[attr-defined]
        text = str(words.get_text_bounded())
        words.close()
        page.close()  # type: ignore[attr-defined]
        read += len(text)
        if read > _MOST_CHARACTERS:
            raise DataError(f"{name} has more than {_MOST_CHARACTERS:,} characters: split it")
        lines = [line.strip(" \t\x00") for line in _LINE.split(text)]
        while lines and (not lines[-1] or _PAGE_NUMBER.fullmatch(lines[-1])):
            lines.pop()
        yield lines


def _paragraphs(pages: Iterator[list[str]]) -> Iterator[str]:
    lines = [line for page in pages for line in page]
    full = [len(line) for line in lines if line]
    wide = quantiles(full, n=5)[-1] if len(full) > 1 else 0.0
    held = ""
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if line[-1:] and line[-1] in _PARTED:
            held += line.rstrip(_PARTED)
            continue
        held += line
        goes_on = following and (following[0].islower() or len(line) >= _SHORT * wide)
        if goes_on:
            held += " " * bool(line)
        elif held.strip():
            yield held.strip()
            held = ""
    if held.strip():
        yield held.strip()
