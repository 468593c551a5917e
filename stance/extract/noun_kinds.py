"""The kinds of people and bodies that nouns tell of."""

from __future__ import annotations

from collections.abc import Iterable

from stance.extract.lexicon import lexicon
from stance.extract.names import fold


def role_kinds_of(roles: Iterable[str]) -> frozenset[str]:
    """The kinds of person that roles tell of."""
    known = lexicon().role_kinds
    return frozenset[str]().union(*(known.get(role, ()) for role in roles))


def in_english(word: str) -> tuple[str, str]:
    """A word of a name in the singular, and what it is in English ("banco", "bank")."""
    plain = fold(word)
    return plain.rstrip("s"), lexicon().bodies_abroad.get(plain, "")


def body_kinds_of(words: Iterable[str]) -> frozenset[str]:
    """The kinds of body that words tell of."""
    known = lexicon().body_kinds
    plain = (fold(word).rstrip(".") for word in words)
    abroad = lexicon().bodies_abroad
    return frozenset[str]().union(*(known.get(abroad.get(word, word), ()) for word in plain))
