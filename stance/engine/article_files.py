"""Articles that are files: found in folders and patterns, read as text, HTML or PDF."""

from __future__ import annotations

import glob
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.engine.inputs import note_problem
from stance.errors import DataError
from stance.extract import Document, html_to_document, pdf_to_text
from stance.tables import find_encoding
from stance.untrusted import read_all, read_bytes

logger = logging.getLogger(__name__)

MOST_ARTICLE_BYTES = 16 << 20
HTML_ENDINGS = (".html", ".htm", ".xhtml")
ENDINGS = (".txt", *HTML_ENDINGS, ".pdf")
_PDF = b"%PDF-"
_BLANKS = re.compile(r"[\ufeff\s]*")
_FIRST_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


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


def find_articles(
    sources: Sequence[str],
    leave_out: Path | None = None,
    problems: dict[str, str] | None = None,
) -> list[str]:
    """The files that are meant: a folder stands for the articles in it, a pattern for its files.

    Args:
        sources: files, folders, patterns such as ``news/*.txt`` (some systems leave them to the
            program), or ``-`` for standard input.
        leave_out: folder of the output, whose pages are no articles where it lies in another.
        problems: takes what to say of a folder or pattern that holds no article, which is then
            among the files; None raises it. Those that are in it are left as they are.

    Returns:
        Each file once, whatever names it was given by, in the order of the sources; those of a
        folder by name, without hidden ones. Files that are not there are among them.

    Raises:
        DataError: a folder or pattern holds no article, or is the folder of the output.
    """
    found: dict[str, str] = {}
    for source in sources:
        if source == "-" or source in (problems or ()):
            files = [source]
        elif os.path.isdir(source):
            files = _search(Path(source), leave_out)
            if not files:
                said = f"the folder {source} holds no article ({', '.join(ENDINGS)})"
                note_problem(problems, source, said)
        elif not os.path.exists(source) and glob.has_magic(source):
            files = sorted(filter(os.path.isfile, glob.glob(source, recursive=True)))
            if not files:
                note_problem(problems, source, f"no file matches {_short(source)}")
        else:
            files = [source]
        for file in files or [source]:
            known = file != "-" and os.path.exists(file)
            found.setdefault(os.path.realpath(file) if known else file, file)
    return list(found.values())


def _search(folder: Path, leave_out: Path | None) -> list[str]:
    """The articles of a folder and of those in it."""
    output = None if leave_out is None else leave_out.resolve()
    if output is not None and output == folder.resolve():
        raise DataError(
            f"the pages would lie among the articles of {folder}: name another folder with -o"
        )
    unread: list[str] = []
    files = [
        str(path)
        for path in sorted(_files_below(folder, unread))
        if path.suffix.lower() in ENDINGS
        and (output is None or output not in path.resolve().parents)
        and os.path.isfile(path)
    ]
    return files + unread  # reading them tells why


def _files_below(folder: Path, unread: list[str]) -> Iterator[Path]:
    """Files of a folder and those in it, without hidden ones; notes what cannot be read."""

    def note(error: OSError) -> None:
        unread.append(str(error.filename))

    for parent, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def missing(source: str) -> str | None:
    """What to say of an article that is not there; None where it is."""
    if source == "-":
        return None
    try:
        os.stat(source)
    except PermissionError:  # of its folder; reading it tells so
        return None
    except (OSError, ValueError):
        return f"{_short(source)} is no file: give a file or folder, or pipe the text into -"
    return None


def _short(source: str) -> str:
    """A name of a file, and of a whole text given as one the beginning."""
    shown = " ".join(source.split())
    return shown if len(source) <= 200 else f"{shown[:60]}…"


def is_html(text: str) -> bool:
    """Whether a text begins as a page does, after what may stand before its first tag."""
    place = _blanks_end(text, 0)
    for opening, closing in (("<?xml", "?>"), ("<!--", "-->")):
        # An XML declaration stands once, before any comment.
        while text.startswith(opening, place):
            end = text.find(closing, place)
            if end < 0:
                break
            place = _blanks_end(text, end + len(closing))
    return _FIRST_TAG.match(text, place) is not None


def _blanks_end(text: str, place: int) -> int:
    return _BLANKS.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing too


def read_article(source: str, about: About | None = None) -> Document:
    """Read an article: a text, HTML or PDF file, or ``-`` for standard input.

    Args:
        source: the file; its name becomes the document's id.
        about: what is known of the article; it goes before what a page says itself.

    Raises:
        DataError: the file is missing, empty, binary, in an unknown encoding or larger than 16 MB,
            or a PDF without text.
        MissingExtraError: it is a PDF, and pypdfium2 is not installed.
    """
    absent = missing(source)
    if absent:
        raise DataError(absent)
    name = "standard input" if source == "-" else _short(source)
    try:
        if source == "-":
            raw = read_all(sys.stdin.buffer, most=MOST_ARTICLE_BYTES)
        else:
            raw = read_bytes(Path(source), most=MOST_ARTICLE_BYTES)
    except (OSError, ValueError, AttributeError) as error:  # the last of a closed standard input
        problem = getattr(error, "strerror", None) or error
        raise DataError(f"cannot read {name}: {problem}") from error
    if not raw.strip():
        raise DataError(f"{name} is empty: give a file with the article's text")
    label = None if source == "-" else source
    known = (about or About()).given()
    if raw[:1024].lstrip().startswith(_PDF):
        return Document(pdf_to_text(raw, name), id=label, **known)  # type: ignore[arg-type]
    text = _decoded(raw, name)
    if not text.strip():
        raise DataError(f"{name} is empty: give a file with the article's text")
    if source.lower().endswith(HTML_ENDINGS) or is_html(text):
        document = html_to_document(text, id=label)
        if not document.text.strip():
            raise DataError(f"{name} is HTML without any text")
    else:
        document = Document(text, id=label)
    return replace(document, **known)  # type: ignore[arg-type]


def _decoded(raw: bytes, name: str) -> str:
    encoding, note = find_encoding([raw], name)
    if encoding in ("utf-8", "utf-8-sig", "cp1252") and b"\x00" in raw[:8192]:
        raise DataError(f"{name} is a binary file: give plain text, HTML or PDF")
    try:
        text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise DataError(
            f"{name} is not {encoding.upper()} text (byte {error.start}): save it as UTF-8 first"
        ) from error
    if note:
        logger.info(note)
    return text
