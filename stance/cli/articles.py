"""Articles in: files, folders, patterns and standard input."""

from __future__ import annotations

import glob
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.errors import DataError
from stance.extract import Document, html_to_document

ENDINGS = (".txt", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class About:
    """What the options say of an article; None where they say nothing."""

    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] | None = None

    def given(self) -> dict[str, str | tuple[str, ...]]:
        """The fields that were given."""
        fields = ("title", "date", "outlet", "url", "authors")
        return {name: getattr(self, name) for name in fields if getattr(self, name) is not None}

    def refuse_for(self, count: int) -> None:
        """Refuse what was given: it says what one article is, and there are several.

        Raises:
            DataError: anything was given.
        """
        if self.given():
            names = ", ".join(name.removesuffix("s") for name in self.given())
            raise DataError(
                f"{names} was given for {count} articles: it describes one. Analyse that one alone"
            )


def find_articles(sources: Sequence[str]) -> list[str]:
    """The files that are meant: a folder stands for the articles in it, a pattern for its files.

    Args:
        sources: files, folders, patterns such as ``news/*.txt`` (some systems leave them to the
            program), or ``-`` for standard input.

    Returns:
        Each file once, in the order of the sources; those of a folder by name.

    Raises:
        DataError: a folder or pattern holds no article.
    """
    found: dict[str, None] = {}
    for source in sources:
        path = Path(source)
        if source != "-" and path.is_dir():
            files = [str(p) for p in sorted(path.rglob("*")) if p.suffix.lower() in ENDINGS]
            if not files:
                raise DataError(f"the folder {source} holds no article ({', '.join(ENDINGS)})")
        elif source != "-" and not path.exists() and glob.has_magic(source):
            files = sorted(glob.glob(source, recursive=True))
            if not files:
                raise DataError(f"no file matches {source}")
        else:
            files = [source]
        found.update(dict.fromkeys(files))
    return list(found)


def read_article(source: str, about: About | None = None) -> Document:
    """Read an article: a text or HTML file, or ``-`` for standard input.

    Args:
        source: the file; its name becomes the document's id.
        about: what is known of the article; it goes before what a page says itself.

    Raises:
        DataError: the file is missing, empty, binary or not UTF-8.
    """
    name = "standard input" if source == "-" else source
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {name}: {error.strerror or error}") from error
    if not raw.strip():
        raise DataError(f"{name} is empty: give a file with the article's text")
    if b"\x00" in raw[:8192]:
        raise DataError(f"{name} is a binary file: give plain text or HTML in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{name} is not UTF-8 text (byte {error.start}): save it as UTF-8 first"
        ) from error
    if not text.strip():
        raise DataError(f"{name} is empty: give a file with the article's text")
    label = None if source == "-" else source
    start = text[:1024].lstrip().casefold()
    if source.lower().endswith((".html", ".htm")) or start.startswith(("<!doctype html", "<html")):
        document = html_to_document(text, id=label)
        if not document.text.strip():
            raise DataError(f"{name} is HTML without any text")
    else:
        document = Document(text, id=label)
    return replace(document, **(about or About()).given())  # type: ignore[arg-type]
