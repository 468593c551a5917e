"""Article text of an HTML page, and what the page tells of the article.

Trafilatura (Barbaresi, ACL 2021) tells the article from menus, headers, footers and boxes beside
it. Where it finds no article, all visible text is taken.
"""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from typing import TYPE_CHECKING

from stance.errors import DataError
from stance.extract.document import Document

if TYPE_CHECKING:
    from lxml.etree import _Element
    from trafilatura.settings import Document as Page

logger = logging.getLogger(__name__)

_BESIDE = [
    "//nav",
    "//aside",
    "//header[not(ancestor::article or ancestor::main)]",
    "//footer[not(ancestor::blockquote)]",
    '//*[@role="navigation" or @role="banner" or @role="contentinfo" or @role="complementary"]',
]
_TEI_LINES = frozenset("p head item quote cell row list table lb div".split())
_HTML_LINES = frozenset(
    "p div br li ul ol dl dt dd h1 h2 h3 h4 h5 h6 tr td th blockquote article section header "
    "footer figure figcaption main pre table nav aside form".split()
)
_NEVER_SEEN = frozenset("script style noscript template svg head".split())
_NO_ARTICLE = frozenset("nav header footer aside".split())
_SPACE = re.compile(r"[ \t\r\n]+")
_LINES = re.compile(r"\s*\n\s*")


def html_to_text(source: str) -> str:
    """The text of the article on an HTML page; offsets of an analysis count in it.

    Args:
        source: the page, decoded.

    Returns:
        Paragraphs parted by blank lines, entities decoded, without menus, headers, footers and
        boxes beside the article. Where no article is found, all visible text; where there is none
        either, an empty string.

    Raises:
        DataError: the page is not a string, or nests its elements thousands deep.
    """
    page = _article_of(source)
    return (page and _text_of(page)) or visible_text(source)


def html_to_document(source: str, *, id: str | None = None, url: str | None = None) -> Document:
    """The article on an HTML page, with title, date, outlet, authors and address if it tells them.

    Args:
        source: the page, decoded.
        id: a name of your own for the article.
        url: where the page stands; else the address it gives itself.

    Raises:
        DataError: the page, ``id`` or ``url`` is not a string, or the page nests its elements
            thousands deep.
    """
    page = _article_of(source)
    if page is None:
        return Document(visible_text(source), id=id, url=url)
    authors = (name.strip() for name in (page.author or "").split(";"))
    return Document(
        _text_of(page) or visible_text(source),
        id=id,
        title=page.title or None,
        date=page.date or None,
        outlet=page.sitename or None,
        authors=tuple(name for name in authors if name),
        url=url or page.url or None,
    )


def _article_of(source: str) -> Page | None:
    """What trafilatura takes from a page, or None."""
    if not isinstance(source, str):
        raise DataError(f"an HTML page is {type(source).__name__}: give a decoded string")
    if not source.strip():
        return None
    from trafilatura import bare_extraction
    from trafilatura.settings import DEFAULT_CONFIG

    settings = deepcopy(DEFAULT_CONFIG)
    # However short: its rescue for short texts takes the whole page and runs paragraphs together.
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    try:
        page = bare_extraction(
            source,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False},
            prune_xpath=_BESIDE,
            config=settings,
        )
    except Exception as error:  # a broken page may break the parser at any place
        logger.warning("no article is told apart on a page (%s): all its text is taken", error)
        return None
    return None if page is None or isinstance(page, dict) else page


def _text_of(page: Page) -> str:
    """The paragraphs of an extracted article, parted by blank lines."""
    return _paragraphs(page.body, _TEI_LINES)


def visible_text(source: str) -> str:
    """All text of a page that a reader sees; menus and the like only where there is no more."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    page = source.replace("\x00", "\ufffd").encode("utf-8", "replace")
    for hidden in (_NEVER_SEEN | _NO_ARTICLE, _NEVER_SEEN):
        try:
            root = document_fromstring(page, parser=parser)
        except LxmlError:  # nothing that could be an element
            break
        if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            raise DataError(
                "an HTML page nests its elements thousands deep and cannot be read: give its text"
            )
        for element in list(root.iter(*hidden)):
            if element.getparent() is not None:
                element.drop_tree()
        if text := _paragraphs(root, _HTML_LINES):
            return text
    return ""


def _paragraphs(root: _Element, own_line: frozenset[str]) -> str:
    """The text of a tree, a blank line at both ends of every element in ``own_line``."""
    for element in root.iter():
        element.text = _SPACE.sub(" ", element.text or "")
        element.tail = _SPACE.sub(" ", element.tail or "")
        if element.tag in own_line:
            element.text, element.tail = f"\n{element.text}", f"\n{element.tail}"
    return _LINES.sub("\n\n", "".join(root.itertext()).strip())
