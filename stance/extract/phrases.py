"""One noun phrase of a source span: a name, a noun or a pronoun, and what goes with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stance.extract.entities import Entity
from stance.extract.inventory import POSSESSIVE, NameInventory, NamePlace
from stance.extract.lexicon import Lexicon, lexicon
from stance.extract.names import is_role, of_body, title_words
from stance.extract.segmentation import Range

_PREPOSITION = re.compile(
    r"\b(?:of|for|from|at|in|with|on|to|by|inside|within|near|among|against|under|behind|about|close|"
    r"familiar|after|as|via|through|including|outside|beside|before|between|across|around|along|"
    r"aboard|above|below|beneath|beyond|opposite|over|throughout|without)\b"
)
_INCLUDING = re.compile(r"\b(?:including|such as|namely|among them|like)\s+")
_ONE_OF = re.compile(r"one of ", re.IGNORECASE)
_APPOSED = re.compile(r" an? ")
"""Without its comma ("Ole Dahl an analyst at Orex")."""
_ARTICLES = frozenset("the this that these those".split())
_INDEFINITE = frozenset(
    "a an one another some several many most few two three four five six seven eight nine ten "
    "dozens hundreds thousands".split()
)
_OWNERS = frozenset("his her their its my our".split())

PartKind = Literal["name", "noun", "pronoun"]


@dataclass(frozen=True, slots=True)
class Part:
    """One speaker that a source span speaks of.

    Attributes:
        kind: what its head is.
        start: where it begins.
        end: where it ends.
        bearers: of a name: whose it can be.
        words: in small letters, without marks.
        head: the noun it turns on, in the singular, or the pronoun; empty of a name.
        plural: whether that noun is plural.
        definite: ``the`` (the, this; an office), ``owned`` ("his", "Peru’s"), ``a``, or empty.
        qualifiers: the words between article and head.
        complement: the words behind the head ("of the union"), or empty.
        owner: the name that owns it ("Amnesty’s report"), or None.
    """

    kind: PartKind
    start: int
    end: int
    bearers: tuple[Entity, ...] = ()
    words: tuple[str, ...] = ()
    head: str = ""
    plural: bool = False
    definite: str = ""
    qualifiers: tuple[str, ...] = ()
    complement: str = ""
    owner: Entity | None = None

    @property
    def is_several(self) -> bool:
        """Whether it is a plural, or a name in the form of one ("the Greens")."""
        return self.plural or (self.words[:1] == ("the",) and self.words[-1].endswith("s"))


def plain_words(text: str) -> list[str]:
    """Words in small letters, without marks."""
    words = [word.strip(".,;:!?’'\"“”‘()[]—–-").lower() for word in text.split()]
    return [word for word in words if word]


def part_of(text: str, names: NameInventory, left: int, right: int) -> Part | None:
    """One segment as a part."""
    including = _INCLUDING.match(text, left, right)
    if including:
        left = including.end()
    words = plain_words(text[left:right])
    if not words:
        return None
    places = names.between(left, right)
    place = _head_name(text, places, left, right)
    if place is not None:
        return Part("name", left, right, place.bearers, tuple(words))
    return _noun_part(text, places, left, right, words)


def _head_name(text: str, places: Sequence[NamePlace], left: int, right: int) -> NamePlace | None:
    """The name that a segment turns on, or None ("Lund supporters", "an aide to Lund")."""
    hidden = [match.span() for match in re.finditer(r"\([^()]*(?:\)|$)", text[left:right])]
    own = [
        place
        for place in places
        if not _possessive(text, place, right)
        and not any(a < place.start - left < b for a, b in hidden)
    ]  # fmt: skip
    if not own:
        return None
    first = own[0]
    if first.start == left and first.entity.person >= 2 and _APPOSED.match(text, first.end):
        role = plain_words(text[first.end : right])[1:5]
        return first if any(map(is_role, role)) else None
    preposition = _first_preposition(text, places, left, right)
    cut = preposition.start() if preposition else right
    before = [place for place in own if place.end <= cut]
    if before:
        rest = re.sub(
            r"\([^()]*(?:\)|$)", "", POSSESSIVE.sub("", text[before[-1].end : cut])
        ).strip(" ,.")
        if not re.search(r"[^\W\d_]{2,}", rest) or _is_medium(before[-1], rest):
            last = before[-1]
            head = plain_words(text[left : last.start])
            # "the Trump lawyer" has no rest; a bare common noun is no name
            return last if not (len(before) > 1 and head[-1:] == ["of"]) else before[0]
    last = own[-1]
    tail = re.sub(r"\([^()]*\)", "", text[last.end : right]).strip(" ,.’'")
    if tail or not preposition or len(own) + len(places) < 2:
        return None
    lead = text[preposition.start() : last.start].split()
    role = [w for w in plain_words(text[left : preposition.start()]) if is_role(w)]
    between = [
        place for place in places if preposition.end() <= place.start and place.end <= last.start
    ]
    if (
        role
        and between
        and last.entity.person >= 2
        and between[-1].end + 1 >= last.start
        and len(lead) > 1
    ):
        return last
    if role and lead and last.entity.person >= 2:
        known = lexicon()
        word = lead[-1]
        noun = word.islower() and word not in _ARTICLES and not is_role(word)
        front = text[last.start : last.end].split()[0]
        noun = (
            noun
            or (len(lead) > 1 and _is_house(front, last, known))
            or (len(lead) > 2 and word.lower() in known.body_nouns)
        )
        speaks_for = role[-1] in known.relation_nouns or role[-1].startswith("spokes")
        if role[-1] in known.relation_nouns and lead[0] == "of":
            return None  # "the daughter of the former ruler Ada Berg"
        if (is_role(word) and not speaks_for) or (
            len(lead) > 1 and noun and not _PREPOSITION.fullmatch(word)
        ):
            return last  # "the spokesman for human rights Ada Berg"
    return None


def _is_medium(place: NamePlace, rest: str) -> bool:
    """Whether the nouns behind a name only say that a paper or a station bears it."""
    words = rest.split()
    kinds = lexicon().body_kinds
    media = all("medium" in kinds.get(word, ()) for word in words)
    people = place.entity.name.lower() in lexicon().peoples
    return media and place.entity.person < 2 and not (place.entity.country or people)


def _is_house(word: str, place: NamePlace, known: Lexicon) -> bool:
    """Whether a name begins with what its bearer leads ("leader of the Senate Ada Berg")."""
    return word != place.entity.words[0] and of_body(word, known)


def _first_preposition(
    text: str, places: Sequence[NamePlace], left: int, right: int
) -> re.Match[str] | None:
    for match in _PREPOSITION.finditer(text, left + 1, right):
        if not any(place.start < match.start() < place.end for place in places):
            return match
    return None


def _possessive(text: str, place: NamePlace, right: int) -> bool:
    tail = text[place.end : right]
    return bool(re.match(r"['’](?:s\b)?", tail)) and len(tail.strip()) > 2


def _noun_part(
    text: str, places: Sequence[NamePlace], left: int, right: int, words: Sequence[str]
) -> Part:
    """A segment whose head is a noun."""
    known = lexicon()
    one = _ONE_OF.match(text, left, right)
    if one:
        among = _noun_part(text, places, one.end(), right, plain_words(text[one.end() : right]))
        if among.plural:
            return replace(among, start=left, words=tuple(words), plural=False, definite="a")
    preposition = _first_preposition(text, places, left, right)
    cut = preposition.start() if preposition else right
    core = plain_words(re.sub(r"\([^()]*\)", "", text[left:cut])) or list(words)
    definite = ""
    if core[0] in _ARTICLES or core[0] == "our":  # "our correspondent" is the paper's
        definite = "the"
    elif core[0] in _OWNERS:
        definite = "owned"
    elif core[0] in _INDEFINITE or core[0].isdigit():
        definite = "a"
    owner = next(
        (
            place.bearers[0]
            for place in places
            if place.end <= cut and _possessive(text, place, cut)
        ),
        None,
    )
    if not definite and (owner or re.search(r"\w['’]s? ", text[left:cut])):
        definite = "owned"
    known_noun = [n for n, word in enumerate(core) if is_noun(word)]
    if (
        known_noun
        and not is_noun(core[-1])
        and re.search(r"(?:ed|ing|en|wn|held|hung|kept|left|made|sent)$", core[known_noun[-1] + 1])
    ):
        core = core[: known_noun[-1] + 1]
    head = core[-1]
    if (
        not definite
        and text[left].isupper()
        and title_words(text[left:cut].split(), definite=True) == len(text[left:cut].split())
    ):
        definite = "the"
    number = 1 if definite in ("the", "a") or core[0] in _OWNERS else 0
    single = known.plural_roles.get(head) or known.plural_bodies.get(head)
    plural = bool(single) and not is_role(head)
    plural = plural or (head in known.group_nouns and head not in known.body_nouns)
    plural = plural or head in known.plural_informants
    return Part(
        "noun",
        left,
        right,
        words=tuple(words),
        head=single or head,
        plural=plural,
        definite=definite,
        qualifiers=tuple(core[number:-1]),
        complement=text[cut:right].strip(),
        owner=owner,
    )


def are_groups(text: str, names: NameInventory, segments: Sequence[Range]) -> bool:
    """Whether the segments list at least three groups ("nurses, miners and bus drivers")."""
    if len(segments) < 3 or "and" not in text[segments[-2][1] : segments[-1][0]].split():
        return False
    parts = [part_of(text, names, *segment) for segment in segments]
    plain = [part for part in parts if part and part.kind == "noun"]
    alike = [part.head.endswith("s") and text[part.end - 1] == "s" for part in plain]
    told = sum(part.plural for part in plain)
    if len(plain) < len(parts) or told < 2 or any(p.definite or p.complement for p in plain):
        return False
    return all(part.plural or likely for part, likely in zip(plain, alike, strict=True))


def is_noun(word: str) -> bool:
    """Whether a word is what a person, a body, a group or a text is called by."""
    known = lexicon()
    return (
        is_role(word) or word in known.plural_roles or word in known.body_nouns
        or word in known.plural_bodies or word in known.group_nouns or word in known.document_nouns
    )  # fmt: skip
