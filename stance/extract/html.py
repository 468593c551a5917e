"""Article text of an HTML page, and what the page tells of the article.

Trafilatura (Barbaresi, ACL 2021) tells the article from menus, headers, footers and boxes beside
it. It overlooks paragraphs on some pages, such as those that set some in ``<div>`` and some in
``<p>``; so its text is compared with all text outside menus and the like, which is taken where it
holds clearly more prose. Where no article is found, all visible text is taken.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from copy import deepcopy
from typing import TYPE_CHECKING

from stance.errors import DataError
from stance.extract.document import Document

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement
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
# Parts beside the article that pages name by class or id alone.
_NAMED_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|recommend(?:ed|ations)?|sidebar|menu|nav(?:bar|igation)?|"
    r"breadcrumbs?|share|sharing|social|newsletter|subscribe|promo|advert(?:isement)?|ads?|"
    r"cookies?|teasers?|popular|trending|footer)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_PROSE_LENGTH = 40
_QUOTES_OR_ENDS = re.compile(r"[\"“”„«»]|\w\W+\w+\W+\w.*[.!?…]$", re.DOTALL)
_CLEARLY_MORE = 1.2
_SPACE = re.compile(r"[ \t\r\n]+")
# Characters that XML cannot hold, so that lxml refuses to store them; they also come by numbers.
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NUMBERED = re.compile(r"&#(?:0*([0-9]{1,5})(?![0-9])|[xX]0*([0-9a-fA-F]{1,4})(?![0-9a-fA-F]));?")
_TAG = re.compile(r"<[a-zA-Z][^\s/<>]*")
_ATTRIBUTE = re.compile(r"[\s/]*[^\s/<>][^\s/<>=]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>]*))?")
_MOST_ATTRIBUTES = 200
"""Of a tag; the parser compares each with all before it."""


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
    source = _readable(source)
    return _text_on(source, _article_of(source))


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
    source = _readable(source)
    page = _article_of(source)
    text = _text_on(source, page)
    if page is None:
        return Document(text, id=id, url=url)
    authors = (name.strip() for name in (page.author or "").split(";"))
    return Document(
        text,
        id=id,
        title=page.title or None,
        date=page.date or None,
        outlet=page.sitename or None,
        authors=tuple(name for name in authors if name),
        url=url or page.url or None,
    )


def _readable(source: str) -> str:
    """A page without control characters, and without the attributes of a tag that has hundreds.

    Raises:
        DataError: it is not a string.
    """
    if not isinstance(source, str):
        raise DataError(f"an HTML page is {type(source).__name__}: give a decoded string")
    source = _CONTROL.sub("", source.replace("\f", " ").replace("\v", " "))
    source = _NUMBERED.sub(_without_control, source)
    pieces: list[str] = []
    kept = place = count = 0
    while tag := _TAG.search(source, place):
        if ">" in source[place : tag.start()]:
            count = 0  # else it stands within the one before
        if count >= _MOST_ATTRIBUTES:
            pieces.append(source[kept : tag.start()])
            kept = tag.end()
        place = tag.end()
        while attribute := _ATTRIBUTE.match(source, place):
            place, count = attribute.end(), count + 1
            if count == _MOST_ATTRIBUTES:
                pieces.append(source[kept:place])
            if count >= _MOST_ATTRIBUTES:
                kept = place
    return "".join([*pieces, source[kept:]])


def _without_control(number: re.Match[str]) -> str:
    """A character by its number as it stands; for a control character a space."""
    decimal, hexadecimal = number.groups()
    character = chr(int(decimal) if decimal else int(hexadecimal, 16))
    return " " if _CONTROL.match(character) else number[0]


def _article_of(source: str) -> Page | None:
    """What trafilatura takes from a page, or None."""
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


def _text_on(source: str, page: Page | None) -> str:
    """The text of the article; ``page`` is what trafilatura took of the source."""
    article = "" if page is None else _paragraphs(page.body, _TEI_LINES)
    if not article:
        return visible_text(source)
    whole = _text_beyond_menus(source)
    held, there = _prose_in(article), _prose_in(whole)
    if there <= _CLEARLY_MORE * held:
        return article
    logger.info(
        "the article told apart on a page holds %d of %d characters of prose: all text outside "
        "menus and the like is taken",
        held,
        there,
    )
    return whole


def _prose_in(text: str) -> int:
    """Characters of the paragraphs that are long, quote something or end like a sentence."""
    return sum(
        len(part)
        for part in text.split("\n\n")
        if len(part) >= _PROSE_LENGTH or _QUOTES_OR_ENDS.search(part)
    )


def _text_beyond_menus(source: str) -> str:
    """The text of the page's one ``<article>`` or ``<main>``, else of all, without what is beside.

    Raises:
        DataError: the page nests its elements thousands deep, and part of it cannot be read.
    """
    root = _parsed(source)
    if root is None:
        return ""
    _drop(root.iter(*_NEVER_SEEN))
    _drop(element for path in _BESIDE for element in root.xpath(path))
    _drop(
        element
        for element in root.iterdescendants()
        if element.tag not in ("body", "article", "main")
        and _NAMED_BESIDE.search(f"{element.get('class', '')} {element.get('id', '')}")
    )
    # A paragraph that is nothing but a link leads to another article.
    _drop(link for link in root.iter("a") if _is_all_of_its_parent(link))
    for path in ("//article", "//main"):
        found = root.xpath(path)
        if len(found) == 1:
            return _paragraphs(found[0], _HTML_LINES)
    return _paragraphs(root, _HTML_LINES)


def _is_all_of_its_parent(element: HtmlElement) -> bool:
    parent = element.getparent()
    if parent is None or element.getprevious() is not None or element.getnext() is not None:
        return False  # len(parent) would count all its children
    return not (parent.text or "").strip() and not (element.tail or "").strip()


def _drop(elements: Iterable[HtmlElement]) -> None:
    """Take elements out of their tree, with all that is in them."""
    for element in list(elements):
        if element.getparent() is not None:
            element.drop_tree()


def _parsed(source: str) -> HtmlElement | None:
    """The tree of a page, or None where nothing in it could be an element.

    Raises:
        DataError: the page nests its elements thousands deep.
    """
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    page = source.replace("\x00", "\ufffd").encode("utf-8", "replace")
    try:
        root = document_fromstring(page, parser=parser)
    except LxmlError:
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DataError(
            "an HTML page nests its elements thousands deep and cannot be read: give its text"
        )
    return root


def visible_text(source: str) -> str:
    """All text of a page that a reader sees; menus and the like only where there is no more."""
    for hidden in (_NEVER_SEEN | _NO_ARTICLE, _NEVER_SEEN):
        root = _parsed(source)
        if root is None:
            break
        _drop(root.iter(*hidden))
        if text := _paragraphs(root, _HTML_LINES):
            return text
    return ""


def _paragraphs(root: _Element, own_line: frozenset[str]) -> str:
    """The text of a tree, a blank line at both ends of every element in ``own_line``."""
    from lxml.etree import iterwalk

    # Read only: lxml refuses to store some characters that pages hold.
    pieces: list[str] = []
    for event, element in iterwalk(root, events=("start", "end")):
        words = element.text if event == "start" else element.tail
        if event == "end" and element is root:
            break
        pieces += ["\n"] * (element.tag in own_line)
        pieces.append(_SPACE.sub(" ", words or ""))
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n\n".join(line for line in lines if line)
