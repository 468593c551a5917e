"""Whether the speakers that were found are those that gold names.

Names are compared as words without case, diacritics, dots, possessive endings, articles, words in
brackets and, for a person, forms of address and letters of honour. After that two names
are one where they are the same words, where the one is the initials of the other ("HRW", "Human
Rights Watch"), or where, for a gold speaker that is

* a person: the last names are the same and the first names too, or begin alike ("J. Ortega"), or
  are missing on one side; a last name alone needs to be that of no other speaker of the article;
* an organisation: they differ in the legal form ("Norwind", "Norwind Inc"), or in whose it is, if
  it can be no other of the article ("foreign ministry", "Peru's foreign ministry");
* a group, an unnamed speaker or a document: the heads are the same and the other words of the one
  are all in the other ("prosecutors", "federal prosecutors in Oslo"), or the one goes on behind the
  other ("a letter", "a letter seen by the agency"), and the name fits no other such speaker of the
  article.

So a part of a name ("Democrats" for the Liberal Democrats) or a name with foreign words ("Chile
Ana Ruiz") is wrong, though a reader may guess who is meant. Joint speakers are right where each
of them is, in any order; where gold names nobody, nobody is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from stance.evaluation.tasks.attribution.articles import MarkedSpeaker
from stance.extract.lexicon import lexicon

_ARTICLES = frozenset("the a an".split())
_ADDRESS = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president prime minister senator sen "
    "representative rep congressman congresswoman governor gov mayor chancellor secretary premier "
    "judge justice prosecutor general gen colonel col major maj captain capt lieutenant lt admiral "
    "sergeant sgt king queen prince princess pope archbishop cardinal bishop reverend rev imam "
    "rabbi sheikh vice deputy former acting ambassador chairman chairwoman spokesman spokeswoman "
    "spokesperson father mother sister brother canon dean archpriest ayatollah mullah maulana "
    "mawlawi baroness baron duke duchess count countess earl viscount chief commissioner "
    "inspector detective superintendent constable officer private corporal brigadier "
    "commander commodore marshal councillor councilor cllr coun alderman assemblyman attorney "
    "barrister advocate adv engineer eng coach chef begum datuk dona don senor senora syed "
    "mama ratu".split()
)
_HONOURS = frozenset("mp mep msp mla td ms sc qc kc obe cbe mbe jr sr phd md".split())
_LEGAL_FORMS = frozenset("inc incorporated corp corporation co company ltd limited llc plc".split())
_PREPOSITIONS = frozenset("of for in at on with within from by to about near among who".split())
_FURTHER = frozenset("that which whose seen familiar close made drawn held known led sent".split())
_BRACKETS = re.compile(r"\([^)]*\)")
_POSSESSIVE = re.compile(r"[’'ʼ]s?\b")
# Letters that Unicode does not take apart into a letter and a mark.
_PLAIN = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "’": "'"}
)


def right_speakers(
    gold: Sequence[str], found: Sequence[str], people: Sequence[MarkedSpeaker]
) -> bool:
    """Whether the speakers that were found are those of gold.

    Args:
        gold: canonical names; empty where the article does not say.
        found: predicted names; empty where none was found.
        people: the speakers of the article, among them those of ``gold``.
    """
    if len(gold) != len(found):
        return bool(gold and found) and _words(" and ".join(gold)) == _words(" and ".join(found))
    fits = [[same_speaker(name, other, people) for other in found] for name in gold]
    return all(map(any, fits)) and all(map(any, zip(*fits, strict=True)))


def same_speaker(gold: str, found: str, people: Sequence[MarkedSpeaker]) -> bool:
    """Whether two names are one, by the rules at the head of this module."""
    if _words(gold) == _words(found):
        return True
    kind = next((person.kind for person in people if person.name == gold), "")
    if kind == "person":
        return _same_person(gold, found, people)
    left, right = _words(gold), _words(found)
    if _is_initials(left, found) or _is_initials(right, gold):
        return True
    if kind == "organisation":
        left, right = _without(left, _LEGAL_FORMS), _without(right, _LEGAL_FORMS)
        if left == right != []:
            return True
        return _is_of_country(left, right) and not any(
            _is_of_country(_words(person.name), right)
            for person in people
            if person.kind == kind and person.name != gold
        )
    if kind not in ("group", "unnamed", "document"):
        return False
    fit = [p.name for p in people if p.kind == kind and _is_narrowed(_words(p.name), right)]
    return fit == [gold]


def same_full_name(gold: str, found: str) -> bool:
    """Whether two names of a person are one word for word, forms of address aside."""
    return _core(gold) == _core(found)


def alike_names(gold: str, found: str) -> bool:
    """Whether two names end in one word and one of them holds all words of the other.

    For gold that is written with titles and additions ("Harbour Minister Ana Ruiz").
    """
    left, right = _core(gold), _core(found)
    small, large = sorted((set(left), set(right)), key=len)
    alike = left[-1:] == right[-1:] and small <= large
    return alike or _is_initials(left, found) or _is_initials(right, gold)


def _same_person(gold: str, found: str, people: Sequence[MarkedSpeaker]) -> bool:
    left, right = _core(gold), _core(found)
    if len(left) > 1 and len(right) > 1:
        first, other = sorted((left[0], right[0]), key=len)
        alike = first == other or (len(first) == 1 and other.startswith(first))
        return left == right or (left[-1] == right[-1] and alike and _is_name(found))
    if left[-1:] != right[-1:] or not _is_name(gold) or not _is_name(found):
        return False
    bearers = [p for p in people if p.kind == "person" and _core(p.name)[-1:] == left[-1:]]
    return len(bearers) == 1


def _is_name(name: str) -> bool:
    """Whether every word begins with a capital letter, or is a particle of a name ("van")."""
    words = re.findall(r"[^\W\d_]+", name)
    return not any(word.islower() and (len(word) > 3 or word == "of") for word in words)


def _is_of_country(gold: Sequence[str], found: Sequence[str]) -> bool:
    """Whether the two differ only in whose it is ("Foreign Ministry of Peru", "Peruvian ...")."""
    short, long = sorted((list(gold), list(found)), key=len)
    known = lexicon()
    for size in (1, 2, 3):
        front, back = " ".join(long[:size]), " ".join(long[-size:])
        if long[size:] == short and (front in known.countries or front in known.peoples):
            return len(short) > 0
        if long[: -size - 1] == short and long[len(short)] == "of":
            return len(short) > 0 and back in known.countries
    if short and long[: len(short)] == short and long[len(short) : len(short) + 1] == ["in"]:
        return True
    return _country_first(gold) == _country_first(found) is not None


def _country_first(words: Sequence[str]) -> tuple[str, ...] | None:
    """The words with the country in place of its adjective at the front; None without one."""
    known = lexicon()
    if not words or (words[0] not in known.peoples and words[0] not in known.countries):
        return None
    return (known.peoples.get(words[0], words[0]), *words[1:])


def _is_narrowed(gold: Sequence[str], found: Sequence[str]) -> bool:
    """Whether both have one head and the further words of the one are all in the other."""
    short, long = sorted((gold, found), key=len)
    further = long[len(short) :]
    if further and long[: len(short)] == short:
        return further[0] in _PREPOSITIONS or _goes_on(further[0])
    small, large = sorted((set(gold), set(found)), key=len)
    return _head(gold) == _head(found) and small <= large


def _head(words: Sequence[str]) -> str:
    """The last word before a preposition: "spokesman" of "police spokesman for the city"."""
    ends = [i for i, word in enumerate(words) if i and (word in _PREPOSITIONS or _goes_on(word))]
    return words[: min(ends, default=len(words))][-1] if words else ""


def _goes_on(word: str) -> bool:
    """Whether a word behind a noun says more of it ("a letter seen by ...")."""
    return word in _FURTHER or word.endswith(("ed", "ing"))


def _is_initials(words: Sequence[str], name: str) -> bool:
    """Whether one word is made of the first letters of a name, or of those that are capital."""
    parts = [part for part in re.findall(r"\w+", name) if part.lower() not in _ARTICLES]
    every = "".join(part[0] for part in parts).lower()
    capital = "".join(part[0] for part in parts if part[0].isupper()).lower()
    return len(words) == 1 < len(words[0]) and words[0] in (every, capital)


def _words(name: str) -> list[str]:
    """All words in their bare form, without articles."""
    apart = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", name).casefold().translate(_PLAIN))
    bare = "".join(ch for ch in apart if not unicodedata.combining(ch))
    bare = _POSSESSIVE.sub("", bare).replace(".", "")
    return [word for word in re.findall(r"\w+", bare) if word not in _ARTICLES]


def _core(name: str) -> list[str]:
    """The words without forms of address before them and letters of honour behind them."""
    words = _words(name)
    while len(words) > 1 and words[0] in _ADDRESS:
        words.pop(0)
    while len(words) > 1 and words[-1] in _HONOURS:
        words.pop()
    return words


def _without(words: Sequence[str], others: frozenset[str]) -> list[str]:
    return [word for word in words if word not in others]
