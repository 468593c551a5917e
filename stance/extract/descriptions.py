"""Fuller descriptions of what a noun means: "the ministry" is "Peru’s interior ministry"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stance.extract import parameters as p
from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.names import fold, is_role

_COMPLEMENT = re.compile(
    r" (?:of|in|for|at|from) (?:the )?[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*){0,7}"
)
_TOKEN = re.compile(r"\S+")
_NEXT = re.compile(r"(?:['’]s?)?(?:\s+([\w’'-]+)|\W|$)")
_NAMED = re.compile(r",? [^\W\d_a-z][\w’'&-]+(?: [^\W\d_a-z][\w’'&-]+){0,7}(?:,| \()")
"""A name behind a noun: both are one, known by the name ("mining group Orex, ...")."""
_FUNCTION = frozenset(
    "a an the this that these those his her its their my our your some any no every each all both "
    "another other such of to for from with at in on by into over under about against between "
    "within without during after before as than like via per among amid across towards despite "
    "behind near outside inside since until including and or but nor if because while when "
    "where who which whose whom what how why is are was were be been being am has have had do does "
    "did will would can could may might must shall should not never also still now then there here "
    "he she it they we i you him them us me said says".split()
)
_DETERMINERS = frozenset("a an the this that these those some any other another such".split())
_OWNERS = frozenset("his her its their my our your".split())
_PLAIN = frozenset(
    "same new old former current whole entire very own local other next last first second main "
    "latest previous late early big small large major largest biggest oldest third country "
    "nation world".split()
)
"""Words before a noun that do not tell which one it is."""


@dataclass(frozen=True, slots=True)
class Description:
    """A noun with words that tell which one it is.

    Attributes:
        start: where it begins, without its article.
        end: where it ends.
        words: all of them but the noun, folded.
        proper: whether a capital, a people or an owner is among them.
        definite: whether an article or an owner goes before.
    """

    start: int
    end: int
    words: frozenset[str]
    proper: bool
    definite: bool


def descriptions(document: Document, head: str) -> list[Description]:
    """Every described occurrence of a noun outside quotations, in reading order."""
    pattern = re.compile(rf"(?<![\w’'-]){re.escape(head)}(?![\w-])", re.IGNORECASE)
    found = (_description(document, match) for match in pattern.finditer(document.text))
    return [item for item in found if item is not None]


def _description(document: Document, match: re.Match[str]) -> Description | None:
    text = document.text
    if document.regions_in(match.start(), match.end()) or not _ends_phrase(text, match.end()):
        return None
    if _NAMED.match(text, match.end()):
        return None
    start, definite = match.start(), False
    base = max(0, start - p.DESCRIPTION_REACH)
    front = list(_TOKEN.finditer(text, base, start))[-p.DESCRIPTION_WORDS - 1 :]
    for token in reversed(front):
        word = token.group()
        gap = text[token.end() : start]
        if not gap.isspace() or "\n" in gap or token.start() == base > 0:
            break
        plain = fold(word).strip("“\"‘'(")
        if plain in _FUNCTION:
            if plain in _OWNERS:
                return None
            definite = plain in ("the", "this", "that")
            break
        if word[-1] in ',;:.!?)”"–—' or not word[0].isalnum() or _is_verb(plain):
            break
        start = token.start()
    raw = text[start : match.start()].split()
    complement = _COMPLEMENT.match(text, match.end())
    end = complement.end() if complement else match.end()
    further = text[match.end() : end].split()[1:]
    words = frozenset(fold(word).removesuffix("'s").strip("'") for word in [*raw, *further])
    telling = words - _PLAIN - _FUNCTION
    if not telling:
        return None
    proper = bool(further) or any(
        (word[0].isupper() and (number or not _begins(text, start)))
        or fold(word) in lexicon().peoples
        or word.endswith(("’s", "'s", "s’", "s'"))
        for number, word in enumerate(raw)
    )  # fmt: skip
    return Description(start, end, words, proper, definite)


def _begins(text: str, start: int) -> bool:
    before = text[max(0, start - 2) : start]
    return not before.strip(' \n“"') or before.strip()[-1:] in ".!?:"


def _is_verb(word: str) -> bool:
    known = lexicon()
    forms = word in known.reporting_forms and word not in known.noun_forms
    return forms or (word.endswith("ed") and "-" not in word and word not in ("united", "armed"))


def _ends_phrase(text: str, end: int) -> bool:
    """Whether a noun is the last of its phrase, not part of another ("police officer")."""
    match = _NEXT.match(text, end)
    word = fold(match.group(1)) if match and match.group(1) else ""
    if not word:
        return True
    known = lexicon()
    return (
        word in _FUNCTION
        or word in known.reporting_forms
        or word in known.phrase_enders
        or word in known.adverbs
        or word.endswith("ed")
    ) and not is_role(word)


def noun_phrase_before(text: str, end: int) -> tuple[int, int] | None:
    """The noun phrase that ends right before a position ("two of his lawyers, who"), or None."""
    left = max(0, end - p.DESCRIPTION_REACH)
    stop = left + len(text[left:end].rstrip(" ,-–—"))
    tokens = list(_TOKEN.finditer(text, left, stop))[-p.DESCRIPTION_WORDS :]
    start = None
    for token in reversed(tokens):
        word = token.group()
        plain = fold(word).strip("“\"‘'(")
        if not word[0].isalnum() or word[-1] in ',;:.!?)”"–—':
            break
        if plain in _FUNCTION or _is_verb(plain):
            if plain in _OWNERS or plain in _DETERMINERS:
                start = token.start()
            break
        start = token.start()
    return None if start is None else (start, stop)


def distinct(found: list[Description]) -> Iterator[Description]:
    """The fullest of each set of descriptions of which one has all words of the other."""
    kept: list[Description] = []
    for item in sorted(found, key=lambda item: -len(item.words)):
        if not any(item.words <= other.words for other in kept):
            kept.append(item)
            yield item
