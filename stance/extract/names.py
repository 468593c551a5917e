"""What the words of a name tell: its spellings, titles, gender, and whether a body bears it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from stance.extract.lexicon import Lexicon, lexicon
from stance.extract.parameters import (
    COUNTRY_STEM,
)

_LEGAL_FORMS = frozenset(("AB", "ASA", "PAO"))
"""Of firms, in capitals: in other letters they are names of people ("Asa")."""
_ALWAYS = frozenset("mr mrs ms mx miss sir dame dr prof".split())
"""After these stands a person's name, whatever its words mean ("Mr Church")."""
_ADDRESSED = frozenset(
    "ambassador chairman chairwoman chairperson chancellor commissioner governor minister premier "
    "president secretary speaker".split()
)
"""Behind "Mr" and its like they are the office ("Mr President")."""
_TITLES = frozenset(
    "ambassadors bishops congressmen congresswomen generals governors judges justices lawmakers "
    "mayors ministers presidents princes professors representatives secretaries senators".split()
)
"""Before two names they are titles, whatever the first names."""
_NO_TITLES = frozenset("national native member individual".split())
"""Role nouns that with a capital begin the name of a body ("National Zoo")."""
_SAME_PARTY = {
    "tory": "conservative",
    "tories": "conservative",
    "lib": "liberal",
    "dem": "democrat",
}
NAME_SUFFIXES = frozenset(
    "jr sr ii iii iv qc kc sc mp mep msp mla ms td mbe obe cbe phd md".split()
)
_BODY_JOINTS = frozenset("& and for on the por para pour sans sin für".split())
"""Between the words of a name they make it that of a body ("Save the Rivers")."""
_GUARDED = frozenset(
    "border civil coast frontier home life national palace presidential red republican "
    "revolutionary royal rural security state".split()
)
"""Before "Guard" they make it a force, not a man."""
_NO_PERSON = frozenset("this that these those our your what why when where every".split())
"""Before further words they make it that of a thing ("This Week")."""
_AGE = re.compile(r"(\d{1,3}|[a-z]+(?:-[a-z]+)?)-year-old")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split(),
        1,
    )
} | {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
_INSEPARABLE = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "æ": "ae",
     "Æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "’": "'", "ʻ": "'", "`": "'"}
)  # fmt: skip
_ARABIC_ARTICLE = re.compile(r"(?<![^\s-])(?:(?:al|el|as|ash|an|ar|at|az|ad)-|al )(?=\w{3})")
_ANY_ARTICLE = re.compile(r"(?<![^\s-])(?:al|el|as|ash|an|ar|at|az|ad)[ -](?=\w{3})")
_HEARD = {
    "y": "i", "ee": "i", "ou": "u", "oo": "u", "ei": "ai", "ey": "ai", "ay": "ai", "kh": "k",
    "q": "k", "ck": "k", "dh": "d", "gh": "k", "ph": "f", "tch": "ch", "dj": "j", "ks": "x",
}  # fmt: skip
"""Letters that other scripts are written in, one way or another, and what they are heard as."""
_ALIKE = re.compile("|".join(sorted(_HEARD, key=len, reverse=True)))
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "å": "aa", "đ": "dj"})


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters without accents, under which the spellings of a name meet."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", text.translate(_INSEPARABLE))
    return "".join(ch for ch in plain if not unicodedata.combining(ch)).lower()


def spellings(text: str) -> set[str]:
    """The keys of a name: without accents, hyphens and "al-", and with "ue" for "ü"."""
    keys = {fold(text)} if text.isascii() else {fold(text), fold(text.lower().translate(_UMLAUTS))}
    return {_ARABIC_ARTICLE.sub("", key).replace("-", " ") for key in keys}


def sound(text: str) -> str:
    """A key under which further spellings of a name meet ("Abdel-Rahman", "Abdulrahman")."""
    plain = re.sub(r"[ '’-]", "", _ANY_ARTICLE.sub("", fold(text)))
    plain = re.sub(r"(?<=[bcdfghjklmnpqrstvwxz])yo(?!u)", "e", plain)  # "Fyodorov", "Fedorov"
    plain = re.sub(r"(.)\1+", r"\1", _ALIKE.sub(lambda match: _HEARD[match.group()], plain))
    plain = re.sub(r"c(?![ehiy])", "k", plain)  # "Viktor", "Victor"
    plain = re.sub(r"i?[oe]v(?=a?$)", "ev", plain)  # "Gorbachov", "Gorbachev"
    plain = plain.replace("o", "u")  # "Bokhari", "Bukhari"
    return re.sub(r"muham[ae]d", "muhamad", re.sub(r"abd[ae]l", "abdul", plain))


def age_told(word: str) -> str:
    """The age in figures that a noun tells ("30-year-old", "eight-year-old"), or empty."""
    match = _AGE.fullmatch(word)
    if match is None:
        return ""
    numbers = [_NUMBERS.get(part, 0) for part in match.group(1).split("-")]
    return match.group(1) if match.group(1).isdigit() else str(sum(numbers) or "")


def is_role(word: str) -> bool:
    """Whether a word is what a person is called by, alone or in a compound ("co-chairman")."""
    known = lexicon().role_nouns
    plain = word.lower().rstrip(".")
    return plain in known or (
        "-" in plain and (plain.split("-")[-1] in known or plain.split("-")[0] in known)
    )


def title_words(words: Sequence[str], *, definite: bool = False) -> int:
    """How many words before a name are titles; all of them where the run is an office."""
    known = lexicon()
    cut = 0
    for index, word in enumerate(words):
        plain = fold(word).rstrip(".")
        rest = words[index + 1 :]
        if " ".join(words[index : index + 2]).lower() in known.countries:
            continue  # "Sri Lanka"
        if word.lower() == "del" or (words[index - 1] == "&" and index):
            continue  # "Banco del Sur", "Dr. Del Rosario", "Lund & Partner"
        if plain in ("st", "saint") and "of" in words[:index] and of_body(words[0], known):
            continue  # "Society of St Jude"
        if plain == "guard" and index and fold(words[index - 1]) in _GUARDED:
            continue  # "Border Guard"
        if plain == "justice" and {"of", "for"} & set(words[:index]):
            continue  # "Court of Human Justice"
        if plain in _ALWAYS and rest:
            if len(rest) == 1 and fold(rest[0]) in _ADDRESSED:
                return len(words)
            cut = index + 1
        elif plain in known.all_honorifics and rest and not is_role(word):
            if may_name_person(rest, known):
                cut = index + 1
        elif word[-1] == "." and len(plain) > 2 and index == cut and may_name_person(rest, known):
            cut = index + 1  # "Asst. Dahl"
        elif (
            plain in known.plural_roles
            and len(rest) > 1
            and may_name_person(rest, known)
            and (person_gender(rest[:1]) or plain in _TITLES)
        ):
            cut = index + 1  # "Senators Ada Berg and Ole Dahl"
        elif (is_role(word) and plain not in _NO_TITLES) or plain in known.all_honorifics:
            after = index + 1
            while after < len(words) and words[after].lower() in ("of", "for"):
                after = _behind_office(words, after + 1, known)
            if after >= len(words):
                addressed = cut > 0 and fold(words[cut - 1]).rstrip(".") in _ALWAYS
                before = words[index - 1] if index > cut else ""
                given = fold(before) not in known.all_honorifics and given_gender(before)
                named = addressed or given
                if not named and _is_office(words, definite):
                    return len(words)
            elif may_name_person(words[after:], known):
                cut = after
            elif definite and not index and "of" in words and fold(words[-1]) in known.group_nouns:
                return len(words)
    return cut


def _behind_office(words: Sequence[str], start: int, known: Lexicon) -> int:
    """Where the name begins behind "Secretary of", or the end where none follows."""
    start += words[start : start + 1] == ["the"]
    for size in (1, 2, 3):
        field = " ".join(words[start : start + size]).lower()
        rest = words[start + size :]
        if rest and (field in known.offices or field in known.countries):
            return start + size
    for index in range(start + 1, len(words)):
        if given_gender(words[index]):
            return index
    return len(words) if len(words) < start + 3 else len(words) - 2


def may_name_person(words: Sequence[str], known: Lexicon) -> bool:
    """Whether what follows a title can be a person's name."""
    if not words or not (words[0][0].isupper() or _ARABIC_ARTICLE.match(words[0])):
        return False
    for word in words:
        plain = word.lower().rstrip(".")
        body = plain.rstrip("s") in known.organisation_words or plain in known.organisation_words
        body = body and not (word is words[0] and given_gender(word))
        surname = word is words[-1] and _is_surname(plain) and bool(given_gender(words[0]))
        body = body and not surname
        if body or plain in ("of", "for", "on", "and", "&"):
            return plain in ("of", "and") and word is not words[0] and len(words) > 2
        noun = is_role(word) or plain in known.group_nouns  # "Chief of the Defence Staff"
        if plain in known.plural_roles or (noun and len(words) < 2):
            return False
    joined = " ".join(words).lower()
    return joined not in known.countries and joined not in known.peoples


def _is_surname(word: str) -> bool:
    """Whether a word that bodies are named by is a surname too ("Hill", "Parks")."""
    return word.lower() in lexicon().surname_words


def _is_office(words: Sequence[str], definite: bool) -> bool:
    """Whether a run that ends in a role noun is an office, not a name such as "Peter Baker"."""
    known = lexicon()
    first = fold(words[0])
    given = first in known.male_names or first in known.female_names
    return definite or len(words) == 1 or is_role(words[0]) or not given


def of_body(word: str, known: Lexicon) -> bool:
    """Whether a word makes a name that of a body, a place or a thing."""
    plain = fold(word).rstrip(".")
    told = plain in known.organisation_words or plain.rstrip("s") in known.organisation_words
    return told or word in _LEGAL_FORMS


def stem(word: str) -> str:
    """A key under which a country and its adjective meet ("mexi", "chil")."""
    known = lexicon()
    key = word.lower().replace("’", "'").removesuffix("'s").replace(".", "")
    key = _SAME_PARTY.get(key, key)
    return known.peoples.get(key, key)[:COUNTRY_STEM] if key != "us" else "unit"


def gender_of(titles: Sequence[str]) -> str:
    """Gender told by titles, or empty."""
    known = lexicon()
    for title in titles:
        if title in known.male_honorifics or title in known.male_hints:
            return "m"
        if title in known.female_honorifics or title in known.female_hints:
            return "f"
    return ""


def given_gender(word: str) -> str:
    """Gender that a first name hints at, or empty."""
    known = lexicon()
    plain = fold(word)
    for part in (plain, plain.split("-")[0]):
        if part in known.male_names:
            return "m"
        if part in known.female_names:
            return "f"
    return ""


def person_gender(words: Sequence[str]) -> str:
    """Gender that the first name of a person hints at, or empty.

    Names of which less is known count too, and the first name may stand behind the family name
    ("Park Soo-yeon", "Nguyen Thi Lan").
    """
    if len(words) > 1 and fold(words[0]) in lexicon().family_names_first:
        behind = words[1:3]
        return _hinted("".join(behind)) or _hinted(behind[0]) or _hinted(behind[-1])
    return given_gender(words[0]) or _hinted(words[0])


def _hinted(word: str) -> str:
    known = lexicon()
    plain = fold(word).replace("-", "")
    if plain in known.rare_male_names or plain in known.male_names:
        return "m"
    return "f" if plain in known.rare_female_names or plain in known.female_names else ""


def may_be_person(words: Sequence[str]) -> bool:
    """Whether a body's name is a first name and one word, so that the text may tell of a person.

    "Jane Church, 61, said …", "the carpenter Emma Garden".
    """
    return len(words) == 2 and bool(person_gender(words)) and words[-1][1:].islower()


def is_organisation(words: Sequence[str]) -> bool:
    """Whether a name looks like that of a body, a place or a thing, not a person's."""
    known = lexicon()
    if 2 <= len(words) <= 3 and given_gender(words[0]) and _is_surname(words[-1]):
        return False
    told = words[1:] if len(words) > 1 and words[0] == "Bill" else words
    if any(of_body(word, known) or "’" == word[-1:] or word in _BODY_JOINTS for word in told):
        return True
    if len(words) > 1 and words[0].lower() in _NO_PERSON:
        return True
    plural = words[-1].lower() in known.plural_roles or words[-1].lower() in known.group_nouns
    return plural or (len(words) == 1 and len(words[0]) > 1 and words[0].isupper())
